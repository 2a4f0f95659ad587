// Reads and writes the index of footage.
import { sql, type Kysely, type Transaction } from 'kysely';
import { packFragmentTable, unpackFragmentTable, type FragmentEntry } from '../segment/fragment-table.ts';
import { segmentFlags, type GapCause, type GapRecord, type SegmentRecord } from '../segment/segment-record.ts';
import type { RecorderTables, SegmentTable } from './tables.ts';

/** A stretch of footage without a break. */
export interface RecordedStretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** A camera's time: what is there, what is missing and why, and what was erased after its retention. */
export interface FootageTimeline {
  readonly recorded: readonly RecordedStretch[];
  readonly gaps: readonly GapRecord[];
  readonly deleted: readonly RecordedStretch[];
}

/** Stretches closer than this are one. */
const joinMs = 100;
/** Four values a row; SQLite takes 32,766. */
const rowsAtOnce = 1000;

/** The index. Every method is one statement or one transaction. */
export class Catalog {
  readonly #database: Kysely<RecorderTables>;

  constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  /** Adds closed files and gaps together; repeating it changes nothing. A new file waits for its seal from now on. */
  async save(segments: readonly SegmentRecord[], gaps: readonly GapRecord[]): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      for (const segment of segments) {
        await transaction.insertInto('recorder_segment').values(toRow(segment)).onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doNothing()).execute();
      }
      const leaves = segments.map(({ camera, startMs }) => ({ camera, start_ms: startMs, seal: null, place: null }));
      for (let start = 0; start < leaves.length; start += rowsAtOnce) {
        await transaction.insertInto('recorder_leaf').values(leaves.slice(start, start + rowsAtOnce)).onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doNothing()).execute();
      }
      for (const gap of gaps) await saveGap(transaction, gap);
    });
  }

  /** Files of a camera that are there and touch [fromMs, toMs), oldest first. */
  async segmentsBetween(camera: string, fromMs: number, toMs: number): Promise<SegmentRecord[]> {
    const rows = await this.#database
      .selectFrom('recorder_segment').selectAll()
      .where('camera', '=', camera).where('start_ms', '<', toMs).where('end_ms', '>', fromMs).where('deletion', 'is', null)
      .where('start_ms', '>=', this.#firstStart('recorder_segment', camera, fromMs))
      .orderBy('start_ms').execute();
    return rows.map(fromRow);
  }

  /** The same without the fragments, for those who want files as a whole; millions do no harm to memory then. */
  async wholeFilesBetween(camera: string, fromMs: number, toMs: number): Promise<Omit<SegmentRecord, 'fragments'>[]> {
    const rows = await this.#database
      .selectFrom('recorder_segment').select(['camera', 'run', 'disk', 'path', 'start_ms', 'end_ms', 'bytes', 'init_bytes', 'sha256', 'codecs', 'flags', 'camera_offset_ms'])
      .where('camera', '=', camera).where('start_ms', '<', toMs).where('end_ms', '>', fromMs).where('deletion', 'is', null)
      .where('start_ms', '>=', this.#firstStart('recorder_segment', camera, fromMs))
      .orderBy('start_ms').execute();
    return rows.map((row) => {
      const { fragments: _, ...file } = fromRow({ ...row, fragments: noFragments });
      return file;
    });
  }

  /** The file of a camera that begins then and is there. */
  async segmentAt(camera: string, startMs: number): Promise<SegmentRecord | undefined> {
    const row = await this.#database.selectFrom('recorder_segment').selectAll().where('camera', '=', camera).where('start_ms', '=', startMs).where('deletion', 'is', null).executeTakeFirst();
    return row && fromRow(row);
  }

  /** A file is there again that was erased or lost, perhaps on another disk. What was known of it stays. */
  async putBack(segment: SegmentRecord): Promise<void> {
    const row = toRow(segment);
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.insertInto('recorder_segment').values(row).onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doUpdateSet({ disk: row.disk, path: row.path, fragments: row.fragments, deletion: null })).execute();
      await transaction.insertInto('recorder_leaf').values({ camera: segment.camera, start_ms: segment.startMs, seal: null, place: null }).onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doNothing()).execute();
    });
  }

  /** Paths of a camera's files that begin in [fromMs, toMs), erased ones too. */
  async pathsBetween(camera: string, fromMs: number, toMs: number): Promise<string[]> {
    const rows = await this.#database.selectFrom('recorder_segment').select('path').where('camera', '=', camera).where('start_ms', '>=', fromMs).where('start_ms', '<', toMs).execute();
    return rows.map(({ path }) => path);
  }

  /** Where a camera's footage ends; for one that has none yet, where its open gap began. Undefined when nothing is known of it. */
  async endOfFootage(camera: string): Promise<{ readonly startMs?: number; readonly endMs: number } | undefined> {
    const row = await this.#database
      .selectFrom('recorder_segment').select(['start_ms', 'end_ms'])
      .where('camera', '=', camera).orderBy('start_ms', 'desc').limit(1).executeTakeFirst();
    if (row !== undefined) return { startMs: row.start_ms, endMs: row.end_ms };
    const gap = await this.#database.selectFrom('recorder_gap').select(['start_ms']).where('camera', '=', camera).where('end_ms', 'is', null).executeTakeFirst();
    return gap === undefined ? undefined : { endMs: gap.start_ms };
  }

  /** Gaps of a camera that touch [fromMs, toMs), oldest first; an open one reaches to now. */
  async gapsBetween(camera: string, fromMs: number, toMs: number): Promise<GapRecord[]> {
    const rows = await this.#database
      .selectFrom('recorder_gap').selectAll()
      .where('camera', '=', camera).where('start_ms', '<', toMs).where('start_ms', '>=', this.#firstStart('recorder_gap', camera, fromMs))
      .where((where) => where.or([where('end_ms', 'is', null), where('end_ms', '>', fromMs)]))
      .orderBy('start_ms').execute();
    return rows.map((row) => ({ camera: row.camera, startMs: row.start_ms, cause: row.cause as GapCause, detail: row.detail, ...(row.end_ms === null ? {} : { endMs: row.end_ms }) }));
  }

  /** The newest gap of a camera. */
  async lastGap(camera: string): Promise<GapRecord | undefined> {
    const row = await this.#database.selectFrom('recorder_gap').select(['start_ms', 'end_ms']).where('camera', '=', camera).orderBy('start_ms', 'desc').limit(1).executeTakeFirst();
    return row && (await this.timeline(camera, row.start_ms, row.end_ms ?? row.start_ms + 1)).gaps.at(-1);
  }

  /** Recorded stretches and gaps that touch [fromMs, toMs), both cut to it. Reads no fragment tables. */
  async timeline(camera: string, fromMs: number, toMs: number): Promise<FootageTimeline> {
    const rows = await this.#database
      .selectFrom('recorder_segment').select(['start_ms', 'end_ms', 'flags', 'deletion'])
      .where('camera', '=', camera).where('start_ms', '<', toMs).where('end_ms', '>', fromMs).where('start_ms', '>=', this.#firstStart('recorder_segment', camera, fromMs))
      .orderBy('start_ms').execute();
    const stretches = (some: typeof rows): RecordedStretch[] => joinStretches(some.map((row) => ({ startMs: Math.max(fromMs, row.start_ms), endMs: Math.min(toMs, row.end_ms) })));
    const recorded = stretches(rows.filter(({ deletion }) => deletion === null));
    const deleted = stretches(rows.filter(({ deletion }) => deletion !== null));
    const edge = rows.filter(({ flags, deletion }) => deletion === null && (flags & segmentFlags.edge) !== 0).map((row) => ({ startMs: row.start_ms, endMs: row.end_ms }));
    return { recorded, gaps: (await this.gapsBetween(camera, fromMs, toMs)).map((gap) => withFilled(gap, edge)), deleted };
  }

  /** Start of a row before which none reaches beyond `fromMs`: lets the key find the first row instead of walking all history. */
  #firstStart(table: 'recorder_segment' | 'recorder_gap', camera: string, fromMs: number) {
    const before = this.#database.selectFrom(table).select('start_ms').where('camera', '=', camera).where('start_ms', '<=', fromMs).orderBy('start_ms', 'desc').limit(1).offset(rowsBack);
    return sql<number>`coalesce((${before}), 0)`;
  }
}

