// Reads entries beside the writer: on a connection of its own, so that reading delays no act.
import type { AuditRecord } from '@wanglou/core';
import type { Kysely } from 'kysely';
import { AuditError } from '../errors.ts';
import type { AuditTables } from '../tables.ts';
import { leafHash } from '../tree/hash.ts';
import { decodeEntry } from './entry-codec.ts';

/** An entry as it lies in the tables. */
export interface StoredEntry {
  readonly seq: number;
  /** Leaf data. */
  readonly body: string;
  readonly privatePart?: { readonly salt: Uint8Array; readonly body: string };
}

const rowsPerPage = 1000;
/** SQLite and PostgreSQL take many more values in one statement. */
const seqsAtOnce = 500;

/** The entries of a log. */
export class EntryReader {
  readonly #database: Kysely<AuditTables>;

  constructor(database: Kysely<AuditTables>) {
    this.#database = database;
  }

  /** Records from a place on, oldest first. */
  async read(fromSeq: number, limit: number): Promise<readonly AuditRecord[]> {
    return (await this.stored(fromSeq, limit)).map(toRecord);
  }

  /** Records by their places, in the order given; those that were pruned are left out. */
  async pick(seqs: readonly number[]): Promise<readonly AuditRecord[]> {
    const found = new Map<number, AuditRecord>();
    for (let start = 0; start < seqs.length; start += seqsAtOnce) {
      const rows = await this.#select().where('entry.seq', 'in', seqs.slice(start, start + seqsAtOnce)).execute();
      for (const row of rows) found.set(row.seq, toRecord(toStored(row)));
    }
    return seqs.flatMap((seq) => found.get(seq) ?? []);
  }

  async stored(fromSeq: number, limit: number): Promise<readonly StoredEntry[]> {
    return (await this.#select().where('entry.seq', '>=', fromSeq).orderBy('entry.seq').limit(limit).execute()).map(toStored);
  }

  /** One entry. Throws `AUDIT_ENTRY_PRUNED`, `AUDIT_ENTRY_UNKNOWN`. */
  async one(seq: number): Promise<StoredEntry> {
    const [entry] = await this.stored(seq, 1);
    if (entry?.seq === seq) return entry;
    throw new AuditError(seq < (await this.minimumIndex()) ? 'AUDIT_ENTRY_PRUNED' : 'AUDIT_ENTRY_UNKNOWN', { seq });
  }

  /** All leaf data from a place on, page by page. */
  async *leaves(fromSeq: number): AsyncGenerator<readonly { readonly seq: number; readonly body: string }[]> {
    for (let next = fromSeq; ; ) {
      const page = await this.#database.selectFrom('entry').select(['seq', 'body']).where('seq', '>=', next).orderBy('seq').limit(rowsPerPage).execute();
      if (page.length > 0) yield page;
      if (page.length < rowsPerPage) return;
      next = page.at(-1)!.seq + 1;
    }
  }

  /** Leaf data of consecutive entries. */
  async bodies(fromSeq: number, count: number): Promise<readonly string[]> {
    const rows = await this.#database.selectFrom('entry').select('body').where('seq', '>=', fromSeq).where('seq', '<', fromSeq + count).orderBy('seq').execute();
    return rows.map(({ body }) => body);
  }

  /** Hashes of a full tile, or `undefined`. */
  async tile(level: number, index: number): Promise<Uint8Array | undefined> {
    return (await this.#database.selectFrom('tile').select('hashes').where('level', '=', level).where('place', '=', index).executeTakeFirst())?.hashes;
  }

  /** Entries below it were pruned. */
  async minimumIndex(): Promise<number> {
    return (await this.#database.selectFrom('minimum_index').select('seq').executeTakeFirst())?.seq ?? 0;
  }

  #select() {
    return this.#database.selectFrom('entry').leftJoin('private_part', 'private_part.seq', 'entry.seq').select(['entry.seq', 'entry.body', 'private_part.salt', 'private_part.body as private_body']);
  }
}

function toStored({ seq, body, salt, private_body }: { seq: number; body: string; salt: Uint8Array | null; private_body: string | null }): StoredEntry {
  return { seq, body, ...(salt !== null && private_body !== null && { privatePart: { salt, body: private_body } }) };
}

function toRecord({ seq, body, privatePart }: StoredEntry): AuditRecord {
  const wasErased = privatePart === undefined && body.includes('"private":"');
  return { seq, entry: decodeEntry(body, privatePart?.body), hash: leafHash(Buffer.from(body)).toString('hex'), ...(wasErased && { erased: true as const }) };
}
