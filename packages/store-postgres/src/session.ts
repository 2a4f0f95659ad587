// One connection that is kept: it holds a lock of the server, and is never replaced behind anybody's back.
import { createHash } from 'node:crypto';
import { Client, DatabaseError, type ClientConfig } from 'pg';
import { prepareConnection } from './durability.ts';
import { StoreError } from './errors.ts';
import { isFatal, toConnectError, toStoreError } from './sqlstate.ts';
import type { Target } from './target.ts';
import { storeTypes } from './values.ts';

/** What `pg` is given for every connection. */
export function clientConfig({ url, connectTimeoutMs }: Target, name: string): ClientConfig {
  return { connectionString: url, application_name: `wanglou ${name}`, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true, types: storeTypes };
}

/** How {@link Session.open} opens. */
export interface SessionOptions {
  /** For the list of connections that an administrator sees. */
  readonly name: string;
  readonly schema?: string;
  /** What it locks, and how long it waits for whoever is just ending. */
  readonly lock: { readonly what: string; readonly waitMs: number };
  /** A statement that takes longer ends the connection: what became of it is not known. */
  readonly answerTimeoutMs: number;
  /** The connection ended though nobody closed it; not called for a connection that never came about. */
  lost?(error: StoreError): void;
}

/** A connection with a lock, for one statement at a time. */
export class Session {
  readonly #target: Target;
  readonly #client: Client;
  readonly #answerTimeoutMs: number;
  readonly #lost: ((error: StoreError) => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Why nothing can be asked any more. */
  #ended: StoreError | undefined;

  private constructor(target: Target, client: Client, options: SessionOptions) {
    this.#target = target;
    this.#client = client;
    this.#answerTimeoutMs = options.answerTimeoutMs;
    this.#lost = options.lost;
    client.on('error', (error) => this.#end(error));
    client.on('end', () => this.#end(new Error('the connection ended')));
  }

  /** Connects and locks. Throws `STORE_UNAVAILABLE`, `STORE_IN_USE`, `STORE_TOO_OLD`, `STORE_NOT_DURABLE`. */
  static async open(target: Target, options: SessionOptions): Promise<Session> {
    const client = new Client(clientConfig(target, options.name));
    // Without a listener a connection that breaks now would end the process.
    client.on('error', () => undefined);
    const timer = setTimeout(() => client.connection.stream.destroy(), 2 * target.connectTimeoutMs + options.lock.waitMs);
    try {
      await client.connect();
      await prepareConnection(client, target.place, options.schema);
      await lock(client, options.lock, options.schema === undefined ? target.place : `${target.place}, schema ${options.schema}`);
      return new Session(target, client, options);
    } catch (error) {
      void client.end();
      throw toConnectError(target, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether its lock holds, as far as is known here. */
  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** Runs work on the connection, after what was asked before. */
  run<R>(work: (client: Client) => Promise<R>): Promise<R> {
    const result = this.#last.then(() => this.#run(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Ends the connection when everything was answered; its lock is free then. */
  async close(): Promise<void> {
    await this.run(async () => {
      this.#ended = new StoreError('STORE_CLOSED', {});
      const timer = setTimeout(() => this.#client.connection.stream.destroy(), this.#answerTimeoutMs);
      await this.#client.end();
      clearTimeout(timer);
    }).catch(() => undefined);
  }

  /** Ends the connection, and with it the lock, because of what was found. */
  abandon(error: unknown): void {
    this.#end(error);
  }

  async #run<R>(work: (client: Client) => Promise<R>): Promise<R> {
    if (this.#ended) throw this.#ended;
    let isAnswered = false;
    const giveUp = () => void (isAnswered || this.#end(new Error(`no answer within ${this.#answerTimeoutMs / 1000} s`)));
    // After a busy moment of this process the answer may lie here unread: what has come is read first.
    const timer = setTimeout(() => setImmediate(giveUp), this.#answerTimeoutMs);
    try {
      return await work(this.#client);
    } catch (error) {
      if (isFatal(error)) this.#end(error);
      throw this.#ended ?? toStoreError(this.#target, error);
    } finally {
      isAnswered = true;
      clearTimeout(timer);
    }
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    const known = toStoreError(this.#target, error);
    this.#ended = known instanceof StoreError ? known : new StoreError('STORE_LOST', { place: this.#target.place, reason: known.message });
    // Whoever still waits for an answer hears of it now.
    this.#client.connection.stream.destroy();
    this.#lost?.(this.#ended);
  }
}

/** An advisory lock by a name; 64 bits of its hash. The server gives it back when the connection ends, however that comes about. */
export function lockKey(what: string): string {
  return createHash('sha256').update(`wanglou ${what}`).digest().readBigInt64BE().toString();
}

async function lock(client: Client, { what, waitMs }: SessionOptions['lock'], place: string): Promise<void> {
  try {
    // Waits a moment: the server may not have seen yet that the one before is gone.
    await client.query(`SET lock_timeout = ${Math.max(1, Math.round(waitMs))}; SELECT pg_advisory_lock(${lockKey(what)}); SET lock_timeout = 0`);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '55P03') throw new StoreError('STORE_IN_USE', { place });
    throw error;
  }
}
