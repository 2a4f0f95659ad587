// The room for footage: how long it lasts, and who goes without when there is none. Articles 2 and 12(2).
import { defineEvent, defineOperation } from '../refs.ts';
import { objectSchema } from './schema.ts';

/**
 * How a disk of recordings goes.
 * - `room` there is room
 * - `tight` only the reserve is left: new cameras of low priority are not accepted
 * - `full` hardly anything is left: cameras of low priority stop
 * - `away` it cannot be asked
 */
export type StorageState = 'room' | 'tight' | 'full' | 'away';

/** A disk of recordings. */
export interface StorageStatus {
  readonly id: string;
  readonly state: StorageState;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** What stays free while there is a choice. */
  readonly reserveBytes: number;
  /** What comes in, as measured. */
  readonly bytesPerDay: number;
  /**
   * Days until the disk is full with footage that may not be erased, by what comes in now; absent when that will not be, or when nothing
   * is recorded.
   */
  readonly daysLeft?: number;
  /** Cameras that are not recorded because there is no room. */
  readonly stopped: readonly string[];
}

/** How little is left: days, or `full`. */
export type StorageLevel = 7 | 2 | 'full';

/** Says how much room there is for footage, and how long it lasts. */
export const readStorage = defineOperation<{ readonly disks: readonly StorageStatus[] }>()({
  id: 'recording.storage',
  title: { zh: '查看录像存储', en: 'Read the storage' },
  action: 'view',
  articles: ['2', '15'],
  input: objectSchema({}),
  resource: () => ({}),
});

/** Little room is left on a disk; told again when it is less. */
export const storageLow = defineEvent<StorageStatus & { readonly level: StorageLevel }>('recording.storage-low');
