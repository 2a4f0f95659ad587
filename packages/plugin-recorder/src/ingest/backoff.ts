// Waiting times between attempts: exponential, with jitter so that a switch coming back is not stormed by all cameras at once.

/** Settings of {@link Backoff}. */
export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Counts failures of one thing. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Waiting time after one more failure: half fixed, half random; `floorMs` lifts it. */
  next(floorMs = 0): number {
    const { minMs, maxMs, random } = this.#options;
    const ceiling = Math.max(floorMs, Math.min(maxMs, minMs * 2 ** Math.min(this.#failures, 20)));
    this.#failures += 1;
    return Math.round(ceiling / 2 + (random() * ceiling) / 2 + floorMs / 2);
  }

  /** It works again. */
  reset(): void {
    this.#failures = 0;
  }
}
