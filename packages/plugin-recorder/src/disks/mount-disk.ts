// Finds out which disk is at a folder, and makes one of a folder that never was.
import { statfs } from 'node:fs/promises';
import type { KnownDisk } from './disk-book.ts';
import { isNewDisk, readDiskMarker, writeDiskMarker } from './disk-marker.ts';
import type { DiskSpace, MountedDisk } from './disk-state.ts';

/** What {@link mountDisk} goes by. */
export interface MountOptions {
  readonly known: readonly KnownDisk[];
  /** Those of the folders before this one. */
  readonly others: readonly { readonly id?: string | undefined; readonly root: string }[];
  readonly newId: () => string;
  readonly now: () => number;
}

/** Never rejects: what is wrong is said in the result. */
export async function mountDisk(root: string, { known, others, newId, now }: MountOptions): Promise<MountedDisk> {
  try {
    const marked = await readDiskMarker(root);
    const twin = others.find(({ id }) => id !== undefined && id === marked);
    if (twin !== undefined) return { root, condition: 'failed', problem: { code: 'DISK_TWICE', message: `${root} and ${twin.root} are the same disk, or one is a copy of the other` } };
    if (marked !== undefined) return { id: marked, root, condition: 'healthy' };
    const before = known.find((disk) => disk.root === root);
    if (before !== undefined && !(await isNewDisk(root))) return { id: before.id, root, condition: 'missing', problem: { code: 'DISK_GONE', message: `disk ${before.id} was at ${root} before and is not there now` } };
    const id = newId();
    await writeDiskMarker(root, id, now());
    return { id, root, condition: 'healthy' };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return { root, condition: 'failed', problem: { code: 'DISK_FAILED', message: `the disk at ${root} cannot be used (${code}); check its mount, its owner and the disk itself` } };
  }
}

/** Room at a folder. */
export async function spaceOf(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
