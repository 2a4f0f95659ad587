// A clock that stands still until a test moves it.
import type { Clock } from '../contracts/clock.ts';

/** A {@link Clock} under the test's control. */
export interface TestClock extends Clock {
  /** Moves time on, firing due timers in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, also backwards, as a time server would. */
  jump(ms: number): void;
  /** Timers that are waiting. */
  readonly pending: number;
}

interface Timer {
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
}

/** Makes a test clock. It begins at 2026-11-23T08:00:00Z unless said. */
export function createTestClock(startMs = Date.UTC(2026, 10, 23, 8)): TestClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let offsetMs = startMs;
  const add = (delayMs: number, periodMs: number | undefined, task: () => void) => {
    const timer: Timer = { dueMs: elapsedMs + delayMs, periodMs, task };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => offsetMs + elapsedMs,
    after: (delayMs, task) => add(delayMs, undefined, task),
    every: (periodMs, task) => add(periodMs, periodMs, task),
    jump: (ms) => void (offsetMs += ms),
    get pending() {
      return timers.size;
    },
    async advance(ms) {
      // What was called just before may set its timers only after a turn.
      await settle();
      const untilMs = elapsedMs + ms;
      for (;;) {
        const next = [...timers].filter((timer) => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        if (next.periodMs === undefined) timers.delete(next);
        else next.dueMs += next.periodMs;
        next.task();
        await settle();
      }
      elapsedMs = untilMs;
      await settle();
    },
  };
}

/** Lets pending promise reactions and immediate callbacks run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
