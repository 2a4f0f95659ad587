// The register of article 11, filled by acts: a projection of the audit log. It is rebuilt by emptying its two tables, and needs
// for that the log and the tables of requests and grants, whose scopes it repeats; persons are named as they are called then.
import type { AuditLog, AuditRecord } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { RegisterFilters, RegisterRow } from '../contract.ts';
import type { AccessTables } from '../tables.ts';
import { belongs, lineOf, wordsOf, type LineContent, type RegisterBooks } from './line-of.ts';

const recordsAtOnce = 500;

type Line = Awaited<ReturnType<typeof lineOf>>;

/** Follows the audit log and answers queries. */
export class Register {
  readonly #database: Kysely<AccessTables>;
  readonly #log: Pick<AuditLog, 'read'>;
  readonly #books: RegisterBooks;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(database: Kysely<AccessTables>, log: Pick<AuditLog, 'read'>, books: RegisterBooks) {
    this.#database = database;
    this.#log = log;
    this.#books = books;
  }

  /** Takes over what the audit log holds beyond the register at the time of the call. One round at a time; those who come meanwhile share the next. */
  catchUp(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const round = this.#catchUp();
      this.#running = round.catch(() => undefined);
      return round;
    });
    return this.#next;
  }

  async list(query: RegisterFilters & { readonly beforeSeq?: number | undefined; readonly limit: number }): Promise<readonly RegisterRow[]> {
    await this.catchUp();
    let rows = this.#database.selectFrom('register').selectAll().orderBy('seq', 'desc').limit(query.limit);
    if (query.beforeSeq !== undefined) rows = rows.where('seq', '<', query.beforeSeq);
    if (query.person !== undefined) rows = rows.where('person', '=', query.person);
    // Camera ids are kebab-case words, so a quoted id cannot match inside another.
    if (query.camera !== undefined) rows = rows.where('cameras', 'like', `%${JSON.stringify(query.camera)}%`);
    if (query.action !== undefined) rows = rows.where('action', '=', query.action);
    if (query.effect !== undefined) rows = rows.where('effect', '=', query.effect);
    if (query.fromMs !== undefined) rows = rows.where('at_ms', '>=', query.fromMs);
    if (query.toMs !== undefined) rows = rows.where('at_ms', '<', query.toMs);
    // `instr`, not `like`: what is looked for may hold a percent sign.
    if (query.search) rows = rows.where((where) => where(where.fn<number>('instr', ['words', where.val(query.search!.toLowerCase())]), '>', 0));
    return (await rows.execute()).map(fromRow);
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const cursor = await this.#database.selectFrom('register_cursor').select('next_seq').where('id', '=', 1).executeTakeFirst();
      const fromSeq = cursor?.next_seq ?? 0;
      const records = await this.#log.read(fromSeq, recordsAtOnce);
      if (records.length === 0) return;
      const nextSeq = records.at(-1)!.seq + 1;
      // Looked up before the transaction: what a line needs of other tables would wait for it for ever.
      const lines = await Promise.all(records.map((record) => this.#lineOf(record)));
      await this.#database.transaction().execute(async (transaction) => {
        for (const [index, record] of records.entries()) await this.#take(transaction, record, lines[index]);
        await transaction
          .insertInto('register_cursor')
          .values({ id: 1, next_seq: nextSeq })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ next_seq: nextSeq }))
          .execute();
      });
    }
  }

  async #lineOf({ entry }: AuditRecord): Promise<Line | undefined> {
    return entry.kind === 'decision' && entry.decision && entry.call !== undefined && belongs(entry) ? lineOf(entry, this.#books) : undefined;
  }

  async #take(database: Kysely<AccessTables>, { seq, entry }: AuditRecord, line: Line | undefined): Promise<void> {
    if (entry.kind === 'outcome' && entry.call !== undefined) {
      await database.updateTable('register').set({ outcome: entry.outcome ?? null }).where('call', '=', entry.call).execute();
      await this.#complete(database, entry.call, entry.detail);
      return;
    }
    if (!line || entry.call === undefined) return;
    const { cameras, content } = line;
    const personName = this.#books.personName(entry.principal.id);
    // The gate decides a call anew when facts change meanwhile: an act is one line, with its last decision.
    await database.deleteFrom('register').where('call', '=', entry.call).execute();
    await database
      .insertInto('register')
      .values({
        seq,
        at_ms: entry.atMs,
        call: entry.call,
        person: entry.principal.id,
        person_name: personName,
        operation: entry.operation ?? '',
        action: entry.action ?? '',
        cameras: JSON.stringify(cameras),
        content: JSON.stringify(content),
        effect: entry.decision!.effect,
        outcome: null,
        words: wordsOf(personName, content),
      })
      .execute();
  }

  /** With the outcome a line learns what was not there before: the id of the request that was made, the hashes of what was copied. */
  async #complete(database: Kysely<AccessTables>, call: string, detail: unknown): Promise<void> {
    const request = this.#books.requestOfCall(call);
    const hashes = hashesIn(detail);
    const row = request || hashes.length > 0 ? await database.selectFrom('register').select('content').where('call', '=', call).executeTakeFirst() : undefined;
    if (!row) return;
    const content: LineContent = { ...(JSON.parse(row.content) as LineContent), ...(request && { request: request.id }), ...(hashes.length > 0 && { hashes }) };
    await database.updateTable('register').set({ content: JSON.stringify(content) }).where('call', '=', call).execute();
  }
}

/** The recorder notes the segments of a copy with its outcome. */
function hashesIn(detail: unknown): readonly string[] {
  const { segments } = (detail ?? {}) as { segments?: unknown };
  return Array.isArray(segments) ? segments.filter((hash) => typeof hash === 'string') : [];
}

function fromRow(row: Selectable<AccessTables['register']>): RegisterRow {
  return {
    seq: row.seq,
    atMs: row.at_ms,
    person: row.person,
    personName: row.person_name,
    operation: row.operation,
    action: row.action,
    cameras: JSON.parse(row.cameras) as string[],
    ...(JSON.parse(row.content) as LineContent),
    effect: row.effect as RegisterRow['effect'],
    ...(row.outcome !== null && { outcome: row.outcome }),
  };
}