/** Files of a camera, and its gaps, seldom overlap: only where the clock of the recorder was set back. */
const rowsBack = 15;
const noFragments = new Uint8Array();
/** Longest file that is believed: the writer starts a new one after a minute and the group of pictures under way. */
export const longestFileMs = 24 * 3_600_000;

/** Says which parts of a gap were filled afterwards. */
function withFilled(gap: GapRecord, edge: readonly RecordedStretch[]): GapRecord {
  const endMs = gap.endMs ?? Number.MAX_SAFE_INTEGER;
  const filled = joinStretches(edge.filter((stretch) => stretch.startMs < endMs && stretch.endMs > gap.startMs).map((stretch) => ({ startMs: Math.max(gap.startMs, stretch.startMs), endMs: Math.min(endMs, stretch.endMs) })));
  return filled.length === 0 ? gap : { ...gap, filled };
}

/** Joins stretches that touch; they must come in order. */
export function joinStretches(stretches: readonly RecordedStretch[]): RecordedStretch[] {
  const joined: RecordedStretch[] = [];
  for (const stretch of stretches) {
    const last = joined[joined.length - 1];
    if (last !== undefined && stretch.startMs - last.endMs <= joinMs) joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, stretch.endMs) };
    else joined.push(stretch);
  }
  return joined;
}

