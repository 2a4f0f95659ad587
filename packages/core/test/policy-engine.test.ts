import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPolicyEngine, type FactDeclaration, type FactValue, type PolicyPack, type Rule } from '../src/index.ts';
import { permitAll } from '../src/testing.ts';
import { catalogue as every, packOf, ruleLists, someFacts } from './proof-harness.ts';

/** More runs for `npm run soak -- permission`. */
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);

const text = { zh: '试', en: 'try' };
const catalogue: readonly FactDeclaration[] = [
  { path: 'a.flag', type: 'boolean', text },
  { path: 'a.count', type: 'integer', text },
  { path: 'a.word', type: 'string', values: ['x', 'y'], text },
  { path: 'a.set', type: 'strings', text },
];
const rule = (over: Partial<Rule>): Rule => ({ id: 'r', article: '1', text, effect: 'permit', ...over });
const pack = (...rules: Rule[]): PolicyPack => ({ ...permitAll, rules });
const engine = (...rules: Rule[]) => createPolicyEngine(pack(...rules), catalogue);
const decide = (rules: Rule[], facts: Record<string, FactValue> = {}) => engine(...rules).decide('view', facts).effect;

describe('the policy engine', () => {
  it('denies by default, citing the permit that came nearest', () => {
    expect(engine(rule({ when: { 'a.flag': true }, missing: [{ kind: 'duty' }] })).decide('view', { 'a.flag': false })).toMatchObject({ effect: 'deny', denials: [{ rule: 'r', article: '1', missing: [{ kind: 'duty' }] }], articles: ['1'] });
    expect(engine().decide('view', {})).toMatchObject({ effect: 'deny', denials: [{ rule: 'default-deny' }] });
  });

  it('lets a forbid win and returns every reason', () => {
    const decision = engine(rule({}), rule({ id: 'f1', effect: 'forbid', article: '2' }), rule({ id: 'f2', effect: 'forbid', article: '3' })).decide('view', {});
    expect(decision).toMatchObject({ effect: 'deny', denials: [{ rule: 'f1' }, { rule: 'f2' }], articles: ['2', '3'] });
  });

  it('speaks only of the actions a rule names', () => {
    const one = engine(rule({ actions: ['live'] }));
    expect([one.decide('live', {}).effect, one.decide('copy', {}).effect]).toEqual(['permit', 'deny']);
  });

  it('opens nothing on an unknown fact: a permit needs to know, a forbid does not', () => {
    expect(decide([rule({ when: { 'a.flag': true } })])).toBe('deny');
    expect(decide([rule({ unless: { 'a.flag': true } })])).toBe('deny');
    expect(decide([rule({}), rule({ id: 'f', effect: 'forbid', when: { 'a.flag': true } })])).toBe('deny');
    expect(decide([rule({}), rule({ id: 'f', effect: 'forbid', unless: { 'a.flag': true } })])).toBe('deny');
    expect(decide([rule({ when: { not: { 'a.flag': true } } })])).toBe('deny');
    expect(decide([rule({}), rule({ id: 'f', effect: 'forbid', when: { all: [{ 'a.flag': false }, { 'a.count': 1 }] } })], { 'a.flag': true })).toBe('permit');
  });

  it.each([
    [{ 'a.flag': true }, { 'a.flag': true }, 'permit'],
    [{ 'a.count': { gte: 2 } }, { 'a.count': 2 }, 'permit'],
    [{ 'a.count': { lte: 2 } }, { 'a.count': 3 }, 'deny'],
    [{ 'a.count': { in: [1, 2] } }, { 'a.count': 2 }, 'permit'],
    [{ 'a.word': { ne: 'x' } }, { 'a.word': 'y' }, 'permit'],
    [{ 'a.set': { has: 'm' } }, { 'a.set': ['m', 'n'] }, 'permit'],
    [{ 'a.set': { hasAny: ['q', 'n'] } }, { 'a.set': ['m', 'n'] }, 'permit'],
    [{ 'a.set': { has: 'q' } }, { 'a.set': ['m'] }, 'deny'],
    [{ any: [{ 'a.flag': true }, { 'a.count': 1 }] }, { 'a.count': 1 }, 'permit'],
    [{ not: { 'a.word': 'x' } }, { 'a.word': 'y' }, 'permit'],
    [{ 'a.flag': true, 'a.count': 1 }, { 'a.flag': true, 'a.count': 2 }, 'deny'],
  ] as const)('judges %j on %j: %s', (when, facts, effect) => {
    expect(decide([rule({ when: when as never })], facts as never)).toBe(effect);
  });

  it.each([
    ['an unknown fact', { when: { 'a.flga': true } }, 'unknown fact "a.flga"'],
    ['an unknown operator', { when: { 'a.flag': { is: true } } }, 'operator "is"'],
    ['a test for absence, which would open on what is missing', { when: { 'a.flag': { exists: false } } }, 'operator "exists"'],
    ['an operator that does not fit the type', { when: { 'a.flag': { gte: 1 } } }, 'does not fit'],
    ['an operand of the wrong type', { when: { 'a.count': 'many' } }, 'is not an operand'],
    ['a value outside the closed list', { when: { 'a.word': 'z' } }, '"z" is not one of x, y'],
    ['two operators at once', { when: { 'a.count': { gte: 1, lte: 2 } } }, 'one operator at a time'],
    ['an empty condition', { when: {} }, 'empty condition'],
    ['an empty list', { when: { any: [] } }, 'expected a list'],
    ['an unknown action', { actions: ['watch'] }, 'unknown action "watch"'],
    ['an unknown effect', { effect: 'allow' }, 'effect must be'],
    ['a condition that is no object', { unless: 'never' }, 'expected a condition object'],
  ])('refuses the whole pack for %s', (_name, over, issue) => {
    const broken = () => engine(rule({ id: 'good' }), rule(over as never));
    expect(broken).toThrow(expect.objectContaining({ code: 'PACK_INVALID', message: expect.stringContaining(issue) }));
  });

  it('refuses a rule id that is used twice', () => {
    expect(() => engine(rule({}), rule({}))).toThrow('used twice');
  });

  it('says which pack decided, by its hash', () => {
    const one = engine(rule({})).decide('view', {});
    const two = engine(rule({ article: '9' })).decide('view', {});
    expect(one.packSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(one.packSha256).not.toBe(two.packSha256);
  });

  it('never permits more when a fact is taken away', () => {
    fc.assert(
      fc.property(ruleLists, someFacts, fc.constantFrom('a.flag', 'a.count', 'a.word', 'a.name', 'a.set'), (rules, facts, dropped) => {
        const engine = createPolicyEngine(packOf(rules), every);
        const { [dropped]: _, ...fewer } = facts;
        if (engine.decide('view', fewer).effect === 'permit') expect(engine.decide('view', facts).effect).toBe('permit');
      }),
      { numRuns: 3000 * times, seed: 7 },
    );
  });
});
