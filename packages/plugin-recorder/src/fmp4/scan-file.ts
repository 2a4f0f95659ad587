// Finds the whole fragments of a recording file by its box headers alone; a torn tail is measured, not read.
import type { FileHandle } from 'node:fs/promises';
import { boxHeaderAt, boxes, type BoxView } from './box-reader.ts';
import { fragmentTracks, initTracks, type InitTrack } from './fragment-info.ts';

/** Largest moov or moof that is believed. */
const headBoxLimit = 4 * 1024 * 1024;

/** One fragment found in a file. */
export interface ScannedFragment {
  readonly offset: number;
  readonly length: number;
  readonly decodeTicks: number;
  readonly durationTicks: number;
  readonly key: boolean;
}

/** What a scan found. */
export interface ScannedFile {
  /** The init segment (ftyp + moov); empty when the file has none. */
  readonly init: Buffer;
  /** Ticks per second of the track that the fragments' times refer to. */
  readonly timescale: number;
  readonly fragments: readonly ScannedFragment[];
  /** Bytes up to the end of the last whole fragment. */
  readonly validBytes: number;
  /** Bytes after that: a fragment that was cut by a crash. */
  readonly tornBytes: number;
}

/** Scans an open file; never throws for damage, only for input/output errors. */
export async function scanFile(file: FileHandle): Promise<ScannedFile> {
  const size = (await file.stat()).size;
  const header = Buffer.alloc(16);
  const fragments: ScannedFragment[] = [];
  let init: Buffer = Buffer.alloc(0);
  let tracks: InitTrack[] = [];
  let at = 0;
  let valid = 0;
  for (;;) {
    const next = await headerAt(file, header, at, size);
    if (next === undefined || next.end > size) break;
    if (next.type === 'moof') {
      const fragment = await fragmentAt(file, header, next, size, tracks);
      if (fragment === undefined) break;
      fragments.push(fragment);
      valid = fragment.offset + fragment.length;
      at = valid;
      continue;
    }
    if (next.type === 'moov') {
      if (next.end > headBoxLimit) break;
      init = await read(file, 0, next.end);
      tracks = initTracks(init);
      if (tracks.length === 0) break;
      valid = next.end;
    }
    at = next.end;
  }
  return { init, timescale: mainTrack(tracks)?.timescale ?? 0, fragments, validBytes: valid, tornBytes: size - valid };
}

/** The track whose time counts: video where there is one. */
export function mainTrack(tracks: readonly InitTrack[]): InitTrack | undefined {
  return tracks.find((track) => track.handler === 'vide') ?? tracks[0];
}

async function fragmentAt(file: FileHandle, header: Buffer, moof: BoxView, size: number, tracks: readonly InitTrack[]): Promise<ScannedFragment | undefined> {
  if (moof.end - moof.start > headBoxLimit) return undefined;
  const mdat = await headerAt(file, header, moof.end, size);
  if (mdat === undefined || mdat.type !== 'mdat' || mdat.end > size) return undefined;
  const bytes = await read(file, moof.start, moof.end - moof.start);
  const [view] = boxes(bytes);
  const main = mainTrack(tracks);
  const parts = view === undefined ? undefined : fragmentTracks(bytes, view, tracks);
  const part = parts?.find((candidate) => candidate.id === main?.id) ?? parts?.[0];
  if (part === undefined) return undefined;
  return { offset: moof.start, length: mdat.end - moof.start, decodeTicks: part.decodeTicks, durationTicks: part.durationTicks, key: part.key };
}

async function headerAt(file: FileHandle, header: Buffer, at: number, size: number): Promise<BoxView | undefined> {
  const wanted = Math.min(16, size - at);
  if (wanted < 8) return undefined;
  const { bytesRead } = await file.read(header, 0, wanted, at);
  const view = boxHeaderAt(header, 0, bytesRead);
  return view === undefined ? undefined : { type: view.type, start: at, payload: at + view.payload, end: at + view.end };
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
