import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions, createPolicyEngine, type PolicyPack, type Property } from '../src/index.ts';
import { verifyPack } from '../src/proof.ts';
import { judge } from '../src/proof/judgement.ts';
import { catalogue, packOf, rule, ruleLists, someFacts, text } from './proof-harness.ts';

/** More runs for `npm run soak -- permission`. */
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);

const property = (over: Partial<Property>): Property => ({ id: 'p', article: '1', text, actions: ['view'], expect: 'deny', ...over });
const verify = (rules: Parameters<typeof packOf>[0], over: Partial<PolicyPack> = {}) => verifyPack(packOf(rules, over), catalogue);
const proofOf = (rules: Parameters<typeof packOf>[0], over: Partial<Property>) => verify(rules, { properties: [property(over)] }).properties[0]!;

describe('the space of a proof', () => {
  it('is decided by the diagrams as by the engine, at a representative of every class', () => {
    fc.assert(
      fc.property(ruleLists, (rules) => {
        const pack = packOf(rules);
        const [judgement] = judge([pack], catalogue);
        const engine = createPolicyEngine(pack, catalogue);
        const { space } = judgement!;
        let valuations = 0n;
        for (const facts of space.valuations()) {
          valuations++;
          for (const action of ['view', 'live', 'copy'] as const) expect([action, facts, space.has(judgement!.permits(action), facts)]).toEqual([action, facts, engine.decide(action, facts).effect === 'permit']);
        }
        expect(space.count(space.possible)).toBe(valuations);
      }),
      { numRuns: 60 * times, seed: 11 },
    );
  }, 60_000);

  it('holds no fewer classes than there are: facts of any values are decided as by the engine', () => {
    fc.assert(
      fc.property(ruleLists, fc.array(someFacts, { minLength: 20, maxLength: 20 }), (rules, many) => {
        const pack = packOf(rules);
        const [judgement] = judge([pack], catalogue);
        const engine = createPolicyEngine(pack, catalogue);
        const permits = judgement!.permits('view');
        for (const facts of many) {
          const decision = engine.decide('view', facts);
          expect([facts, judgement!.space.has(permits, facts)]).toEqual([facts, decision.effect === 'permit']);
          const speaking = judgement!.rulesOf('view').filter(({ parsed, speaks }) => parsed.rule.effect === 'forbid' && judgement!.space.has(speaks, facts));
          if (speaking.length > 0) expect(decision.denials.map((denial) => denial.rule)).toEqual(speaking.map(({ parsed }) => parsed.rule.id));
        }
      }),
      { numRuns: 500 * times, seed: 12 },
    );
  }, 60_000);

  it('counts an unknown set once, and names that no test tells apart as one', () => {
    const set = (names: string[]) => judge([packOf([rule({ when: { 'a.set': { hasAny: names } } })])], catalogue)[0]!.space;
    const one = set(['m', 'n']);
    expect(one.count(one.possible)).toBe(3n);
    const [two] = judge([packOf([rule({ when: { 'a.set': { has: 'm' } }, unless: { 'a.set': { has: 'n' } } })])], catalogue);
    expect(two!.space.count(two!.space.possible)).toBe(5n);
  });
});

