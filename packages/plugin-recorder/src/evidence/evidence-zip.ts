// An evidence package as one file: `evidence.json` and the original files, byte for byte. Streamed, whatever its size.
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { readRange } from '../media/read-range.ts';
import type { Evidence } from './evidence.ts';

/** A zip that is made while it is read. */
export interface EvidenceZip {
  /** Length of the whole. */
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Makes the zip of a list; reading it rejects when a file has become shorter meanwhile. Nothing is compressed: footage does not shrink. */
export async function zipEvidence(root: string, evidence: Evidence, signal: AbortSignal): Promise<EvidenceZip> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  const stop = (error?: unknown): void => {
    current?.destroy();
    output.destroy(error as Error | undefined);
  };
  // Whoever reads it learns of the failure there; until somebody reads, nobody must.
  output.on('error', () => undefined);
  zip.on('error', stop);
  const newestMs = Math.max(0, ...evidence.files.map(({ segment }) => segment.toMs));
  zip.addBuffer(Buffer.from(`${JSON.stringify(evidence, null, 1)}\n`), 'evidence.json', { compress: false, mtime: new Date(newestMs) });
  for (const { name, segment } of evidence.files) {
    zip.addReadStreamLazy(name, { compress: false, size: segment.bytes, mtime: new Date(segment.toMs) }, (hand) => {
      current = Readable.from(readRange(root, { path: name, offset: 0, length: segment.bytes }, signal), { objectMode: false });
      current.on('error', stop);
      hand(null, current);
    });
  }
  const { promise, resolve } = Promise.withResolvers<number>();
  // The types do not know that the size is handed over.
  (zip.end as (options: object, sized: (bytes: number) => void) => void).call(zip, {}, resolve);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', () => stop(), { once: true });
  return { bytes: await promise, body: output };
}
