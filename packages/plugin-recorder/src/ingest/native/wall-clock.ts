// Maps the media time of a run to the recorder's wall clock: network jitter must not move it, drift of the camera's crystal must.

const maximumForwardRate = 0.001;
const maximumBackwardRate = 0.1;
const stepMs = 2_000;
const stepAfterMs = 30_000;

/**
 * The earliest arrivals are the truest ones: packets are only ever late. The offset follows them, slowly forward (1000 ppm covers any
 * crystal) and faster backward (a server that starts with a burst of old pictures shows the true offset only after the burst).
 */
export class WallClock {
  #offsetMs: number;
  #earliestMs = Number.POSITIVE_INFINITY;
  #offMs = 0;

  /** @param offsetMs - wall clock of media time 0, as the first arrival says */
  constructor(offsetMs: number) {
    this.#offsetMs = offsetMs;
  }

  /** A picture of this media time arrived now. */
  observe(mediaMs: number, arrivalMs: number): void {
    const offset = arrivalMs - mediaMs;
    if (offset < this.#earliestMs) this.#earliestMs = offset;
  }

  /** Wall clock of a media time. */
  at(mediaMs: number): number {
    return this.#offsetMs + mediaMs;
  }

  /** Corrects the offset after a fragment of this length, by less than its length. */
  settle(fragmentMs: number): void {
    if (this.#earliestMs === Number.POSITIVE_INFINITY) return;
    const error = this.#earliestMs - this.#offsetMs;
    this.#earliestMs = Number.POSITIVE_INFINITY;
    this.#offMs = Math.abs(error) > stepMs ? this.#offMs + fragmentMs : 0;
    this.#offsetMs += Math.min(fragmentMs * maximumForwardRate, Math.max(-fragmentMs * maximumBackwardRate, error));
  }

  /** True when one of the clocks was set: the run should end at the next keyframe and a new one take the new time. */
  get stepped(): boolean {
    return this.#offMs >= stepAfterMs;
  }
}
