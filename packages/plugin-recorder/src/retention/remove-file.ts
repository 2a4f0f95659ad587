// Removes a recording file, and the folders of its hour and its day when they are empty then.
import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';

/** Removes it; one that is not there is removed. Rejects when the disk refuses. */
export async function removeFile(root: string, relative: string): Promise<void> {
  await rm(path.join(root, relative), { force: true });
  const hour = path.posix.dirname(relative);
  for (const folder of [hour, path.posix.dirname(hour)]) {
    try {
      await rmdir(path.join(root, folder));
    } catch {
      return; // Not empty, or gone already.
    }
  }
}
