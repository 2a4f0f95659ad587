// Puts files back from an archive: fetched beside their place first, and into it only when every byte is right and the log says so.
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveTarget } from '@wanglou/core';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { recoverFile } from '../segment/recover.ts';
import type { SegmentRecord } from '../segment/segment-record.ts';
import { nameIn } from './archive-job.ts';
import type { ArchivedFile } from './archive-record.ts';

/** A file that lies beside its place, as it was archived. */
export interface FetchedFile {
  readonly file: ArchivedFile;
  readonly disk: RecordingDisk;
}

/** Fetches a file; `undefined` when what the archive has is not the file. Rejects when storage or disk is away. */
export async function fetchFile(target: ArchiveTarget, archive: string, file: ArchivedFile, disk: RecordingDisk, signal: AbortSignal): Promise<FetchedFile | undefined> {
  const half = halfOf({ file, disk });
  await mkdir(path.dirname(half), { recursive: true });
  const isRight = await receive(half, target.get(nameIn(archive, file.name), signal), file).catch(async (error: unknown) => {
    await rm(half, { force: true });
    throw error;
  });
  if (isRight) return { file, disk };
  await rm(half);
  return undefined;
}

/** Puts a fetched file into its place, and gives its row. What stood there is set aside as `.damaged`. */
export async function placeFile({ file, disk }: FetchedFile): Promise<SegmentRecord | undefined> {
  const place = path.join(disk.root, file.name);
  await rename(place, `${place}.damaged`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(halfOf({ file, disk }), place);
  const { segment } = await recoverFile(disk, file.camera, file.name);
  return segment && { ...segment, endMs: file.toMs };
}

/** Removes what was fetched and is not to be placed. */
export async function dropFile(fetched: FetchedFile): Promise<void> {
  await rm(halfOf(fetched), { force: true });
}

function halfOf({ file, disk }: FetchedFile): string {
  return `${path.join(disk.root, file.name)}.restoring`;
}

async function receive(half: string, content: AsyncIterable<Uint8Array>, file: ArchivedFile): Promise<boolean> {
  const hash = createHash('sha256');
  const handle = await open(half, 'w');
  let bytes = 0;
  try {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > file.bytes) break;
      hash.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return bytes === file.bytes && hash.digest('hex') === file.sha256;
}
