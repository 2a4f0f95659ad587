// The log as static files, for anyone to fetch: C2SP tlog-tiles below one folder.
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfThere } from '../files/durable-file.ts';
import { sizeOf } from '../note/checkpoint.ts';
import { bundlePath, newTiles, tilePath, tileWidth, type TilePlace } from '../tree/tile.ts';

/** Where the mirror gets its bytes. */
export interface MirrorSource {
  /** A tile's first hashes. */
  tile(place: TilePlace): Promise<Uint8Array>;
  /** The leaf data of entries, in order. */
  entries(fromSeq: number, count: number): Promise<readonly string[]>;
}

/** A folder of tiles, bundles and the newest checkpoint. One publication at a time. */
export class Mirror {
  readonly folder: string;
  readonly #source: MirrorSource;
  #size: number;

  private constructor(folder: string, source: MirrorSource, size: number) {
    this.folder = folder;
    this.#source = source;
    this.#size = size;
  }

  /** Opens a mirror, which may be empty. What `published` says was published is believed only as far as files are concerned. */
  static async open(folder: string, source: MirrorSource): Promise<Mirror> {
    await mkdir(folder, { recursive: true });
    return new Mirror(folder, source, sizeOf(String((await readIfThere(join(folder, 'checkpoint'))) ?? '')));
  }

  /** The note of a file of checkpoints, or `undefined`. */
  async read(name: string): Promise<string | undefined> {
    return (await readIfThere(join(this.folder, name)))?.toString();
  }

  /** Writes a file whole: a reader sees the old one or the new one. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    await replaceFile(join(this.folder, name), content);
  }

  /** Publishes what a tree of `size` has and the last one had not, and then its checkpoint. */
  async publish(size: number, note: string): Promise<void> {
    for (const place of newTiles(this.#size, size)) {
      await this.write(tilePath(place), await this.#source.tile(place));
      if (place.level === 0) await this.write(bundlePath(place), await this.#bundle(place));
      // Whoever holds an older checkpoint takes the full tile instead.
      if (place.width === tileWidth) await this.#removePartial(place);
    }
    await this.write('checkpoint', note);
    this.#size = size;
  }

  /** Removes the bundles of entries below an index. Their tiles stay. */
  async prune(fromSeq: number, toSeq: number): Promise<void> {
    await this.write('minimum-index', `${toSeq}\n`);
    for (let index = Math.floor(fromSeq / tileWidth); (index + 1) * tileWidth <= toSeq; index++) await rm(join(this.folder, bundlePath({ index, width: tileWidth })), { force: true });
  }

  async #bundle({ index, width }: TilePlace): Promise<Uint8Array> {
    const entries = await this.#source.entries(index * tileWidth, width);
    if (entries.length !== width) throw new Error(`entries ${index * tileWidth} to ${index * tileWidth + width - 1} cannot be read: ${entries.length} of ${width} are there`);
    return bundleOf(entries);
  }

  async #removePartial(place: TilePlace): Promise<void> {
    const paths = [tilePath(place), ...(place.level === 0 ? [bundlePath(place)] : [])];
    for (const path of paths) await rm(join(this.folder, `${path}.p`), { recursive: true, force: true });
  }
}

/** Entries, each after its length in two bytes. */
export function bundleOf(entries: readonly string[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const bytes = Buffer.from(entry);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}

async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
