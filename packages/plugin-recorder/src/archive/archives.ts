// The archives of this process: one after the other, again and again while their storage is away, and on after a restart.
import type { Text } from '@wanglou/core';
import { Turns } from '../turns.ts';
import type { ArchiveBook, ArchiveChange, ArchiveEntry, ArchiveQuery, RestoreOrder } from './archive-book.ts';
import type { ArchiveOutcome } from './archive-job.ts';

/** How far something is. */
export type ArchiveProgress = Pick<ArchiveEntry, 'state' | 'doneBytes' | 'totalBytes'>;

/** What {@link Archives} work with. */
export interface ArchivesOptions {
  readonly book: ArchiveBook;
  /** Copies and reads back. Rejects when that cannot be done now. */
  copy(entry: ArchiveEntry, progress: (how: ArchiveProgress) => void, signal: AbortSignal): Promise<ArchiveOutcome>;
  /** Reads back; gives what differs. */
  verify(entry: ArchiveEntry, progress: (how: ArchiveProgress) => void, signal: AbortSignal): Promise<readonly string[]>;
  /** Puts back what is missing; gives what the archive does not have as it was. */
  restore(entry: ArchiveEntry, order: RestoreOrder, progress: (how: ArchiveProgress) => void, signal: AbortSignal): Promise<readonly string[]>;
  /** Its footage need not be held any longer. */
  release(entry: ArchiveEntry): Promise<void>;
  changed(entry: ArchiveEntry): void;
  now(): number;
  /** Calls back once after the delay; the result cancels. */
  after(delayMs: number, task: () => void): () => unknown;
}

const retry = { firstMs: 60_000, longestMs: 3_600_000 } as const;
/** Progress is told this often at most. */
const tellEveryMs = 2_000;
const unfinished: readonly ArchiveEntry['state'][] = ['waiting', 'copying', 'verifying', 'restoring'];

interface Running {
  readonly controller: AbortController;
  progress?: ArchiveProgress;
  toldMs: number;
}

/** All archives. */
export class Archives {
  readonly #options: ArchivesOptions;
  readonly #turns = new Turns();
  readonly #running = new Map<string, Running>();
  readonly #waits = new Map<string, () => unknown>();
  readonly #cancelled = new Set<string>();
  #isClosing = false;

  constructor(options: ArchivesOptions) {
    this.#options = options;
  }

  /** Goes on with what a stop left unfinished. */
  async resume(): Promise<void> {
    for (const { id } of await this.#options.book.unfinished()) this.#queue(id, retry.firstMs);
  }

  async add(entry: ArchiveEntry): Promise<void> {
    await this.#options.book.add(entry);
    this.#options.changed(entry);
    this.#queue(entry.id, retry.firstMs);
  }

  /** Takes one that was found on a storage into the catalogue, to be read back in its turn; `undefined` when it is known. */
  async adopt(entry: ArchiveEntry): Promise<ArchiveEntry | undefined> {
    if ((await this.#options.book.get(entry.id)) !== undefined) return undefined;
    await this.add(entry);
    return entry;
  }

  /** An entry as it is now. */
  async get(id: string): Promise<ArchiveEntry | undefined> {
    const entry = await this.#options.book.get(id);
    return entry && this.#live(entry);
  }

  async find(query: ArchiveQuery): Promise<readonly ArchiveEntry[]> {
    return (await this.#options.book.find(query)).map((entry) => this.#live(entry));
  }

  /** Stops one that is not stored; `undefined` when there is nothing to stop. */
  async cancel(id: string): Promise<ArchiveEntry | undefined> {
    const entry = await this.#options.book.get(id);
    // One that was stored once is being verified: it stays what it is.
    if (entry === undefined || !unfinished.includes(entry.state) || entry.recordSha256 !== undefined) return undefined;
    this.#cancelled.add(id);
    this.#running.get(id)?.controller.abort(new Error('the archive was cancelled'));
    this.#waits.get(id)?.();
    this.#waits.delete(id);
    // After whatever is under way, so that nothing changes the entry any more.
    return this.#turns.take(async () => {
      const cancelled = await this.#change(entry, { state: 'cancelled', reason: undefined });
      await this.#options.release(cancelled);
      this.#cancelled.delete(id);
      return cancelled;
    });
  }

  /** Reads one that is stored back in its turn; `undefined` when it is not stored. */
  async verify(id: string): Promise<ArchiveEntry | undefined> {
    const entry = await this.#stored(id);
    if (entry === undefined) return undefined;
    const waiting = await this.#change(entry, { state: 'waiting', doneBytes: 0, reason: undefined });
    this.#queue(id, retry.firstMs);
    return waiting;
  }

  /** Puts footage back from one that is stored in its turn; `undefined` when it is not stored. */
  async restore(id: string, order: Omit<RestoreOrder, 'before'>): Promise<ArchiveEntry | undefined> {
    const entry = await this.#stored(id);
    if (entry === undefined) return undefined;
    const waiting = await this.#change(entry, { state: 'waiting', doneBytes: 0, reason: undefined, restore: { ...order, before: entry.state } });
    this.#queue(id, retry.firstMs);
    return waiting;
  }

  /** Stops all work; it goes on at the next start. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const cancel of this.#waits.values()) cancel();
    for (const { controller } of this.#running.values()) controller.abort(new Error('the recorder stops'));
    await this.#turns.take(async () => {});
  }

  /** One that was stored once, and of which nothing is under way. */
  async #stored(id: string): Promise<(ArchiveEntry & { readonly state: 'stored' | 'damaged' }) | undefined> {
    const entry = await this.#options.book.get(id);
    const { state, recordSha256 } = entry ?? {};
    return entry !== undefined && recordSha256 !== undefined && (state === 'stored' || state === 'damaged') ? { ...entry, state } : undefined;
  }

  #live(entry: ArchiveEntry): ArchiveEntry {
    const progress = this.#running.get(entry.id)?.progress;
    return progress === undefined ? entry : { ...entry, ...progress };
  }

