// How long to wait before the next try to reach a device.
import type { OnvifErrorCode } from '../soap/onvif-error.ts';

const firstDelayMs = 1000;
const longestDelayMs = 60_000;
/** After a refused login: devices lock accounts after a few failures, so at most two tries (digest and token) in five minutes. */
const refusedDelayMs = 5 * 60_000;
const lockedDelayMs = 10 * 60_000;

/**
 * Milliseconds until the next try. Between the half and the whole of the step, so that hundreds of cameras behind one switch do not
 * come back in one moment.
 * @param failures - failures in a row, at least 1
 * @param random - 0 <= random < 1
 */
export function reconnectDelayMs(code: OnvifErrorCode, failures: number, random: number): number {
  const refused = code === 'BAD_CREDENTIALS' || code === 'CLOCK_SKEW';
  const wholeMs = code === 'LOCKED_OUT' ? lockedDelayMs : refused ? refusedDelayMs : Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 10));
  // A refused login is never tried early, or the lock-out that it avoids would come after all.
  const spread = code === 'LOCKED_OUT' || refused ? 1 + random * 0.1 : 0.5 + random * 0.5;
  return wholeMs * spread;
}
