// The writer: one at a time, everything that waits together shares one commit and one signature.
import type { AuditEntry, AuditQuery, AuditRecord, Checkpoint } from '@wanglou/core';
import { sql, type Kysely, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import { AuditError } from '../errors.ts';
import type { AuditTables } from '../tables.ts';
import { broken, checkEnd } from './check-end.ts';
import { chainHash, emptyHash, hashBody } from './hash.ts';
import type { Signer } from './signer.ts';
import type { RecordRow } from './verify.ts';

/** What the log needs from outside. */
export interface ChainedLogOptions {
  readonly database: Kysely<AuditTables>;
  readonly signer: Signer;
  now(): number;
  canonical(value: unknown): string;
  /** Called in order, after a record is durable. Must not throw: the writer does not wait for what others make of a record. */
  appended(record: AuditRecord): void;
}

/** A record that has no place yet. */
interface Draft extends Pick<AuditTables['record'], 'at_ms' | 'person' | 'operation' | 'body'> {
  readonly entry: AuditEntry;
}

interface Waiting {
  readonly drafts: readonly Draft[];
  resolve(place: { readonly seq: number }): void;
  reject(error: unknown): void;
}

/** SQLite binds at most 32,766 values in one statement; six to a record. A commit holds about as many, too. */
const recordsPerInsert = 1000;
const rowsPerPage = 1000;

/** The log's rows, appended by one writer. */
export class ChainedLog {
  readonly #options: ChainedLogOptions;
  #size: number;
  #head: string;
  #checkpoint: Checkpoint;
  #waiting: Waiting[] = [];
  #isWriting = false;

  private constructor(options: ChainedLogOptions, size: number, head: string, checkpoint: Checkpoint) {
    this.#options = options;
    this.#size = size;
    this.#head = head;
    this.#checkpoint = checkpoint;
  }

  /**
   * Opens the log at its end. Throws `AUDIT_BROKEN` when the end is not what this campus's key has signed: adding to a log that
   * was changed would sign the change.
   */
  static async open(options: ChainedLogOptions): Promise<ChainedLog> {
    const { database, signer } = options;
    const last = await database.selectFrom('record').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    const stored = await database.selectFrom('checkpoint').selectAll().where('id', '=', 1).executeTakeFirst();
    const size = last ? last.seq + 1 : 0;
    const head = last?.hash ?? emptyHash;
    if (!stored && size > 0) throw broken(0, 'there is no signed checkpoint', '没有已签名的校验点');
    if (!stored) return new ChainedLog(options, 0, emptyHash, signer.sign(0, emptyHash, options.now()));
    const { id: _, at_ms: atMs, ...signed } = stored;
    const checkpoint: Checkpoint = { ...signed, atMs };
    checkEnd(checkpoint, size, head, signer.key);
    return new ChainedLog(options, size, head, checkpoint);
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /** Resolves when the entry is on disk. */
  append(entry: AuditEntry): Promise<{ readonly seq: number }> {
    return this.appendAll([entry]);
  }

  /** Appends entries one after the other in one commit: all of them or none. Answers the place of the first. */
  async appendAll(entries: readonly AuditEntry[]): Promise<{ readonly seq: number }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly seq: number }>();
    this.#waiting.push({ drafts: entries.map((entry) => draftOf(entry, this.#options.canonical(entry))), resolve, reject });
    if (!this.#isWriting) void this.#write();
    return promise;
  }

  async query(query: AuditQuery): Promise<readonly AuditRecord[]> {
    let rows = this.#options.database.selectFrom('record').selectAll().orderBy('seq', 'desc').limit(query.limit);
    if (query.beforeSeq !== undefined) rows = rows.where('seq', '<', query.beforeSeq);
    if (query.person !== undefined) rows = rows.where('person', '=', query.person);
    if (query.operation !== undefined) rows = rows.where('operation', '=', query.operation);
    if (query.fromMs !== undefined) rows = rows.where('at_ms', '>=', query.fromMs);
    if (query.toMs !== undefined) rows = rows.where('at_ms', '<', query.toMs);
    if (query.camera !== undefined) rows = rows.where(namesCamera(query.camera));
    return (await rows.execute()).map(toRecord);
  }

  async read(fromSeq: number, limit: number): Promise<readonly AuditRecord[]> {
    return (await this.#options.database.selectFrom('record').selectAll().where('seq', '>=', fromSeq).orderBy('seq').limit(limit).execute()).map(toRecord);
  }

  /** All rows in order, page by page. */
  async *rows(fromSeq = 0): AsyncGenerator<RecordRow> {
    for (let next = fromSeq; ; ) {
      const page = await this.#options.database.selectFrom('record').select(['seq', 'body', 'hash']).where('seq', '>=', next).orderBy('seq').limit(rowsPerPage).execute();
      yield* page;
      if (page.length < rowsPerPage) return;
      next = page.at(-1)!.seq + 1;
    }
  }

  /** The hash before a record, then the body hashes from it to the head: whoever has the body can recompute the head. */
  async proof(seq: number): Promise<readonly string[]> {
    if (seq >= this.#size) throw new AuditError('AUDIT_RECORD_UNKNOWN', { seq });
    const before = seq === 0 ? emptyHash : (await this.#options.database.selectFrom('record').select('hash').where('seq', '=', seq - 1).executeTakeFirstOrThrow()).hash;
    const proof = [before];
    for await (const row of this.rows(seq)) proof.push(hashBody(row.body));
    return proof;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    // One turn of grace, so that everything that is asked together is written together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      const records = await this.#commit(batch.flatMap(({ drafts }) => drafts)).catch((error: unknown) => {
        for (const waiting of batch) waiting.reject(error);
        return [];
      });
      let place = 0;
      if (records.length > 0) {
        for (const { drafts, resolve } of batch) {
          resolve({ seq: records[place]!.seq });
          place += drafts.length;
        }
      }
      for (const record of records) this.#options.appended(record);
    }
    // In the same turn as the last look at `waiting`: whoever appends from now on starts a new round.
    this.#isWriting = false;
  }

  #nextBatch(): readonly Waiting[] {
    let count = 0;
    const fitting = this.#waiting.findIndex(({ drafts }) => (count += drafts.length) > recordsPerInsert);
    return this.#waiting.splice(0, fitting < 0 ? this.#waiting.length : Math.max(1, fitting));
  }

  async #commit(drafts: readonly Draft[]): Promise<readonly AuditRecord[]> {
    let head = this.#head;
    const rows = drafts.map(({ entry: _, ...columns }, index) => {
      head = chainHash(head, hashBody(columns.body));
      return { seq: this.#size + index, ...columns, hash: head };
    });
    const checkpoint = this.#options.signer.sign(this.#size + rows.length, head, this.#options.now());
    const { atMs, ...signed } = checkpoint;
    const values = { id: 1, ...signed, at_ms: atMs };
    await this.#options.database.transaction().execute(async (transaction) => {
      for (let start = 0; start < rows.length; start += recordsPerInsert) {
        await transaction
          .insertInto('record')
          .values(rows.slice(start, start + recordsPerInsert))
          .execute();
      }
      await transaction
        .insertInto('checkpoint')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    });
    this.#size = checkpoint.size;
    this.#head = head;
    this.#checkpoint = checkpoint;
    return rows.map((row, index) => ({ seq: row.seq, entry: drafts[index]!.entry, hash: row.hash }));
  }
}

function draftOf(entry: AuditEntry, body: string): Draft {
  return { entry, at_ms: entry.atMs, person: entry.principal.id, operation: entry.operation ?? null, body };
}

/** Bodies that list the camera. It is quoted, so that it cannot match inside another id; what LIKE takes for wildcards is escaped. */
function namesCamera(camera: string): RawBuilder<SqlBool> {
  const quoted = JSON.stringify(camera).replaceAll(/[\\%_]/g, '\\$&');
  return sql<SqlBool>`body LIKE ${`%"cameras":[%${quoted}%]%`} ESCAPE '\\'`;
}

function toRecord(row: Selectable<AuditTables['record']>): AuditRecord {
  return { seq: row.seq, entry: JSON.parse(row.body) as AuditEntry, hash: row.hash };
}
