// Which hour is compared next. Hours of UTC: no clock change of any land moves them.

const hourMs = 3_600_000;
/** An hour is compared this long after its end: what was begun in it has been written by then. */
const settledMs = 300_000;
/** After a long silence, what is older is not made up for. */
const longestMs = 7 * 24 * hourMs;

/** An hour, UTC epoch milliseconds. */
export interface Hour {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The hour to compare now, after the time up to which it is done; `undefined` while that hour is not over for five minutes. */
export function hourToCompare(doneToMs: number | undefined, nowMs: number): Hour | undefined {
  const newest = floor(nowMs - settledMs) - hourMs;
  const fromMs = doneToMs === undefined ? newest : Math.max(floor(doneToMs), floor(nowMs - longestMs));
  return fromMs <= newest ? { fromMs, toMs: fromMs + hourMs } : undefined;
}

function floor(atMs: number): number {
  return Math.floor(atMs / hourMs) * hourMs;
}
