import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicyEngine } from '../src/index.ts';
import { catalogue, packOf, rule, ruleLists, someFacts } from './proof-harness.ts';

/** More runs for `npm run soak -- permission`. */
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);

describe('an explanation', () => {
  it('says of every test what it asked, what was there and what it answered', () => {
    const engine = createPolicyEngine(packOf([rule({ when: { all: [{ 'a.flag': true }, { 'a.count': { gte: 2 } }] }, unless: { 'a.word': 'x' } })]), catalogue);
    expect(engine.explain('view', { 'a.flag': true, 'a.count': 1 }).rules).toEqual([
      {
        rule: 'r',
        article: '1',
        text: { zh: '试', en: 'try' },
        effect: 'permit',
        speaks: false,
        when: {
          kind: 'all',
          answer: 'no',
          parts: [
            { kind: 'test', answer: 'yes', test: { path: 'a.flag', operator: 'eq', operand: true }, value: true },
            { kind: 'test', answer: 'no', test: { path: 'a.count', operator: 'gte', operand: 2 }, value: 1 },
          ],
        },
        unless: { kind: 'test', answer: 'unknown', test: { path: 'a.word', operator: 'eq', operand: 'x' } },
      },
    ]);
  });

  it('turns a no into a yes, and leaves the unknown unknown', () => {
    const answerOn = (facts: Record<string, boolean>) => createPolicyEngine(packOf([rule({ when: { not: { 'a.flag': true } } })]), catalogue).explain('view', facts).rules[0]!.when!.answer;
    expect([answerOn({ 'a.flag': true }), answerOn({ 'a.flag': false }), answerOn({})]).toEqual(['no', 'yes', 'unknown']);
  });

  it('speaks of the rules of the action alone', () => {
    const engine = createPolicyEngine(packOf([rule({ id: 'one', actions: ['live'] }), rule({ id: 'two', actions: ['view'] })]), catalogue);
    expect(engine.explain('view', {}).rules.map((trace) => trace.rule)).toEqual(['two']);
  });

  it('agrees with the decision on which rules speak, for any pack and any facts', () => {
    fc.assert(
      fc.property(ruleLists, someFacts, fc.constantFrom('view' as const, 'live' as const, 'copy' as const), (rules, facts, action) => {
        const engine = createPolicyEngine(packOf(rules), catalogue);
        const { decision, rules: traces } = engine.explain(action, facts);
        expect(decision).toEqual(engine.decide(action, facts));
        const speaking = (effect: string) => traces.filter((trace) => trace.effect === effect && trace.speaks).map((trace) => trace.rule);
        expect(decision.permits).toEqual(speaking('permit'));
        const forbidding = speaking('forbid');
        if (forbidding.length > 0) expect(decision.denials.map((denial) => denial.rule)).toEqual(forbidding);
        expect(decision.effect).toBe(forbidding.length === 0 && decision.permits.length > 0 ? 'permit' : 'deny');
      }),
      { numRuns: 2000 * times, seed: 31 },
    );
  });
});