describe('a proof', () => {
  const guarded = [rule({ id: 'open', when: { 'a.flag': true } }), rule({ id: 'guard', effect: 'forbid', article: '2', when: { 'a.word': 'x' } })];

  it('of a property that holds says so', () => {
    expect(proofOf(guarded, { when: { 'a.word': 'x' }, cites: ['2'] })).toEqual({ id: 'p', article: '1', text, holds: true });
  });

  it('finds the request that breaks a property, and how it is decided', () => {
    expect(proofOf(guarded, { when: { 'a.word': 'y' } })).toMatchObject({ holds: false, counterexample: { action: 'view', facts: { 'a.flag': true, 'a.word': 'y' }, decision: { effect: 'permit' } } });
  });

  it('refuses what may be so: a property about a value is about the unknown as well', () => {
    const careless = [rule({ id: 'open', when: { any: [{ 'a.flag': true }, { 'a.count': 1 }] } })];
    expect(proofOf(careless, { when: { 'a.flag': false } })).toMatchObject({ holds: false, counterexample: { facts: { 'a.count': 1 } } });
    expect(proofOf(careless, { when: { all: [{ 'a.flag': false }, { 'a.count': { ne: 1 } }] } })).toMatchObject({ holds: true });
  });

  it('wants the article from a forbid that speaks', () => {
    expect(proofOf(guarded, { when: { 'a.word': 'x' }, cites: ['3'] })).toMatchObject({ holds: false, counterexample: { decision: { effect: 'deny' } } });
  });

  it('wants a permit only where the condition is known to hold', () => {
    expect(proofOf([rule({ when: { 'a.flag': true } })], { when: { 'a.flag': true }, expect: 'permit' }).holds).toBe(true);
    expect(proofOf(guarded, { when: { 'a.flag': true }, expect: 'permit' })).toMatchObject({ holds: false, counterexample: { decision: { effect: 'deny' } } });
  });

  it('takes integers apart at their constants', () => {
    const band = [rule({ when: { 'a.count': { gte: 10 } }, unless: { 'a.count': { gte: 20 } } })];
    expect(proofOf(band, { when: { 'a.count': { lte: 9 } } }).holds).toBe(true);
    expect(proofOf(band, { when: { 'a.count': { lte: 10 } } }).counterexample?.facts).toEqual({ 'a.count': 10 });
    expect(proofOf(band, { when: { 'a.count': { gte: 20 } } }).holds).toBe(true);
    expect(proofOf(band, { when: { 'a.count': { gte: 19 } } }).counterexample?.facts).toEqual({ 'a.count': 19 });
  });

  it('counts each action with every valuation', () => {
    expect(verify(guarded)).toMatchObject({ facts: 2, valuations: BigInt(actions.length * 3 * 3) });
  });
});

describe('what a proof finds beside the properties', () => {
  it('a test that is decided otherwise', () => {
    const tests = [{ name: 'opens', action: 'view' as const, facts: { 'a.flag': true }, effect: 'permit' as const }, { name: 'shuts', action: 'view' as const, facts: { 'a.flag': true }, effect: 'deny' as const }];
    expect(verify([rule({ when: { 'a.flag': true } })], { tests })).toMatchObject({ ok: false, failedTests: ['shuts'] });
  });

  it('a rule that nothing would miss, unless the pack says why it is kept', () => {
    const watched = rule({ id: 'open', when: { 'a.flag': true } });
    const idle = rule({ id: 'idle', effect: 'forbid', when: { 'a.word': 'x' }, unless: { 'a.word': 'x' }, article: '2' });
    const tests = [{ name: 'opens', action: 'view' as const, facts: { 'a.flag': true, 'a.word': 'y' }, effect: 'permit' as const }];
    // A permit whose article is cited keeps every denial of the other actions from being silent.
    const whole = [watched, { ...idle, effect: 'permit' as const, when: { all: [{ 'a.word': 'x' }, { 'a.word': 'y' }] } as const }];
    const found = verify(whole, { tests });
    expect(found.mutants).toEqual([{ rule: 'open', verdict: 'noticed', noticedBy: ['opens'] }, { rule: 'idle', verdict: 'unnoticed', noticedBy: [] }]);
    expect(found).toMatchObject({ ok: false, deadRules: [{ rule: 'idle' }] });
    const explained = verify([watched, { ...whole[1]!, keptBecause: text }], { tests });
    expect(explained).toMatchObject({ ok: true, deadRules: [{ rule: 'idle', keptBecause: text }], mutants: [{}, { verdict: 'explained' }] });
  });

  it('a denial that cites nothing', () => {
    const silent = verify([rule({ actions: ['view'], when: { 'a.flag': true } })]).properties.find(({ id }) => id === 'every-denial-cites');
    expect(silent).toMatchObject({ holds: false, counterexample: { action: 'live', decision: { denials: [{ rule: 'default-deny', article: '' }] } } });
    const nameless = verify([rule({}), rule({ id: 'f', effect: 'forbid', article: '', when: { 'a.flag': true } })]).properties.find(({ id }) => id === 'every-denial-cites');
    expect(nameless).toMatchObject({ holds: false, counterexample: { facts: {} } });
  });

  it('that a missing fact opens nothing, in every pack there is', () => {
    fc.assert(
      fc.property(ruleLists, (rules) => {
        expect(verify(rules).properties.find(({ id }) => id === 'missing-opens-nothing')).toMatchObject({ holds: true });
      }),
      { numRuns: 200 * times, seed: 13 },
    );
  });
});

