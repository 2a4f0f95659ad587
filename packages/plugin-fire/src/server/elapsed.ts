// Time that passes, whatever happens to the wall clock: deadlines must not come early or late because a clock was set.

/** Counts by ticks. A clock that was set back costs nothing, one that was set ahead ten ticks at most. */
export class Elapsed {
  readonly #now: () => number;
  readonly #tickMs: number;
  #lastMs: number;
  #elapsedMs = 0;

  constructor(now: () => number, tickMs: number) {
    this.#now = now;
    this.#tickMs = tickMs;
    this.#lastMs = now();
  }

  /** Milliseconds since the beginning, as of the last tick. */
  get ms(): number {
    return this.#elapsedMs;
  }

  tick(): void {
    const nowMs = this.#now();
    this.#elapsedMs += Math.min(Math.max(nowMs - this.#lastMs, 0), this.#tickMs * 10);
    this.#lastMs = nowMs;
  }
}
