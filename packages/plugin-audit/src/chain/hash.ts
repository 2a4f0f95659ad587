// The chain: each record's hash covers its own body and, through the hash before it, every earlier record.
import { createHash } from 'node:crypto';

/** Hash before the first record. */
export const emptyHash = '0'.repeat(64);

/** SHA-256 of a body's UTF-8 bytes, in hex. */
export function hashBody(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** `SHA-256(0x01 ‖ previous ‖ SHA-256(body))`, in hex. Needs the body's hash alone, so that a proof shows no other body. */
export function chainHash(previous: string, bodyHash: string): string {
  return createHash('sha256').update(Uint8Array.of(1)).update(previous, 'hex').update(bodyHash, 'hex').digest('hex');
}
