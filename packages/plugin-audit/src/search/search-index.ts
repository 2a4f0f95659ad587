// Follows the log and answers questions about it.
import type { AuditEntry, AuditQuery, AuditRecord, CameraInfo } from '@wanglou/core';
import type { Insertable, Kysely } from 'kysely';
import { sharedRounds } from '../shared-rounds.ts';
import type { SearchTables } from './tables.ts';

const recordsAtOnce = 1000;
/** How deep a case number is looked for in what an act says. */
const searchedDepth = 4;

/** Places in the log by who, what, which camera, which case, and when. */
export class SearchIndex {
  readonly #database: Kysely<SearchTables>;
  readonly #read: (fromSeq: number, limit: number) => Promise<readonly AuditRecord[]>;
  readonly #rounds = sharedRounds(() => this.#catchUp());
  #isStopped = false;

  constructor(database: Kysely<SearchTables>, read: (fromSeq: number, limit: number) => Promise<readonly AuditRecord[]>) {
    this.#database = database;
    this.#read = read;
  }

  /** Takes over what the log holds beyond the index at the time of the call. One round at a time; those who come meanwhile share the next. */
  catchUp(): Promise<void> {
    return this.#rounds.next();
  }

  /** Follows no further; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#rounds.idle();
  }

  /** Places that match: newest first, or from a place on, oldest first. */
  async find({ limit, beforeSeq, person, camera, operation, action, kind, effect, caseNumber, call, fromMs, toMs }: AuditQuery, afterSeq?: number): Promise<readonly number[]> {
    await this.catchUp();
    let rows = this.#database.selectFrom('found').select('found.seq').orderBy('found.seq', afterSeq === undefined ? 'desc' : 'asc').limit(limit);
    if (afterSeq !== undefined) rows = rows.where('found.seq', '>', afterSeq);
    if (camera !== undefined) rows = rows.innerJoin('found_camera', 'found_camera.seq', 'found.seq').where('found_camera.camera', '=', camera);
    if (beforeSeq !== undefined) rows = rows.where('found.seq', '<', beforeSeq);
    const columns = { person, operation, action, kind, effect, case_number: caseNumber, call } as const;
    for (const [column, value] of Object.entries(columns)) if (value !== undefined) rows = rows.where(`found.${column as keyof typeof columns}`, '=', value);
    if (fromMs !== undefined) rows = rows.where('at_ms', '>=', fromMs);
    if (toMs !== undefined) rows = rows.where('at_ms', '<', toMs);
    return (await rows.execute()).map(({ seq }) => seq);
  }

