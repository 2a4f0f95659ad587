// The writer: one at a time, everything that waits together shares one commit and one signature.
import type { AuditEntry, AuditQuery, AuditRecord, Checkpoint } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import { AuditError } from '../errors.ts';
import type { AuditTables } from '../tables.ts';
import { chainHash, emptyHash, hashBody } from './hash.ts';
import type { Signer } from './signer.ts';
import type { RecordRow } from './verify.ts';

/** What the log needs from outside. */
export interface ChainedLogOptions {
  readonly database: Kysely<AuditTables>;
  readonly signer: Signer;
  now(): number;
  canonical(value: unknown): string;
  /** Called in order, after a record is durable. */
  appended(record: AuditRecord): void;
}

interface Waiting {
  readonly entry: AuditEntry;
  readonly body: string;
  resolve(place: { readonly seq: number }): void;
  reject(error: unknown): void;
}

/** SQLite binds at most 32,766 values in one statement; six to a record. */
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

  /** Opens the log at its end. Throws `AUDIT_BROKEN` when the end is not what was signed: nothing may be added to a log that was changed. */
  static async open(options: ChainedLogOptions): Promise<ChainedLog> {
    const { database, signer } = options;
    const last = await database.selectFrom('record').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    const stored = await database.selectFrom('checkpoint').selectAll().where('id', '=', 1).executeTakeFirst();
    const size = last ? last.seq + 1 : 0;
    const head = last?.hash ?? emptyHash;
    if (stored && (stored.size !== size || stored.hash !== head)) throw new AuditError('AUDIT_BROKEN', { seq: Math.min(stored.size, size), reason: `${stored.size} records were signed, ${size} are there` });
    if (!stored && size > 0) throw new AuditError('AUDIT_BROKEN', { seq: 0, reason: 'there is no signed checkpoint' });
    return new ChainedLog(options, size, head, stored ? { size, hash: head, atMs: stored.at_ms, signature: stored.signature, key: stored.key } : signer.sign(0, emptyHash, options.now()));
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  append(entry: AuditEntry): Promise<{ readonly seq: number }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly seq: number }>();
    this.#waiting.push({ entry, body: this.#options.canonical(entry), resolve, reject });
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
    // Camera ids are kebab-case words, so a quoted id cannot match inside another.
    if (query.camera !== undefined) rows = rows.where('body', 'like', `%"cameras":[%${JSON.stringify(query.camera)}%]%`);
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
      const batch = this.#waiting.splice(0, recordsPerInsert);
      try {
        const records = await this.#commit(batch);
        records.forEach((record, index) => batch[index]!.resolve({ seq: record.seq }));
        for (const record of records) this.#options.appended(record);
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    // In the same turn as the last look at `waiting`: whoever appends from now on starts a new round.
    this.#isWriting = false;
  }

  async #commit(batch: readonly Waiting[]): Promise<readonly AuditRecord[]> {
    let head = this.#head;
    const rows = batch.map(({ entry, body }, index) => {
      head = chainHash(head, hashBody(body));
      return { seq: this.#size + index, at_ms: entry.atMs, person: entry.principal.id, operation: entry.operation ?? null, body, hash: head };
    });
    const checkpoint = this.#options.signer.sign(this.#size + rows.length, head, this.#options.now());
    const { atMs, ...signed } = checkpoint;
    const values = { id: 1, ...signed, at_ms: atMs };
    await this.#options.database.transaction().execute(async (transaction) => {
      await transaction.insertInto('record').values(rows).execute();
      await transaction
        .insertInto('checkpoint')
        .values(values)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute();
    });
    this.#size = checkpoint.size;
    this.#head = head;
    this.#checkpoint = checkpoint;
    return rows.map((row, index) => ({ seq: row.seq, entry: batch[index]!.entry, hash: row.hash }));
  }
}

function toRecord(row: Selectable<AuditTables['record']>): AuditRecord {
  return { seq: row.seq, entry: JSON.parse(row.body) as AuditEntry, hash: row.hash };
}
