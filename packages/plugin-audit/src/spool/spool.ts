// The second file: keeps entries of acts that must not wait, such as the control room's live view, while the log cannot be written.
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AuditEntry } from '@wanglou/core';
import { appendDurably, cutTo, readIfThere, syncFolder } from '../files/durable-file.ts';
import { readLines } from './lines.ts';

/** What a spool is made of. */
export interface SpoolOptions {
  /** Ends in `.jsonl`; what is being taken over and what cannot be read lie beside it in `.taking.jsonl` and `.bad.jsonl`. */
  readonly file: string;
  /** Throws for an entry that the log could not store. */
  canonical(value: unknown): string;
  /** Lines that are no entries were set aside into `file`. */
  setAside(file: string, lines: number): void;
}

/** What is taken over at once. */
export interface Spooled {
  readonly entries: readonly AuditEntry[];
  /** Lines that are no entries any more. */
  readonly unreadable: number;
}

const newline = 0x0a;

/** A synced file of one JSON entry a line. */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #takingFile: string;
  readonly #badFile: string;
  /** How much of the file was acknowledged; `undefined` until it was looked at. */
  #goodBytes: number | undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #draining: Promise<void> | undefined;
  /** How far the file that is being taken over has come, so that a retry repeats nothing that was done. */
  #progress: 'begun' | 'set-aside' | 'taken' = 'begun';
  #mayWait = true;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#takingFile = options.file.replace(/\.jsonl$/, '.taking.jsonl');
    this.#badFile = options.file.replace(/\.jsonl$/, '.bad.jsonl');
  }

  /** Resolves when the entry is on disk. Rejects, with nothing written, when the log could not store it later. */
  async add(entry: AuditEntry): Promise<void> {
    const line = `${this.#options.canonical(entry)}\n`;
    await this.#exclusive(async () => {
      this.#mayWait = true;
      await this.#withFile(async (handle, goodBytes) => {
        try {
          await handle.writeFile(line);
          await handle.datasync();
        } catch (error) {
          // Its act is refused, so it must not stand in the log later. Where this fails too, the next look at the file cuts it.
          await cutTo(handle, goodBytes);
          throw error;
        }
        this.#goodBytes = goodBytes + Buffer.byteLength(line);
      });
    });
  }

  /** Whether entries may be waiting to be taken over. */
  get isWaiting(): boolean {
    return this.#mayWait || this.#draining !== undefined;
  }

  /**
   * Gives the entries to `take` and forgets them when it has taken them; what is added meanwhile waits for the next time. A crash
   * in between gives them again: an entry may stand twice in the log, and none is lost.
   */
  drain(take: (spooled: Spooled) => Promise<void>): Promise<void> {
    return (this.#draining ??= this.#drainAll(take).finally(() => (this.#draining = undefined)));
  }

  async #drainAll(take: (spooled: Spooled) => Promise<void>): Promise<void> {
    while (this.#mayWait) {
      const bytes = await this.#nextToTake();
      if (!bytes) return;
      const { entries, bad } = readLines(bytes, this.#options.canonical);
      if (this.#progress === 'begun') await this.#setAside(bad);
      if (this.#progress === 'set-aside' && entries.length + bad.length > 0) await take({ entries, unreadable: bad.length });
      this.#progress = 'taken';
      await rm(this.#takingFile);
      await syncFolder(dirname(this.#takingFile));
    }
  }

  /** Moves the file aside, so that adding never waits for the log; one that was moved before a crash comes first. */
  async #nextToTake(): Promise<Buffer | undefined> {
    const left = await readIfThere(this.#takingFile);
    if (left) return left;
    return this.#exclusive(async () => {
      const isEmpty = !(await readIfThere(this.#options.file)) || (await this.#withFile(async (_handle, goodBytes) => goodBytes === 0));
      this.#mayWait = !isEmpty;
      if (isEmpty) return undefined;
      this.#progress = 'begun';
      await rename(this.#options.file, this.#takingFile);
      this.#goodBytes = undefined;
      await syncFolder(dirname(this.#takingFile));
      return readFile(this.#takingFile);
    });
  }

  async #setAside(lines: readonly Buffer[]): Promise<void> {
    if (lines.length > 0) {
      await appendDurably(this.#badFile, Buffer.concat(lines.flatMap((line) => [line, Buffer.of(newline)])));
      this.#options.setAside(this.#badFile, lines.length);
    }
    this.#progress = 'set-aside';
  }

  /** Opens the file where its acknowledged lines end: a line that was cut by a full disk or a crash must not spoil the next one. */
  async #withFile<T>(task: (handle: FileHandle, goodBytes: number) => Promise<T>): Promise<T> {
    const { file } = this.#options;
    const handle = await open(file, 'a+', 0o600);
    try {
      const { size } = await handle.stat();
      // A file that is shorter than what was acknowledged was changed by somebody else: look at it anew.
      if (this.#goodBytes === undefined || size < this.#goodBytes) {
        if (size === 0) await syncFolder(dirname(file));
        this.#goodBytes = (await readFile(file)).lastIndexOf(newline) + 1;
      }
      if (size > this.#goodBytes) await handle.truncate(this.#goodBytes);
      return await task(handle, this.#goodBytes);
    } finally {
      await handle.close();
    }
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#writing.then(task, task);
    this.#writing = next.catch(() => undefined);
    return next;
  }
}
