// Finds files that the index does not know, because the process died: cuts the torn tail, hashes, and gives the missing index rows.
import { createHash } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { scanFile, type ScannedFile } from '../fmp4/scan-file.ts';
import { codecsOfInit } from '../fmp4/init-codecs.ts';
import { tableTicksPerMs, type FragmentEntry } from './fragment-table.ts';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { signingId } from './camera-signature.ts';
import { cameraFolder, edgeRunPrefix, parseSegmentName } from './segment-path.ts';
import { segmentFlags, type SegmentRecord } from './segment-record.ts';

/** What to look for. */
export interface RecoverOptions {
  readonly disk: RecordingDisk;
  readonly camera: string;
  /** Only files that start later are unknown to the index. */
  readonly afterMs: number;
  /** Files that start later are being written now. */
  readonly beforeMs?: number;
  /** Paths that need no look. */
  readonly known?: ReadonlySet<string>;
  /** Only the newest few, which show where the footage ends; or only the others. All when absent. */
  readonly part?: 'newest' | 'older';
}

/** What was found. */
export interface Recovery {
  readonly segments: readonly SegmentRecord[];
  /** Bytes of cut fragments that were removed. */
  readonly tornBytes: number;
  /** Files that held nothing but the beginning of a first fragment; they were removed. */
  readonly removed: readonly string[];
  /** Files that could not be read, with the reason; they stay, or are set aside as `.damaged`. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

/** A crash leaves one file open, or two; more are there only when the index itself was lost. */
const newestFiles = 4;
/** No head of ours (ftyp and moov) is as long. */
const headLimitBytes = 16 * 1024;

/** Scans one camera's folder, newest hours only. */
export async function recoverSegments(options: RecoverOptions): Promise<Recovery> {
  const all = await unknownFiles(options);
  const split = Math.max(0, all.length - newestFiles);
  const found = options.part === 'newest' ? all.slice(split) : options.part === 'older' ? all.slice(0, split) : all;
  const segments: SegmentRecord[] = [];
  const removed: string[] = [];
  const failed: { path: string; reason: string }[] = [];
  let tornBytes = 0;
  for (const relative of found) {
    try {
      const result = await recoverFile(options.disk, options.camera, relative);
      tornBytes += result.tornBytes;
      if (result.segment === undefined) removed.push(relative);
      else segments.push(result.segment);
    } catch (error) {
      failed.push({ path: relative, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { segments, tornBytes, removed, failed };
}

/** Relative paths of files that start after `afterMs`, oldest first. */
async function unknownFiles({ disk: { root }, camera, afterMs, beforeMs = Number.POSITIVE_INFINITY, known }: RecoverOptions): Promise<string[]> {
  const folder = cameraFolder(camera);
  const earliest = afterMs < 0 ? '' : new Date(afterMs).toISOString();
  const found: { relative: string; startMs: number }[] = [];
  for (const day of await names(path.join(root, folder), /^\d{4}-\d\d-\d\d$/)) {
    if (day < earliest.slice(0, 10)) continue;
    for (const hour of await names(path.join(root, folder, day), /^\d\d$/)) {
      if (`${day}T${hour}` < earliest.slice(0, 13)) continue;
      for (const file of await names(path.join(root, folder, day, hour), /\.mp4$/)) {
        const name = parseSegmentName(file);
        const relative = `${folder}/${day}/${hour}/${file}`;
        if (name !== undefined && name.startMs > afterMs && name.startMs < beforeMs && known?.has(relative) !== true) found.push({ relative, startMs: name.startMs });
      }
    }
  }
  return found.sort((left, right) => left.startMs - right.startMs).map(({ relative }) => relative);
}

async function names(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Cuts the torn tail of one file and gives its row; a file that broke off in its head is removed. Rejects when it cannot be read, or was set aside. */
export async function recoverFile(disk: RecordingDisk, camera: string, relative: string): Promise<{ segment?: SegmentRecord; tornBytes: number }> {
  const absolute = path.join(disk.root, relative);
  const file = await open(absolute, 'r+');
  try {
    const scan = await scanFile(file);
    if (scan.fragments.length === 0) {
      // A file that broke off in its head is worth nothing. A longer one may be evidence that somebody can still repair.
      if (scan.init.length === 0 && scan.tornBytes > headLimitBytes) {
        await rename(absolute, `${absolute}.damaged`);
        throw new Error('it holds no whole fragment, and was set aside with the ending .damaged');
      }
      await rm(absolute);
      return { tornBytes: scan.tornBytes + scan.validBytes };
    }
    if (scan.tornBytes > 0) await file.truncate(scan.validBytes);
    await file.datasync();
    return { segment: { ...(await describe(file, scan, camera, relative)), disk: disk.id }, tornBytes: scan.tornBytes };
  } finally {
    await file.close();
  }
}

async function describe(file: FileHandle, scan: ScannedFile, camera: string, relative: string): Promise<SegmentRecord> {
  const name = parseSegmentName(path.posix.basename(relative)) ?? { startMs: 0, run: 'unknown' };
  const fragments = fragmentsOf(scan);
  const durationMs = fragments.reduce((sum, { durationTicks }) => sum + durationTicks, 0) / tableTicksPerMs;
  const first = scan.fragments[0];
  const { sha256, signed } = await hashFile(file);
  return {
    camera, run: name.run, path: relative, startMs: name.startMs, endMs: Math.round(name.startMs + durationMs),
    bytes: scan.validBytes, initBytes: first?.offset ?? 0, sha256, codecs: codecsOfInit(scan.init),
    fragments,
    flags: segmentFlags.recovered | (signed ? segmentFlags.cameraSigned : 0) | (name.run.startsWith(edgeRunPrefix) ? segmentFlags.edge : 0),
  };
}

/** The table of a file's fragments. */
export function fragmentsOf({ fragments, timescale }: ScannedFile): FragmentEntry[] {
  return fragments.map(({ length, durationTicks, key }) => ({ length, durationTicks: Math.round((durationTicks * tableTicksPerMs * 1000) / timescale), key }));
}

/** Its hash, and whether its camera signed it: every group of pictures says so, and one that lies across two pieces is not the only one. */
export async function hashFile(file: FileHandle): Promise<{ readonly sha256: string; readonly signed: boolean }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(256 * 1024);
  let signed = false;
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), signed };
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    signed ||= piece.includes(signingId);
    at += bytesRead;
  }
}
