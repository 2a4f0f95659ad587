// What a pack decides, as sets of valuations: the engine's semantics once more, over all facts at once.
import { type Action, actions, type FactDeclaration } from '../contracts/permission.ts';
import { KernelError } from '../errors.ts';
import { packName, parsePack, type ParsedPack, type ParsedRule } from '../policy/compile.ts';
import type { PolicyPack } from '../policy/pack.ts';
import { BudgetError, every, none, type Diagram } from './diagram.ts';
import { FactSpace, type Answers } from './fact-space.ts';

/** A rule and where it speaks: where a permit permits, a forbid forbids. */
export interface JudgedRule {
  readonly parsed: ParsedRule;
  readonly speaks: Diagram;
}

/** The decisions of a pack in a space. */
export class Judgement {
  readonly parsed: ParsedPack;
  readonly space: FactSpace;
  readonly rules: readonly JudgedRule[];
  readonly #permits = new Map<string, Diagram>();

  constructor(parsed: ParsedPack, space: FactSpace) {
    this.parsed = parsed;
    this.space = space;
    this.rules = parsed.rules.map((rule) => ({ parsed: rule, speaks: this.#speaks(rule) }));
  }

  /** Where a condition is known to hold and known not to; an absent one always holds. */
  answers(condition: ParsedRule['when']): Answers {
    return condition ? this.space.answers(condition) : { yes: every, no: none };
  }

  /** Rules that speak of an action, without the one that is taken away. */
  rulesOf(action: Action, without?: JudgedRule): readonly JudgedRule[] {
    return this.rules.filter((one) => one !== without && covers(one, action));
  }

  /** Where any of the rules speaks. */
  anySpeaks(rules: readonly JudgedRule[], effect: 'permit' | 'forbid'): Diagram {
    return this.space.diagrams.any(rules.filter(({ parsed }) => parsed.rule.effect === effect).map(({ speaks }) => speaks));
  }

  /** Where an action is permitted. */
  permits(action: Action, without?: JudgedRule): Diagram {
    const key = `${action} ${without?.parsed.rule.id ?? ''}`;
    const known = this.#permits.get(key);
    if (known !== undefined) return known;
    const rules = this.rulesOf(action, without);
    const permits = this.space.diagrams.except(this.anySpeaks(rules, 'permit'), this.anySpeaks(rules, 'forbid'));
    this.#permits.set(key, permits);
    return permits;
  }

  #speaks({ rule, when, unless }: ParsedRule): Diagram {
    const { diagrams } = this.space;
    const holds = this.answers(when);
    const except = unless ? this.space.answers(unless) : { yes: none, no: every };
    return rule.effect === 'permit' ? diagrams.and(holds.yes, except.no) : diagrams.not(diagrams.any([holds.no, except.yes]));
  }
}

/** Whether a rule speaks of an action. */
export function covers({ parsed: { rule } }: JudgedRule, action: Action): boolean {
  return !rule.actions || rule.actions.includes(action);
}

/** Actions of a rule. */
export function actionsOf({ parsed: { rule } }: JudgedRule): readonly Action[] {
  return rule.actions ?? actions;
}

/** Judges packs in one space, so that they can be compared. */
export function judge(packs: readonly PolicyPack[], catalogue: readonly FactDeclaration[], budget?: number): readonly Judgement[] {
  return packs.length === 0 ? [] : judgeParsed(packs.map((pack) => parsePack(pack, catalogue)), budget);
}

function judgeParsed(parsed: readonly ParsedPack[], budget?: number): readonly Judgement[] {
  const catalogue = new Map(parsed.flatMap((pack) => [...pack.catalogue]));
  for (const pack of parsed) {
    for (const [path, { type }] of pack.catalogue) {
      if (catalogue.get(path)!.type !== type) throw new KernelError('PACK_INVALID', { pack: packName(pack.pack), issue: `fact "${path}" is declared as ${type} and as ${catalogue.get(path)!.type}` });
    }
  }
  const conditions = parsed.flatMap(({ rules, properties }) => [...rules.flatMap(({ when, unless }) => [when, unless]), ...properties.map(({ when }) => when)]);
  const space = new FactSpace(conditions.filter((condition) => condition !== undefined), catalogue, budget);
  return parsed.map((pack) => new Judgement(pack, space));
}

/** Runs a proof; what is too much for it refuses the pack instead of running on. */
export function withinBudget<T>(pack: PolicyPack, prove: () => T): T {
  try {
    return prove();
  } catch (error) {
    const refuse = (issue: string): never => {
      throw new KernelError('PACK_INVALID', { pack: packName(pack), issue }, { cause: error });
    };
    if (error instanceof BudgetError) refuse(`it cannot be proven: ${error.message}; write it with fewer facts or simpler conditions`);
    // The end of the stack: conditions nested thousands deep.
    if (error instanceof RangeError) refuse('it cannot be proven: its conditions are nested too deeply');
    // A pack may come as JSON from anywhere; what the checks of its form let through stumbles here.
    if (error instanceof TypeError) refuse(`it has not the form of a pack: ${error.message}`);
    throw error;
  }
}
