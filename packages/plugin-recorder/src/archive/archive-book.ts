// The catalogue of archives. Rows are never deleted.
import type { Archive, Text } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { ArchiveTable, RecorderTables } from '../catalog/tables.ts';

/** Somebody wants footage put back. */
export interface RestoreOrder {
  readonly by: string;
  readonly reason: string;
  readonly call: string;
  /** What the archive was found to be last. */
  readonly before: 'stored' | 'damaged';
}

/** An entry with what only the recorder needs. */
export interface ArchiveEntry extends Archive {
  /** The call that ordered it. */
  readonly call: string;
  /** The hold that keeps its footage until it is stored. */
  readonly hold: string;
  /** SHA-256 of its `record.json` in hex, once there is one. */
  readonly recordSha256?: string;
  /** Footage is to be put back. */
  readonly restore?: RestoreOrder;
}

/** What is looked for. */
export interface ArchiveQuery {
  readonly camera?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly text?: string | undefined;
}

/** What is changed of an entry; a key that is there with `undefined` is taken away. */
export type ArchiveChange = { readonly [Key in 'state' | 'doneBytes' | 'totalBytes' | 'files' | 'missingMs' | 'reason' | 'verifiedMs' | 'recordSha256' | 'restoredMs' | 'restore']?: ArchiveEntry[Key] | undefined };

const mostListed = 500;

/** The table of archives. */
export class ArchiveBook {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  async add(entry: ArchiveEntry): Promise<void> {
    await this.#database.insertInto('recorder_archive').values(toRow(entry)).execute();
  }

  async get(id: string): Promise<ArchiveEntry | undefined> {
    const row = await this.#database.selectFrom('recorder_archive').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  async change(entry: ArchiveEntry, change: ArchiveChange): Promise<ArchiveEntry> {
    const merged = { ...entry, ...change };
    const changed = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as unknown as ArchiveEntry;
    const { id, ...row } = toRow(changed);
    await this.#database.updateTable('recorder_archive').set(row).where('id', '=', id).execute();
    return changed;
  }

  /** Those that a stop left unfinished, oldest first. */
  async unfinished(): Promise<readonly ArchiveEntry[]> {
    const rows = await this.#database.selectFrom('recorder_archive').selectAll().where('state', 'in', ['waiting', 'copying', 'verifying', 'restoring']).orderBy('ordered_ms').execute();
    return rows.map(fromRow);
  }

  /** Newest first. */
  async find({ camera, fromMs, toMs, text }: ArchiveQuery): Promise<readonly ArchiveEntry[]> {
    const rows = await this.#database
      .selectFrom('recorder_archive').selectAll()
      .$if(fromMs !== undefined, (query) => query.where('to_ms', '>', fromMs!))
      .$if(toMs !== undefined, (query) => query.where('from_ms', '<', toMs!))
      .orderBy('ordered_ms', 'desc')
      // Words are searched here: not every store knows the letters of every language.
      .$if(camera === undefined && text === undefined, (query) => query.limit(mostListed)).execute();
    const wanted = text?.toLowerCase();
    return rows
      .map(fromRow)
      .filter((entry) => (camera === undefined || entry.cameras.includes(camera)) && (wanted === undefined || [entry.title, entry.record, entry.caseNumber ?? ''].some((value) => value.toLowerCase().includes(wanted))))
      .slice(0, mostListed);
  }
}

function toRow(entry: ArchiveEntry): ArchiveTable {
  return {
    id: entry.id, target: entry.target, cameras: JSON.stringify(entry.cameras), from_ms: entry.fromMs, to_ms: entry.toMs, title: entry.title, record: entry.record, case_number: entry.caseNumber ?? null,
    ordered_by: entry.orderedBy, ordered_ms: entry.orderedMs, call: entry.call, hold: entry.hold, state: entry.state, done_bytes: Math.round(entry.doneBytes), total_bytes: entry.totalBytes, files: entry.files,
    missing_ms: entry.missingMs, reason: entry.reason === undefined ? null : JSON.stringify(entry.reason), verified_ms: entry.verifiedMs ?? null, record_sha256: entry.recordSha256 ?? null, restored_ms: entry.restoredMs ?? null, restore: entry.restore === undefined ? null : JSON.stringify(entry.restore),
  };
}

function fromRow(row: ArchiveTable): ArchiveEntry {
  return {
    id: row.id, target: row.target, cameras: JSON.parse(row.cameras) as string[], fromMs: row.from_ms, toMs: row.to_ms, title: row.title, record: row.record, ...(row.case_number !== null && { caseNumber: row.case_number }),
    orderedBy: row.ordered_by, orderedMs: row.ordered_ms, call: row.call, hold: row.hold, state: row.state as Archive['state'], doneBytes: row.done_bytes, totalBytes: row.total_bytes, files: row.files, missingMs: row.missing_ms,
    ...(row.reason !== null && { reason: JSON.parse(row.reason) as Text }), ...(row.verified_ms !== null && { verifiedMs: row.verified_ms }), ...(row.record_sha256 !== null && { recordSha256: row.record_sha256 }),
    ...(row.restored_ms !== null && { restoredMs: row.restored_ms }), ...(row.restore !== null && { restore: JSON.parse(row.restore) as RestoreOrder }),
  };
}
