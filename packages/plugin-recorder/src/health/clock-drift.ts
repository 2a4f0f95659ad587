// How fast the clock of a camera runs away from ours, from what its sender reports say over time.

const sampleEveryMs = 60_000;
/** An hour of samples. */
const sampleLimit = 60;
/** Half an hour: less says more about the network than about the clock. */
const leastSamples = 30;
/** Somebody set the clock: what was before says nothing about how it runs. */
const stepMs = 2_000;
const dayMs = 86_400_000;

/** Follows one clock. */
export class ClockDrift {
  readonly #times: number[] = [];
  readonly #offsets: number[] = [];
  #offsetMs: number | undefined;

  /** The camera's clock was so far ahead of ours at this time. */
  observe(nowMs: number, offsetMs: number): void {
    if (this.#offsetMs !== undefined && Math.abs(offsetMs - this.#offsetMs) > stepMs) {
      this.#times.length = 0;
      this.#offsets.length = 0;
    }
    this.#offsetMs = offsetMs;
    const last = this.#times.at(-1);
    if (last !== undefined && nowMs - last < sampleEveryMs) return;
    this.#times.push(nowMs);
    this.#offsets.push(offsetMs);
    if (this.#times.length > sampleLimit) {
      this.#times.shift();
      this.#offsets.shift();
    }
  }

  /** The newest offset. */
  get offsetMs(): number | undefined {
    return this.#offsetMs;
  }

  /** Slope of the line through the samples; undefined while there are too few. */
  get driftMsPerDay(): number | undefined {
    const count = this.#times.length;
    if (count < leastSamples) return undefined;
    const meanTime = this.#times.reduce((sum, time) => sum + time, 0) / count;
    const meanOffset = this.#offsets.reduce((sum, offset) => sum + offset, 0) / count;
    let covariance = 0;
    let variance = 0;
    for (const [index, time] of this.#times.entries()) {
      covariance += (time - meanTime) * ((this.#offsets[index] ?? 0) - meanOffset);
      variance += (time - meanTime) ** 2;
    }
    return (covariance / variance) * dayMs;
  }
}
