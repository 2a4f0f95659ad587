// A small catalogue and random packs over it, for tests of the proof.
import fc from 'fast-check';
import { type Condition, type FactDeclaration, type Facts, type PolicyPack, type Rule } from '../src/index.ts';
import { permitAll } from '../src/testing.ts';

export const text = { zh: '试', en: 'try' };

/** One fact of each type, with and without a closed list. */
export const catalogue: readonly FactDeclaration[] = [
  { path: 'a.flag', type: 'boolean', text },
  { path: 'a.count', type: 'integer', text },
  { path: 'a.word', type: 'string', values: ['x', 'y', 'z'], text },
  { path: 'a.name', type: 'string', text },
  { path: 'a.set', type: 'strings', text },
];

export const rule = (over: Partial<Rule>): Rule => ({ id: 'r', article: '1', text, effect: 'permit', ...over });
export const packOf = (rules: readonly Rule[], over: Partial<PolicyPack> = {}): PolicyPack => ({ ...permitAll, rules, ...over });

const leaf = fc.constantFrom<Condition>(
  { 'a.flag': true },
  { 'a.flag': { ne: true } },
  { 'a.count': { gte: 2 } },
  { 'a.count': { lte: 3 } },
  { 'a.count': 3 },
  { 'a.count': { in: [0, 5] } },
  { 'a.word': 'x' },
  { 'a.word': { in: ['x', 'y'] } },
  { 'a.word': { ne: 'y' } },
  { 'a.name': 'm' },
  { 'a.name': { in: ['m', 'another'] } },
  { 'a.set': { has: 'm' } },
  { 'a.set': { hasAny: ['m', 'n'] } },
  { 'a.set': { hasAny: ['o', 'p'] } },
);

/** Conditions over the catalogue, a few levels deep. */
export const conditions = fc.letrec<{ node: Condition; leaf: Condition }>((tie) => {
  const some = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
  return { leaf, node: fc.oneof({ depthSize: 'small' }, tie('leaf'), fc.record({ all: some }), fc.record({ any: some }), fc.record({ not: tie('node') })) };
}).node;

/** One to five rules about two actions. */
export const ruleLists = fc
  .array(fc.record({ effect: fc.constantFrom('permit' as const, 'forbid' as const), when: conditions, unless: conditions, actions: fc.constantFrom(['view' as const], ['view' as const, 'live' as const]) }, { requiredKeys: ['effect'] }), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map((part, index) => rule({ id: `r${index}`, ...part })));

/** Facts of any value, each known or not. */
export const someFacts: fc.Arbitrary<Facts> = fc.record(
  { 'a.flag': fc.boolean(), 'a.count': fc.integer({ min: -2, max: 7 }), 'a.word': fc.constantFrom('x', 'y', 'z'), 'a.name': fc.constantFrom('m', 'n', 'another', 'elsewhere'), 'a.set': fc.subarray(['m', 'n', 'o', 'p', 'q']) },
  { requiredKeys: [] },
) as fc.Arbitrary<Facts>;