/** A gap is known by its start: announced again, it gets its end. */
async function saveGap(transaction: Transaction<RecorderTables>, gap: GapRecord): Promise<void> {
  if (gap.endMs === undefined && (await continuesOpenGap(transaction, gap))) return;
  const row = { camera: gap.camera, start_ms: gap.startMs, end_ms: gap.endMs ?? null, cause: gap.cause, detail: gap.detail.slice(0, 500) };
  await transaction
    .insertInto('recorder_gap').values(row)
    .onConflict((conflict) => conflict.columns(['camera', 'start_ms']).doUpdateSet({ end_ms: row.end_ms }))
    .execute();
}

/**
 * A camera has at most one open gap, but a crash may take the end of one with it. If footage followed, it says where the old gap
 * ended; if not, the new gap is the old one and keeps its cause, only measured again.
 */
async function continuesOpenGap(transaction: Transaction<RecorderTables>, gap: GapRecord): Promise<boolean> {
  const open = await transaction
    .selectFrom('recorder_gap').select(['start_ms'])
    .where('camera', '=', gap.camera).where('end_ms', 'is', null).where('start_ms', '!=', gap.startMs).executeTakeFirst();
  if (open === undefined) return false;
  const footage = await transaction
    .selectFrom('recorder_segment').select(['start_ms'])
    .where('camera', '=', gap.camera).where('start_ms', '>=', open.start_ms).orderBy('start_ms').limit(1).executeTakeFirst();
  const change = footage === undefined ? { start_ms: gap.startMs } : { end_ms: footage.start_ms };
  await transaction.updateTable('recorder_gap').set(change).where('camera', '=', gap.camera).where('start_ms', '=', open.start_ms).execute();
  return footage === undefined;
}

function toRow(segment: SegmentRecord): SegmentTable {
  return {
    camera: segment.camera, start_ms: segment.startMs, end_ms: segment.endMs, run: segment.run, disk: segment.disk ?? null, path: segment.path, bytes: segment.bytes, init_bytes: segment.initBytes,
    sha256: Buffer.from(segment.sha256, 'hex'), codecs: segment.codecs, fragments: packFragmentTable(segment.fragments), flags: segment.flags, camera_offset_ms: segment.cameraOffsetMs ?? null, deletion: null,
  };
}

/** A row of the index as a file. Its fragments are unpacked when they are first asked for: an hour has thousands, and few who look up files want them. */
export function fromRow(row: Omit<SegmentTable, 'deletion'>): SegmentRecord {
  let fragments: FragmentEntry[] | undefined;
  return {
    camera: row.camera, run: row.run, ...(row.disk !== null && { disk: row.disk }), path: row.path, startMs: row.start_ms, endMs: row.end_ms, bytes: row.bytes, initBytes: row.init_bytes,
    sha256: Buffer.from(row.sha256).toString('hex'), codecs: row.codecs, flags: row.flags,
    ...(row.camera_offset_ms === null ? {} : { cameraOffsetMs: row.camera_offset_ms }),
    get fragments() {
      return (fragments ??= unpackFragmentTable(row.fragments));
    },
  };
}
