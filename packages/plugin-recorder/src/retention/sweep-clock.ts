// The time by which footage is old. A clock that is set ahead by mistake would make everything old at once, so it is believed only as
// far as time can have passed. docs/design/retention.md.

/** Footage that bears these times was recorded under a wrong clock, and counts as recorded at another time. */
export interface WrongTime {
  readonly fromMs: number;
  readonly toMs: number;
  readonly countsFromMs: number;
}

/** What is kept over restarts. */
export interface SweepClockState {
  /** The time that was read and believed last. */
  readonly seenMs: number;
  /** The latest time that was ever believed. */
  readonly highestMs: number;
  readonly wrongTimes: readonly WrongTime[];
  /** Times that were read during a stay in the past that goes on. */
  readonly behind?: { readonly fromMs: number; readonly toMs: number };
}

/** What the clock was compared with. */
export type ClockVerdict = 'believed' | 'ahead';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** While the process runs, the clock may gain this much on the process's own sense of time, in all. */
const runningToleranceMs = hourMs;
/** After a restart nothing tells how long it was away; a longer absence is for a person to confirm. */
const awayToleranceMs = dayMs;

/** Believes a clock, or not. */
export class SweepClock {
  #state: SweepClockState;
  /** From where time is reckoned: what was believed before the restart, until the clock fits it; then where it fitted. */
  #base: { readonly nowMs: number; readonly elapsedMs: number; readonly toleranceMs: number };

  constructor(state: SweepClockState) {
    this.#state = state;
    this.#base = { nowMs: state.highestMs, elapsedMs: 0, toleranceMs: awayToleranceMs };
  }

  get state(): SweepClockState {
    return this.#state;
  }

  /**
   * Compares the clock with the time that can have passed.
   * @param elapsedMs - how long the process has run, by a clock that nobody sets
   */
  check(nowMs: number, elapsedMs: number): ClockVerdict {
    const base = this.#base;
    if (nowMs > base.nowMs + elapsedMs - base.elapsedMs + base.toleranceMs) return 'ahead';
    this.#see(nowMs);
    if (!this.#state.behind && base.toleranceMs === awayToleranceMs) this.#base = { nowMs, elapsedMs, toleranceMs: runningToleranceMs };
    return 'believed';
  }

  /** A person says that the time is right, and since when it was not. */
  confirm(nowMs: number, elapsedMs: number, wrongSinceMs: number | undefined): void {
    if (wrongSinceMs !== undefined) this.#addWrongTime(wrongSinceMs, this.#state.seenMs, nowMs);
    this.#see(nowMs);
    this.#base = { nowMs, elapsedMs, toleranceMs: runningToleranceMs };
  }

  /** When a file was recorded by what is known, from the time that it bears. */
  recordedMs(endMs: number): number {
    const { wrongTimes, behind } = this.#state;
    // While the clock is behind, what it says of new footage is as good as nothing.
    if (behind && endMs >= behind.fromMs && endMs <= behind.toMs + dayMs) return Number.MAX_SAFE_INTEGER;
    return wrongTimes.reduce((latest, wrong) => (endMs >= wrong.fromMs && endMs <= wrong.toMs ? Math.max(latest, wrong.countsFromMs) : latest), endMs);
  }

  #see(nowMs: number): void {
    const { highestMs, behind } = this.#state;
    const isBehind = nowMs < highestMs - dayMs;
    if (behind && !isBehind) this.#addWrongTime(behind.fromMs, behind.toMs, nowMs);
    const { behind: _, ...rest } = this.#state;
    this.#state = {
      ...rest,
      seenMs: nowMs,
      highestMs: Math.max(highestMs, nowMs),
      ...(isBehind && { behind: { fromMs: Math.min(behind?.fromMs ?? nowMs, nowMs), toMs: Math.max(behind?.toMs ?? nowMs, nowMs) } }),
    };
  }

  /** What was written between the last look and the jump bears times a little later than the last look. */
  #addWrongTime(fromMs: number, lastMs: number, nowMs: number): void {
    const toMs = Math.min(nowMs, lastMs + dayMs);
    if (fromMs < toMs) this.#state = { ...this.#state, wrongTimes: [...this.#state.wrongTimes, { fromMs, toMs, countsFromMs: nowMs }] };
  }
}
