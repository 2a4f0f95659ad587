// Public keys as they come from people and files: one written form, and a short name to compare by eye.
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/**
 * The public key in a text, as SPKI DER in base64: from a PEM file (public, or private: its public half), or from that base64 itself.
 * Throws an `Error` that says what is wrong; only Ed25519 signs the log (RFC 8410).
 */
export function publicKeyOf(text: string): string {
  const key = text.includes('-----BEGIN') ? createPublicKey(text) : createPublicKey({ key: Buffer.from(text.trim(), 'base64'), type: 'spki', format: 'der' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key for ${key.asymmetricKeyType ?? 'something else'}, not for Ed25519`);
  return spkiOf(key);
}

/** A public key's SPKI DER in base64. */
export function spkiOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

/** The first 16 hex digits of the SHA-256 of a key's DER. */
export function keyFingerprint(key: string): string {
  return createHash('sha256').update(key, 'base64').digest('hex').slice(0, 16);
}