describe('a hostile pack', () => {
  it('is refused when its proof would take too long', () => {
    // Sets of pairs whose halves lie far apart in the order: the classic that has no small diagram.
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const first = names.slice(0, 20).map((name) => ({ 'a.set': { has: name } }));
    const order = rule({ id: 'order', when: { any: names.map((name) => ({ 'a.set': { has: name } })) } });
    const pairs = rule({ id: 'pairs', when: { any: first.map((one, index) => ({ all: [one, { 'a.set': { has: `n${20 + index}` } }] })) } });
    expect(() => verifyPack(packOf([order, pairs]), catalogue, { budget: 300_000 })).toThrow(expect.objectContaining({ code: 'PACK_INVALID', message: expect.stringContaining('cannot be proven') }));
    expect(() => verifyPack(packOf([rule({ when: { 'a.flag': true } }), rule({ id: 's', when: { 'a.word': 'x' } })]), catalogue, { budget: 3 })).toThrow('cannot be proven');
  });

  it('is refused for more facts than diagrams are walked over', () => {
    const facts = Array.from({ length: 1500 }, (_, index) => ({ path: `f.n${index}`, type: 'boolean' as const, text }));
    const rules = facts.map(({ path }) => rule({ id: path, when: { [path]: true } }));
    expect(() => verify(rules, { facts })).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });

  it('is refused for conditions nested thousands deep', () => {
    let condition: object = { 'a.flag': true };
    for (let depth = 0; depth < 20_000; depth++) condition = { not: condition };
    expect(() => verify([rule({ when: condition as never })])).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });

  it('of any form whatever is proven or refused, and never breaks', () => {
    const whole = packOf([rule({ when: { 'a.flag': true } })], { properties: [property({})], tests: [{ name: 't', action: 'view', facts: {}, effect: 'deny' }], facts: [{ path: 'b.new', type: 'boolean', text }] });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), fc.jsonValue({ maxDepth: 3 }), fc.boolean(), (key, value, listed) => {
        try {
          expect(typeof verifyPack({ ...whole, [key]: listed ? [value] : value } as never, catalogue).ok).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'PACK_INVALID' });
        }
      }),
      { numRuns: 2000 * times, seed: 14 },
    );
  });

  it('is refused for more rules than can be taken away one by one', () => {
    const rules = Array.from({ length: 2000 }, (_, index) => rule({ id: `r${index}`, when: { 'a.flag': true } }));
    expect(() => verify(rules)).toThrow(expect.objectContaining({ code: 'PACK_INVALID', message: expect.stringContaining('2000 rules') }));
  });

  it('is refused for thousands of constants of one fact', () => {
    const words = Array.from({ length: 3000 }, (_, index) => `w${index}`);
    expect(() => verify(words.map((word) => rule({ id: word, when: { 'a.name': word } })))).toThrow(expect.objectContaining({ code: 'PACK_INVALID' }));
  });
});
