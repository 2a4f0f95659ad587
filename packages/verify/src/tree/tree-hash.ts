// The hashes of RFC 6962: leaves begin with 0x00, nodes with 0x01.
import type { Crypto } from '../crypto/crypto.ts';

/** Bytes of a hash. */
export const hashBytes = 32;

/** SHA-256(0x00 ‖ data). */
export function leafHash(crypto: Crypto, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 1);
  bytes.set(data, 1);
  return crypto.sha256(bytes);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * hashBytes);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + hashBytes);
  return crypto.sha256(bytes);
}

/** The root of the empty tree. */
export function emptyRoot(crypto: Crypto): Uint8Array {
  return crypto.sha256(new Uint8Array());
}

/** The root over hashes that stand for subtrees of one size; the last may stand for a smaller one. At least one hash. */
export function rootOfHashes(crypto: Crypto, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    // A last hash without a partner rises: the largest power of two stands to the left of every split.
    for (let index = 0; index < row.length; index += 2) above.push(index + 1 < row.length ? nodeHash(crypto, row[index]!, row[index + 1]!) : row[index]!);
    row = above;
  }
  return row[0]!;
}
