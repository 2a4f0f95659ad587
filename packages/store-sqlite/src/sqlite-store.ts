// The store: a folder with one SQLite file per namespace.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Disposer, Migration, Store, StoreAddress } from '@wanglou/core';
import { Kysely } from 'kysely';
import { writerDialect } from './dialect.ts';
import { StoreError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import type { ConnectionOptions } from './connection-thread.ts';
import { migrate } from './migrate.ts';
import { Writer } from './writer.ts';

/** What {@link SqliteStore.create} may be told. */
export interface SqliteStoreOptions {
  /** How long a statement waits for a lock that another program holds on a file; 5000 unless said. */
  readonly busyTimeoutMs?: number;
  /** A writer thread ended by itself: its namespace refuses everything, with this `STORE_LOST`, until it is opened again. */
  lost?(error: StoreError): void;
}

const connectionModule = new URL(import.meta.url.endsWith('.ts') ? './connection-thread.ts' : './connection-thread.js', import.meta.url);

/** A {@link Store} in a folder. Dispose it to close every file. */
export class SqliteStore implements Store, AsyncDisposable {
  readonly #path: string;
  readonly #unlock: Disposer;
  readonly #options: SqliteStoreOptions;
  #disposing: Promise<void> | undefined;
  readonly #open = new Map<string, Promise<Kysely<any>>>();

  private constructor(path: string, unlock: Disposer, options: SqliteStoreOptions) {
    this.#path = path;
    this.#unlock = unlock;
    this.#options = options;
  }

  /** Makes the folder if it is not there and locks it. Throws `STORE_UNAVAILABLE` or `STORE_IN_USE`. */
  static async create(folder: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> {
    // Absolute, so that an error names the same place from whichever folder it is read.
    const path = resolve(folder);
    try {
      await mkdir(path, { recursive: true });
    } catch (error) {
      throw new StoreError('STORE_UNAVAILABLE', { path, reason: (error as Error).message }, { cause: error });
    }
    return new SqliteStore(path, lockFolder(path), options);
  }

  open<Tables>(namespace: string, migrations: readonly Migration[]): Promise<Kysely<Tables>> {
    if (!/^[a-z][a-z0-9-]*$/.test(namespace)) throw new Error(`bad namespace ${namespace}`);
    const existing = this.#open.get(namespace);
    if (existing) return existing;
    const opening = this.#openFile(namespace, migrations);
    this.#open.set(namespace, opening);
    // A namespace that could not be opened may be tried again, for example by a restarted plugin.
    opening.catch(() => this.#open.delete(namespace));
    return opening;
  }

  address(namespace: string): StoreAddress {
    return { module: connectionModule.href, options: { file: this.#file(namespace), busyTimeoutMs: this.#busyTimeoutMs } satisfies ConnectionOptions };
  }

  get #busyTimeoutMs(): number {
    return this.#options.busyTimeoutMs ?? 5000;
  }

  #file(namespace: string): string {
    return join(this.#path, `${namespace}.db`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#disposing ??= this.#dispose());
  }

  async #dispose(): Promise<void> {
    const databases = await Promise.allSettled(this.#open.values());
    for (const result of databases) if (result.status === 'fulfilled') await result.value.destroy();
    await this.#unlock();
  }

  async #openFile(namespace: string, migrations: readonly Migration[]): Promise<Kysely<any>> {
    const writer = new Writer({
      file: this.#file(namespace),
      busyTimeoutMs: this.#busyTimeoutMs,
      lost: (error) => {
        this.#open.delete(namespace);
        this.#options.lost?.(error);
      },
    });
    const database = new Kysely<any>({ dialect: writerDialect(writer) });
    try {
      await writer.opened();
      await migrate(database, namespace, migrations);
    } catch (error) {
      // Not `database.destroy()`: Kysely closes nothing that no statement has used yet.
      await writer.close();
      throw error;
    }
    return database;
  }
}
