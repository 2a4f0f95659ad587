// Inclusion and consistency proofs, verified as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say.
import { sameBytes } from '../bytes/bytes.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { VerifyError } from '../errors.ts';
import type { Text } from '../text.ts';
import { hashBytes, nodeHash } from './tree-hash.ts';

/** A proof of a tree of 2^63 leaves has no more hashes. */
export const longestProof = 63;

/** What an inclusion proof claims. Hashes are 32 bytes. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Verifies that a leaf hash is at a place of a tree. Throws `INCLUSION_FAILED`. */
export function verifyInclusion(crypto: Crypto, { index, size, leaf, root, proof }: InclusionClaim): void {
  const fail = () => new VerifyError('INCLUSION_FAILED', { index });
  if (!isSize(index) || !isSize(size) || index >= size || proof.length > longestProof || ![leaf, root, ...proof].every(isHash)) throw fail();
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) throw fail();
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(crypto, sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else hash = nodeHash(crypto, hash, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last !== 0 || !sameBytes(hash, root)) throw fail();
}

/** What a consistency proof claims. Hashes are 32 bytes. */
export interface ConsistencyClaim {
  readonly from: { readonly size: number; readonly root: Uint8Array };
  readonly to: { readonly size: number; readonly root: Uint8Array };
  readonly proof: readonly Uint8Array[];
}

/**
 * Verifies that a tree is the beginning of another. A first size of 0 is refused, since nothing is proven by it.
 * Throws `CONSISTENCY_FAILED`.
 */
export function verifyConsistency(crypto: Crypto, { from, to, proof }: ConsistencyClaim): void {
  const fail = (reason: Text) => new VerifyError('CONSISTENCY_FAILED', { from: from.size, to: to.size, reason });
  if (!isSize(from.size) || !isSize(to.size) || from.size === 0 || from.size > to.size) throw fail({ zh: '起始规模须大于零且不大于终止规模', en: 'the first size must be above zero and not above the second' });
  if (proof.length > longestProof || ![from.root, to.root, ...proof].every(isHash)) throw fail({ zh: '哈希数目或长度有误', en: 'the hashes are too many or not of 32 bytes' });
  const wrong = { zh: '哈希不符', en: 'the hashes do not fit' };
  if (from.size === to.size) {
    if (proof.length > 0) throw fail({ zh: '规模相同，证明应为空', en: 'the sizes are the same, so the proof must be empty' });
    if (!sameBytes(from.root, to.root)) throw fail({ zh: '规模相同而根不同：日志分叉', en: 'the sizes are the same and the roots differ: the log has forked' });
    return;
  }
  const path = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof;
  let [node, last] = [from.size - 1, to.size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  let before = path[0];
  let after = path[0];
  if (proof.length === 0 || !before || !after) throw fail(wrong);
  for (const sibling of path.slice(1)) {
    if (last === 0) throw fail(wrong);
    if (node % 2 === 1 || node === last) {
      before = nodeHash(crypto, sibling, before);
      after = nodeHash(crypto, sibling, after);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else after = nodeHash(crypto, after, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last !== 0 || !sameBytes(before, from.root) || !sameBytes(after, to.root)) throw fail(wrong);
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === hashBytes;
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
