// Puts one file back from an archive: beside its place first, and into it only when every byte is right.
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveTarget } from '@wanglou/core';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { recoverFile } from '../segment/recover.ts';
import type { SegmentRecord } from '../segment/segment-record.ts';
import { nameIn } from './archive-job.ts';
import type { ArchivedFile } from './archive-record.ts';

/** Gives its row; `undefined` when what the archive has is not the file. Rejects when storage or disk is away. What stood in its place is set aside as `.damaged`. */
export async function restoreFile(target: ArchiveTarget, archive: string, file: ArchivedFile, disk: RecordingDisk, signal: AbortSignal): Promise<SegmentRecord | undefined> {
  const place = path.join(disk.root, file.name);
  const half = `${place}.restoring`;
  await mkdir(path.dirname(place), { recursive: true });
  const hash = createHash('sha256');
  const handle = await open(half, 'w');
  let bytes = 0;
  try {
    for await (const piece of target.get(nameIn(archive, file.name), signal)) {
      bytes += piece.length;
      if (bytes > file.bytes) break;
      hash.update(piece);
      await handle.writeFile(piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (bytes !== file.bytes || hash.digest('hex') !== file.sha256) {
    await rm(half);
    return undefined;
  }
  await rename(place, `${place}.damaged`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(half, place);
  const { segment } = await recoverFile(disk, file.camera, file.name);
  return segment && { ...segment, endMs: file.toMs };
}
