// Where tiles and entry bundles lie, how wide they are and what they hold. c2sp.org/tlog-tiles.
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';
import { hashBytes } from './tree-hash.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;
/** Bytes of a full tile. */
export const tileBytes = tileWidth * hashBytes;
/** The longest entry: its length is a uint16. */
export const longestEntry = 65_535;
/** Bytes of the largest bundle there can be. */
export const bundleBytes = tileWidth * (longestEntry + 2);

/** `tile/<L>/<N>[.p/<W>]`, with `entries` for the level of bundles. A width of 256 is a full tile. */
export function tilePath(level: number | 'entries', index: number, width: number = tileWidth): string {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** How many hashes a tree of `size` has at a tile: 256 where it is full, 0 where there is none. */
export function widthOf(size: number, level: number, index: number): number {
  return Math.max(0, Math.min(tileWidth, Math.floor(size / tileWidth ** level) - index * tileWidth));
}

/** The first `width` hashes of a tile, as views. Throws `TILE_MALFORMED` unless it has exactly that many, or with `exact` false is full. */
export function parseTile(bytes: Uint8Array, width: number, exact: boolean, path: string): readonly Uint8Array[] {
  const expected = exact ? width * hashBytes : tileBytes;
  if (bytes.length !== expected) throw new VerifyError('TILE_MALFORMED', { path, bytes: bytes.length, expected });
  return Array.from({ length: width }, (_, index) => bytes.subarray(index * hashBytes, (index + 1) * hashBytes));
}

/**
 * The first `width` entries of a bundle, as views. With `exact` nothing may follow them. `firstIndex` is the index of the
 * first entry, for the sentence. Throws `BUNDLE_MALFORMED`.
 */
export function parseBundle(bytes: Uint8Array, width: number, exact: boolean, path: string, firstIndex = 0): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const length = at + 2 <= bytes.length ? bytes[at]! * 256 + bytes[at + 1]! : -1;
    if (length < 0 || at + 2 + length > bytes.length) throw malformed(firstIndex + entries.length, path, { zh: '文件在条目中间结束', en: 'it ends within an entry' });
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (exact && at !== bytes.length) throw malformed(firstIndex + width, path, { zh: '末尾有多余数据', en: 'something follows its last entry' });
  return entries;
}

function malformed(index: number, path: string, reason: Text): VerifyError {
  return new VerifyError('BUNDLE_MALFORMED', { index, path, reason });
}
