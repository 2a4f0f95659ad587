// The Merkle tree over the segments of a minute: RFC 6962 section 2.1, SHA-256. A few thousand leaves at most, so it is simply computed.
import { createHash } from 'node:crypto';

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** Bytes of a hash. */
export const hashBytes = 32;

/** Hash of a leaf. */
export function leafHash(leafData: string): Buffer {
  return createHash('sha256').update(leafPrefix).update(leafData, 'utf8').digest();
}

/** All hashes of a tree: the leaves, what is over them, and so on up to the root. There is one leaf at least. */
export type Levels = readonly (readonly Uint8Array[])[];

/** Computes the tree over leaf hashes. */
export function levelsOf(leaves: readonly Uint8Array[]): Levels {
  const levels = [leaves];
  while (levels.at(-1)!.length > 1) levels.push(above(levels.at(-1)!));
  return levels;
}

/** The root of a tree. */
export function rootOf(levels: Levels): Uint8Array {
  return levels.at(-1)![0]!;
}

/** Inclusion proof of a leaf, from the bottom up. */
export function pathOf(levels: Levels, place: number): readonly Uint8Array[] {
  // The last node of an odd level goes up as it is, and has nothing beside it.
  return levels.slice(0, -1).flatMap((level, height) => level[(place >> height) ^ 1] ?? []);
}

/** The nodes over a level. Pairing from the left gives the same tree as the RFC's split at the largest power of two. */
function above(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const nodes: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at]!, level[at + 1]];
    nodes.push(right ? createHash('sha256').update(nodePrefix).update(left).update(right).digest() : left);
  }
  return nodes;
}
