// The campus's side of the log's thread.
import { Worker } from 'node:worker_threads';
import type { AuditEntry } from '@wanglou/core';
import { AuditError, errorOf } from '../errors.ts';
import { hashBytes } from '../tree/hash.ts';
import { commitmentOf, encodeEntry, saltBytes, type Canonical, type EncodedEntry } from './entry-codec.ts';
import type { AppendReply, LogGreeting, LogQueries, LogReply, LogRequest, LogThreadOptions, NewPerson } from './protocol.ts';
import { saltSource } from './salts.ts';

/** What {@link TransparencyLog.open} takes. */
export interface TransparencyLogOptions extends LogThreadOptions {
  /** Canonical JSON, RFC 8785. */
  readonly canonical: Canonical;
  randomBytes(length: number): Uint8Array;
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
}

/** Persons whose pseudonym is kept in memory. */
const pseudonymsCached = 10_000;
const threadFile = new URL(import.meta.url.endsWith('.ts') ? './log-thread.ts' : './log-thread.js', import.meta.url);

/** A transparency log of which this process is the one writer. */
export class TransparencyLog {
  readonly #thread: Worker;
  readonly #options: TransparencyLogOptions;
  readonly #groups = new Map<number, WaitingGroup>();
  readonly #questions = new Map<number, Waiter<any>>();
  readonly #pseudonyms = new Map<string, string>();
  readonly #nextSalt: () => Uint8Array;
  #newPersons: NewPerson[] = [];
  /** Groups whose persons are not known yet; what comes meanwhile waits behind them, so that the order is that of the calls. */
  #learning: Promise<unknown> | undefined;
  #unsent: { readonly group: WaitingGroup; readonly encoded: readonly EncodedEntry[] }[] = [];
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
    this.#nextSalt = saltSource(options.randomBytes);
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
    while (this.#learning) await this.#learning;
    if (entries.some(({ principal: { kind, id } }) => kind === 'person' && !this.#pseudonyms.has(id))) {
      const learning = this.#learn(entries);
      this.#learning = learning.catch(() => undefined).finally(() => (this.#learning = undefined));
      await learning;
    }
    // Here and now: the caller may change the entry afterwards.
    const encoded = entries.map((entry) => encodeEntry(entry, { canonical: this.#options.canonical, salt: this.#nextSalt(), pseudonym: (person) => this.#pseudonyms.get(person)! }));
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly seq: number }>();
    if (this.#unsent.push({ group: { id: ++this.#lastId, entries, resolve, reject }, encoded }) === 1) setImmediate(() => this.#flush());
    return promise;
  }

  async #learn(entries: readonly AuditEntry[]): Promise<void> {
    if (this.#pseudonyms.size >= pseudonymsCached) this.#pseudonyms.clear();
    for (const { principal } of entries) {
      if (principal.kind !== 'person' || this.#pseudonyms.has(principal.id)) continue;
      let salt = await this.ask('salt', principal.id);
      if (!salt) this.#newPersons.push({ id: principal.id, salt: (salt = Buffer.from(this.#nextSalt())) });
      this.#pseudonyms.set(principal.id, commitmentOf(salt, principal.id));
    }
  }

  /** Deletes the salt of a person's pseudonym: it tells nobody any more whose it is. The next act of the person has another one. */
  async eraseSalt(person: string): Promise<void> {
    await this.ask('eraseSalt', person);
    this.#pseudonyms.delete(person);
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
    const unsent = this.#unsent;
    if (unsent.length === 0 || this.#ended) return;
    this.#unsent = [];
    const encoded = unsent.flatMap((one) => one.encoded);
    const salts = new Uint8Array(encoded.length * saltBytes);
    encoded.forEach(({ privatePart }, place) => privatePart && salts.set(privatePart.salt, place * saltBytes));
    for (const { group } of unsent) this.#groups.set(group.id, group);
    this.#send({ groups: unsent.map(({ group, encoded: { length } }) => ({ id: group.id, count: length })), bodies: encoded.map(({ body }) => body), hidden: encoded.map(({ privatePart }) => privatePart?.body ?? ''), salts, persons: this.#newPersons });
    this.#newPersons = [];
  }

  #send(request: LogRequest): void {
    this.#thread.postMessage(request);
  }

  #take(reply: LogReply): void {
    if (!('id' in reply)) {
      this.#settle(reply);
      return;
    }
    const waiter = this.#questions.get(reply.id);
    this.#questions.delete(reply.id);
    if ('error' in reply) waiter?.reject(errorOf(reply.error));
    else waiter?.resolve(reply.value);
  }

  #settle(reply: AppendReply): void {
    if ('refused' in reply) {
      const error = errorOf(reply.error);
      for (const id of reply.refused) this.#takeGroup(id)?.reject(error);
      return;
    }
    let seq = reply.firstSeq;
    for (const id of reply.appended) {
      const group = this.#takeGroup(id)!;
      const firstSeq = seq;
      seq += group.entries.length;
      this.#size = seq;
      group.resolve({ seq: firstSeq });
      group.entries.forEach((entry, place) => {
        const at = (firstSeq + place - reply.firstSeq) * hashBytes;
        this.#options.appended(firstSeq + place, entry, reply.hashes.subarray(at, at + hashBytes));
      });
    }
  }

  #takeGroup(id: number): WaitingGroup | undefined {
    const group = this.#groups.get(id);
    this.#groups.delete(id);
    return group;
  }

  #end(reason: string): void {
    if (this.#ended) return;
    const wasClosed = this.#isClosing;
    this.#ended = wasClosed ? new AuditError('AUDIT_CLOSED', {}) : new AuditError('AUDIT_LOST', { reason });
    for (const waiter of [...this.#unsent.map(({ group }) => group), ...this.#groups.values(), ...this.#questions.values()]) waiter.reject(this.#ended);
    this.#unsent = [];
    this.#groups.clear();
    this.#questions.clear();
    if (!wasClosed) this.#options.lost(this.#ended);
  }
}
