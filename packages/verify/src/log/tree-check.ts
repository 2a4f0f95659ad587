// Recomputes the tree from its leaf hashes, tile by tile, beside the tiles that the log keeps. Holds one row of hashes for each level.
import { sameBytes } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import { emptyRoot, rootOfHashes } from '../tree/tree-hash.ts';
import { parseTile, tileBytes, tilePath, tileWidth, widthOf } from '../tree/tile.ts';
import type { LogSource } from './source.ts';

/** The hashes that a log keeps in a tile, for a tree of `size`; a partial tile that is gone is taken from the full one. */
export async function readTile(source: LogSource, size: number, level: number, index: number): Promise<readonly Uint8Array[]> {
  const width = widthOf(size, level, index);
  const path = tilePath(level, index, width);
  const bytes = await source.read(path, tileBytes);
  if (bytes) return parseTile(bytes, width, true, path);
  const fullPath = tilePath(level, index);
  const full = width < tileWidth ? await source.read(fullPath, tileBytes) : undefined;
  if (!full) throw new VerifyError('TILE_MISSING', { index: index * tileWidth ** (level + 1), path });
  return parseTile(full, width, false, fullPath);
}

/** A row of hashes that waits for its tile to be full. */
interface Row {
  tile: number;
  hashes: Uint8Array[];
  kept: readonly Uint8Array[] | undefined;
}

/** Checks the levels above 0 of a tree of `size` entries, and computes its root and those of its beginnings. */
export function createTreeCheck(crypto: Crypto, source: LogSource, size: number) {
  /** Level 1 and above. */
  const rows: Row[] = [];

  async function push(level: number, hash: Uint8Array): Promise<void> {
    const row = (rows[level - 1] ??= { tile: 0, hashes: [], kept: undefined });
    row.kept ??= await readTile(source, size, level, row.tile);
    const place = row.hashes.length;
    if (!sameBytes(row.kept[place]!, hash)) {
      const index = (row.tile * tileWidth + place) * tileWidth ** level;
      throw new VerifyError('TILE_MISMATCH', { index, place, path: tilePath(level, row.tile, widthOf(size, level, row.tile)) });
    }
    row.hashes.push(hash);
    if (row.hashes.length < tileWidth) return;
    const above = rootOfHashes(crypto, row.hashes);
    Object.assign(row, { tile: row.tile + 1, hashes: [], kept: undefined });
    await push(level + 1, above);
  }

  return {
    /** Takes the leaf hashes of the next tile; only the last may be partial. */
    async add(leaves: readonly Uint8Array[]): Promise<void> {
      if (leaves.length === tileWidth) await push(1, rootOfHashes(crypto, leaves));
    },
    /** The root of what was added, and of `leaves` after it, which may be none. */
    rootWith(leaves: readonly Uint8Array[]): Uint8Array {
      let right: Uint8Array | undefined;
      for (const hashes of [leaves, ...rows.map((row) => row.hashes)]) {
        const row = right ? [...hashes, right] : hashes;
        if (row.length > 0) right = rootOfHashes(crypto, row);
      }
      return right ?? emptyRoot(crypto);
    },
  };
}
