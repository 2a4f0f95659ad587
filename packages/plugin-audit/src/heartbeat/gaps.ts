// A heartbeat a minute stands in the log: a minute without one is evidence that the campus was off, or that entries were kept out.
import type { HeartbeatGap } from '../contract.ts';

export const heartbeatPeriodMs = 60_000;
/** Later than this is a gap: a busy machine may be late, not two minutes. */
const longestSilenceMs = 2.5 * heartbeatPeriodMs;

/** Silences between `fromMs` and `toMs`, from the times of heartbeats in order. The first counts from `fromMs` only when there was one before. */
export function heartbeatGaps(timesMs: readonly number[], toMs: number): readonly HeartbeatGap[] {
  const gaps: HeartbeatGap[] = [];
  for (const [place, fromMs] of timesMs.entries()) {
    const nextMs = timesMs[place + 1] ?? toMs;
    if (nextMs - fromMs > longestSilenceMs) gaps.push({ fromMs, toMs: nextMs });
  }
  return gaps;
}
