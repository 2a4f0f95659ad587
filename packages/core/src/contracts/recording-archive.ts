// Important footage on other storage, together with what was written about it: verified, catalogued, restorable. Article 15(4).
import { defineEvent, defineExtensionPoint, defineOperation } from '../refs.ts';
import type { Text } from '../text.ts';
import type { TimeRange } from './permission.ts';
import { objectSchema, rangeProperties } from './schema.ts';

/** An object of an archive. */
export interface ArchiveObject {
  /** Path with forward slashes, of letters, digits and `-_.~/`. */
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Storage for archives. Nothing is ever changed or removed through it; what a call rejects with is told as the reason, so it must not hold a credential.
 */
export interface ArchiveTarget {
  /** Stores an object durably; leaves one alone that is there already. `read` is called once for each attempt. */
  put(object: ArchiveObject, read: () => AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Reads an object from its beginning. Rejects when it is not there. */
  get(name: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Names of the folders at its root, in any order. */
  folders(signal: AbortSignal): AsyncIterable<string>;
}

/** Storage that a deployment offers for archives. */
export interface ArchiveTargetSource {
  readonly id: string;
  readonly title: Text;
  readonly target: ArchiveTarget;
}

/** Storage for archives: folders of the recorder's configuration, and what other plugins add. */
export const archiveTargets = defineExtensionPoint<ArchiveTargetSource>('recording.archive-targets');

/**
 * How an archive goes.
 * - `waiting` for its turn, or for storage that is away
 * - `copying`, `verifying`, `restoring` under way
 * - `stored` every byte was read back and is as it was recorded
 * - `damaged` what was read back differs; archive the footage again
 * - `cancelled`
 */
export type ArchiveState = 'waiting' | 'copying' | 'verifying' | 'restoring' | 'stored' | 'damaged' | 'cancelled';

/** An entry of the catalogue. */
export interface Archive extends TimeRange {
  readonly id: string;
  readonly target: string;
  readonly cameras: readonly string[];
  readonly title: string;
  /** The written record of what the footage shows. */
  readonly record: string;
  readonly caseNumber?: string;
  readonly orderedBy: string;
  readonly orderedMs: number;
  readonly state: ArchiveState;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly files: number;
  /** Of the range, what is not in it: gaps, erased and damaged footage. */
  readonly missingMs: number;
  /** Why it waits, or what is damaged. */
  readonly reason?: Text;
  /** When every byte was read back last. */
  readonly verifiedMs?: number;
  /** When footage was put back from it last. */
  readonly restoredMs?: number;
}

const archiveProperty = { type: 'string', max: 64, description: 'Archive id' } as const;

/** Archives footage of some cameras with what is written about it; held until it is stored. Throws `ARCHIVE_TARGET_UNKNOWN`, `NOT_RECORDED`, `RANGE_INVALID`. */
export const archiveFootage = defineOperation<Archive>()({
  id: 'recording.archive',
  title: { zh: '归档录像', en: 'Archive footage' },
  action: 'hold',
  articles: ['15(4)'],
  input: objectSchema({
    cameras: { type: 'strings', max: 64, description: 'Camera ids' },
    ...rangeProperties,
    target: { type: 'string', max: 64, description: 'Storage' },
    title: { type: 'string', max: 200, description: 'What it is about' },
    record: { type: 'string', max: 20_000, description: 'The written record of what the footage shows' },
    caseNumber: { type: 'string', max: 64, optional: true, description: 'Case number' },
  }),
  resource: (input) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs } }),
});

/** The catalogue, newest first, at most 500 entries; and the storage that there is. Shows no picture. */
export const listArchives = defineOperation<{ readonly archives: readonly Archive[]; readonly targets: readonly { readonly id: string; readonly title: Text }[] }>()({
  id: 'recording.archives',
  title: { zh: '查看归档目录', en: 'Read the catalogue of archives' },
  action: 'hold',
  articles: ['15(4)'],
  input: objectSchema({
    camera: { type: 'string', max: 64, optional: true, description: 'Only those with this camera' },
    fromMs: { type: 'integer', optional: true, description: 'Only footage that ends later, UTC epoch milliseconds' },
    toMs: { type: 'integer', optional: true, description: 'Only footage that begins earlier, UTC epoch milliseconds' },
    text: { type: 'string', max: 200, optional: true, description: 'Only those whose title, record or case number contains this' },
  }),
  resource: () => ({}),
});

/** Stops an archive that is not stored yet; what was copied stays where it is. Throws `ARCHIVE_UNKNOWN`, `ARCHIVE_OVER`. */
export const cancelArchive = defineOperation<Archive>()({
  id: 'recording.cancel-archive',
  title: { zh: '取消归档', en: 'Cancel an archive' },
  action: 'hold',
  articles: ['15(4)'],
  input: objectSchema({ archive: archiveProperty }),
  resource: (input) => ({ subject: `archive:${input.archive}` }),
});

/** Reads every byte of an archive back and compares it, in its turn. Throws `ARCHIVE_UNKNOWN`, `ARCHIVE_NOT_STORED`. */
export const verifyArchive = defineOperation<Archive>()({
  id: 'recording.verify-archive',
  title: { zh: '校验归档', en: 'Verify an archive' },
  action: 'hold',
  articles: ['15(4)'],
  input: objectSchema({ archive: archiveProperty }),
  resource: (input) => ({ subject: `archive:${input.archive}` }),
});

/** What is put back. */
export interface Restoration {
  /** Files that are put back, in their turn. */
  readonly files: number;
  /** Files that are there. */
  readonly present: number;
  /** The hold that keeps them for so long. */
  readonly hold: string;
  readonly endsMs: number;
}

/**
 * Puts footage back from an archive where it was erased, is gone or is shorter than it was, in its turn, and holds it for some days. Playing it takes the same leave as ever (article 10).
 * Throws `ARCHIVE_UNKNOWN`, `ARCHIVE_NOT_STORED`, `ARCHIVE_UNREADABLE`, `RESTORE_INVALID`, `RESTORE_NO_SPACE`.
 */
export const restoreArchive = defineOperation<Restoration>()({
  id: 'recording.restore',
  title: { zh: '恢复归档录像', en: 'Restore archived footage' },
  action: 'hold',
  articles: ['15(4)', '10'],
  input: objectSchema({
    archive: archiveProperty,
    days: { type: 'integer', description: 'Days for which it is held, 1 to 365' },
    reason: { type: 'string', max: 500, description: 'Reason, in words' },
  }),
  resource: (input) => ({ subject: `archive:${input.archive}` }),
});

/**
 * Reads the records on a storage into the catalogue, after the index was lost or for storage of another machine. Each archive that was not known is read back in its turn, as by `recording.verify-archive`.
 * Throws `ARCHIVE_TARGET_UNKNOWN`, `ARCHIVE_UNREADABLE`.
 */
export const adoptArchives = defineOperation<{ readonly adopted: readonly Archive[]; /** Folders with a record that is none. */ readonly refused: readonly string[] }>()({
  id: 'recording.adopt-archives',
  title: { zh: '从存储重建归档目录', en: 'Rebuild the catalogue from a storage' },
  action: 'hold',
  articles: ['15(4)'],
  input: objectSchema({ target: { type: 'string', max: 64, description: 'Storage' } }),
  resource: () => ({}),
});

/** An archive goes on, or is in another state. */
export const archiveChanged = defineEvent<Archive>('recording.archive-changed');
