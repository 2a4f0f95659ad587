import { createPolicyEngine, type Condition, type PolicyPack } from '@wanglou/core';
import { diffPacks, verifyPack } from '@wanglou/core/proof';
import { describe, expect, it } from 'vitest';
import { judge } from '../../core/src/proof/judgement.ts';
import { packs, upc2013 } from '../src/index.ts';
import { catalogue, randomRequests } from './requests.ts';

const all = Object.entries(packs).map(([id, create]) => [id, create()] as const);

describe.each(all)('the pack %s', (_id, pack) => {
  const proof = verifyPack(pack, catalogue);
  const engine = createPolicyEngine(pack, catalogue);

  it.each(pack.tests)('decides that $name', ({ action, facts, effect, articles }) => {
    const decision = engine.decide(action, facts);
    expect(decision.effect).toBe(effect);
    expect(decision.articles).toEqual(expect.arrayContaining([...(articles ?? [])]));
  });

  it.each(proof.properties)('guarantees over every valuation: $text.en', ({ holds, counterexample }) => {
    expect(counterexample).toBeUndefined();
    expect(holds).toBe(true);
  });

  it.each(proof.mutants)('misses the rule $rule when it is taken away, or says why it is kept', ({ verdict }) => {
    expect(verdict).not.toBe('unnoticed');
  });

  it('keeps no rule that changes nothing without saying why', () => {
    expect(proof.deadRules.filter(({ keptBecause }) => !keptBecause)).toEqual([]);
  });

  it('is proven', () => {
    expect(proof).toMatchObject({ ok: true, failedTests: [], tests: pack.tests.length });
    // More valuations than could be tried one by one in the life of a campus.
    expect(proof.valuations).toBeGreaterThan(10n ** 9n);
  });

  it('has properties that speak of something: none holds for want of valuations', () => {
    const [judgement] = judge([pack], catalogue);
    const empty = judgement!.parsed.properties.filter(({ when }) => judgement!.space.count(judgement!.answers(when).yes) === 0n && !isPurpose(when)).map(({ property }) => property.id);
    expect(empty).toEqual([]);
  });

  it('is decided by the engine as by the proof, on 20,000 random requests', () => {
    const [judgement] = judge([pack], catalogue);
    let permitted = 0;
    for (const { action, facts } of randomRequests(pack, 20_000)) {
      const { effect } = engine.decide(action, facts);
      if (effect === 'permit') permitted++;
      if (judgement!.space.has(judgement!.permits(action), facts) !== (effect === 'permit')) throw new Error(`the proof decides otherwise: ${action} ${JSON.stringify(facts)}`);
    }
    expect(permitted).toBeGreaterThan(4000);
    expect(permitted).toBeLessThan(16_000);
  });

  it('speaks both languages', () => {
    const texts = [pack.title, pack.source.name, ...[...pack.units, ...pack.roles].map(({ name }) => name), ...[...pack.rules, ...pack.properties].map(({ text }) => text), ...pack.rules.flatMap(({ keptBecause }) => keptBecause ?? []), ...Object.values(pack.emergency?.reasons ?? {})];
    expect(texts.filter(({ zh, en }) => !/\p{Script=Han}/u.test(zh) || !/^[A-Z].*[a-z]/.test(en))).toEqual([]);
  });

  it('can be written as JSON and read again, as the same rules', () => {
    const again = createPolicyEngine(JSON.parse(JSON.stringify(pack)) as PolicyPack, catalogue);
    expect(again.packSha256).toBe(engine.packSha256);
  });
});

describe('the switch of upc-2013', () => {
  it('opens live, playback and the emergency itself, and closes nothing', () => {
    const { actions } = diffPacks(upc2013(), upc2013({ emergency: true }), catalogue);
    expect(actions.map(({ action }) => action)).toEqual(['live', 'playback', 'emergency']);
    expect(actions.filter(({ closed }) => closed)).toEqual([]);
    expect(actions[1]!.opened!.example).toMatchObject({ 'actor.kind': 'person', 'grant.emergency': true });
  });
});

/** Purposes are a closed list: a known one that is not in it does not exist, and the property is about the unknown one. */
function isPurpose(when: unknown): boolean {
  return JSON.stringify((when ?? {}) as Condition).includes('grant.purpose');
}
