// Failed sign-ins are counted by account, so that guessing one password is slow, and by address, so that trying many accounts is.
import type { Kysely } from 'kysely';
import type { AccessTables } from '../tables.ts';

/** How many failures lock, and for how long. */
export interface LockOutLimits {
  readonly failures: number;
  readonly minutes: number;
}

/** An address stands for many people behind one gateway, so it gets more tries. */
const addressFactor = 10;

/** Counts failures durably: a restart does not give new tries. */
export class LockOut {
  readonly #database: Kysely<AccessTables>;
  readonly #limits: LockOutLimits;

  constructor(database: Kysely<AccessTables>, limits: LockOutLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  /** Minutes until another try, or 0 when it is free. Unknown accounts are counted like known ones. */
  async waitMinutes(account: string, address: string, nowMs: number): Promise<number> {
    const sinceMs = nowMs - this.#limits.minutes * 60_000;
    const rows = await this.#database
      .selectFrom('sign_in_failure')
      .select(['key', (expression) => expression.fn.countAll<number>().as('failures'), (expression) => expression.fn.min('at_ms').as('oldestMs')])
      .where('key', 'in', [`account:${account}`, `address:${address}`])
      .where('at_ms', '>', sinceMs)
      .groupBy('key')
      .execute();
    const locked = rows.filter((row) => row.failures >= this.#limits.failures * (row.key.startsWith('address:') ? addressFactor : 1));
    return Math.max(0, ...locked.map((row) => Math.ceil((row.oldestMs - sinceMs) / 60_000)));
  }

  async failed(account: string, address: string, nowMs: number): Promise<void> {
    const rows = [`account:${account}`, `address:${address}`].map((key) => ({ key, at_ms: nowMs }));
    await this.#database.insertInto('sign_in_failure').values(rows).execute();
  }

  async succeeded(account: string, nowMs: number): Promise<void> {
    await this.#database
      .deleteFrom('sign_in_failure')
      .where((where) => where.or([where('key', '=', `account:${account}`), where('at_ms', '<', nowMs - this.#limits.minutes * 60_000)]))
      .execute();
  }
}
