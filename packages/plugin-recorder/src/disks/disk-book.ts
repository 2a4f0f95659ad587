// What the database remembers of disks: which there are, which was first, and on which each camera is at home.
import type { Kysely } from 'kysely';
import type { RecorderTables } from '../catalog/tables.ts';

/** A disk that was here before. */
export interface KnownDisk {
  readonly id: string;
  /** Where it was mounted last. */
  readonly root: string;
  /** The disk of files that say none. */
  readonly isFirst: boolean;
  /** Files that began then or later may be missing in the index. */
  readonly searchMs?: number;
}

/** The tables of disks. */
export class DiskBook {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  async disks(): Promise<readonly KnownDisk[]> {
    const rows = await this.#database.selectFrom('recorder_disk').selectAll().orderBy('added_ms').orderBy('id').execute();
    return rows.map((row) => ({ id: row.id, root: row.root, isFirst: row.is_first === 1, ...(row.search_ms !== null && { searchMs: row.search_ms }) }));
  }

  /** Remembers a disk, and where it is mounted now. */
  async remember(disk: Omit<KnownDisk, 'searchMs'>, nowMs: number): Promise<void> {
    await this.#database
      .insertInto('recorder_disk')
      .values({ id: disk.id, root: disk.root, is_first: disk.isFirst ? 1 : 0, added_ms: nowMs, search_ms: null })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ root: disk.root }))
      .execute();
  }

  /** The next start is to search a disk for files that began then or later. */
  async searchFrom(id: string, startMs: number): Promise<void> {
    await this.#database.updateTable('recorder_disk').set({ search_ms: startMs }).where('id', '=', id).where((where) => where.or([where('search_ms', 'is', null), where('search_ms', '>', startMs)])).execute();
  }

  /** A disk was searched; unless something came since. */
  async searched(id: string, fromMs: number): Promise<void> {
    await this.#database.updateTable('recorder_disk').set({ search_ms: null }).where('id', '=', id).where('search_ms', '=', fromMs).execute();
  }

  /** Camera to disk. */
  async homes(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.selectFrom('recorder_home').selectAll().execute();
    return new Map(rows.map(({ camera, disk }) => [camera, disk]));
  }

  /** From the next start on, the camera records to this disk. */
  async setHome(camera: string, disk: string): Promise<void> {
    await this.#database.insertInto('recorder_home').values({ camera, disk }).onConflict((conflict) => conflict.column('camera').doUpdateSet({ disk })).execute();
  }
}
