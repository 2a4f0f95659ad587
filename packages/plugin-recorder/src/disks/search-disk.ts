// Searches a disk that failed once, and is here again, for files that could not be put into the index then.
import { readdir } from 'node:fs/promises';
import type { Catalog } from '../catalog/catalog.ts';
import { recoverSegments } from '../segment/recover.ts';
import { cameraOfFolder } from '../segment/segment-path.ts';
import type { SegmentRecord } from '../segment/segment-record.ts';
import type { RecordingDisk } from './recording-disk.ts';

/** What {@link searchDisk} works with. */
export interface DiskSearchOptions {
  readonly catalog: Catalog;
  /** Files that began then or later. */
  readonly fromMs: number;
  /** Files that began later are being written now. */
  readonly beforeMs: number;
  readonly signal: AbortSignal;
  take(segment: SegmentRecord): Promise<void>;
  warning(camera: string, message: string): void;
}

/** Puts what it finds into the index. Rejects when the disk or the index is away. */
export async function searchDisk(disk: RecordingDisk, { catalog, fromMs, beforeMs, signal, take, warning }: DiskSearchOptions): Promise<void> {
  for (const folder of await readdir(disk.root)) {
    const camera = cameraOfFolder(folder);
    if (camera === undefined) continue;
    signal.throwIfAborted();
    const known = new Set(await catalog.pathsBetween(camera, fromMs, beforeMs));
    const { segments, failed } = await recoverSegments({ disk, camera, afterMs: fromMs - 1, beforeMs, known });
    for (const segment of segments) await take(segment);
    for (const { path, reason } of failed) warning(camera, `${path} cannot be recovered: ${reason}`);
  }
}
