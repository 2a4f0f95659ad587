// What retention reads and writes of the index. Every method is one statement or one transaction, and goes by a key.
import type { DeletionReason } from '@wanglou/core';
import type { Kysely } from 'kysely';
import { longestFileMs } from '../catalog/catalog.ts';
import type { RecorderTables } from '../catalog/tables.ts';
import type { SweepClockState } from './sweep-clock.ts';

/** A file that may be due. */
export interface OldFile {
  readonly disk?: string;
  readonly path: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What files span together; there is one at least, oldest first. */
export function extentOf(files: readonly OldFile[]): { readonly fromMs: number; readonly toMs: number; readonly bytes: number } {
  return { fromMs: files[0]!.startMs, toMs: Math.max(...files.map(({ endMs }) => endMs)), bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Files of one camera whose deletion is in the log. */
export interface Deletion {
  readonly id: number;
  /** Place of the entry in the audit log. */
  readonly seq: number;
  readonly camera: string;
  readonly files: readonly OldFile[];
}

/** The tables of retention. */
export class RetentionBook {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** Every camera that has rows, found without walking them: one look-up each. */
  async cameras(): Promise<readonly string[]> {
    const found: string[] = [];
    for (;;) {
      const after = found.at(-1);
      const row = await this.#database.selectFrom('recorder_segment').select('camera').$if(after !== undefined, (query) => query.where('camera', '>', after!)).orderBy('camera').limit(1).executeTakeFirst();
      if (row === undefined) return found;
      found.push(row.camera);
    }
  }

  /** Files that are there, begin at `fromMs` or later, and ended by `endedMs`; oldest first. */
  async filesEndedBy(camera: string, fromMs: number, endedMs: number, limit: number): Promise<readonly OldFile[]> {
    const rows = await this.#database
      .selectFrom('recorder_segment').select(['disk', 'path', 'start_ms', 'end_ms', 'bytes', 'sha256'])
      .where('camera', '=', camera).where('start_ms', '>=', fromMs).where('start_ms', '<', endedMs).where('end_ms', '<=', endedMs).where('deletion', 'is', null)
      .orderBy('start_ms').limit(limit).execute();
    return rows.map(toFile);
  }

  /** Marks files as erased by an entry that is in the log; they are still to be removed. */
  async mark({ seq, camera, files }: Omit<Deletion, 'id'>, reason: DeletionReason, atMs: number): Promise<Deletion> {
    const { fromMs, toMs, bytes } = extentOf(files);
    return this.#database.transaction().execute(async (transaction) => {
      const newest = await transaction.selectFrom('recorder_deletion').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
      const id = (newest?.id ?? 0) + 1;
      await transaction.insertInto('recorder_deletion').values({ id, seq, camera, from_ms: fromMs, to_ms: toMs, files: files.length, bytes, reason, at_ms: atMs, done: 0 }).execute();
      await transaction.updateTable('recorder_segment').set({ deletion: id }).where('camera', '=', camera).where('start_ms', 'in', files.map(({ startMs }) => startMs)).execute();
      return { id, seq, camera, files };
    });
  }

  /** No file of the deletion is left. Its rows give up what only a file needs, since there will be many of them. */
  async finish({ id, camera, files }: Deletion): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      if (files.length > 0) await transaction.updateTable('recorder_segment').set({ fragments: Buffer.alloc(0) }).where('camera', '=', camera).where('start_ms', 'in', files.map(({ startMs }) => startMs)).where('deletion', '=', id).execute();
      await transaction.updateTable('recorder_deletion').set({ done: 1 }).where('id', '=', id).execute();
    });
  }

  /** Takes the mark off files that stay after all. */
  async restore({ id, camera }: Deletion, files: readonly OldFile[]): Promise<void> {
    await this.#database.updateTable('recorder_segment').set({ deletion: null }).where('camera', '=', camera).where('start_ms', 'in', files.map(({ startMs }) => startMs)).where('deletion', '=', id).execute();
  }

  /** Deletions that a crash, or a disk that was away, left unfinished. */
  async unfinished(): Promise<readonly Deletion[]> {
    const rows = await this.#database.selectFrom('recorder_deletion').select(['id', 'seq', 'camera', 'from_ms', 'to_ms']).where('done', '=', 0).orderBy('id').execute();
    return Promise.all(
      rows.map(async ({ id, seq, camera, from_ms: fromMs, to_ms: toMs }) => {
        const files = await this.#database
          .selectFrom('recorder_segment').select(['disk', 'path', 'start_ms', 'end_ms', 'bytes', 'sha256'])
          .where('camera', '=', camera).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).where('deletion', '=', id).orderBy('start_ms').execute();
        return { id, seq, camera, files: files.map(toFile) };
      }),
    );
  }

  /** Where a sweep of a camera begins: whatever begins earlier is gone or held. */
  async sweptMs(camera: string): Promise<number> {
    const row = await this.#database.selectFrom('recorder_sweep').select('swept_ms').where('camera', '=', camera).executeTakeFirst();
    return row?.swept_ms ?? 0;
  }

  async setSwept(camera: string, sweptMs: number): Promise<void> {
    await this.#database.insertInto('recorder_sweep').values({ camera, swept_ms: sweptMs }).onConflict((conflict) => conflict.column('camera').doUpdateSet({ swept_ms: sweptMs })).execute();
  }

  /** Footage from here on is to be looked at again, since a hold on it is over. */
  async lookAgain(cameras: readonly string[], fromMs: number): Promise<void> {
    const sweptMs = Math.max(0, fromMs - longestFileMs);
    for (const camera of cameras) await this.#database.updateTable('recorder_sweep').set({ swept_ms: sweptMs }).where('camera', '=', camera).where('swept_ms', '>', sweptMs).execute();
  }

  /** The end of the newest footage of all; undefined where there is none. */
  async newestMs(): Promise<number | undefined> {
    let newest: number | undefined;
    for (const camera of await this.cameras()) {
      const row = await this.#database.selectFrom('recorder_segment').select('end_ms').where('camera', '=', camera).orderBy('start_ms', 'desc').limit(1).executeTakeFirst();
      newest = Math.max(newest ?? 0, row?.end_ms ?? 0);
    }
    return newest;
  }

  async readClock(): Promise<SweepClockState | undefined> {
    const row = await this.#database.selectFrom('recorder_clock').select('state').where('id', '=', 1).executeTakeFirst();
    return row && (JSON.parse(row.state) as SweepClockState);
  }

  async writeClock(state: SweepClockState): Promise<void> {
    const text = JSON.stringify(state);
    await this.#database.insertInto('recorder_clock').values({ id: 1, state: text }).onConflict((conflict) => conflict.column('id').doUpdateSet({ state: text })).execute();
  }
}

function toFile(row: { readonly disk: string | null; readonly path: string; readonly start_ms: number; readonly end_ms: number; readonly bytes: number; readonly sha256: Uint8Array }): OldFile {
  return { ...(row.disk !== null && { disk: row.disk }), path: row.path, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, sha256: Buffer.from(row.sha256).toString('hex') };
}