  /** The call that opened a lease. */
  async callOfLease(lease: string): Promise<string | undefined> {
    await this.catchUp();
    return (await this.#database.selectFrom('found_lease').select('call').where('lease', '=', lease).executeTakeFirst())?.call;
  }

  /** The cameras of the campus, as the log has them. */
  async knownCameras(): Promise<ReadonlyMap<string, CameraInfo>> {
    await this.catchUp();
    return new Map((await this.#database.selectFrom('known_camera').selectAll().execute()).map(({ id, info }) => [id, JSON.parse(info) as CameraInfo]));
  }

  /** Times of entries of a kind, oldest first. */
  async timesOf(kind: string, fromMs: number, toMs: number): Promise<readonly number[]> {
    await this.catchUp();
    return (await this.#database.selectFrom('found').select('at_ms').where('kind', '=', kind).where('at_ms', '>=', fromMs).where('at_ms', '<', toMs).orderBy('seq').execute()).map(({ at_ms }) => at_ms);
  }

  /** The oldest entry at or after a time. */
  async firstSince(atMs: number): Promise<number | undefined> {
    await this.catchUp();
    return (await this.#database.selectFrom('found').select('seq').where('at_ms', '>=', atMs).orderBy('seq').limit(1).executeTakeFirst())?.seq;
  }

  /** When a person last stood in the log as the one who acted. */
  async lastActOf(person: string): Promise<{ readonly seq: number; readonly atMs: number } | undefined> {
    await this.catchUp();
    return this.#database.selectFrom('found').select(['seq', 'at_ms as atMs']).where('person', '=', person).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  }

  /** Replaces a person by the name under which they are shown after they were erased. */
  async rename(person: string, erasedAs: string): Promise<void> {
    await this.#database.updateTable('found').set({ person: erasedAs, case_number: null }).where('person', '=', person).execute();
  }

  /** Forgets places below `seq`. */
  async prune(seq: number): Promise<void> {
    for (const table of ['found', 'found_camera', 'found_lease'] as const) await this.#database.deleteFrom(table).where('seq', '<', seq).execute();
  }

  async #learnCamera(database: Kysely<SearchTables>, { kind, open }: AuditEntry): Promise<void> {
    const info = open as unknown as CameraInfo | undefined;
    if (info?.id === undefined) return;
    if (kind === 'camera.removed') await database.deleteFrom('known_camera').where('id', '=', info.id).execute();
    else await database.insertInto('known_camera').values({ id: info.id, info: JSON.stringify(info) }).onConflict((conflict) => conflict.column('id').doUpdateSet({ info: JSON.stringify(info) })).execute();
  }

  async #catchUp(): Promise<void> {
    while (!this.#isStopped) {
      const cursor = await this.#database.selectFrom('cursor').select('next_seq').where('id', '=', 1).executeTakeFirst();
      const records = await this.#read(cursor?.next_seq ?? 0, recordsAtOnce);
      if (records.length === 0) return;
      const nextSeq = records.at(-1)!.seq + 1;
      const cameras = records.flatMap(({ seq, entry }) => [...new Set(entry.resource?.cameras)].map((camera) => ({ camera, seq })));
      const leases = records.flatMap(({ seq, entry }) => leasesOf(entry).map((lease) => ({ lease, call: entry.call!, seq })));
      await this.#database.transaction().execute(async (transaction) => {
        for (const rows of pages(records.map(rowOf))) await transaction.insertInto('found').values(rows).onConflict((conflict) => conflict.column('seq').doNothing()).execute();
        for (const rows of pages(cameras)) await transaction.insertInto('found_camera').values(rows).onConflict((conflict) => conflict.columns(['camera', 'seq']).doNothing()).execute();
        for (const rows of pages(leases)) await transaction.insertInto('found_lease').values(rows).onConflict((conflict) => conflict.column('lease').doNothing()).execute();
        for (const { entry } of records) if (entry.kind.startsWith('camera.')) await this.#learnCamera(transaction, entry);
        await transaction.insertInto('cursor').values({ id: 1, next_seq: nextSeq }).onConflict((conflict) => conflict.column('id').doUpdateSet({ next_seq: nextSeq })).execute();
      });
    }
  }
}

function rowOf({ seq, entry }: AuditRecord): Insertable<SearchTables['found']> {
  const { atMs, kind, principal, operation, action, call, decision, outcome, input, detail } = entry;
  return { seq, at_ms: atMs, kind, person: principal.id, operation: operation ?? null, action: action ?? null, call: call ?? null, effect: decision?.effect ?? null, outcome: outcome ?? null, case_number: caseNumberIn(input) ?? caseNumberIn(detail) ?? null };
}

function leasesOf({ kind, call, detail }: AuditEntry): readonly string[] {
  const leases = (detail as { readonly leases?: unknown } | undefined)?.leases;
  if (kind !== 'outcome' || call === undefined || !Array.isArray(leases)) return [];
  return leases.flatMap((lease: unknown) => (typeof (lease as { id?: unknown }).id === 'string' ? [(lease as { id: string }).id] : []));
}

/** The first member `caseNumber` that is a text. */
function caseNumberIn(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > searchedDepth) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'caseNumber' && typeof member === 'string') return member;
    const inside = caseNumberIn(member, depth + 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** One statement binds at most 32,766 values in SQLite; ten to a row. */
function pages<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const size = 1000;
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, page) => rows.slice(page * size, (page + 1) * size));
}
