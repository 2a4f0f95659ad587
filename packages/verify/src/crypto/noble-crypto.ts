// The primitives for browsers: audited JavaScript, bundled in, since WebCrypto is asynchronous and lacks Ed25519 in places.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Crypto } from './crypto.ts';

/** {@link Crypto} over noble. */
export const nobleCrypto: Crypto = {
  sha256: (bytes) => sha256(bytes),
  createSha256() {
    const state = sha256.create();
    return { update: (bytes) => void state.update(bytes), digest: () => state.digest() };
  },
  verifyEd25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      // Strict RFC 8032 rather than ZIP 215, as OpenSSL judges.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      // Bytes that are no point of the curve.
      return false;
    }
  },
};
