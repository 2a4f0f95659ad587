// Archives in a folder, such as a mounted disk or a network share.
import { link, mkdir, open, opendir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveObject, ArchiveTarget } from '@wanglou/core';
import { readRange } from '../media/read-range.ts';
import { syncFolder } from '../segment/file-system.ts';

/** Stores objects as files below an absolute folder. */
export class FolderTarget implements ArchiveTarget {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put({ name }: ArchiveObject, read: () => AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    const file = path.join(this.#root, name);
    if (await exists(file)) return;
    // A share that is not mounted must not be replaced by a folder of the system disk.
    await stat(this.#root);
    const made = await mkdir(path.dirname(file), { recursive: true });
    const half = `${file}.part`;
    try {
      await write(half, read(), signal);
      // Unlike a rename, a link never takes the place of a file that came meanwhile.
      await link(half, file).catch(async (error: unknown) => {
        if (!(await exists(file))) throw error;
      });
    } finally {
      await rm(half, { force: true });
    }
    // Up to the folder that got the first new name: a name that is lost in a power cut loses everything below it.
    const last = made === undefined ? path.dirname(file) : path.dirname(made);
    for (let folder = path.dirname(file); folder.length >= last.length; folder = path.dirname(folder)) {
      // Some shares refuse; the bytes themselves are forced out already.
      await syncFolder(folder).catch(() => {});
    }
  }

  async *folders(signal: AbortSignal): AsyncIterable<string> {
    for await (const entry of await opendir(this.#root)) {
      signal.throwIfAborted();
      if (entry.isDirectory()) yield entry.name;
    }
  }

  async *get(name: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { size } = await stat(path.join(this.#root, name));
    yield* readRange({ root: this.#root, path: name, offset: 0, length: size }, signal);
    signal.throwIfAborted();
  }
}

async function write(file: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for await (const piece of content) {
      signal.throwIfAborted();
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}
