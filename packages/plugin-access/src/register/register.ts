// The register of article 11, filled by acts: a projection of the audit log. It is rebuilt by emptying its two tables, and needs
// for that the log and the tables of requests and grants, whose scopes it repeats; persons are named as they are called then.
import type { AuditLog, AuditRecord } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { RegisterRow } from '../contract.ts';
import type { AccessTables } from '../tables.ts';
import { belongs, lineOf, type LineContent, type RegisterBooks } from './line-of.ts';

const recordsAtOnce = 500;

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

  async list(query: { readonly beforeSeq?: number | undefined; readonly limit: number; readonly person?: string | undefined; readonly camera?: string | undefined }): Promise<readonly RegisterRow[]> {
    await this.catchUp();
    let rows = this.#database.selectFrom('register').selectAll().orderBy('seq', 'desc').limit(query.limit);
    if (query.beforeSeq !== undefined) rows = rows.where('seq', '<', query.beforeSeq);
    if (query.person !== undefined) rows = rows.where('person', '=', query.person);
    // Camera ids are kebab-case words, so a quoted id cannot match inside another.
    if (query.camera !== undefined) rows = rows.where('cameras', 'like', `%${JSON.stringify(query.camera)}%`);
    return (await rows.execute()).map(fromRow);
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const cursor = await this.#database.selectFrom('register_cursor').select('next_seq').where('id', '=', 1).executeTakeFirst();
      const fromSeq = cursor?.next_seq ?? 0;
      const records = await this.#log.read(fromSeq, recordsAtOnce);
      if (records.length === 0) return;
      const nextSeq = records.at(-1)!.seq + 1;
      await this.#database.transaction().execute(async (transaction) => {
        for (const record of records) await this.#take(transaction, record);
        await transaction
          .insertInto('register_cursor')
          .values({ id: 1, next_seq: nextSeq })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ next_seq: nextSeq }))
          .execute();
      });
    }
  }

  async #take(database: Kysely<AccessTables>, { seq, entry }: AuditRecord): Promise<void> {
    if (entry.kind === 'outcome' && entry.call !== undefined) {
      await database.updateTable('register').set({ outcome: entry.outcome ?? null }).where('call', '=', entry.call).execute();
      await this.#nameRequest(database, entry.call);
      return;
    }
    const { decision } = entry;
    if (entry.kind !== 'decision' || !decision || entry.call === undefined || !belongs(entry)) return;
    const { cameras, content } = lineOf(entry, this.#books);
    // The gate decides a call anew when facts change meanwhile: an act is one line, with its last decision.
    await database.deleteFrom('register').where('call', '=', entry.call).execute();
    await database
      .insertInto('register')
      .values({
        seq,
        at_ms: entry.atMs,
        call: entry.call,
        person: entry.principal.id,
        person_name: this.#books.personName(entry.principal.id),
        operation: entry.operation ?? '',
        action: entry.action ?? '',
        cameras: JSON.stringify(cameras),
        content: JSON.stringify(content),
        effect: decision.effect,
        outcome: null,
      })
      .execute();
  }

  /** When a request is decided on, it is not made yet: its line learns its id with the outcome. */
  async #nameRequest(database: Kysely<AccessTables>, call: string): Promise<void> {
    const request = this.#books.requestOfCall(call);
    const row = request && (await database.selectFrom('register').select('content').where('call', '=', call).executeTakeFirst());
    if (!row) return;
    const content: LineContent = { ...(JSON.parse(row.content) as LineContent), request: request.id };
    await database.updateTable('register').set({ content: JSON.stringify(content) }).where('call', '=', call).execute();
  }
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
