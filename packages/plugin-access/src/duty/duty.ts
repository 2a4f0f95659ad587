// Who is on duty now. Articles 9(3) and 16(1). The control-room plugin will own rosters and hand-over; this is its simplest form.
import type { Kysely } from 'kysely';
import type { AccessTables } from '../tables.ts';

/** Duty, mirrored in memory. */
export class DutyBook {
  readonly #database: Kysely<AccessTables>;
  readonly #sinceMs = new Map<string, number>();

  private constructor(database: Kysely<AccessTables>) {
    this.#database = database;
  }

  static async load(database: Kysely<AccessTables>): Promise<DutyBook> {
    const book = new DutyBook(database);
    for (const row of await database.selectFrom('duty').selectAll().where('until_ms', 'is', null).execute()) book.#sinceMs.set(row.person, row.since_ms);
    return book;
  }

  sinceMs(person: string): number | undefined {
    return this.#sinceMs.get(person);
  }

  /** Who was on duty at some time of a stretch, in the order in which they began. */
  async during(fromMs: number, toMs: number): Promise<readonly string[]> {
    const rows = await this.#database
      .selectFrom('duty')
      .select('person')
      .where('since_ms', '<', toMs)
      .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', fromMs)]))
      .orderBy('since_ms')
      .execute();
    return [...new Set(rows.map(({ person }) => person))];
  }

  /** Begins duty; when it has begun already, it goes on. */
  async begin(person: string, nowMs: number): Promise<number> {
    const already = this.#sinceMs.get(person);
    if (already !== undefined) return already;
    this.#sinceMs.set(person, nowMs);
    try {
      // Ended and begun again in one millisecond, it goes on.
      await this.#database.insertInto('duty').values({ person, since_ms: nowMs, until_ms: null }).onConflict((conflict) => conflict.columns(['person', 'since_ms']).doUpdateSet({ until_ms: null })).execute();
    } catch (error) {
      this.#sinceMs.delete(person);
      throw error;
    }
    return nowMs;
  }

  /** Ends duty; answers whether there was any. */
  async end(person: string, nowMs: number): Promise<boolean> {
    if (!this.#sinceMs.has(person)) return false;
    await this.#database.updateTable('duty').set({ until_ms: nowMs }).where('person', '=', person).where('until_ms', 'is', null).execute();
    return this.#sinceMs.delete(person);
  }
}
