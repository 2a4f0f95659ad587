// Small and read-only disks, where this user may mount them (root on Linux).
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Mounts an empty disk in memory; it is unmounted when it is disposed of. */
export async function mountDisk(folder: string, options: string): Promise<AsyncDisposable> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return { [Symbol.asyncDispose]: () => run('umount', ['--lazy', folder]).then(() => undefined) };
}

/** A disk whose blocks are a file. */
export interface ImageDisk extends AsyncDisposable {
  readonly folder: string;
  /** Sectors written to the device so far: no more than before means that nothing was written meanwhile. */
  written(): Promise<string>;
}

/** Mounts the ext4 file system in a file, as after a power cut when it was not unmounted: the journal is replayed. */
export async function mountImage(image: string, folder: string): Promise<ImageDisk> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-o', 'loop', image, folder]);
  const { stdout } = await run('findmnt', ['--noheadings', '--output', 'SOURCE', folder]);
  return {
    folder,
    written: () => readFile(`/sys/block/${basename(stdout.trim())}/stat`, 'utf8').then((text) => text.trim().split(/\s+/)[6]!),
    [Symbol.asyncDispose]: () => run('umount', ['--lazy', folder]).then(() => undefined),
  };
}

/** Makes an empty ext4 file system in a file of that size. */
export async function makeImage(image: string, bytes: number): Promise<void> {
  await writeFile(image, '');
  await truncate(image, bytes);
  await run('mkfs.ext4', ['-q', '-F', image]);
}

/** Whether the file system in a file can be mounted here. */
export async function canMountImages(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-image-'));
  try {
    await makeImage(join(folder, 'image'), 8 * 1024 * 1024);
    const disk = await mountImage(join(folder, 'image'), join(folder, 'mounted'));
    await disk[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
