// Fire messages on disk: stored before anybody is told that they have arrived, and known to be told or not after a crash.
import type { Clock, Logger } from '@wanglou/core';
import type { Kysely, Transaction } from 'kysely';
import type { FireFrame, FireJournal, FireLevel, NewFireFrame } from '../contract.ts';
import { FireError } from '../errors.ts';
import { Batches } from './batches.ts';
import type { FireTables, FrameTable } from './tables.ts';

/** What a {@link Journal} is made of. */
export interface JournalOptions {
  readonly database: Kysely<FireTables>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Messages that may wait for the disk; 20,000 unless said. */
  readonly queueLimit?: number;
}

interface StoredRow extends FireFrame {
  readonly kind: string;
}

/** Rows of one statement: SQLite takes 32,766 parameters. */
const rowsPerStatement = 1000;
const retryMs = 1000;

/** The messages and levels of all protocols. */
export class Journal {
  readonly #database: Kysely<FireTables>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #queueLimit: number;
  readonly #frames: Batches<StoredRow>;
  #settled: number[] = [];
  #levels = new Map<string, FireLevel & { readonly kind: string }>();
  #settling: Promise<void> | undefined;
  #lastId: number;

  private constructor({ database, clock, log, queueLimit = 20_000 }: JournalOptions, lastId: number) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#queueLimit = queueLimit;
    this.#lastId = lastId;
    this.#frames = new Batches({ write: (rows) => this.#append(rows), batchLimit: rowsPerStatement / 2 });
  }

  /** Opens the journal on tables that are up to date. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { last } = await options.database.selectFrom('fire_frame').select((expression) => expression.fn.coalesce(expression.fn.max('id'), expression.lit(0)).as('last')).executeTakeFirstOrThrow();
    return new Journal(options, Number(last));
  }

  /** The part of one protocol. */
  of(kind: string): FireJournal {
    return {
      store: (frame, isUrgent) => this.#store(kind, frame, isUrgent),
      settle: (frame, levels) => this.#settle(kind, frame, levels),
      unsettled: () => this.#unsettled(kind),
      since: (receivedMs) => this.#since(kind, receivedMs),
      levels: () => this.#readLevels(kind),
    };
  }

  /** Resolves when nothing waits for the disk. What the store refuses at the end is found again as not told. */
  async close(): Promise<void> {
    await this.#frames.idle();
    await this.#settling;
    if (this.#settled.length > 0 || this.#levels.size > 0) await this.#writeSettled().catch((error: unknown) => this.#log.warn({ err: error }, 'which fire messages were told could not be written; they are told again after the next start'));
  }

  async #store(kind: string, frame: NewFireFrame, isUrgent: boolean): Promise<FireFrame> {
    if (this.#frames.waiting >= this.#queueLimit) throw new FireError('FIRE_QUEUE_FULL', { waiting: this.#frames.waiting });
    const stored: FireFrame = { ...frame, id: (this.#lastId += 1) };
    await this.#frames.add({ ...stored, kind }, isUrgent);
    return stored;
  }

  async #append(rows: readonly StoredRow[]): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.insertInto('fire_frame').values(rows.map(({ id, kind, source, receivedMs, peer, bytes }) => ({ id, kind, source, received_ms: receivedMs, peer, bytes }))).execute();
      await transaction.insertInto('fire_unsettled').values(rows.map(({ id }) => ({ frame: id }))).execute();
    });
  }

  #settle(kind: string, frame: number | null, levels: readonly FireLevel[]): void {
    if (frame !== null) this.#settled.push(frame);
    for (const level of levels) this.#levels.set(level.pointKey, { ...level, kind });
    this.#settling ??= this.#runSettling();
  }

  async #runSettling(): Promise<void> {
    await Promise.resolve();
    try {
      while (this.#settled.length > 0 || this.#levels.size > 0) await this.#writeSettled();
    } catch (error) {
      this.#log.warn({ err: error }, 'which fire messages were told could not be written; it is tried again');
      this.#clock.after(retryMs, () => (this.#settling ??= this.#runSettling()));
    }
    this.#settling = undefined;
  }

  async #writeSettled(): Promise<void> {
    const frames = this.#settled;
    const levels = this.#levels;
    this.#settled = [];
    this.#levels = new Map();
    try {
      await this.#database.transaction().execute(async (transaction) => {
        for (let at = 0; at < frames.length; at += rowsPerStatement) await transaction.deleteFrom('fire_unsettled').where('frame', 'in', frames.slice(at, at + rowsPerStatement)).execute();
        for (const level of levels.values()) await writeLevel(transaction, level);
      });
    } catch (error) {
      this.#settled = [...frames, ...this.#settled];
      this.#levels = new Map([...levels, ...this.#levels]);
      throw error;
    }
  }

  async #unsettled(kind: string): Promise<readonly FireFrame[]> {
    const rows = await this.#database.selectFrom('fire_frame').innerJoin('fire_unsettled', 'fire_unsettled.frame', 'fire_frame.id').selectAll('fire_frame').where('kind', '=', kind).orderBy('id').execute();
    return rows.map(toFrame);
  }

  async #since(kind: string, receivedMs: number): Promise<readonly FireFrame[]> {
    const rows = await this.#database.selectFrom('fire_frame').selectAll().where('received_ms', '>=', receivedMs).where('kind', '=', kind).orderBy('id').execute();
    return rows.map(toFrame);
  }

  async #readLevels(kind: string): Promise<readonly FireLevel[]> {
    const rows = await this.#database.selectFrom('fire_level').selectAll().where('kind', '=', kind).execute();
    return rows.map(({ point_key: pointKey, source, flags, frame }) => ({ pointKey, source, flags: flags === '' ? [] : flags.split(','), frame: Number(frame) }));
  }
}

async function writeLevel(transaction: Transaction<FireTables>, { pointKey, kind, source, flags, frame }: FireLevel & { readonly kind: string }): Promise<void> {
  const row = { kind, source, flags: flags.join(','), frame };
  await transaction.insertInto('fire_level').values({ point_key: pointKey, ...row }).onConflict((conflict) => conflict.column('point_key').doUpdateSet(row)).execute();
}

function toFrame({ id, source, received_ms: receivedMs, peer, bytes }: FrameTable): FireFrame {
  return { id: Number(id), source, receivedMs: Number(receivedMs), peer, bytes: Uint8Array.from(bytes) };
}
