// What lies on the disks: the folders of cameras, and the files of a day.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { cameraFolder, cameraOfFolder, parseSegmentName } from '../segment/segment-path.ts';

/** A file. */
export interface DiskFile {
  readonly disk: RecordingDisk;
  /** Relative to the folder of the disk. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** By its name; absent for a file that is no recording. */
  readonly startMs?: number;
}

const dayPattern = /^\d{4}-\d\d-\d\d$/;

/** Cameras of which there is a folder on any of the disks. */
export async function camerasOn(disks: readonly RecordingDisk[]): Promise<readonly string[]> {
  const folders = await Promise.all(disks.map(({ root }) => names(root)));
  return [...new Set(folders.flat().flatMap((folder) => cameraOfFolder(folder) ?? []))];
}

/** Days (`yyyy-mm-dd`) of which a camera has a folder. */
export async function daysOn(disks: readonly RecordingDisk[], camera: string): Promise<readonly string[]> {
  const folders = await Promise.all(disks.map(({ root }) => names(path.join(root, cameraFolder(camera)))));
  return [...new Set(folders.flat().filter((folder) => dayPattern.test(folder)))];
}

/** All files of a camera and a day. */
export async function filesOf(disks: readonly RecordingDisk[], camera: string, day: string): Promise<readonly DiskFile[]> {
  const found: DiskFile[] = [];
  for (const disk of disks) {
    const folder = `${cameraFolder(camera)}/${day}`;
    for (const hour of await names(path.join(disk.root, folder))) {
      for (const name of await names(path.join(disk.root, folder, hour))) {
        const file = await fileAt(disk, `${folder}/${hour}/${name}`);
        if (file !== undefined) found.push(file);
      }
    }
  }
  return found;
}

/** The file of that name; `undefined` when there is none. */
export async function fileAt(disk: RecordingDisk, relative: string): Promise<DiskFile | undefined> {
  try {
    const found = await stat(path.join(disk.root, relative));
    const startMs = parseSegmentName(path.posix.basename(relative))?.startMs;
    return found.isFile() ? { disk, path: relative, bytes: found.size, modifiedMs: found.mtimeMs, ...(startMs !== undefined && { startMs }) } : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
