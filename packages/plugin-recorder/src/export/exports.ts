// The exports of this process: the same order asked for again meets the job that is there, whoever holds nothing any more lets it go.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markBytes } from './hidden-mark.ts';
import { Turns } from '../turns.ts';
import { ExportJob, type ExportOrder, type ExportTools } from './export-job.ts';

/** What tells one order from another. */
export type OrderKey = Pick<ExportOrder, 'operator' | 'fromMs' | 'toMs' | 'destination' | 'visibleMark'> & { readonly cameras: readonly string[]; readonly caseNumber?: string | undefined; readonly encrypt: boolean };

/** What {@link Exports} works with. */
export interface ExportsOptions {
  /** Absolute folder of all jobs. */
  readonly folder: string;
  now(): number;
  randomBytes(length: number): Uint8Array;
  /** Calls back once after the delay; the result cancels. */
  after(delayMs: number, task: () => void): () => unknown;
  /** A folder that cannot be removed now is removed at the next start. */
  failed(error: unknown): void;
}

/** What a job is named and marked with; the same after a restart. */
export interface JobIdentity {
  readonly id: string;
  readonly mark: Uint8Array;
}

interface Held {
  readonly job: ExportJob;
  holders: number;
  cancelDiscard: (() => unknown) | undefined;
}

/** Packages are kept this long after the last lease on them: a download that broke off can go on under a new one. */
const keptMs = 24 * 3_600_000;
const idBytes = 9;
/** Base32 without letters that look alike, five characters a group. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** All jobs. */
export class Exports {
  readonly #options: ExportsOptions;
  readonly #jobs = new Map<string, Held>();
  /** One package after the other: recording needs the disk and the processor too. */
  readonly #turns = new Turns();

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /** Removes what an earlier process left and nobody asked for again within a day. */
  async sweep(): Promise<void> {
    const { folder, now } = this.#options;
    for (const name of await readdir(folder).catch(() => [])) {
      const place = path.join(folder, name);
      const touchedMs = await stat(path.join(place, 'job.json')).then(({ mtimeMs }) => mtimeMs, () => 0);
      if (!this.#jobs.has(name) && now() - touchedMs > keptMs) await rm(place, { recursive: true, force: true });
    }
  }

  /** The job of this order: the one that is there unless it failed, else a new one that goes on with what an earlier one finished. */
  async open(key: OrderKey, make: (identity: JobIdentity, passphrase: string | undefined) => Promise<{ readonly order: ExportOrder; readonly tools: Omit<ExportTools, 'folder' | 'inTurn'> }>): Promise<ExportJob> {
    const name = createHash('sha256').update(JSON.stringify([key.operator, [...key.cameras].sort(), key.fromMs, key.toMs, key.destination, key.caseNumber ?? null, key.visibleMark, key.encrypt])).digest('hex').slice(0, 32);
    const known = this.#jobs.get(name);
    if (known !== undefined && known.job.progress.state !== 'failed' && !known.job.isCancelled) return known.job;
    const folder = path.join(this.#options.folder, name);
    const identity = await this.#identity(folder);
    const { order, tools } = await make(identity, key.encrypt ? this.#passphrase() : undefined);
    // Somebody else may have been faster meanwhile.
    const now = this.#jobs.get(name);
    if (now !== undefined && now !== known) return now.job;
    await known?.job.finished;
    const job = new ExportJob(order, { ...tools, folder, inTurn: (task) => this.#turns.take(task) });
    this.#jobs.set(name, { job, holders: known?.holders ?? 0, cancelDiscard: known?.cancelDiscard });
    return job;
  }

  /** Keeps the job until the signal of a lease is aborted. Without anybody to wait for it, the work stops. */
  hold(job: ExportJob, signal: AbortSignal): void {
    const [name, held] = [...this.#jobs].find(([, one]) => one.job === job) ?? [];
    if (name === undefined || held === undefined) return;
    held.holders += 1;
    void held.cancelDiscard?.();
    held.cancelDiscard = undefined;
    signal.addEventListener('abort', () => this.#letGo(name, held), { once: true });
    if (signal.aborted) this.#letGo(name, held);
  }

  /** Stops all work. */
  async close(): Promise<void> {
    for (const { job, cancelDiscard } of this.#jobs.values()) {
      void cancelDiscard?.();
      await job.cancel();
    }
  }

  #letGo(name: string, held: Held): void {
    held.holders -= 1;
    if (held.holders > 0) return;
    if (held.job.progress.state !== 'ready') void held.job.cancel();
    held.cancelDiscard = this.#options.after(keptMs, () => {
      this.#jobs.delete(name);
      held.job.discard().catch((error: unknown) => this.#options.failed(error));
    });
  }

  async #identity(folder: string): Promise<JobIdentity> {
    const file = path.join(folder, 'job.json');
    const kept = await readFile(file, 'utf8').then((text) => JSON.parse(text) as { id: string; mark: string }, () => undefined);
    if (kept !== undefined) return { id: kept.id, mark: Buffer.from(kept.mark, 'hex') };
    const { randomBytes } = this.#options;
    const identity = { id: Buffer.from(randomBytes(idBytes)).toString('base64url'), mark: randomBytes(markBytes) };
    await mkdir(folder, { recursive: true });
    await writeFile(file, JSON.stringify({ id: identity.id, mark: Buffer.from(identity.mark).toString('hex') }));
    return identity;
  }

  /** 25 characters of 5 bits: more than anybody can try. */
  #passphrase(): string {
    const characters = [...this.#options.randomBytes(25)].map((byte) => alphabet[byte & 31]);
    return characters.map((character, index) => (index > 0 && index % 5 === 0 ? `-${character}` : character)).join('');
  }
}
