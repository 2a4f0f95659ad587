// Files that are there after a power cut: the bytes are synced, and so is the name in its folder.
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes names that were added to, or taken from, a folder durable (POSIX: a file's own sync does not cover its name). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Appends to a file, for this user alone, and to the disk. */
export async function appendDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } catch (error) {
      await cutTo(handle, size);
      throw error;
    }
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(file));
}

/** Takes back what a failed write left. That this may fail too must not hide why the write did. */
export async function cutTo(handle: FileHandle, goodBytes: number): Promise<void> {
  await handle.truncate(goodBytes).catch(() => undefined);
}

/** The bytes of a file; `undefined` when it is not there. Any other failure is one. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
