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

/** Root over leaf hashes; there is one at least. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  while (level.length > 1) level = above(level);
  return level[0]!;
}

/** Inclusion proof of a leaf, from the bottom up. */
export function pathOf(leaves: readonly Uint8Array[], place: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = place;
  for (let level = leaves; level.length > 1; level = above(level), at >>= 1) {
    const beside = level[at ^ 1];
    // The last node of an odd level goes up as it is.
    if (beside) path.push(beside);
  }
  return path;
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
