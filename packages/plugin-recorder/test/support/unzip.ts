// Unpacks a zip with a reader of another author.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';

/** Names of a zip, in its order; its files are written into the folder. */
export async function unzip(bytes: Buffer, folder: string): Promise<readonly string[]> {
  const zip = await promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer)(bytes, { lazyEntries: true });
  const names: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const streamOf = (entry: Entry): Promise<NodeJS.ReadableStream> => new Promise((opened, failed) => zip.openReadStream(entry, (error, stream) => (error ? failed(error) : opened(stream))));
  const write = async (entry: Entry): Promise<void> => {
    names.push(entry.fileName);
    const file = path.join(folder, entry.fileName);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, await buffer(await streamOf(entry)));
    zip.readEntry();
  };
  zip.on('entry', (entry: Entry) => void write(entry).catch(reject));
  zip.on('end', resolve);
  zip.on('error', reject);
  zip.readEntry();
  await promise;
  return names;
}
