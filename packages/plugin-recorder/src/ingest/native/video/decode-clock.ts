// Gives decode times to pictures that arrive in decoding order with presentation times only, as RTP delivers them.

/** A place on the time line of a run, in ticks from its start. */
export interface DecodeTime {
  decodeTicks: number;
  compositionTicks: number;
}

/** Result object that is reused for every picture. */
const result: DecodeTime = { decodeTicks: 0, compositionTicks: 0 };

/**
 * Decode times of one run. With a reorder depth of n, the decode time of a picture is the smallest of the last n+1 presentation
 * times, which needs no look-ahead; without B-frames (n = 0) both times are the same.
 */
export class DecodeClock {
  readonly #waiting: number[] = [];
  readonly #depth: number;
  readonly #base: number;
  #last = -1;

  /**
   * @param firstTicks - presentation time of the first picture
   * @param depth - pictures that may be reordered
   * @param frameTicks - guess of a picture's length; places the pictures that would have come before the first
   */
  constructor(firstTicks: number, depth: number, frameTicks: number) {
    this.#depth = depth;
    this.#base = firstTicks - depth * frameTicks;
    for (let index = 0; index < depth; index += 1) this.#waiting.push(index * frameTicks);
  }

  /** Time of the next picture. The object is valid until the next call. */
  next(presentationTicks: number): DecodeTime {
    const presentation = presentationTicks - this.#base;
    const decode = Math.max(this.#last + 1, this.#depth === 0 ? presentation : this.#smallestAfter(presentation));
    this.#last = decode;
    result.decodeTicks = decode;
    result.compositionTicks = Math.max(0, presentation - decode);
    return result;
  }

  #smallestAfter(presentation: number): number {
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1] ?? 0) > presentation) at -= 1;
    waiting.splice(at, 0, presentation);
    return waiting.shift() ?? presentation;
  }
}
