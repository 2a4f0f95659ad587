// The register of article 11, filled by acts: a projection of the audit log, which can be rebuilt from it at any time.
import type { AuditLog, AuditRecord, Grant } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { RegisterRow } from '../contract.ts';
import type { AccessTables } from '../tables.ts';

/** What the register looks up to make a line complete. */
export interface RegisterBooks {
  grant(id: string): Grant | undefined;
  personName(id: string): string;
}

type Content = Pick<RegisterRow, 'fromMs' | 'toMs' | 'purpose' | 'destination' | 'request' | 'grant' | 'approvals' | 'articles'>;

const recordsAtOnce = 500;
/** Steps of the workflow that stand in the register beside the acts on footage. */
const workflow = new Set(['request.submit', 'request.withdraw', 'request.approve', 'request.deny', 'grant.revoke']);

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
      return;
    }
    const { decision, resource } = entry;
    if (entry.kind !== 'decision' || !decision || entry.call === undefined || !belongs(entry)) return;
    const grantId = decision.facts['grant.id'];
    const grant = typeof grantId === 'string' ? this.#books.grant(grantId) : undefined;
    const input = (entry.input ?? {}) as Record<string, unknown>;
    const destination = typeof input['destination'] === 'string' ? input['destination'] : grant?.destination;
    const request = typeof input['request'] === 'string' ? input['request'] : grant?.request;
    const purpose = grant?.scope.purpose ?? (typeof input['purpose'] === 'string' ? (input['purpose'] as RegisterRow['purpose']) : undefined);
    const content: Content = {
      ...(resource?.range && { fromMs: resource.range.fromMs, toMs: resource.range.toMs }),
      ...(purpose !== undefined && { purpose }),
      ...(destination !== undefined && { destination }),
      ...(request !== undefined && { request }),
      ...(typeof grantId === 'string' ? { grant: grantId } : typeof input['grant'] === 'string' && { grant: input['grant'] }),
      approvals: grant?.approvals ?? [],
      articles: decision.articles,
    };
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
        cameras: JSON.stringify(resource?.cameras ?? []),
        content: JSON.stringify(content),
        effect: decision.effect,
        outcome: null,
      })
      .execute();
  }
}

/** Playback and copies, permitted or refused; live view under a grant or refused; every step of the workflow. The duty's own live view is in the audit log alone. */
function belongs({ operation, action, decision }: AuditRecord['entry']): boolean {
  if (action === 'playback' || action === 'copy' || workflow.has(operation ?? '')) return true;
  return action === 'live' && (decision?.facts['grant.id'] !== undefined || decision?.effect === 'deny');
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
    ...(JSON.parse(row.content) as Content),
    effect: row.effect as RegisterRow['effect'],
    ...(row.outcome !== null && { outcome: row.outcome }),
  };
}
