// Mutated frames: nothing is thrown, nothing is lost that was confirmed, no other link is disturbed. `npm run soak -- fire-codec` is the long form.
import { expect, it } from 'vitest';
import { mutateLinks } from './support/mutated-links.ts';

it('mutated frames neither throw, nor lose a frame that is confirmed, nor disturb another link', { timeout: 60_000 }, () => {
  const { outcomes, confirmedLater } = mutateLinks({ cases: 20_000, seed: 20_260_101 });
  // The mutations reach what they are meant for.
  for (const outcome of ['good', 'truncated', 'trailing', 'noObjects', 'needMore', 'startMarker', 'endMarker', 'checksum', 'tooLong']) expect([outcome, (outcomes[outcome] ?? 0) > 20]).toEqual([outcome, true]);
  expect(confirmedLater).toBeGreaterThan(20);
});
