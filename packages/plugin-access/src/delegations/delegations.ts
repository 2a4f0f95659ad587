// Roles lent with dates. Article 8: nobody gives more than they hold, and what was lent cannot be lent on.
import type { Kysely, Selectable } from 'kysely';
import type { Delegation } from '../contract.ts';
import type { AccessTables } from '../tables.ts';

/** All delegations, mirrored in memory. Whether one is in force is computed from the clock. */
export class Delegations {
  readonly #database: Kysely<AccessTables>;
  readonly #byId = new Map<string, Delegation>();
  readonly #byBorrower = new Map<string, readonly Delegation[]>();

  private constructor(database: Kysely<AccessTables>) {
    this.#database = database;
  }

  static async load(database: Kysely<AccessTables>): Promise<Delegations> {
    const book = new Delegations(database);
    for (const row of await database.selectFrom('delegation').selectAll().orderBy('from_ms').execute()) book.#keep(fromRow(row));
    return book;
  }

  get(id: string): Delegation | undefined {
    return this.#byId.get(id);
  }

  /** Given and taken by a person. */
  of(person: string): readonly Delegation[] {
    return [...this.#byId.values()].filter(({ from, to }) => from === person || to === person);
  }

  /** What a person holds for others now. */
  inForce(borrower: string, nowMs: number): readonly Delegation[] {
    const lent = this.#byBorrower.get(borrower);
    return lent ? lent.filter((one) => one.revokedMs === undefined && one.fromMs <= nowMs && nowMs < one.toMs) : none;
  }

  /** Whether a person holds something for others, now or later. */
  isBorrower(person: string, nowMs: number): boolean {
    return (this.#byBorrower.get(person) ?? none).some((one) => one.revokedMs === undefined && nowMs < one.toMs);
  }

  async add(delegation: Delegation): Promise<void> {
    const { id, from, to, role, fromMs, toMs, reason } = delegation;
    await this.#database.insertInto('delegation').values({ id, lender: from, borrower: to, role, from_ms: fromMs, to_ms: toMs, reason, revoked_ms: null }).execute();
    this.#keep(delegation);
  }

  /** `undefined` when it was revoked before. */
  async revoke(id: string, nowMs: number): Promise<Delegation | undefined> {
    const { numUpdatedRows } = await this.#database.updateTable('delegation').set({ revoked_ms: nowMs }).where('id', '=', id).where('revoked_ms', 'is', null).executeTakeFirst();
    const delegation = this.#byId.get(id);
    if (numUpdatedRows === 0n || !delegation) return undefined;
    const revoked = { ...delegation, revokedMs: nowMs };
    this.#keep(revoked);
    return revoked;
  }

  #keep(delegation: Delegation): void {
    this.#byId.set(delegation.id, delegation);
    this.#byBorrower.set(delegation.to, [...(this.#byBorrower.get(delegation.to) ?? []).filter((other) => other.id !== delegation.id), delegation]);
  }
}

const none: readonly Delegation[] = [];

function fromRow(row: Selectable<AccessTables['delegation']>): Delegation {
  return { id: row.id, from: row.lender, to: row.borrower, role: row.role, fromMs: row.from_ms, toMs: row.to_ms, reason: row.reason, ...(row.revoked_ms !== null && { revokedMs: row.revoked_ms }) };
}
