// Random bytes that are the same on every run.
import type { Random } from '../contracts/clock.ts';

/** A {@link Random} from a seed (xorshift32): repeatable, and good for nothing but tests. */
export function createTestRandom(seed = 1): Random {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0) & 0xff;
  };
  return { bytes: (length) => Uint8Array.from({ length }, next) };
}
