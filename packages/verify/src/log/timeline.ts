// Follows the times of the entries: heartbeats that are missing, and a clock that goes back. In constant memory.
import type { LogEntry } from './entry.ts';
import type { ClockStep, HeartbeatGap } from './log-result.ts';

const longestSilenceMs = 150_000;
const largestStepMs = 60_000;
const mostKept = 1000;

/** Takes entries in order; a pruned range may precede them. */
export function createTimeline() {
  const gaps: HeartbeatGap[] = [];
  const clockSteps: ClockStep[] = [];
  let gapCount = 0;
  let clockStepCount = 0;
  let heartbeat: { readonly index: number; readonly atMs: number } | undefined;
  let latestMs = 0;
  let previousWasClock = false;
  let pending: ClockStep | undefined;

  const settle = (explained: boolean): void => {
    if (pending && !explained && ++clockStepCount <= mostKept) clockSteps.push(pending);
    pending = undefined;
  };
  return {
    add(index: number, { kind, atMs }: LogEntry): void {
      const isClock = kind === 'audit.clock';
      settle(isClock);
      if (latestMs - atMs > largestStepMs) {
        pending = { index, fromMs: latestMs, toMs: atMs };
        if (isClock || previousWasClock) settle(true);
        latestMs = atMs;
      } else latestMs = Math.max(latestMs, atMs);
      previousWasClock = isClock;
      if (kind !== 'audit.heartbeat') return;
      if (heartbeat && atMs - heartbeat.atMs > longestSilenceMs && ++gapCount <= mostKept) gaps.push({ fromIndex: heartbeat.index, toIndex: index, fromMs: heartbeat.atMs, toMs: atMs });
      heartbeat = { index, atMs };
    },
    end() {
      settle(false);
      return { gaps, gapCount, clockSteps, clockStepCount };
    },
  };
}
