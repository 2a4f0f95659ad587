// Turns a clip out of a camera's storage into a recording file: the part that fills the gap, whole groups of pictures, nothing changed.
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { codecsOfInit } from '../fmp4/init-codecs.ts';
import { scanFile, type ScannedFile } from '../fmp4/scan-file.ts';
import { readRange } from '../media/read-range.ts';
import { signingId } from '../segment/camera-signature.ts';
import { tableTicksPerMs } from '../segment/fragment-table.ts';
import { edgeRunPrefix, segmentPath } from '../segment/segment-path.ts';
import { segmentFlags, type SegmentRecord } from '../segment/segment-record.ts';

/** A clip and the gap that it may fill. */
export interface EdgeFileOptions {
  /** Where the file goes. */
  readonly disk: RecordingDisk;
  readonly camera: string;
  readonly gap: { readonly startMs: number; readonly endMs: number };
  readonly clip: { readonly startMs: number; readonly bytes: AsyncIterable<Uint8Array> };
  /** More than this is no footage of that time. */
  readonly limitBytes: number;
}

/** Neighbours may touch this much: the clocks of camera and recorder never agree wholly. */
const touchMs = 40;

/** Writes the file; `undefined` when the clip has nothing for the gap. Rejects when it is too long, or no fragmented MP4. */
export async function writeEdgeFile(options: EdgeFileOptions, signal: AbortSignal): Promise<SegmentRecord | undefined> {
  const { disk: { root }, camera, gap, clip } = options;
  const run = `${edgeRunPrefix}${Math.round(gap.startMs).toString(36)}`;
  const whole = `${segmentPath(camera, clip.startMs, run)}.edge`;
  await mkdir(path.dirname(path.join(root, whole)), { recursive: true });
  try {
    await receive(path.join(root, whole), options, signal);
    const handle = await open(path.join(root, whole));
    const scan = await scanFile(handle).finally(() => handle.close());
    const part = chooseFragments(scan, clip.startMs, gap);
    return part && (await writePart(options, whole, run, scan, part, signal));
  } finally {
    await rm(path.join(root, whole), { force: true });
  }
}

async function receive(file: string, { clip, limitBytes, camera }: EdgeFileOptions, signal: AbortSignal): Promise<void> {
  const handle = await open(file, 'w');
  try {
    let bytes = 0;
    for await (const piece of clip.bytes) {
      signal.throwIfAborted();
      bytes += piece.length;
      if (bytes > limitBytes) throw new Error(`the storage of camera ${camera} sent more than ${limitBytes} bytes for one clip`);
      await handle.writeFile(piece);
    }
  } finally {
    await handle.close();
  }
}

interface Part {
  readonly startMs: number;
  readonly endMs: number;
  readonly fragments: ScannedFile['fragments'];
}

/** Fragments inside the gap, from a keyframe on. */
function chooseFragments({ fragments, timescale }: ScannedFile, startMs: number, gap: EdgeFileOptions['gap']): Part | undefined {
  if (timescale === 0 || fragments.length === 0) throw new Error('the storage sent no fragmented MP4');
  let atMs = startMs;
  const timed = fragments.map((fragment) => {
    const fromMs = atMs;
    atMs += (fragment.durationTicks * 1000) / timescale;
    return { fragment, fromMs, toMs: atMs };
  });
  const inside = timed.filter(({ fromMs, toMs }) => fromMs >= gap.startMs - touchMs && toMs <= gap.endMs + touchMs);
  const first = inside.findIndex(({ fragment }) => fragment.key);
  const kept = first < 0 ? [] : inside.slice(first);
  const [begin, end] = [kept[0], kept.at(-1)];
  return begin && end && { startMs: begin.fromMs, endMs: end.toMs, fragments: kept.map(({ fragment }) => fragment) };
}

async function writePart({ disk: { id: disk, root }, camera }: EdgeFileOptions, whole: string, run: string, { init, timescale }: ScannedFile, part: Part, signal: AbortSignal): Promise<SegmentRecord> {
  const relative = segmentPath(camera, part.startMs, run);
  const file = path.join(root, relative);
  await mkdir(path.dirname(file), { recursive: true });
  const hash = createHash('sha256').update(init);
  let signed = false;
  const handle = await open(`${file}.part`, 'w');
  try {
    await handle.writeFile(init);
    for (const { offset, length } of part.fragments) {
      for await (const piece of readRange({ root, path: whole, offset, length }, signal)) {
        hash.update(piece);
        signed ||= Buffer.from(piece.buffer, piece.byteOffset, piece.length).includes(signingId);
        await handle.writeFile(piece);
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  signal.throwIfAborted();
  // The name follows from the gap: after a crash between this and the index the same file is written again.
  await rename(`${file}.part`, file);
  return {
    camera, run, disk, path: relative, startMs: Math.round(part.startMs), endMs: Math.round(part.endMs),
    bytes: part.fragments.reduce((sum, { length }) => sum + length, init.length), initBytes: init.length, sha256: hash.digest('hex'), codecs: codecsOfInit(init),
    fragments: part.fragments.map(({ length, durationTicks, key }) => ({ length, durationTicks: Math.round((durationTicks * 1000 * tableTicksPerMs) / timescale), key })),
    flags: segmentFlags.edge | (signed ? segmentFlags.cameraSigned : 0),
  };
}
