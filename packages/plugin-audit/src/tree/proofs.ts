// Inclusion and consistency proofs, computed from tiles. RFC 6962 sections 2.1.1 and 2.1.2.
import { emptyRoot, hashBytes, largestPowerBelow, nodeHash } from './hash.ts';
import { hashesOf, span, tileHeight, tileWidth } from './tile.ts';

/** Gives the bytes of a tile of which at least the first `width` hashes exist. */
export type ReadTile = (level: number, index: number, width: number) => Promise<Buffer>;

/** Computes proofs for one tree, of which more may exist than is asked about. */
export class Prover {
  readonly #read: ReadTile;

  constructor(read: ReadTile) {
    this.#read = read;
  }

  /** Root of the tree's first `size` leaves. */
  root(size: number): Promise<Buffer> {
    return size === 0 ? Promise.resolve(emptyRoot) : this.#range(0, size);
  }

  /** The hashes that lead from a leaf to the root of the first `size` leaves, from the leaf's sibling upward. */
  async inclusion(index: number, size: number): Promise<readonly Buffer[]> {
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
    const tile = await this.#read(level, Math.floor(first / tileWidth), place + width);
    let hashes = Array.from({ length: width }, (_, at) => tile.subarray((place + at) * hashBytes, (place + at + 1) * hashBytes));
    for (let height = 0; height < tileHeight && hashes.length > 1; height++) hashes = Array.from({ length: hashes.length / 2 }, (_, at) => nodeHash(hashes[2 * at]!, hashes[2 * at + 1]!));
    return Buffer.from(hashes[0]!);
  }
}
