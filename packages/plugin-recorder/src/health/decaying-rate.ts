// A rate over about the last seconds of footage, in three numbers: nothing is kept, nothing is allocated.

/** Counts with less and less weight for what is long ago. */
export class DecayingRate {
  readonly #windowMs: number;
  #amount = 0;
  #timeMs = 0;

  /** @param windowMs - what is so long ago counts about a third */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** So much came in this time. */
  add(amount: number, durationMs: number): void {
    const weight = Math.exp(-durationMs / this.#windowMs);
    this.#amount = this.#amount * weight + amount;
    this.#timeMs = this.#timeMs * weight + durationMs;
  }

  /** Amount for each second; undefined before there was anything. */
  get perSecond(): number | undefined {
    return this.#timeMs > 0 ? (this.#amount / this.#timeMs) * 1000 : undefined;
  }

  reset(): void {
    this.#amount = 0;
    this.#timeMs = 0;
  }
}
