// Whether there is room on a disk, with a margin on the way back so that cameras do not stop and start by turns.
import type { StorageState } from '@wanglou/core';

/** What was measured of a disk. */
export interface Measured {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** So much more than the reserve must be free until there is room again. */
const marginShare = 1.25;
/** Of the reserve: with less than this, cameras stop. */
const fullShare = 0.25;
/** The reserve lasts at least this long at what comes in. */
const reserveSeconds = 300;
/** Of the disks, the reserve is no more than this: on small ones it would be all there is. */
const mostShare = 0.1;

/** The reserve: as configured, never less than five minutes of recording, and never more than a tenth of what there is. */
export function reserveOf(configuredBytes: number, bytesPerDay: number, totalBytes: number): number {
  return Math.min(Math.max(configuredBytes, (bytesPerDay / 86_400) * reserveSeconds), totalBytes * mostShare);
}

/** The state of a disk that can be asked, from what it was. */
export function roomOf({ freeBytes }: Measured, reserveBytes: number, before: StorageState): Exclude<StorageState, 'away'> {
  if (freeBytes <= reserveBytes * fullShare) return 'full';
  if (freeBytes <= reserveBytes) return before === 'full' && freeBytes <= reserveBytes * fullShare * marginShare ? 'full' : 'tight';
  return before === 'room' || before === 'away' || freeBytes > reserveBytes * marginShare ? 'room' : 'tight';
}
