// Which segment is in which seal: the rows behind the entries `recording.sealed`. Every query goes by a key; none walks the index.
import type { Kysely } from 'kysely';
import { inOrder, leafData, type SealedSegment } from '../seal/leaf.ts';
import { hashBytes, leafHash } from '../seal/tree.ts';
import type { RecorderTables } from './tables.ts';

/** A seal: the tree over the segments of a minute. */
export interface Seal {
  readonly id: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Leaf hashes in the order of the tree. */
  readonly leaves: readonly Uint8Array[];
}

/** Where a segment was sealed. */
export interface SealedPlace {
  /** Start of the segment. */
  readonly startMs: number;
  readonly seal: number;
  /** Index in the tree. */
  readonly place: number;
  /** Place of the seal's entry in the audit log. */
  readonly seq: number;
}

/** Leaves of one seal; when more are waiting, the minute gets several seals. */
export const mostLeaves = 4096;
/** Four values a row; SQLite takes 32,766. */
const rowsAtOnce = 1000;

/** The seals. One sealer works on them at a time. */
export class Seals {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** The oldest seal that is not known to be in the log. */
  async unrecorded(): Promise<Seal | undefined> {
    const row = await this.#database.selectFrom('recorder_seal').selectAll().where('seq', 'is', null).orderBy('id').limit(1).executeTakeFirst();
    return row && toSeal(row);
  }

  /** Makes a seal of segments that are in none; `undefined` when there are none. */
  async form({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Promise<Seal | undefined> {
    const segments = await this.#unsealed();
    if (segments.length === 0) return undefined;
    const leaves = segments.map((segment) => leafHash(leafData(segment)));
    return this.#database.transaction().execute(async (transaction) => {
      const newest = await transaction.selectFrom('recorder_seal').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
      const id = (newest?.id ?? 0) + 1;
      await transaction.insertInto('recorder_seal').values({ id, from_ms: fromMs, to_ms: toMs, leaves: Buffer.concat(leaves), seq: null }).execute();
      const rows = segments.map((segment, place) => ({ camera: segment.camera, start_ms: segment.fromMs, seal: id, place }));
      for (let start = 0; start < rows.length; start += rowsAtOnce) {
        await transaction
          .insertInto('recorder_leaf')
          .values(rows.slice(start, start + rowsAtOnce))
          .onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doUpdateSet((set) => ({ seal: set.ref('excluded.seal'), place: set.ref('excluded.place') })))
          .execute();
      }
      return { id, fromMs, toMs, leaves };
    });
  }

  /** The entry of a seal is in the log. */
  async recorded(id: number, seq: number): Promise<void> {
    await this.#database.updateTable('recorder_seal').set({ seq }).where('id', '=', id).execute();
  }

  /** Where a camera's segments that start in [fromMs, toMs) were sealed; those whose entry is in the log. */
  async placesOf(camera: string, fromMs: number, toMs: number): Promise<readonly SealedPlace[]> {
    const rows = await this.#database
      .selectFrom('recorder_leaf as leaf')
      .innerJoin('recorder_seal as seal', 'seal.id', 'leaf.seal')
      .select(['leaf.start_ms', 'leaf.place', 'seal.id', 'seal.seq'])
      .where('leaf.camera', '=', camera).where('leaf.start_ms', '>=', fromMs).where('leaf.start_ms', '<', toMs)
      .execute();
    return rows.flatMap(({ start_ms, place, id, seq }) => (place === null || seq === null ? [] : [{ startMs: start_ms, seal: id, place, seq }]));
  }

  async read(id: number): Promise<Seal> {
    return toSeal(await this.#database.selectFrom('recorder_seal').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
  }

  async #unsealed(): Promise<readonly SealedSegment[]> {
    const rows = await this.#database
      .selectFrom('recorder_leaf as leaf')
      .innerJoin('recorder_segment as segment', (join) => join.onRef('segment.camera', '=', 'leaf.camera').onRef('segment.start_ms', '=', 'leaf.start_ms'))
      .select(['leaf.camera', 'leaf.start_ms', 'segment.end_ms', 'segment.bytes', 'segment.sha256'])
      .where('leaf.seal', 'is', null)
      .orderBy('leaf.camera').orderBy('leaf.start_ms').limit(mostLeaves)
      .execute();
    return rows.map((row) => ({ camera: row.camera, fromMs: row.start_ms, toMs: row.end_ms, bytes: row.bytes, sha256: Buffer.from(row.sha256).toString('hex') })).sort(inOrder);
  }
}

function toSeal({ id, from_ms, to_ms, leaves }: RecorderTables['recorder_seal']): Seal {
  const hashes = Array.from({ length: leaves.length / hashBytes }, (_, place) => leaves.subarray(place * hashBytes, (place + 1) * hashBytes));
  return { id, fromMs: from_ms, toMs: to_ms, leaves: hashes };
}
