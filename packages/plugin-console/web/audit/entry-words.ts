// An entry in words: who, what, by which rules, what for. What is not known is left out.
import type { AuditEntry, AuditRecord } from '@wanglou/core';
import type { RuleWords } from '@wanglou/plugin-access/contract';
import type { Words } from '../i18n/language.ts';

/** Who acted, with the id where it is not the same. */
export interface Who {
  readonly name: string;
  readonly id?: string;
  readonly erased: boolean;
}

/** The principal of a record. `nameOf` answers nothing for people whose names the reader may not see. */
export function whoOf({ entry: { principal }, ...record }: AuditRecord, nameOf: (id: string) => string | undefined, words: Words): Who {
  const erased = record.erased === true;
  const { kind, id } = principal;
  if (kind === 'person') {
    if (erased) return { name: words.t('audit.erased'), id, erased };
    const name = nameOf(id);
    return name === undefined || name === id ? { name: id, erased } : { name, id, erased };
  }
  const name = words.has(`principal.${kind}`, kind);
  return kind === 'anonymous' ? { name, erased } : { name, id, erased };
}

/** What an act was for: members of the input and of what the act said of itself. */
export interface ActFacts {
  readonly purpose?: string;
  readonly caseNumber?: string;
  readonly reason?: string;
  readonly destination?: string;
  readonly request?: string;
  readonly grant?: string;
}

/** Reads what an act was for. */
export function factsOf({ input, detail, resource, decision }: AuditEntry): ActFacts {
  const parts = [input, detail].filter((part): part is Readonly<Record<string, unknown>> => typeof part === 'object' && part !== null);
  const facts = decision?.facts ?? {};
  const text = (name: string, ...also: readonly unknown[]) => [...parts.map((part) => part[name]), ...also].find((value): value is string => typeof value === 'string' && value !== '');
  const all = {
    purpose: text('purpose', facts['grant.purpose']),
    caseNumber: text('caseNumber'),
    reason: text('reason'),
    destination: text('destination', resource?.destination),
    request: text('request'),
    grant: text('grant', facts['grant.id']),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** A rule as an entry cites it. */
export interface CitedRule {
  readonly id: string;
  readonly effect: 'permit' | 'deny';
  readonly article?: string;
  /** Absent where the pack in force is another, or knows the rule no more. */
  readonly text?: RuleWords['text'];
}

/** The pack in force, with its rules in words. */
export interface PackWords {
  readonly sha256: string;
  readonly rules: readonly RuleWords[];
}

/** The rules of a decision: what refused, or else what permitted. Under another pack than the one in force, ids and articles stand alone. */
export function rulesOf(decision: NonNullable<AuditEntry['decision']>, pack: PackWords | undefined): readonly CitedRule[] {
  const known = pack?.sha256 === decision.packSha256 ? pack.rules : [];
  const cite = (id: string, effect: CitedRule['effect'], article?: string): CitedRule => {
    const rule = known.find((one) => one.id === id);
    const number = article ?? rule?.article;
    return { id, effect, ...(number !== undefined && { article: number }), ...(rule && { text: rule.text }) };
  };
  return [...decision.denials.map(({ rule, article }) => cite(rule, 'deny', article)), ...(decision.effect === 'permit' ? decision.permits.map((id) => cite(id, 'permit')) : [])];
}

/** What happened, as one word: permitted, refused, done, how a lease ended. */
export function resultOf({ kind, decision, outcome }: AuditEntry, words: Words): string {
  if (decision) return words.t(decision.effect === 'deny' ? 'register.denied' : 'register.permitted');
  if (outcome === undefined) return '';
  return words.has(kind === 'lease' ? `lease-outcome.${outcome}` : `register.${outcome}`, outcome);
}
