// The right edge of the tree: all that appending needs, whatever the size.
import { hashBytes, nodeHash, emptyRoot } from './hash.ts';
import { hashesOf, levelsOf, span, tileBytes, tileHeight, tileWidth } from './tile.ts';

/** A tile that an append has filled. */
export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
  /** Its root: one hash of the level above. */
  readonly root: Buffer;
}

/** The unfinished tile of each level, and the peaks: roots of the full subtrees from left to right, one for each bit of the size. */
export class TreeEdge {
  #size = 0;
  readonly #peaks: Buffer[] = [];
  /** Room for a full tile each. */
  readonly #tiles: Buffer[] = [];

  /**
   * The edge of a tree of `size`, from the hashes of its unfinished tiles.
   *
   * @param partial the hashes of the unfinished tile of a level, `hashesOf(level, size) % 256` of them
   */
  static async restore(size: number, partial: (level: number, count: number) => Promise<readonly Buffer[]>): Promise<TreeEdge> {
    const edge = new TreeEdge();
    edge.#size = size;
    const levels = levelsOf(size);
    const hashes: (readonly Buffer[])[] = [];
    for (let level = 0; level < levels; level++) {
      const count = hashesOf(level, size) % tileWidth;
      const ofLevel = count > 0 ? await partial(level, count) : [];
      if (ofLevel.length !== count) throw new Error(`level ${level} of the tree has ${ofLevel.length} of ${count} hashes at its edge`);
      hashes.push(ofLevel);
      ofLevel.forEach((one, place) => edge.#tile(level).set(one, place * hashBytes));
    }
    // From the top: each level's hashes are joined into one peak for each bit of their count.
    for (let level = levels - 1; level >= 0; level--) {
      let at = 0;
      for (let bit = tileHeight - 1; bit >= 0; bit--) {
        const width = 1 << bit;
        if ((hashes[level]!.length & width) === 0) continue;
        edge.#peaks.push(join(hashes[level]!.slice(at, at + width)));
        at += width;
      }
    }
    return edge;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; answers the tiles that it filled, lowest first. */
  append(leaf: Buffer): readonly FullTile[] {
    const full: FullTile[] = [];
    let hash = leaf;
    let height = 0;
    this.#put(0, hash);
    // A carry, as in counting: two peaks of one height become one of the next.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      hash = nodeHash(this.#peaks.pop()!, hash);
      height++;
      if (height % tileHeight !== 0) continue;
      const level = height / tileHeight;
      const index = this.#size + 1;
      full.push({ level: level - 1, index: index / span(level) - 1, hashes: Buffer.from(this.#tile(level - 1)), root: hash });
      this.#put(level, hash);
    }
    this.#peaks.push(hash);
    this.#size++;
    return full;
  }

  /** Root of the tree as it is. */
  root(): Buffer {
    const last = this.#peaks.length - 1;
    if (last < 0) return emptyRoot;
    let root = this.#peaks[last]!;
    for (let place = last - 1; place >= 0; place--) root = nodeHash(this.#peaks[place]!, root);
    return root;
  }

  /** The first `width` hashes of a level's unfinished tile. A copy. */
  partial(level: number, width: number): Buffer {
    return Buffer.from(this.#tile(level).subarray(0, width * hashBytes));
  }

  /** A copy that goes its own way: an append that fails to reach the disk leaves the first as it was. */
  fork(): TreeEdge {
    const edge = new TreeEdge();
    edge.#size = this.#size;
    edge.#peaks.push(...this.#peaks);
    for (const tile of this.#tiles) edge.#tiles.push(Buffer.from(tile));
    return edge;
  }

  /** Puts the hash that is about to become number `size` of its level. */
  #put(level: number, hash: Buffer): void {
    const place = hashesOf(level, this.#size + 1) - 1;
    this.#tile(level).set(hash, (place % tileWidth) * hashBytes);
  }

  #tile(level: number): Buffer {
    return (this.#tiles[level] ??= Buffer.alloc(tileBytes));
  }
}

/** Root of a full subtree from its hashes, a power of two of them. */
function join(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) level = Array.from({ length: level.length / 2 }, (_, place) => nodeHash(level[2 * place]!, level[2 * place + 1]!));
  return level[0]!;
}
