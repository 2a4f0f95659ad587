// Writes an export package as a zip file; with a passphrase every member is encrypted with AES-256 (WinZip AE-2), which 7-Zip and others open.
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { configure, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';

/** One member. */
export interface PackageMember {
  readonly name: string;
  readonly atMs: number;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

/** AES-256. */
const strongest = 3;

// Its web workers are for browsers.
configure({ useWebWorkers: false });

/** Writes the members in order to a new file and forces it to the disk. Nothing is compressed: footage does not shrink. */
export async function writePackage(file: string, members: AsyncIterable<PackageMember>, passphrase: string | undefined): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const sink = new WritableStream<Uint8Array>({ write: (chunk) => handle.writeFile(chunk) });
    const zip = new ZipWriter(sink, { level: 0, ...(passphrase !== undefined && { password: passphrase, encryptionStrength: strongest }) });
    for await (const { name, atMs, content } of members) {
      const options: ZipWriterAddDataOptions = { lastModDate: new Date(atMs), zip64: !(content instanceof Uint8Array) };
      const source = content instanceof Uint8Array ? Readable.from([content], { objectMode: false }) : Readable.from(content, { objectMode: false });
      await zip.add(name, Readable.toWeb(source) as ReadableStream<Uint8Array>, options);
    }
    await zip.close();
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
