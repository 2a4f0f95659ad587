// A worker thread's own connection to a namespace.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Connect, StoreConnection, StoreValue, StoreWrite } from '@wanglou/core';
import { StoreError, toStoreError } from './errors.ts';
import { lockFile } from './folder-lock.ts';
import { openDurably } from './open-durably.ts';

/** What {@link connect} is given. */
export interface ConnectionOptions {
  readonly file: string;
  /** How long a statement waits for a lock that another program holds. */
  readonly busyTimeoutMs: number;
}

/** Opens a file of the store in this thread. Blocks the thread while it works: never call it on the main thread of a server. */
export const connect: Connect = async (options) => new SqliteConnection(options as ConnectionOptions);

class SqliteConnection implements StoreConnection {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #unlock: () => void;
  readonly #statements = new Map<string, StatementSync>();

  constructor({ file, busyTimeoutMs }: ConnectionOptions) {
    this.#file = file;
    // The folder's lock keeps other campuses out; this one keeps a second writer of the namespace out of this campus.
    this.#unlock = lockFile(`${file}.lock`, file);
    try {
      this.#database = openDurably(file, busyTimeoutMs);
      // What is erased must not stay in free pages.
      // A hot path gains from checkpoints that are few and large; 4000 pages are 16 MB.
      this.#database.exec('PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000');
    } catch (error) {
      this.#unlock();
      throw this.#toError(error);
    }
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    if (!this.#database.isOpen) throw new StoreError('STORE_CLOSED', {});
    try {
      this.#prepare('BEGIN IMMEDIATE').run();
      for (const write of writes) this.#write(write);
      this.#prepare('COMMIT').run();
    } catch (error) {
      if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw this.#toError(error);
    }
  }

  async query(sql: string, parameters: readonly StoreValue[]): Promise<readonly Readonly<Record<string, StoreValue>>[]> {
    if (!this.#database.isOpen) throw new StoreError('STORE_CLOSED', {});
    try {
      return this.#prepare(sql).all(...parameters) as Record<string, StoreValue>[];
    } catch (error) {
      throw this.#toError(error);
    }
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#database.close();
    this.#unlock();
  }

  #write(write: StoreWrite): void {
    if ('sql' in write) {
      this.#prepare(write.sql).run(...write.parameters);
      return;
    }
    const statement = this.#prepare(`INSERT INTO ${write.into} (${write.columns.join(', ')}) VALUES (${write.columns.map(() => '?').join(', ')})`);
    for (const row of write.rows) statement.run(...row);
  }

  /** The connection's own SQL is a fixed set; no cap is needed. */
  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #toError(error: unknown): Error {
    if (error instanceof StoreError) return error;
    const { errcode, message } = error as { errcode?: number; message: string };
    return toStoreError(this.#file, errcode, message);
  }
}
