// Tallies what is served under leases. The row of a lease is on disk before the first byte under it goes out. Articles 12 and 27.
import type { Clock, Lease, MediaResponse, ServedLease } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { LedgerTables } from './tables.ts';

/** What a ledger works with. */
export interface LedgerOptions {
  readonly database: Kysely<LedgerTables>;
  readonly clock: Clock;
  /** Told once when the ledger cannot be written, and once when it can again. */
  failed(error: unknown): void;
  restored(): void;
}

interface Tally {
  readonly lease: Lease;
  /** Settles when the row is there; `undefined` while nobody is writing it. */
  row: Promise<void> | undefined;
  isStored: boolean;
  firstMs: number;
  lastMs: number;
  responses: number;
  bytes: number;
  /** Counts changes, so that what was written can be told from what came after. */
  changes: number;
  written: number;
}

/** A row that is not on disk after this is not waited for. */
const deadlineMs = 5000;
/** Rows are kept a little longer than the year over which the log is usually asked. */
const keptMs = 400 * 86_400_000;
const removedAtOnce = 5000;
/** Seven values a row; SQLite takes 32,766. */
const rowsAtOnce = 1000;

/** The ledger of served leases. */
export class LeaseLedger {
  readonly #options: LedgerOptions;
  readonly #tallies = new Map<string, Tally>();
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /**
   * Notes that a response under a lease begins, and answers its body, which counts itself as it is read. Resolves when the lease's row is
   * on disk; rejects when it could not be written, unless the lease `mustGoOn` (article 16: the control room is never blind): then the
   * tally waits in memory.
   */
  async begin(lease: Lease, mustGoOn: boolean, body: MediaResponse['body']): Promise<MediaResponse['body']> {
    const tally = this.#tallyOf(lease);
    // Once is enough to wait for a store that hangs: the next flush writes what has gathered.
    if (!mustGoOn || !this.#isFailing) {
      try {
        await this.#withDeadline(this.#store(tally));
        // A row that is there says nothing of a ledger that has failed since.
        if (this.#isFailing) await this.#withDeadline(this.flush());
      } catch (error) {
        this.#fail(error);
        if (!mustGoOn) {
          if (tally.responses === 0 && !tally.isStored) this.#tallies.delete(lease.id);
          throw error;
        }
      }
    }
    tally.responses++;
    this.#count(tally, 0);
    if (typeof body !== 'string' && !(body instanceof Uint8Array)) return this.#counted(tally, body);
    this.#count(tally, Buffer.byteLength(body));
    return body;
  }

  /** Writes what has changed, in one transaction. Those who come while it works share the next one. Rejects when it could not. */
  flush(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const round = this.#flush();
      this.#running = round.catch(() => undefined);
      return round;
    });
    return this.#next;
  }

  /** Writes the last tallies. Rejects when they could not be written in time. */
  close(): Promise<void> {
    return this.#withDeadline(this.flush());
  }

  /** Leases that were served at some time of [fromMs, toMs), oldest first. */
  async between(fromMs: number, toMs: number): Promise<readonly ServedLease[]> {
    await this.flush();
    const rows = await this.#options.database.selectFrom('served_lease').selectAll().where('last_ms', '>=', fromMs).where('first_ms', '<', toMs).orderBy('first_ms').orderBy('lease').execute();
    return rows.map(({ first_ms, last_ms, ...row }) => ({ ...row, firstMs: first_ms, lastMs: last_ms }));
  }

  /** Removes rows that are older than 400 days, a few at a time. */
  async prune(): Promise<void> {
    const { database, clock } = this.#options;
    const beforeMs = clock.now() - keptMs;
    for (;;) {
      const old = database.selectFrom('served_lease').select('lease').where('last_ms', '<', beforeMs).orderBy('last_ms').limit(removedAtOnce);
      const { numDeletedRows } = await database.deleteFrom('served_lease').where('lease', 'in', old).executeTakeFirstOrThrow();
      if (Number(numDeletedRows) < removedAtOnce) return;
    }
  }

  #tallyOf(lease: Lease): Tally {
    const known = this.#tallies.get(lease.id);
    if (known) return known;
    const nowMs = this.#options.clock.now();
    const tally: Tally = { lease, row: undefined, isStored: false, firstMs: nowMs, lastMs: nowMs, responses: 0, bytes: 0, changes: 0, written: 0 };
    this.#tallies.set(lease.id, tally);
    return tally;
  }

  /** The row is there when it resolves. Fetches that come together wait for one write. */
  #store(tally: Tally): Promise<void> {
    tally.row ??= this.#insert(tally).catch((error: unknown) => {
      tally.row = undefined;
      throw error;
    });
    return tally.row;
  }

  /** Leases outlive this plugin: what was tallied before it was loaded again is taken up. */
  async #insert(tally: Tally): Promise<void> {
    const { lease, firstMs, lastMs } = tally;
    const row = await this.#options.database
      .insertInto('served_lease')
      .values({ lease: lease.id, person: lease.principal.id, kind: lease.principal.kind, first_ms: firstMs, last_ms: lastMs, responses: 1, bytes: 0 })
      .onConflict((conflict) => conflict.column('lease').doUpdateSet((set) => ({ last_ms: set.ref('excluded.last_ms'), responses: set('served_lease.responses', '+', 1) })))
      .returning(['first_ms', 'responses', 'bytes'])
      .executeTakeFirstOrThrow();
    tally.firstMs = row.first_ms;
    // The one that begins now counts itself.
    tally.responses += row.responses - 1;
    tally.bytes += row.bytes;
    tally.isStored = true;
  }

  async #flush(): Promise<void> {
    try {
      for (const tally of this.#tallies.values()) if (!tally.isStored) await this.#store(tally);
      const changed = [...this.#tallies.values()].filter(({ changes, written }) => changes !== written).map((tally) => ({ tally, changes: tally.changes, row: rowOf(tally) }));
      if (changed.length > 0) await this.#write(changed.map(({ row }) => row));
      for (const { tally, changes } of changed) tally.written = changes;
      // Nothing more is served under a lease that has ended.
      for (const [id, { lease, changes, written }] of this.#tallies) if (lease.end.value !== undefined && changes === written) this.#tallies.delete(id);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#options.restored();
  }

  async #write(rows: readonly LedgerTables['served_lease'][]): Promise<void> {
    await this.#options.database.transaction().execute(async (transaction) => {
      for (let start = 0; start < rows.length; start += rowsAtOnce) {
        await transaction
          .insertInto('served_lease')
          .values(rows.slice(start, start + rowsAtOnce))
          .onConflict((conflict) => conflict.column('lease').doUpdateSet((set) => ({ last_ms: set.ref('excluded.last_ms'), responses: set.ref('excluded.responses'), bytes: set.ref('excluded.bytes') })))
          .execute();
      }
    });
  }

  async *#counted(tally: Tally, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      this.#count(tally, chunk.byteLength);
      yield chunk;
    }
  }

  #count(tally: Tally, bytes: number): void {
    tally.bytes += bytes;
    tally.lastMs = Math.max(tally.lastMs, this.#options.clock.now());
    tally.changes++;
    // It may have been forgotten between the end of its lease and this chunk.
    this.#tallies.set(tally.lease.id, tally);
  }

  #fail(error: unknown): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#options.failed(error);
  }

  async #withDeadline(work: Promise<void>): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = this.#options.clock.after(deadlineMs, () => reject(new Error(`the ledger of served leases was not written within ${deadlineMs} ms`)));
    try {
      await Promise.race([work, late]);
    } finally {
      void cancel();
    }
  }
}

function rowOf({ lease, firstMs, lastMs, responses, bytes }: Tally): LedgerTables['served_lease'] {
  return { lease: lease.id, person: lease.principal.id, kind: lease.principal.kind, first_ms: firstMs, last_ms: lastMs, responses, bytes };
}
