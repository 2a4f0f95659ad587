// Where the hashes of a tree lie: tiles of 256 hashes, C2SP tlog-tiles.
import { hashBytes } from './hash.ts';

/** Hashes in a full tile; a tile is a subtree of this many leaves. */
export const tileWidth = 256;
/** Levels of the tree in a tile. */
export const tileHeight = 8;
/** Bytes of a full tile. */
export const tileBytes = tileWidth * hashBytes;

/** A tile by its place. `width` is below 256 for a partial one. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** Path of a tile below the log's prefix, such as `tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: TilePlace): string {
  return `tile/${level}/${numberPath(index, width)}`;
}

/** Path of the bundle of entries that a level 0 tile hashes, such as `tile/entries/000`. */
export function bundlePath({ index, width }: Pick<TilePlace, 'index' | 'width'>): string {
  return `tile/entries/${numberPath(index, width)}`;
}

function numberPath(index: number, width: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  const path = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === tileWidth ? path : `${path}.p/${width}`;
}

/** Entries under one hash of a level. */
export function span(level: number): number {
  return tileWidth ** level;
}

/** How many hashes of a level a tree of `size` has. */
export function hashesOf(level: number, size: number): number {
  return Math.floor(size / span(level));
}

/** Levels of tiles of a tree, 0 for an empty one. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (hashesOf(levels, size) > 0) levels++;
  return levels;
}

/** Tiles that a tree of `size` has and one of `before` has not, partial ones included. */
export function newTiles(before: number, size: number): readonly TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0; level < levelsOf(size); level++) {
    const [had, has] = [hashesOf(level, before), hashesOf(level, size)];
    for (let index = Math.floor(had / tileWidth); index * tileWidth < has; index++) {
      const width = Math.min(tileWidth, has - index * tileWidth);
      if (index * tileWidth + width > had) places.push({ level, index, width });
    }
  }
  return places;
}
