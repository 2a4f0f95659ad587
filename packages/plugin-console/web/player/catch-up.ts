// Keeps a live picture close to the newest one that has arrived: a little faster when it lags, a jump when that would take long.

/** What is in the buffer of a playing element, in seconds. */
export interface Buffered {
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** What to do. */
export interface CatchUp {
  readonly rate: number;
  /** Where to go on, in seconds; absent to stay. */
  readonly seek?: number;
}

/** Distance that is aimed at: what network and decoder jitter need. */
const aimSeconds = 0.2;
const lateSeconds = 0.35;
/** Farther behind than this, or before the buffer, it jumps. */
const jumpSeconds = 1.5;
const earlySeconds = 0.06;

/** Decides from where the picture is; called a few times a second. */
export function catchUp({ at, start, end }: Buffered, rate: number): CatchUp {
  const behind = end - at;
  if (at < start || behind > jumpSeconds) return { rate: 1, seek: Math.max(start, end - aimSeconds) };
  if (behind > lateSeconds) return { rate: 1.1 };
  // Runs on at its rate until the aim is reached, so that it does not change with every fragment.
  if (behind < earlySeconds) return { rate: 0.95 };
  if (rate > 1) return { rate: behind > aimSeconds ? rate : 1 };
  return { rate: rate < 1 && behind < aimSeconds ? rate : 1 };
}
