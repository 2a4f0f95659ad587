// How a rule came to its word, test by test: the raw material of "why can't I?".
import type { Facts, FactValue } from '../contracts/permission.ts';
import { compare } from './check.ts';
import type { ParsedRule } from './compile.ts';
import type { ConditionNode, FactTest } from './condition.ts';
import type { Rule } from './pack.ts';

/** A condition with the answer of each of its parts; no answer where a fact is not known. */
export interface ConditionTrace {
  readonly kind: 'all' | 'any' | 'not' | 'test';
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly parts?: readonly ConditionTrace[];
  readonly test?: FactTest;
  /** What the fact was; absent when it is not known. */
  readonly value?: FactValue;
}

/** A rule of the action, and whether it speaks: a permit permits, a forbid forbids. */
export interface RuleTrace {
  readonly rule: string;
  readonly article: string;
  readonly text: Rule['text'];
  readonly effect: Rule['effect'];
  readonly speaks: boolean;
  readonly when?: ConditionTrace;
  readonly unless?: ConditionTrace;
}

/** Traces a rule over facts. */
export function explainRule({ rule, when, unless }: ParsedRule, facts: Facts): RuleTrace {
  const whenTrace = when && traceOf(when, facts);
  const unlessTrace = unless && traceOf(unless, facts);
  const holds = whenTrace?.answer ?? 'yes';
  const except = unlessTrace?.answer ?? 'no';
  return {
    rule: rule.id,
    article: rule.article,
    text: rule.text,
    effect: rule.effect,
    speaks: rule.effect === 'permit' ? holds === 'yes' && except === 'no' : holds !== 'no' && except !== 'yes',
    ...(whenTrace && { when: whenTrace }),
    ...(unlessTrace && { unless: unlessTrace }),
  };
}

function traceOf(node: ConditionNode, facts: Facts): ConditionTrace {
  if (node.kind === 'test') {
    const value = facts[node.test.path];
    if (value === undefined) return { kind: 'test', answer: 'unknown', test: node.test };
    return { kind: 'test', answer: compare(node.test)(value) ? 'yes' : 'no', test: node.test, value };
  }
  const parts = (node.kind === 'not' ? [node.node] : node.nodes).map((part) => traceOf(part, facts));
  const answers = parts.map((part) => part.answer);
  return { kind: node.kind, answer: node.kind === 'not' ? opposite[answers[0]!] : joined(node.kind, answers), parts };
}

const opposite = { yes: 'no', no: 'yes', unknown: 'unknown' } as const;

function joined(kind: 'all' | 'any', answers: readonly ConditionTrace['answer'][]): ConditionTrace['answer'] {
  const [settling, otherwise] = kind === 'all' ? (['no', 'yes'] as const) : (['yes', 'no'] as const);
  if (answers.includes(settling)) return settling;
  return answers.includes('unknown') ? 'unknown' : otherwise;
}

/** How many facts keep a permit from speaking: 0 when it does. */
export function distanceOf({ when, unless }: Pick<ParsedRule, 'when' | 'unless'>, facts: Facts): number {
  return (when ? steps(when, facts, true) : 0) + (unless ? steps(unless, facts, false) : 0);
}

/** Facts that would have to be others for a condition to answer as wanted. */
function steps(node: ConditionNode, facts: Facts, wanted: boolean): number {
  if (node.kind === 'not') return steps(node.node, facts, !wanted);
  if (node.kind === 'test') {
    const value = facts[node.test.path];
    return value !== undefined && compare(node.test)(value) === wanted ? 0 : 1;
  }
  const each = node.nodes.map((part) => steps(part, facts, wanted));
  return (node.kind === 'all') === wanted ? each.reduce((sum, one) => sum + one, 0) : Math.min(...each);
}
