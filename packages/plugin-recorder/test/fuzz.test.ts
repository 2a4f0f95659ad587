// Some thousands of mutated inputs for every parser; `npm run soak -- fuzz` gives each a million.
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import { fuzzTargets } from './fuzz/targets.ts';

describe('mutated inputs', { timeout: 60_000 }, () => {
  it.each(fuzzTargets.map((target) => [target.name, target] as const))('%s: nothing but a refusal with a name', async (_name, target) => {
    const result = await fuzz(target, { inputs: 3_000, seed: 1 });
    expect(result.finding).toBeUndefined();
    // Mutations that all behaved alike would not test anything.
    expect(result.behaviours).toBeGreaterThan(20);
  });
});
