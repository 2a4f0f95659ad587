// The primitives of Node.
import { createHash, createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import type { Crypto } from './crypto.ts';

// SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to the 32 bytes of the key.
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const fieldPrime = 2n ** 255n - 19n;

/** {@link Crypto} over node:crypto. */
export const nodeCrypto: Crypto = {
  sha256: (bytes) => bytesOf(hash('sha256', bytes, 'buffer')),
  createSha256() {
    const state = createHash('sha256');
    return { update: (bytes) => void state.update(bytes), digest: () => bytesOf(state.digest()) };
  },
  verifyEd25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64 || !isCanonicalPoint(publicKey)) return false;
    let key: KeyObject;
    try {
      key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
      return verify(null, message, key, signature);
    } catch {
      // Bytes that are no point of the curve.
      return false;
    }
  },
};

function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** RFC 8032 section 5.1.3: the y coordinate is below p. OpenSSL lets larger ones pass. */
function isCanonicalPoint(publicKey: Uint8Array): boolean {
  let y = 0n;
  for (let index = 31; index >= 0; index--) y = (y << 8n) | BigInt(index === 31 ? publicKey[index]! & 0x7f : publicKey[index]!);
  return y < fieldPrime;
}
