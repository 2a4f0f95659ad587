// Files that are on disk when a promise says so, or as they were before.
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file in one step: whoever reads it, also after a power cut, sees the old content or the new one. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  // Left by a process that was killed: what it says was never promised to anybody.
  await using file = await open(temporary, 'w', mode);
  await file.writeFile(content);
  await file.sync();
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes a file that must not be there yet; throws `EEXIST` where it is. */
export async function createFile(path: string, content: string, mode: number): Promise<void> {
  await using file = await open(path, 'wx', mode);
  await file.writeFile(content);
  await file.sync();
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
