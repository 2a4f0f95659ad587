// CASL: the pack as rules with conditions on one subject, in one ability for all, which is its fastest form.
import { createMongoAbility, subject, type RawRuleOf, type MongoAbility } from '@casl/ability';
import type { Condition, PolicyPack, Rule } from '../../packages/core/src/index.ts';
import type { Contender } from './contenders.ts';
import { gather } from './known.ts';

type Conditions = Readonly<Record<string, object>>;

/** As it is commonly asked: one reason, that of the rule which decided. */
export const caslFirst: Contender = {
  name: 'casl, one reason',
  prepare(pack, workload, grants) {
    const ability = createMongoAbility(inOrder(pack).flatMap(rulesOf));
    return (question) => {
      const rule = ability.relevantRuleFor(question.action, subject('Footage', gather(workload, grants, question)));
      return rule ? { permitted: !rule.inverted, reasons: [rule.reason!] } : { permitted: false, reasons: [] };
    };
  },
};

/** With every reason, as a person needs who must know all that is missing. */
export const casl: Contender = {
  name: 'casl',
  prepare(pack, workload, grants) {
    const ability = createMongoAbility(inOrder(pack).flatMap(rulesOf));
    return (question) => {
      const known = subject('Footage', gather(workload, grants, question));
      const fitting = ability.rulesFor(question.action, 'Footage').filter((rule) => rule.matchesConditions(known));
      const forbidding = fitting.filter(({ inverted }) => inverted).map(({ reason }) => reason!);
      return { permitted: forbidding.length === 0 && fitting.length > 0, reasons: forbidding.length > 0 ? forbidding : fitting.map(({ reason }) => reason!) };
    };
  },
};

/** Of several rules that match, the last one wins. */
function inOrder({ rules }: PolicyPack): readonly Rule[] {
  return [...rules].sort((a, b) => Number(a.effect === 'forbid') - Number(b.effect === 'forbid'));
}

/** Conditions are conjunctions alone, so a rule becomes one for each alternative. */
function rulesOf({ id, effect, actions, when, unless }: Rule): RawRuleOf<MongoAbility>[] {
  const alternatives = join(when ? alternativesOf(when, true) : [{}], unless ? alternativesOf(unless, false) : [{}]);
  return alternatives.map((conditions) => ({
    action: (actions ?? ['manage']) as string[],
    subject: 'Footage',
    inverted: effect === 'forbid',
    reason: id,
    ...(Object.keys(conditions).length > 0 && { conditions: conditions as Record<string, unknown> }),
  }));
}

/** Conjunctions of which one holds exactly when the condition answers as wanted. */
function alternativesOf(condition: Condition, wanted: boolean): readonly Conditions[] {
  const parts = Object.entries(condition).map(([key, operand]): readonly Conditions[] => {
    if (key === 'not') return alternativesOf(operand as Condition, !wanted);
    if (key !== 'all' && key !== 'any') return [{ [key]: comparison(operand, wanted) }];
    const each = (operand as readonly Condition[]).map((part) => alternativesOf(part, wanted));
    return (key === 'all') === wanted ? each.reduce(join) : each.flat();
  });
  return wanted ? parts.reduce(join) : parts.flat();
}

function join(some: readonly Conditions[], others: readonly Conditions[]): readonly Conditions[] {
  return some.flatMap((one) => others.map((other) => ({ ...one, ...other, ...Object.fromEntries(Object.keys(one).flatMap((path) => (path in other ? [[path, { ...one[path], ...other[path] }]] : []))) })));
}

function comparison(test: unknown, wanted: boolean): object {
  const [operator, operand] = typeof test === 'object' && test !== null ? Object.entries(test)[0]! : ['eq', test];
  const operators: Readonly<Record<string, readonly [yes: object, no: object]>> = {
    eq: [{ $eq: operand }, { $ne: operand }],
    ne: [{ $ne: operand }, { $eq: operand }],
    in: [{ $in: operand }, { $nin: operand }],
    has: [{ $in: [operand] }, { $nin: [operand] }],
    hasAny: [{ $in: operand }, { $nin: operand }],
    gte: [{ $gte: operand }, { $lt: operand }],
    lte: [{ $lte: operand }, { $gt: operand }],
  };
  return operators[operator]![wanted ? 0 : 1];
}
