import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicyEngine } from '../src/index.ts';
import { diffPacks } from '../src/proof.ts';
import { judge } from '../src/proof/judgement.ts';
import { catalogue, packOf, rule, ruleLists, text } from './proof-harness.ts';

/** More runs for `npm run soak -- permission`. */
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);

describe('the difference of two packs', () => {
  const before = packOf([rule({ actions: ['view', 'live'], when: { 'a.flag': true } })]);

  it('is nothing between a pack and itself, however it is written', () => {
    expect(diffPacks(before, before, catalogue).actions).toEqual([]);
    expect(diffPacks(before, packOf([rule({ actions: ['view', 'live'], when: { not: { not: { 'a.flag': { ne: false } } } } })]), catalogue).actions).toEqual([]);
  });

  it('says for each action how many requests are opened and closed, with the plainest of them', () => {
    const after = packOf([rule({ actions: ['view'], when: { 'a.word': 'x' } })]);
    expect(diffPacks(before, after, catalogue)).toEqual({
      before: 'permit-all@1',
      after: 'permit-all@1',
      valuations: BigInt(15 * 3 * 3),
      actions: [
        // The unknown and the other value of the flag, and of the word.
        { action: 'live', closed: { valuations: 3n, example: { 'a.flag': true } } },
        { action: 'view', opened: { valuations: 2n, example: { 'a.flag': false, 'a.word': 'x' } }, closed: { valuations: 2n, example: { 'a.flag': true, 'a.word': 'y' } } },
      ],
    });
  });

  it('sees facts that only one of them declares', () => {
    const facts = [{ path: 'b.new', type: 'boolean' as const, text }];
    const after = packOf([rule({ actions: ['view', 'live'], when: { 'a.flag': true } }), rule({ id: 'f', effect: 'forbid', actions: ['live'], unless: { 'b.new': false } })], { facts });
    expect(diffPacks(before, after, catalogue).actions).toEqual([{ action: 'live', closed: { valuations: 2n, example: { 'a.flag': true, 'b.new': true } } }]);
  });

  it('refuses packs that mean different things by one fact', () => {
    const declared = (type: 'boolean' | 'integer') => packOf([rule({})], { facts: [{ path: 'b.new', type, text }] });
    expect(() => diffPacks(declared('boolean'), declared('integer'), catalogue)).toThrow(expect.objectContaining({ code: 'PACK_INVALID', message: expect.stringContaining('b.new') }));
  });

  it('counts what the engines decide otherwise, valuation by valuation', () => {
    fc.assert(
      fc.property(ruleLists, ruleLists, (one, other) => {
        const packs = [packOf(one), packOf(other)] as const;
        const [first, second] = packs.map((pack) => createPolicyEngine(pack, catalogue));
        const [{ space }] = judge(packs, catalogue) as [ReturnType<typeof judge>[number]];
        const [opened, closed] = [0, 0].map(() => new Map<string, bigint>());
        for (const facts of space.valuations()) {
          for (const action of ['view', 'live'] as const) {
            const [was, is] = [first!, second!].map((engine) => engine.decide(action, facts).effect);
            if (was === 'deny' && is === 'permit') opened!.set(action, (opened!.get(action) ?? 0n) + 1n);
            if (was === 'permit' && is === 'deny') closed!.set(action, (closed!.get(action) ?? 0n) + 1n);
          }
        }
        for (const action of ['view', 'live'] as const) {
          const diff = diffPacks(...packs, catalogue).actions.find((each) => each.action === action);
          expect([diff?.opened?.valuations, diff?.closed?.valuations]).toEqual([opened!.get(action), closed!.get(action)]);
          if (diff?.opened) expect([first!.decide(action, diff.opened.example).effect, second!.decide(action, diff.opened.example).effect]).toEqual(['deny', 'permit']);
          if (diff?.closed) expect([first!.decide(action, diff.closed.example).effect, second!.decide(action, diff.closed.example).effect]).toEqual(['permit', 'deny']);
        }
      }),
      { numRuns: 40 * times, seed: 21 },
    );
  }, 60_000);
});
