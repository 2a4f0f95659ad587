// Inclusion and consistency proofs, computed from tiles. RFC 6962 sections 2.1.1 and 2.1.2.
import { emptyRoot, hashBytes, largestPowerBelow, nodeHash } from './hash.ts';
import { hashesOf, span, tileWidth } from './tile.ts';

/** Gives the bytes of a tile of which at least the first `width` hashes exist. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Buffer>;

/** Full tiles whose inner hashes are kept: 16 kB each. */
const tilesCached = 256;

/** Computes proofs for one tree, of which more may exist than is asked about. */
export class Prover {
  readonly #read: ReadTile;
  /** Inner hashes of full tiles, from 256 down to one, by their place; the oldest first. Full tiles never change. */
  readonly #full = new Map<string, readonly Buffer[]>();

  /** Leaves that are known to be in the tree. */
  #knownSize = 0;

  constructor(read: ReadTile) {
    this.#read = read;
  }

  /** Root of the tree's first `size` leaves. */
  root(size: number): Promise<Buffer> {
    this.#knownSize = Math.max(this.#knownSize, size);
    return size === 0 ? Promise.resolve(emptyRoot) : this.#range(0, size);
  }

  /** The hashes that lead from a leaf to the root of the first `size` leaves, from the leaf's sibling upward. */
  async inclusion(index: number, size: number): Promise<readonly Buffer[]> {
    this.#knownSize = Math.max(this.#knownSize, size);
    const path: Buffer[] = [];
    let [low, high] = [0, size];
    while (high - low > 1) {
      const split = low + largestPowerBelow(high - low);
      if (index < split) {
        path.push(await this.#range(split, high));
        high = split;
      } else {
        path.push(await this.#range(low, split));
        low = split;
      }
    }
    return path.toReversed();
  }

  /** The hashes that show a tree of `before` leaves to be the beginning of one of `size`. Empty when either has none, or both are one. */
  async consistency(before: number, size: number): Promise<readonly Buffer[]> {
    if (before === 0 || before === size) return [];
    this.#knownSize = Math.max(this.#knownSize, size);
    const path: Buffer[] = [];
    let [low, high, old, isWhole] = [0, size, before, true];
    while (old !== high - low) {
      const split = largestPowerBelow(high - low);
      if (old <= split) {
        path.push(await this.#range(low + split, high));
        high = low + split;
      } else {
        path.push(await this.#range(low, low + split));
        low += split;
        old -= split;
        isWhole = false;
      }
    }
    if (!isWhole) path.push(await this.#range(low, high));
    return path.toReversed();
  }

  /** Hash of the leaves `[low, high)`, as RFC 6962 splits them. */
  async #range(low: number, high: number): Promise<Buffer> {
    const count = high - low;
    const split = count === 1 ? 1 : largestPowerBelow(count) * 2;
    if (split === count) return this.#subtree(low, count);
    const middle = low + largestPowerBelow(count);
    const right = await this.#range(middle, high);
    return nodeHash(await this.#subtree(low, middle - low), right);
  }

  /** Hash of a full subtree of `count` leaves, a power of two, that begins at a multiple of it. */
  async #subtree(low: number, count: number): Promise<Buffer> {
    let level = 0;
    while (span(level + 1) <= count) level++;
    const width = count / span(level);
    const first = hashesOf(level, low);
    const place = first % tileWidth;
    const index = Math.floor(first / tileWidth);
    const height = Math.log2(width);
    // A tile whose end is in the tree is full, and worth keeping.
    const isFull = (index + 1) * tileWidth * span(level) <= this.#knownSize;
    const hashes = isFull ? await this.#heights(level, index) : [await this.#read(level, index, place + width)];
    const kept = hashes[height];
    if (kept) return hashAt(kept, place / width);
    return hashAt(joinAll(hashes[0]!.subarray(place * hashBytes, (place + width) * hashBytes)).at(-1)!, 0);
  }

  async #heights(level: number, index: number): Promise<readonly Buffer[]> {
    const name = `${level}/${index}`;
    const kept = this.#full.get(name);
    if (kept) return kept;
    const heights = joinAll(await this.#read(level, index, tileWidth));
    this.#full.set(name, heights);
    if (this.#full.size > tilesCached) this.#full.delete(this.#full.keys().next().value!);
    return heights;
  }
}

/** The hashes and, above them, those of each pair, up to one. */
function joinAll(hashes: Buffer): readonly Buffer[] {
  const heights = [hashes];
  for (let below = hashes; below.length > hashBytes; below = heights.at(-1)!) {
    const above = Buffer.allocUnsafe(below.length / 2);
    for (let at = 0; at < above.length; at += hashBytes) nodeHash(below.subarray(2 * at, 2 * at + hashBytes), below.subarray(2 * at + hashBytes, 2 * at + 2 * hashBytes)).copy(above, at);
    heights.push(above);
  }
  return heights;
}

function hashAt(hashes: Buffer, place: number): Buffer {
  return Buffer.from(hashes.subarray(place * hashBytes, (place + 1) * hashBytes));
}
