// The few file operations that recording needs, behind an interface, so that tests can fill the disk or break it.
import fs from 'node:fs';
import { access, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingDisk } from '../disks/recording-disk.ts';

/** An open recording file. */
export interface RecordingFile {
  /** Appends the chunks with one system call. Rejects when not everything could be written. */
  append(chunks: readonly Uint8Array[], bytes: number): Promise<void>;
  /** Forces written data to the disk (fdatasync). */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** Where recordings go. */
export interface RecordingFileSystem {
  /** Creates the file and its folders durably; fails when it exists. */
  create(disk: RecordingDisk, relative: string): Promise<RecordingFile>;
  remove(disk: RecordingDisk, relative: string): Promise<void>;
}

/** The real file system. */
export const diskFileSystem: RecordingFileSystem = {
  async create({ root }, relative) {
    const file = path.join(root, relative);
    const folder = path.dirname(file);
    const made = await makeFolders(folder);
    const handle = await open(file, 'wx');
    // The names must survive a power cut too: sync each folder that got a new entry.
    await syncFolder(folder);
    for (let at = folder; made !== undefined && at.length >= made.length; ) {
      at = path.dirname(at);
      await syncFolder(at);
    }
    return new DiskFile(handle.fd, () => handle.close());
  },
  remove: ({ root }, relative) => rm(path.join(root, relative), { force: true }),
};

/** Makes a folder and those above it; gives the first that was made. */
async function makeFolders(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // Node tells every refusal of a recursive mkdir as ENOENT, a read-only disk too. The plain call tells the reason.
    let missing = folder;
    while (!(await access(path.dirname(missing)).then(() => true, () => false))) missing = path.dirname(missing);
    await mkdir(missing);
    await mkdir(folder, { recursive: true });
    return missing;
  }
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Folders cannot be synced there; NTFS journals them.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

class DiskFile implements RecordingFile {
  readonly #descriptor: number;
  readonly close: () => Promise<void>;

  constructor(descriptor: number, close: () => Promise<void>) {
    this.#descriptor = descriptor;
    this.close = close;
  }

  append(chunks: readonly Uint8Array[], bytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.writev(this.#descriptor, chunks, null, (error, written) => {
        if (error !== null) reject(error);
        // A short write is how a full disk shows itself first.
        else if (written < bytes) reject(Object.assign(new Error(`only ${written} of ${bytes} bytes fitted`), { code: 'ENOSPC' }));
        else resolve();
      });
    });
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => fs.fdatasync(this.#descriptor, (error) => (error === null ? resolve() : reject(error))));
  }

  truncate(bytes: number): Promise<void> {
    return new Promise((resolve, reject) => fs.ftruncate(this.#descriptor, bytes, (error) => (error === null ? resolve() : reject(error))));
  }
}
