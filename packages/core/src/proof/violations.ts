// Where a pack decides otherwise than a property says; the property holds when that is nowhere.
import { actions, type Action } from '../contracts/permission.ts';
import type { Text } from '../text.ts';
import { none, type Diagram } from './diagram.ts';
import type { JudgedRule, Judgement } from './judgement.ts';

/** What is wrong with a decision. */
export type Fault = 'permitted' | 'denied' | 'uncited';

/** Valuations of an action that are decided wrongly. */
export interface Violation {
  readonly action: Action;
  readonly fault: Fault;
  readonly set: Diagram;
}

/** Where a property is violated: nowhere, when it holds. The gravest come first. */
export interface Violations {
  readonly id: string;
  readonly article: string;
  readonly text: Text;
  readonly found: readonly Violation[];
}

const gravity: readonly Fault[] = ['permitted', 'denied', 'uncited'];

function violations({ id, article, text }: Omit<Violations, 'found'>, found: readonly Violation[]): Violations {
  return { id, article, text, found: found.filter(({ set }) => set !== none).sort((a, b) => gravity.indexOf(a.fault) - gravity.indexOf(b.fault)) };
}

/** Violations of one of the pack's properties, as the pack is or without one of its rules. */
export function violationsOf(judgement: Judgement, index: number, without?: JudgedRule): Violations {
  const { property, when } = judgement.parsed.properties[index]!;
  const { diagrams } = judgement.space;
  const { yes, no } = judgement.answers(when);
  const found = property.actions.flatMap((action): readonly Violation[] => {
    const permits = judgement.permits(action, without);
    if (property.expect === 'permit') return [{ action, fault: 'denied', set: diagrams.except(yes, permits) }];
    const rules = judgement.rulesOf(action, without);
    const cited = (property.cites ?? []).map((article) => judgement.anySpeaks(rules.filter(({ parsed }) => parsed.rule.article === article), 'forbid'));
    // What may be so must be refused as what is so; a citation is owed only where it is.
    return [
      { action, fault: 'permitted', set: diagrams.except(permits, no) },
      { action, fault: 'uncited', set: diagrams.except(diagrams.except(yes, permits), diagrams.all(cited)) },
    ];
  });
  return violations(property, found);
}

/** Violations of what every pack must hold to. */
export function builtInViolations(judgement: Judgement): readonly Violations[] {
  const missing = { id: 'missing-opens-nothing', article: '', text: { zh: '缺少任何一项事实都不会放行', en: 'A fact that is missing opens nothing' } };
  const citing = { id: 'every-denial-cites', article: '', text: { zh: '每次拒绝都引用条款', en: 'Every denial cites an article' } };
  return [
    violations(missing, actions.map((action) => ({ action, fault: 'permitted', set: openedByMissing(judgement, action) }))),
    violations(citing, actions.map((action) => ({ action, fault: 'uncited', set: silentDenials(judgement, action) }))),
  ];
}

/** Where a permit hangs on a fact being unknown: with some value of it, the same request would be refused. */
function openedByMissing(judgement: Judgement, action: Action): Diagram {
  const { space } = judgement;
  const permits = judgement.permits(action);
  return space.diagrams.any(
    space.paths.map((path) => {
      const { unknown, known } = space.byValue(permits, path);
      return space.diagrams.except(unknown, space.diagrams.all(known));
    }),
  );
}

/** Where a denial would cite nothing: no forbid speaks, and there is no permit with an article whose absence it could cite. */
function silentDenials(judgement: Judgement, action: Action): Diagram {
  const { diagrams } = judgement.space;
  const rules = judgement.rulesOf(action);
  const permits = rules.filter(({ parsed }) => parsed.rule.effect === 'permit');
  const citable = permits.length > 0 && permits.every(({ parsed }) => parsed.rule.article !== '');
  const citing = rules.filter(({ parsed }) => parsed.rule.article !== '');
  const unforbidden = diagrams.not(judgement.anySpeaks(rules, 'forbid'));
  const nameless = diagrams.except(judgement.anySpeaks(rules, 'forbid'), judgement.anySpeaks(citing, 'forbid'));
  return diagrams.any([nameless, citable ? none : diagrams.except(unforbidden, judgement.permits(action))]);
}
