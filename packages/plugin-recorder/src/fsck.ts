// Opens store and disks for a check of the recordings, without a kernel's plugins: nothing is recorded meanwhile.
import { resolve } from 'node:path';
import { systemClock, systemRandom, type Store } from '@wanglou/core';
import { Catalog } from './catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from './catalog/tables.ts';
import { recorderConfig } from './config.ts';
import { DiskBook } from './disks/disk-book.ts';
import { Disks } from './disks/disks.ts';
import { checkRecordings, type CheckSummary } from './fsck/check-recordings.ts';
import type { Finding } from './fsck/finding.ts';
import { IndexReader } from './fsck/index-reader.ts';
import { RetentionBook } from './retention/retention-book.ts';

/** What {@link fsck} works with. */
export interface FsckOptions {
  /** The campus's store; the campus itself must not run. */
  readonly store: Store;
  /** The configuration of the recorder, as in `recorder({ … })`. */
  readonly config: unknown;
  /** Gives rows to files that have none and gaps to time that nothing explains. Without it nothing of the recordings is changed. */
  readonly repair?: boolean;
  /** Reads every file and compares its hash. */
  readonly hashes?: boolean;
  /** UTC epoch milliseconds; a file without a row that was changed in the last minutes is left alone. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  readonly found?: (finding: Finding) => void;
  readonly warning?: (message: string) => void;
}

/**
 * Finds every difference between the disks and the index of recordings. With `repair` on an index that was lost, the index is made anew from
 * the disks alone: what only the index knew (causes of gaps, offsets of camera clocks, holds, deletions) is not there afterwards.
 *
 * @example
 * const { findings, repaired } = await fsck({ store, config: { path: './data/recordings' }, found: ({ kind, path }) => console.log(kind, path) });
 */
export async function fsck({ store, config, repair = false, hashes = false, now = () => systemClock.now(), signal = new AbortController().signal, found = () => {}, warning = () => {} }: FsckOptions): Promise<CheckSummary> {
  const { path = '', disks: several } = recorderConfig.parse(config);
  const database = await store.open<RecorderTables>('recorder', recorderMigrations);
  const disks = await Disks.open({
    folders: (several ?? [{ path }]).map((disk) => resolve(disk.path)), book: new DiskBook(database), warning,
    newId: () => Buffer.from(systemRandom.bytes(8)).toString('hex'), now,
  });
  const cameras = await new RetentionBook(database).cameras();
  return checkRecordings({ index: new IndexReader(database), catalog: new Catalog(database), disks, cameras, repair, hashes, nowMs: now(), signal, found });
}
