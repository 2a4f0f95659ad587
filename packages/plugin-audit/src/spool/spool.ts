// The second file: keeps entries of acts that must not wait, such as the control room's live view, while the log cannot be written.
import { open, readFile } from 'node:fs/promises';
import type { AuditEntry } from '@wanglou/core';

/** A synced file of one JSON entry a line. */
export class Spool {
  readonly #file: string;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** Resolves when the entry is on disk. */
  add(entry: AuditEntry): Promise<void> {
    return this.#exclusive(async () => {
      const handle = await open(this.#file, 'a', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(entry)}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
  }

  /**
   * Gives the entries to `take` and empties the file when it has taken them. A crash in between gives them again:
   * an entry may stand twice in the log, and none is lost. A last line that was cut by a crash was never acknowledged.
   */
  drain(take: (entries: readonly AuditEntry[]) => Promise<void>): Promise<void> {
    return this.#exclusive(async () => {
      const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const lines = text.split('\n').slice(0, -1);
      if (lines.length === 0) return;
      await take(lines.map((line) => JSON.parse(line) as AuditEntry));
      const handle = await open(this.#file, 'w', 0o600);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(task, task);
    this.#queue = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  }
}
