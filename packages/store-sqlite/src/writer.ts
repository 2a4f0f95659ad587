// The caller's side of the writer thread.
import { Worker } from 'node:worker_threads';
import { StoreError, toStoreError } from './errors.ts';
import { unpackRows } from './packed-rows.ts';
import type { SqlValue, StatementReply, StatementRequest, WriterGreeting, WriterOptions } from './protocol.ts';

/** What a statement gave. */
export interface StatementResult {
  readonly rows: readonly Record<string, SqlValue>[];
  readonly changes?: number;
  readonly lastInsertId?: number;
}

interface Waiter {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/** What a {@link Writer} is made of. */
export interface WriterSettings {
  readonly file: string;
  readonly busyTimeoutMs: number;
  /** The thread ended though nobody closed it; every statement is refused with this from now on. */
  lost(error: StoreError): void;
}

const threadFile = new URL(import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js', import.meta.url);

/** One database file and its only writer. */
export class Writer {
  readonly #file: string;
  readonly #thread: Worker;
  readonly #waiters = new Map<number, Waiter>();
  readonly #opened: Promise<void>;
  #lastId = 0;
  #closed: Error | undefined;
  #isOpen = false;
  #isClosing = false;
  /** Statements outside a transaction wait for the one that is open. */
  #transaction: Promise<void> = Promise.resolve();

  constructor({ file, busyTimeoutMs, lost }: WriterSettings) {
    this.#file = file;
    this.#thread = new Worker(threadFile, { workerData: { file, busyTimeoutMs } satisfies WriterOptions, name: `wanglou store ${file}` });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#opened = promise;
    this.#thread.once('message', (greeting: WriterGreeting) => {
      if (!greeting.ready) {
        reject(toStoreError(file, greeting.resultCode ?? 14, greeting.message));
        return;
      }
      this.#thread.on('message', (reply: StatementReply) => this.#settle(reply));
      this.#isOpen = true;
      resolve();
    });
    const end = (reason: string, options?: ErrorOptions) => {
      if (this.#closed) return;
      const error = this.#isClosing ? new StoreError('STORE_CLOSED', {}) : new StoreError('STORE_LOST', { path: file, reason }, options);
      this.#closed = error;
      reject(error);
      for (const waiter of this.#waiters.values()) waiter.reject(error);
      this.#waiters.clear();
      if (this.#isOpen && !this.#isClosing) lost(error);
    };
    this.#thread.once('error', (cause: unknown) => end(cause instanceof Error ? cause.message : String(cause), { cause }));
    this.#thread.once('exit', (exitCode) => end(`its thread exited with ${exitCode}`));
  }

  /** Resolves when the file is open and durable; rejects with a {@link StoreError}. */
  opened(): Promise<void> {
    return this.#opened;
  }

  /** Runs a statement by itself; resolves when it is on disk. */
  async run(sql: string, parameters: readonly SqlValue[]): Promise<StatementResult> {
    await this.#transaction;
    return this.#send(sql, parameters, false);
  }

  /** Runs a statement inside the transaction that the caller holds. */
  runInTransaction(sql: string, parameters: readonly SqlValue[]): Promise<StatementResult> {
    return this.#send(sql, parameters, true);
  }

  /** Takes the writer for one transaction; call the answer when it has ended. */
  async beginTransaction(): Promise<() => void> {
    const before = this.#transaction;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#transaction = before.then(() => promise);
    await before;
    return resolve;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#closed) return;
    const exited = new Promise<void>((resolve) => this.#thread.once('exit', () => resolve()));
    this.#thread.postMessage('close');
    await exited;
  }

  #send(sql: string, parameters: readonly SqlValue[], transaction: boolean): Promise<StatementResult> {
    if (this.#closed) return Promise.reject(this.#closed);
    const { promise, resolve, reject } = Promise.withResolvers<StatementResult>();
    const id = ++this.#lastId;
    this.#waiters.set(id, { resolve, reject });
    this.#thread.postMessage({ id, sql, parameters, transaction } satisfies StatementRequest);
    return promise;
  }

  #settle(reply: StatementReply): void {
    const waiter = this.#waiters.get(reply.id);
    this.#waiters.delete(reply.id);
    if ('error' in reply) waiter?.reject(toStoreError(this.#file, reply.error.resultCode, reply.error.message));
    else waiter?.resolve({ ...reply, rows: unpackRows(reply.rows) });
  }
}
