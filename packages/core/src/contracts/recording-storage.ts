// The room for footage: the disks, how long the room lasts, and who goes without when there is none. Articles 2, 12(2) and 15.
import { defineEvent, defineOperation } from '../refs.ts';
import type { Text } from '../text.ts';
import { objectSchema } from './schema.ts';

/**
 * How a disk of recordings is.
 * - `healthy` it takes recordings
 * - `full` it takes no more for now; its cameras go over to disks with room
 * - `failed` it refuses data or hangs, and is used again after a restart
 * - `missing` it was here before and is not mounted; it is used again when it is back
 */
export type RecordingDiskState = 'healthy' | 'full' | 'failed' | 'missing';

/** One disk of recordings. */
export interface RecordingDiskStatus {
  /** Out of the file at its root. Absent where the folder could not be made a disk. */
  readonly id?: string;
  /** Folder at which it is mounted. */
  readonly path: string;
  readonly state: RecordingDiskState;
  /** What is wrong and what to do; absent when healthy. */
  readonly problem?: { readonly code: string; readonly text: Text };
  /** Absent while the disk cannot be asked. */
  readonly freeBytes?: number;
  readonly totalBytes?: number;
  /** Cameras that record to it now. */
  readonly cameras: readonly string[];
}

/**
 * How the room on all disks together goes.
 * - `room` there is room
 * - `tight` only the reserve is left: new cameras of low priority are not accepted
 * - `full` hardly anything is left: cameras of low priority stop
 * - `away` no disk can be asked
 */
export type StorageState = 'room' | 'tight' | 'full' | 'away';

/** The room for footage. */
export interface StorageStatus {
  readonly state: StorageState;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** What stays free while there is a choice. */
  readonly reserveBytes: number;
  /** What comes in, as measured. */
  readonly bytesPerDay: number;
  /**
   * Days until the disks are full with footage that may not be erased, by what comes in now; absent when that will not be, or when
   * nothing is recorded.
   */
  readonly daysLeft?: number;
  /** Cameras that are not recorded because there is no room. */
  readonly stopped: readonly string[];
}

/** How little is left: days, or `full`. */
export type StorageLevel = 7 | 2 | 'full';

/** Says how much room there is for footage, how long it lasts, and how each disk is. */
export const readStorage = defineOperation<StorageStatus & { readonly disks: readonly RecordingDiskStatus[] }>()({
  id: 'recording.storage',
  title: { zh: '查看录像存储', en: 'Read the storage' },
  action: 'view',
  articles: ['2', '15'],
  input: objectSchema({}),
  resource: () => ({}),
});

/** Little room is left; told again when it is less. */
export const storageLow = defineEvent<StorageStatus & { readonly level: StorageLevel }>('recording.storage-low');

/** A disk is in another state than before; `moved` cameras record to other disks now. */
export const recordingDiskChanged = defineEvent<RecordingDiskStatus & { readonly moved: readonly { readonly camera: string; readonly disk: string }[] }>('recording.disk-changed');
