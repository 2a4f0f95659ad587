// A decision taken apart, in words: which rules spoke, and which facts were yes, no or not known.
import type { CampusFacts, ConditionTrace, FactValue, RuleTrace } from '@wanglou/core';
import type { PolicyTrace } from '@wanglou/plugin-access/contract';
import { nameIn } from '../app/context.ts';
import type { Words } from '../i18n/language.ts';

/** What a trace is written with. */
export interface TraceNames {
  readonly words: Words;
  readonly campus: Pick<CampusFacts, 'units' | 'roles' | 'purposes'>;
  readonly facts: PolicyTrace['facts'];
}

/** What a rule did. */
export type RuleWord = 'forbids' | 'silent' | 'permits' | 'no-permit';

/** What a rule did. */
export function ruleWord({ effect, speaks }: Pick<RuleTrace, 'effect' | 'speaks'>): RuleWord {
  if (effect === 'forbid') return speaks ? 'forbids' : 'silent';
  return speaks ? 'permits' : 'no-permit';
}

const order: readonly RuleWord[] = ['forbids', 'no-permit', 'permits', 'silent'];

/** Rules in the order a reader needs them: what forbids, what could permit, what permits, what has nothing against it. */
export function sortedRules(rules: readonly RuleTrace[]): readonly RuleTrace[] {
  const place = (rule: RuleTrace) => order.indexOf(ruleWord(rule));
  return [...rules].sort((a, b) => place(a) - place(b));
}

/** One test of a fact: what was wanted, and what was found. */
export function testWords(trace: ConditionTrace, names: TraceNames): string {
  const { words } = names;
  if (!trace.test) return '';
  const { path, operator, operand } = trace.test;
  const fact = names.facts.find((candidate) => candidate.path === path);
  const wanted = words.t(`trace-test.${operator}`, { value: valueWords(operand, path, names) });
  const found = trace.value === undefined ? words.t('trace.unknown-value') : valueWords(trace.value, path, names);
  return words.t('trace.test', { fact: fact ? words.text(fact.text) : path, wanted, found });
}

function valueWords(value: FactValue | readonly (number | string)[], path: string, names: TraceNames): string {
  const { words } = names;
  if (typeof value === 'boolean') return words.t(value ? 'trace.yes' : 'trace.no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return wordOf(value, path, names);
  return value.length === 0 ? words.t('trace.nothing') : words.list(value.map((item) => (typeof item === 'number' ? String(item) : wordOf(item, path, names))));
}

/** Roles, units and purposes have names in the pack; other words stand as they are. */
function wordOf(value: string, path: string, { words, campus }: TraceNames): string {
  if (path.endsWith('.roles')) return nameIn(campus.roles, value, words);
  if (path.endsWith('.unit') || path.endsWith('.approvals')) return nameIn(campus.units, value, words);
  if (path.endsWith('.purpose')) return words.text((campus.purposes as Readonly<Record<string, { zh: string; en: string }>>)[value] ?? { zh: value, en: value });
  return words.has(`fact-value.${value}`, value);
}
