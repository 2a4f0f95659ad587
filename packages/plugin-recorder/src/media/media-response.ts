// Answers a fetch with bytes of recording files, whole or in part (RFC 9110, clause 14), without reading them into memory.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readRange, type FileRange } from './read-range.ts';

/** A response as a lease serves it. */
export interface FileResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** A byte range of the whole, both ends inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/** Media type of fragments and films. */
export const mediaType = 'video/mp4';

/** Serves ranges of files one after another as one resource. */
export function fileResponse(ranges: readonly FileRange[], wanted: ByteRange | undefined, signal: AbortSignal): FileResponse {
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  if (wanted === undefined) return { status: 200, headers: { 'content-type': mediaType, 'content-length': String(total), 'accept-ranges': 'bytes' }, body: join(ranges, signal) };
  const end = Math.min(wanted.end ?? total - 1, total - 1);
  if (wanted.start > end) return { status: 416, headers: { 'content-range': `bytes */${total}` }, body: '' };
  const headers = { 'content-type': mediaType, 'content-length': String(end - wanted.start + 1), 'content-range': `bytes ${wanted.start}-${end}/${total}`, 'accept-ranges': 'bytes' };
  return { status: 206, headers, body: join(cut(ranges, wanted.start, end + 1), signal) };
}

/** A resource that is not there. */
export const notFound: FileResponse = { status: 404, headers: {}, body: '' };

/** Whether every file is long enough for its ranges; a deleted or cut file is found before the first byte leaves. */
export async function areComplete(ranges: readonly FileRange[]): Promise<boolean> {
  for (const range of ranges) {
    const size = await stat(path.join(range.root, range.path)).then((found) => found.size, () => 0);
    if (size < range.offset + range.length) return false;
  }
  return true;
}

async function* join(ranges: readonly FileRange[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const range of ranges) yield* readRange(range, signal);
}

/** The part [start, end) of consecutive ranges. */
function cut(ranges: readonly FileRange[], start: number, end: number): FileRange[] {
  const parts: FileRange[] = [];
  let at = 0;
  for (const range of ranges) {
    const from = Math.max(start, at);
    const to = Math.min(end, at + range.length);
    if (from < to) parts.push({ root: range.root, path: range.path, offset: range.offset + from - at, length: to - from });
    at += range.length;
  }
  return parts;
}
