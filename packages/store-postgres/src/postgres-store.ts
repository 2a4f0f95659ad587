// The store: a database with one schema per namespace.
import type { Migration, Store, StoreAddress } from '@wanglou/core';
import { Kysely } from 'kysely';
import type { ConnectionOptions } from './connection.ts';
import { Connections } from './connections.ts';
import { connectionsDialect } from './dialect.ts';
import { factsQuery, judge, type ServerFacts } from './durability.ts';
import { StoreError } from './errors.ts';
import { migrate } from './migrate.ts';
import { Session } from './session.ts';
import { readTarget, schemaOf, type Target } from './target.ts';

/** What {@link PostgresStore.create} is told. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:5432/database`, with `?sslmode=…` if need be. A secret: it is in no error and no log. */
  readonly url: string;
  /** Most connections of a namespace; 4 unless said. A namespace that nobody uses has none after a minute. */
  readonly maxConnections?: number;
  /** How long a connection may take to come about, and a heartbeat to be answered; 5000 unless said. */
  readonly connectTimeoutMs?: number;
  /** How long to wait for a campus or a writer that is just ending before `STORE_IN_USE`; 2000 unless said. */
  readonly lockWaitMs?: number;
  /** How often the store asks whether its lock still holds, and the server is still durable; 5000 unless said. */
  readonly heartbeatMs?: number;
  /** A commit or query of a worker's own connection that takes longer ends that connection; 30 000 unless said. */
  readonly answerTimeoutMs?: number;
  /** The lock is gone (`STORE_LOST`) or the server is not durable any more (`STORE_NOT_DURABLE`): everything is refused with this until it is opened again. */
  lost?(error: StoreError): void;
}

type Settings = Required<Omit<PostgresStoreOptions, 'url' | 'lost'>>;

interface Opened {
  readonly connections: Connections;
  readonly database: Promise<Kysely<any>>;
}

const connectionModule = new URL(import.meta.url.endsWith('.ts') ? './connection.ts' : './connection.js', import.meta.url);

/** A {@link Store} in a PostgreSQL database. Dispose it to end every connection and free the database. */
export class PostgresStore implements Store, AsyncDisposable {
  readonly #target: Target;
  readonly #settings: Settings;
  readonly #onLost: ((error: StoreError) => void) | undefined;
  readonly #open = new Map<string, Opened>();
  /** The lock on the database; taken again by the first `open` after it was lost. */
  #lock: Promise<Session>;
  #heartbeat: NodeJS.Timeout | undefined;
  #disposing: Promise<void> | undefined;

  private constructor(target: Target, settings: Settings, onLost: ((error: StoreError) => void) | undefined) {
    this.#target = target;
    this.#settings = settings;
    this.#onLost = onLost;
    this.#lock = this.#takeLock();
  }

  /**
   * Connects to the database and locks it for this campus.
   * Throws `STORE_URL_INVALID`, `STORE_UNAVAILABLE`, `STORE_IN_USE`, `STORE_TOO_OLD`, `STORE_NOT_DURABLE`.
   */
  static async create({ url, lost, maxConnections = 4, connectTimeoutMs = 5000, lockWaitMs = 2000, heartbeatMs = 5000, answerTimeoutMs = 30_000 }: PostgresStoreOptions): Promise<PostgresStore> {
    const store = new PostgresStore(readTarget(url, connectTimeoutMs), { maxConnections, connectTimeoutMs, lockWaitMs, heartbeatMs, answerTimeoutMs }, lost);
    await store.#lock;
    return store;
  }

  open<Tables>(namespace: string, migrations: readonly Migration[]): Promise<Kysely<Tables>> {
    const schema = schemaOf(namespace);
    if (this.#disposing) return Promise.reject(new StoreError('STORE_CLOSED', {}));
    const existing = this.#open.get(namespace);
    if (existing) return existing.database;
    const connections = new Connections(this.#target, namespace, schema, this.#settings.maxConnections);
    const opened: Opened = { connections, database: this.#openSchema(connections, namespace, schema, migrations) };
    this.#open.set(namespace, opened);
    // A namespace that could not be opened may be tried again, for example by a restarted plugin.
    opened.database.catch((error: unknown) => {
      if (this.#open.get(namespace) === opened) this.#open.delete(namespace);
      void connections.cut(error instanceof StoreError ? error : new StoreError('STORE_CLOSED', {}));
    });
    return opened.database;
  }

  /** Holds the password of the database: for a worker's `workerData`, and no log. */
  address(namespace: string): StoreAddress {
    schemaOf(namespace);
    const { lockWaitMs, answerTimeoutMs } = this.#settings;
    return { module: connectionModule.href, options: { target: this.#target, namespace, lockWaitMs, answerTimeoutMs } satisfies ConnectionOptions };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    clearTimeout(this.#heartbeat);
    const opened = [...this.#open.values()];
    await Promise.allSettled(opened.map(({ database }) => database));
    await Promise.all(opened.map(({ connections }) => connections.drain(new StoreError('STORE_CLOSED', {}))));
    // Last: nobody else may come in while a statement is under way.
    await this.#lock.then((session) => session.close(), () => undefined);
  }

  async #openSchema(connections: Connections, namespace: string, schema: string, migrations: readonly Migration[]): Promise<Kysely<any>> {
    await this.#holdLock();
    const database = new Kysely<any>({ dialect: connectionsDialect(connections) });
    await migrate(database, namespace, schema, migrations);
    return database;
  }

  /** Of several namespaces that are opened again at once, the first takes the lock for all. */
  async #holdLock(): Promise<void> {
    const current = this.#lock;
    const isHeld = await current.then((session) => session.isAlive, () => false);
    if (!isHeld && this.#lock === current) this.#lock = this.#takeLock();
    await this.#lock;
  }

  #takeLock(): Promise<Session> {
    const { lockWaitMs, connectTimeoutMs } = this.#settings;
    const taking = Session.open(this.#target, { name: 'campus', lock: { what: 'campus', waitMs: lockWaitMs }, answerTimeoutMs: connectTimeoutMs, lost: (error) => this.#lose(error) });
    taking.then((session) => this.#beatLater(session), () => undefined);
    return taking;
  }

  /** A machine that is cut off does not hear of it: it must ask. A server can also be told at run time to be fast and forgetful. */
  #beatLater(session: Session): void {
    if (this.#disposing) return;
    this.#heartbeat = setTimeout(() => {
      session.run(async (client) => judge(this.#target.place, (await client.query<ServerFacts>(factsQuery)).rows[0]!)).then(
        () => this.#beatLater(session),
        (error: unknown) => session.abandon(error),
      );
    }, this.#settings.heartbeatMs);
    this.#heartbeat.unref();
  }

  #lose(error: StoreError): void {
    clearTimeout(this.#heartbeat);
    if (this.#disposing) return;
    const opened = [...this.#open.values()];
    this.#open.clear();
    for (const { connections } of opened) void connections.cut(error);
    this.#onLost?.(error);
  }
}
