// The campus's side of the log's thread.
import { Worker } from 'node:worker_threads';
import type { AuditEntry } from '@wanglou/core';
import { AuditError, errorOf } from '../errors.ts';
import { hashBytes } from '../tree/hash.ts';
import type { AppendReply, LogGreeting, LogQueries, LogReply, LogRequest, LogThreadOptions } from './protocol.ts';

/** What {@link TransparencyLog.open} takes. */
export interface TransparencyLogOptions extends LogThreadOptions {
  /** Called in order, after entries are durable. Must not throw. `hash` is the leaf hash. */
  appended(seq: number, entry: AuditEntry, hash: Uint8Array): void;
  /** The thread ended though nobody closed it; everything is refused from now on. */
  lost(error: AuditError): void;
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface WaitingGroup extends Waiter<{ readonly seq: number }> {
  readonly id: number;
  readonly entries: readonly AuditEntry[];
  /** The entries as JSON, until they are sent. */
  texts: readonly string[];
}

const threadFile = new URL(import.meta.url.endsWith('.ts') ? './log-thread.ts' : './log-thread.js', import.meta.url);

/** A transparency log of which this process is the one writer. */
export class TransparencyLog {
  readonly #thread: Worker;
  readonly #options: TransparencyLogOptions;
  readonly #groups = new Map<number, WaitingGroup>();
  readonly #questions = new Map<number, Waiter<any>>();
  #unsent: WaitingGroup[] = [];
  #lastId = 0;
  #size = 0;
  #ended: AuditError | undefined;
  #isClosing = false;
  /** The log's name. */
  origin = '';
  /** Its verifier key (C2SP signed-note). */
  vkey = '';

  private constructor(options: TransparencyLogOptions) {
    this.#options = options;
    const { store, keyFile, origin } = options;
    this.#thread = new Worker(threadFile, { workerData: { store, keyFile, ...(origin !== undefined && { origin }) } satisfies LogThreadOptions, name: 'wanglou audit log' });
  }

  /** Starts the thread and opens the log at its end. Throws what `LogWriter.open` throws. */
  static async open(options: TransparencyLogOptions): Promise<TransparencyLog> {
    const log = new TransparencyLog(options);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (reason: string) => {
      reject(new AuditError('AUDIT_LOST', { reason }));
      log.#end(reason);
    };
    log.#thread.once('error', (error: unknown) => end(error instanceof Error ? error.message : String(error)));
    log.#thread.once('exit', (exitCode) => end(`its thread exited with ${exitCode}`));
    log.#thread.once('message', (greeting: LogGreeting) => {
      if (!greeting.ready) {
        log.#isClosing = true;
        reject(errorOf(greeting.error));
        return;
      }
      log.origin = greeting.origin;
      log.vkey = greeting.vkey;
      log.#size = greeting.head.size;
      log.#thread.on('message', (reply: LogReply) => log.#take(reply));
      resolve();
    });
    await promise;
    return log;
  }

  /** How many entries are acknowledged. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when the entry is on disk. */
  append(entry: AuditEntry): Promise<{ readonly seq: number }> {
    return this.appendAll([entry]);
  }

  /** Appends entries one after the other in one commit: all of them or none. Answers the place of the first. */
  async appendAll(entries: readonly AuditEntry[]): Promise<{ readonly seq: number }> {
    if (this.#ended) throw this.#ended;
    // Here and now: the caller may change the entry afterwards.
    const texts = entries.map((entry) => JSON.stringify(entry));
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly seq: number }>();
    if (this.#unsent.push({ id: ++this.#lastId, entries, texts, resolve, reject }) === 1) setImmediate(() => this.#flush());
    return promise;
  }

  /** Asks the thread. */
  async ask<Q extends keyof LogQueries>(query: Q, ...args: Parameters<LogQueries[Q]>): Promise<ReturnType<LogQueries[Q]>> {
    if (this.#ended) throw this.#ended;
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<LogQueries[Q]>>();
    const id = ++this.#lastId;
    this.#questions.set(id, { resolve, reject });
    this.#send({ id, query, args });
    return promise;
  }

  /** Writes what waits and closes the tables. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#isClosing = true;
    this.#flush();
    const exited = new Promise<void>((resolve) => this.#thread.once('exit', () => resolve()));
    this.#send('close');
    await exited;
  }

  /** Everything that was asked in one turn goes over in one message. */
  #flush(): void {
    const groups = this.#unsent;
    if (groups.length === 0 || this.#ended) return;
    this.#unsent = [];
    for (const group of groups) this.#groups.set(group.id, group);
    this.#send({ append: groups.map(({ id, texts }) => ({ id, entries: texts })) });
    for (const group of groups) group.texts = [];
  }

  #send(request: LogRequest): void {
    this.#thread.postMessage(request);
  }

  #take(reply: LogReply): void {
    if ('appended' in reply) {
      this.#settle(reply);
      return;
    }
    const waiter = this.#questions.get(reply.id);
    this.#questions.delete(reply.id);
    if ('error' in reply) waiter?.reject(errorOf(reply.error));
    else waiter?.resolve(reply.value);
  }

  #settle({ appended, hashes, firstSeq }: AppendReply): void {
    for (const answer of appended) {
      const group = this.#groups.get(answer.id);
      if (!group) continue;
      this.#groups.delete(answer.id);
      if ('error' in answer) {
        group.reject(errorOf(answer.error));
        continue;
      }
      this.#size = answer.seq + group.entries.length;
      group.resolve({ seq: answer.seq });
      const first = (answer.seq - firstSeq) * hashBytes;
      group.entries.forEach((entry, place) => this.#options.appended(answer.seq + place, entry, hashes.subarray(first + place * hashBytes, first + (place + 1) * hashBytes)));
    }
  }

  #end(reason: string): void {
    if (this.#ended) return;
    const wasClosed = this.#isClosing;
    this.#ended = wasClosed ? new AuditError('AUDIT_CLOSED', {}) : new AuditError('AUDIT_LOST', { reason });
    for (const waiter of [...this.#unsent, ...this.#groups.values(), ...this.#questions.values()]) waiter.reject(this.#ended);
    this.#unsent = [];
    this.#groups.clear();
    this.#questions.clear();
    if (!wasClosed) this.#options.lost(this.#ended);
  }
}
