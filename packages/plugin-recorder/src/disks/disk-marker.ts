// The small file at the root of a disk that says which disk it is. A disk that is pulled leaves an empty folder, on the system disk, without it.
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Name of the file. */
export const diskMarkerFile = '.wanglou-disk.json';
/** A person puts this file at the root of an empty disk to say that it takes the place of the one that was there. */
export const newDiskFile = '.wanglou-new-disk';

const format = 'wanglou.disk/1';
const idPattern = /^[a-z0-9]{1,32}$/;
const longestBytes = 4096;

/** Reads which disk is mounted at a folder; `undefined` where no disk of ours is. Rejects when the file is not as it was written. */
export async function readDiskMarker(folder: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path.join(folder, diskMarkerFile), 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestBytes), 0, longestBytes, 0);
    const id = parseDiskMarker(buffer.toString('utf8', 0, bytesRead));
    if (id === undefined) throw Object.assign(new Error(`${path.join(folder, diskMarkerFile)} is damaged`), { code: 'EBADMSG' });
    return id;
  } finally {
    await file.close();
  }
}

/** The id in the text of the file; `undefined` when it is none. */
export function parseDiskMarker(text: string): string | undefined {
  try {
    const marker = JSON.parse(text) as { readonly format?: unknown; readonly id?: unknown } | null;
    return marker?.format === format && typeof marker.id === 'string' && idPattern.test(marker.id) ? marker.id : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder a disk of recordings, durably. */
export async function writeDiskMarker(folder: string, id: string, madeMs: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const half = path.join(folder, `${diskMarkerFile}.part`);
  const file = await open(half, 'w');
  try {
    await file.writeFile(`${JSON.stringify({ format, id, madeAt: new Date(madeMs).toISOString() })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, path.join(folder, diskMarkerFile));
  await rm(path.join(folder, newDiskFile), { force: true });
}

/** Whether a person said that this folder is a new disk. */
export function isNewDisk(folder: string): Promise<boolean> {
  return access(path.join(folder, newDiskFile)).then(() => true, () => false);
}
