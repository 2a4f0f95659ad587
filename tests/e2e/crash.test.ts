// kill -9 of the running campus at random moments: what was acknowledged stays. The long form is `npm run soak -- crash`.
import { describe, expect, it } from 'vitest';
import { failuresOf, showCrash } from './support/crash-figures.ts';
import { crashRepeatedly } from './support/crash-run.ts';

describe('a campus that is killed while it works', () => {
  it('loses no acknowledged act and no grant, explains every hole, and records again', { timeout: 240_000 }, async () => {
    const crashes = await crashRepeatedly({ kills: 4, seed: 2013, report: (crash) => console.log(`crash: ${showCrash(crash)}`) });
    expect(crashes).toHaveLength(4);
    // Times are generous here, for a busy machine; the long form asserts 2 s of footage and 3 s to recording.
    expect(crashes.flatMap((crash) => failuresOf(crash, { lostFootageMs: 10_000, restartMs: 30_000 }))).toEqual([]);
  });
});
