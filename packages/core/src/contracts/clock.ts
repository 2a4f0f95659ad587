// Time and randomness, injected so that tests control them.
import { randomBytes } from 'node:crypto';
import type { Disposer } from '../scope.ts';

/** Wall clock and timers. Times are UTC epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `task` once after `delayMs`; the disposer cancels it. */
  after(delayMs: number, task: () => void): Disposer;
  /** Calls `task` each `periodMs`; the disposer stops it. */
  every(periodMs: number, task: () => void): Disposer;
}

/** The machine's clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** Random bytes; cryptographically strong outside tests. */
export interface Random {
  bytes(length: number): Uint8Array;
}

/** The operating system's random source. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/**
 * An unguessable id: 16 random bytes in base64url, 22 characters.
 *
 * @example
 * createId(systemRandom) // 'gT3mR1o0S4uQm8bB2Hn0Xw'
 */
export function createId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('base64url');
}
