// Follows the times of the entries: heartbeats that are missing, and a clock that goes back. In constant memory.
import { isObject } from '../bytes/canonical-json.ts';
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
  /** Entries that were written down while the log could not take them follow an entry `audit.gap`, with the times that they had. */
  let late: { count: number; readonly fromMs: number; readonly toMs: number } | undefined;

  const settle = (explained: boolean): void => {
    if (pending && !explained && ++clockStepCount <= mostKept) clockSteps.push(pending);
    pending = undefined;
  };
  const beat = (index: number, atMs: number): void => {
    if (heartbeat && atMs - heartbeat.atMs > longestSilenceMs && ++gapCount <= mostKept) gaps.push({ fromIndex: heartbeat.index, toIndex: index, fromMs: heartbeat.atMs, toMs: atMs });
    heartbeat = { index, atMs };
  };
  return {
    add(index: number, entry: LogEntry): void {
      const { kind, atMs } = entry;
      const isClock = kind === 'audit.clock';
      settle(isClock);
      const isLate = late !== undefined && late.count > 0 && atMs >= late.fromMs && atMs <= late.toMs;
      late = isLate ? { ...late!, count: late!.count - 1 } : lateAfter(entry);
      if (isLate) {
        // It says nothing of the clock, and a heartbeat of then fills what has no other.
        if (kind === 'audit.heartbeat' && atMs > (heartbeat?.atMs ?? 0)) beat(index, atMs);
        return;
      }
      if (latestMs - atMs > largestStepMs) {
        pending = { index, fromMs: latestMs, toMs: atMs };
        if (isClock || previousWasClock) settle(true);
        latestMs = atMs;
      } else latestMs = Math.max(latestMs, atMs);
      previousWasClock = isClock;
      if (kind === 'audit.heartbeat') beat(index, atMs);
    },
    end() {
      settle(false);
      return { gaps, gapCount, clockSteps, clockStepCount };
    },
  };
}

function lateAfter({ kind, members: { open } }: LogEntry) {
  if (kind !== 'audit.gap' || !isObject(open)) return undefined;
  const { spooled: count, fromMs, toMs } = open;
  return typeof count === 'number' && typeof fromMs === 'number' && typeof toMs === 'number' ? { count, fromMs, toMs } : undefined;
}
