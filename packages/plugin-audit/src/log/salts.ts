// Salts are small and many: random bytes are drawn in bulk.
import { saltBytes } from './entry-codec.ts';

const saltsAtOnce = 256;

/** Gives a fresh salt at each call; the bytes are never given twice. */
export function saltSource(randomBytes: (length: number) => Uint8Array): () => Uint8Array {
  let pool: Uint8Array = new Uint8Array();
  let used = 0;
  return () => {
    if (used === pool.length) [pool, used] = [randomBytes(saltsAtOnce * saltBytes), 0];
    used += saltBytes;
    return pool.subarray(used - saltBytes, used);
  };
}
