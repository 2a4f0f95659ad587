// The index as a check reads it: a day of a camera at a time, erased files too.
import type { Kysely } from 'kysely';
import { fromRow } from '../catalog/catalog.ts';
import type { RecorderTables } from '../catalog/tables.ts';
import { packFragmentTable, type FragmentEntry } from '../segment/fragment-table.ts';
import type { SegmentRecord } from '../segment/segment-record.ts';

/** A row, with what belongs to it. */
export interface IndexedFile {
  readonly file: SegmentRecord;
  /** The file was erased after its retention: `true` when it is gone, `false` while it is still to be removed. */
  readonly erased?: boolean;
  /** It waits for a seal or is in one. */
  readonly hasLeaf: boolean;
}

/** Reads, and writes what a repair may. */
export class IndexReader {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** When the next file of a camera at or after a moment begins. */
  async nextStart(camera: string, fromMs: number): Promise<number | undefined> {
    const row = await this.#database.selectFrom('recorder_segment').select('start_ms').where('camera', '=', camera).where('start_ms', '>=', fromMs).orderBy('start_ms').limit(1).executeTakeFirst();
    return row?.start_ms;
  }

  /** Files of a camera that begin in [fromMs, toMs), oldest first. */
  async files(camera: string, fromMs: number, toMs: number): Promise<readonly IndexedFile[]> {
    const rows = await this.#database
      .selectFrom('recorder_segment as segment')
      .leftJoin('recorder_leaf as leaf', (join) => join.onRef('leaf.camera', '=', 'segment.camera').onRef('leaf.start_ms', '=', 'segment.start_ms'))
      .leftJoin('recorder_deletion as deletion', 'deletion.id', 'segment.deletion')
      .selectAll('segment').select(['leaf.start_ms as leaf_ms', 'deletion.done'])
      .where('segment.camera', '=', camera).where('segment.start_ms', '>=', fromMs).where('segment.start_ms', '<', toMs)
      .orderBy('segment.start_ms').execute();
    return rows.map((row) => ({ file: fromRow(row), hasLeaf: row.leaf_ms !== null, ...(row.deletion !== null && { erased: row.done === 1 }) }));
  }

  /** The file waits for its seal from now on. */
  async addLeaf({ camera, startMs }: SegmentRecord): Promise<void> {
    await this.#database.insertInto('recorder_leaf').values({ camera, start_ms: startMs, seal: null, place: null }).onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doNothing()).execute();
  }

  /** Puts the table of fragments right. */
  async setFragments({ camera, startMs }: SegmentRecord, fragments: readonly FragmentEntry[]): Promise<void> {
    await this.#database.updateTable('recorder_segment').set({ fragments: packFragmentTable(fragments) }).where('camera', '=', camera).where('start_ms', '=', startMs).execute();
  }
}