  #queue(id: string, retryMs: number): void {
    void this.#turns.take(() => this.#work(id, retryMs));
  }

  async #work(id: string, retryMs: number): Promise<void> {
    if (this.#isClosing || this.#cancelled.has(id)) return;
    let entry: ArchiveEntry | undefined;
    const running: Running = { controller: new AbortController(), toldMs: 0 };
    try {
      entry = await this.#options.book.get(id);
      // A stop, or a cancellation, may have come while the index was asked.
      if (entry === undefined || !unfinished.includes(entry.state) || this.#isClosing || this.#cancelled.has(id)) return;
      this.#running.set(id, running);
      await this.#do(entry, running);
    } catch (error) {
      if (!this.#isClosing && !this.#cancelled.has(id)) await this.#wait(id, entry, error, retryMs);
    } finally {
      this.#running.delete(id);
    }
  }

  async #do(entry: ArchiveEntry, running: Running): Promise<void> {
    const { copy, verify, restore, release, now } = this.#options;
    const progress = (how: ArchiveProgress): void => this.#progress(entry, running, how);
    const { signal } = running.controller;
    if (entry.restore !== undefined) {
      const damaged = await restore(entry, entry.restore, progress, signal);
      const verdict = damaged.length > 0 ? verdictOf(damaged) : { state: entry.restore.before, reason: undefined };
      await this.#change(entry, { ...verdict, doneBytes: entry.totalBytes, restoredMs: now(), restore: undefined });
      return;
    }
    if (entry.recordSha256 !== undefined) {
      const damaged = await verify(entry, progress, signal);
      await this.#change(entry, { ...verdictOf(damaged), doneBytes: entry.totalBytes, verifiedMs: now() });
      return;
    }
    const { files, missing, recordSha256, damaged } = await copy(entry, progress, signal);
    const missingMs = missing.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const totalBytes = running.progress?.totalBytes ?? 0;
    await release(await this.#change(entry, { ...verdictOf(damaged), files, missingMs, recordSha256, doneBytes: totalBytes, totalBytes, verifiedMs: now() }));
  }

  #progress(entry: ArchiveEntry, running: Running, how: ArchiveProgress): void {
    running.progress = how;
    const nowMs = this.#options.now();
    if (Math.abs(nowMs - running.toldMs) < tellEveryMs) return;
    running.toldMs = nowMs;
    this.#options.changed({ ...entry, ...how });
  }

  async #wait(id: string, entry: ArchiveEntry | undefined, error: unknown, retryMs: number): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const text: Text = { zh: `暂时无法继续（${reason}），稍后自动重试`, en: `It cannot go on now (${reason}); it is tried again by itself` };
    // Where even the index is away, the wait alone must do.
    if (entry !== undefined) await this.#change(entry, { state: 'waiting', reason: text }).catch(() => {});
    this.#waits.set(id, this.#options.after(retryMs, () => {
      this.#waits.delete(id);
      this.#queue(id, Math.min(retryMs * 2, retry.longestMs));
    }));
  }

  async #change(entry: ArchiveEntry, change: ArchiveChange): Promise<ArchiveEntry> {
    const changed = await this.#options.book.change(entry, change);
    this.#options.changed(changed);
    return changed;
  }
}

/** Names a few; the others are found by verifying again. */
function verdictOf(damaged: readonly string[]): Pick<ArchiveChange, 'state' | 'reason'> {
  if (damaged.length === 0) return { state: 'stored', reason: undefined };
  const some = damaged.slice(0, 5).join(', ');
  return { state: 'damaged', reason: { zh: `${damaged.length} 个文件与归档时不同：${some}；请重新归档`, en: `${damaged.length} files differ from what was archived: ${some}; archive the footage again` } };
}
