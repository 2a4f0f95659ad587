// Failed guesses are counted by what is guessed at (an account, a visitor's code), so that guessing one password is slow, and by
// address, so that trying many accounts is.
import type { Kysely } from 'kysely';
import { AccessError } from '../errors.ts';
import type { AccessTables } from '../tables.ts';

/** How many failures lock, and for how long. */
export interface LockOutLimits {
  readonly failures: number;
  readonly minutes: number;
}

/** What a check found; `unfinished`: nothing was wrong so far, and more must be proven before anything is forgotten. */
export type Guess = boolean | 'unfinished';

/** An address stands for many people behind one gateway, so it gets more tries. */
const addressFactor = 10;

/** Counts failures durably: a restart does not give new tries. */
export class LockOut {
  readonly #database: Kysely<AccessTables>;
  readonly #limits: LockOutLimits;
  readonly #now: () => number;
  readonly #newId: () => string;
  /** Tries that are being checked. */
  readonly #inFlight = new Set<string>();

  constructor(database: Kysely<AccessTables>, limits: LockOutLimits, now: () => number, newId: () => string) {
    this.#database = database;
    this.#limits = limits;
    this.#now = now;
    this.#newId = newId;
  }

  /**
   * Runs a check and answers its result. `subject` is what is guessed at, such as `account:wang`, where there is such a thing. The
   * try counts as a failure before the check begins and until it has succeeded, so that many tries at the same moment are no more
   * than many tries in a row. Throws `LOCKED_OUT` without a check.
   */
  async guard<G extends Guess>(subject: string | undefined, address: string, check: () => Promise<G>): Promise<G> {
    const attempt = await this.#begin(subject, address);
    try {
      const found = await check();
      // Who has the password alone must not wipe out the wrong codes that were tried with it.
      if (found !== false) await this.#forget(attempt, found === true ? subject : undefined);
      return found;
    } catch (error) {
      // Nothing was guessed. After any other failure the try goes on to count.
      if (error instanceof AccessError && error.code === 'SIGN_IN_BUSY') await this.#forget(attempt, undefined);
      throw error;
    } finally {
      this.#inFlight.delete(attempt);
    }
  }

  /** Forgets failures that no longer count. */
  async sweep(): Promise<void> {
    await this.#database.deleteFrom('sign_in_failure').where('at_ms', '<=', this.#sinceMs()).execute();
  }

  /** Counts and reserves in one transaction, and so one after another. */
  async #begin(subject: string | undefined, address: string): Promise<string> {
    const attempt = this.#newId();
    const keys = [...(subject === undefined ? [] : [subject]), `address:${address}`];
    await this.#database.transaction().execute(async (transaction) => {
      const minutes = await this.#waitMinutes(transaction, keys);
      if (minutes > 0) throw new AccessError('LOCKED_OUT', { minutes });
      await transaction.insertInto('sign_in_failure').values(keys.map((key) => ({ key, at_ms: this.#now(), attempt }))).execute();
    });
    this.#inFlight.add(attempt);
    return attempt;
  }

  /** Minutes until another try, or 0 when it is free. Unknown accounts are counted like known ones. */
  async #waitMinutes(database: Kysely<AccessTables>, keys: readonly string[]): Promise<number> {
    const sinceMs = this.#sinceMs();
    const rows = await database
      .selectFrom('sign_in_failure')
      .select(['key', (expression) => expression.fn.countAll<number>().as('failures'), (expression) => expression.fn.min('at_ms').as('oldestMs')])
      .where('key', 'in', keys)
      .where('at_ms', '>', sinceMs)
      .groupBy('key')
      .execute();
    const locked = rows.filter((row) => row.failures >= this.#limits.failures * (row.key.startsWith('address:') ? addressFactor : 1));
    return Math.max(0, ...locked.map((row) => Math.ceil((row.oldestMs - sinceMs) / 60_000)));
  }

  /** Forgets a try, and with it the subject's failures, but not the tries that are still being checked: they may yet fail. */
  async #forget(attempt: string, subject: string | undefined): Promise<void> {
    const others = [...this.#inFlight].filter((other) => other !== attempt);
    await this.#database
      .deleteFrom('sign_in_failure')
      .where((where) => where.or([where('attempt', '=', attempt), where.and([where('key', '=', subject ?? ''), ...(others.length > 0 ? [where('attempt', 'not in', others)] : [])])]))
      .execute();
  }

  #sinceMs(): number {
    return this.#now() - this.#limits.minutes * 60_000;
  }
}
