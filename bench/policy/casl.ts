// CASL in three forms: as its guide shows it, an ability for each person with their grants as rules; and with the grant looked up
// beforehand by our index, in one ability for all, which is the fastest form we could find.
import { createMongoAbility, subject, type AnyMongoAbility, type RawRuleOf, type MongoAbility } from '@casl/ability';
import type { Condition, Grant, PolicyPack, Rule } from '../../packages/core/src/index.ts';
import type { Answer, Contender } from './contenders.ts';
import { gather, gatherActor } from './known.ts';
import { nowMs } from './workload.ts';

type Conditions = Readonly<Record<string, object>>;

/** As its guide shows it: what a person may do is an ability of theirs, made beforehand. Grants are rules of it. */
export const casl: Contender = {
  name: 'casl',
  prepare(pack, workload, grants) {
    const common = inOrder({ ...pack, rules: pack.rules.filter(({ id }) => !byGrants.has(id)) }).flatMap(rulesOf);
    const abilities = new Map([...workload.people.keys()].map((person) => [person, createMongoAbility([...grants.of(person).flatMap(rulesOfGrant), ...common])]));
    return (question) => {
      const { cameras, range, destination } = question.resource;
      const asked = subject('Footage', { ...gatherActor(workload, question), camera: cameras?.[0], fromMs: range?.fromMs, toMs: range?.toMs, destination, nowMs });
      return allReasons(abilities.get(question.principal.id)!, question.action, asked);
    };
  },
};

/** Rules that say which grant an act needs: here the grants themselves say it. */
const byGrants = new Set(['p10', 'a10-live', 'a10-playback', 'a10-copy', 'a12.1', 'a12.4', 'a10-emergency-copy']);
const approvers: Readonly<Record<string, string>> = { live: 'section', playback: 'section', copy: 'office' };

function rulesOfGrant({ id, scope, approvals, destination, startsMs, endsMs }: Grant): RawRuleOf<MongoAbility>[] {
  return scope.actions
    .filter((action) => approvals.includes(approvers[action]!))
    .map((action) => ({
      action,
      subject: 'Footage',
      reason: id,
      conditions: {
        camera: { $in: scope.cameras },
        nowMs: { $gte: startsMs, $lt: endsMs },
        ...(action !== 'live' && { fromMs: { $gte: scope.range.fromMs }, toMs: { $lte: scope.range.toMs } }),
        ...(action === 'copy' && { destination }),
      } as Record<string, unknown>,
    }));
}

/** With the grant found by our index: one reason, that of the rule which decided. */
export const caslIndexedFirst: Contender = {
  name: 'casl over our index, one reason',
  prepare(pack, workload, grants) {
    const ability = createMongoAbility(inOrder(pack).flatMap(rulesOf));
    return (question) => {
      const rule = ability.relevantRuleFor(question.action, subject('Footage', gather(workload, grants, question)));
      return rule ? { permitted: !rule.inverted, reasons: [rule.reason!] } : { permitted: false, reasons: [] };
    };
  },
};

/** With the grant found by our index, and every reason, as a person needs who must know all that is missing. */
export const caslIndexed: Contender = {
  name: 'casl over our index',
  prepare(pack, workload, grants) {
    const ability = createMongoAbility(inOrder(pack).flatMap(rulesOf));
    return (question) => allReasons(ability, question.action, subject('Footage', gather(workload, grants, question)));
  },
};

function allReasons(ability: AnyMongoAbility, action: string, asked: object): Answer {
  const fitting = ability.rulesFor(action, 'Footage').filter((rule) => rule.matchesConditions(asked));
  const forbidding = fitting.filter(({ inverted }) => inverted).map(({ reason }) => reason!);
  return { permitted: forbidding.length === 0 && fitting.length > 0, reasons: forbidding.length > 0 ? forbidding : fitting.map(({ reason }) => reason!) };
}

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
