// RFC 6962 section 2.1 with SHA-256: leaves and nodes are told apart by their first byte.
import { createHash, hash } from 'node:crypto';

/** Bytes of a hash. */
export const hashBytes = 32;

/** Root of the empty tree: the hash of nothing. */
export const emptyRoot: Buffer = createHash('sha256').digest();

/** Reused: hashing a node is the hot path of every proof. */
const node = Buffer.alloc(1 + 2 * hashBytes);
node[0] = 1;

/** Hash of a leaf, `SHA-256(0x00 ‖ data)`. */
export function leafHash(data: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + data.length);
  input[0] = 0;
  input.set(data, 1);
  return hash('sha256', input, 'buffer');
}

/** Hash of an inner node, `SHA-256(0x01 ‖ left ‖ right)`. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return hash('sha256', node, 'buffer');
}

/** Root over leaf hashes, however many. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0]!;
  const split = largestPowerBelow(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The largest power of two smaller than `n`: where RFC 6962 splits a tree of `n` leaves, 2 or more. */
export function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
