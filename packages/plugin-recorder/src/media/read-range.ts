// Streams a byte range of a recording file in small pieces, so that a viewer costs no memory to speak of.
import { open } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of a recording file. */
export interface FileRange {
  /** Absolute folder of its disk. */
  readonly root: string;
  /** Relative to it; comes from the index, never from a client. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

const pieceBytes = 128 * 1024;

/** Reads a range; ends early when the signal is aborted, and throws when the file is shorter than the index says. */
export async function* readRange(range: FileRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path.join(range.root, range.path), 'r');
  try {
    let done = 0;
    while (done < range.length && !signal.aborted) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, range.length - done));
      const { bytesRead } = await file.read(piece, 0, piece.length, range.offset + done);
      if (bytesRead === 0) throw new Error(`recording file ${range.path} ends before the fragment at ${range.offset}`);
      done += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Reads a small range at once. */
export async function readWhole(range: FileRange, signal: AbortSignal): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readRange(range, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}
