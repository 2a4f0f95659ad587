// Small and read-only disks, where this user may mount them (root on Linux).
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Mounts an empty disk in memory; it is unmounted when it is disposed of. */
export async function mountDisk(folder: string, options: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return { [Symbol.asyncDispose]: () => run('umount', ['--lazy', folder]).then(() => undefined) };
}

/** Whether disks can be mounted here. */
export async function canMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-mount-'));
  try {
    const disk = await mountDisk(folder, 'size=64k');
    await disk[Symbol.asyncDispose]();
    return true;
  } catch {
    // Not root, not Linux, or a container that may not: the tests say so.
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
