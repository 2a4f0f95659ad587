// Turns 32-bit RTP timestamps into numbers that do not wrap (at 90 kHz they wrap every 13 hours).

/** Follows one stream of timestamps; small steps back are possible. */
export class TimestampUnwrapper {
  #last: number | undefined;
  #value = 0;

  /** Timestamp as a number that continues over the wrap; the first one is kept as it is. */
  unwrap(timestamp: number): number {
    this.#value = this.peek(timestamp);
    this.#last = timestamp;
    return this.#value;
  }

  /** Like `unwrap`, without moving on; for timestamps out of sender reports. */
  peek(timestamp: number): number {
    return this.#last === undefined ? timestamp : this.#value + ((timestamp - this.#last) | 0);
  }
}
