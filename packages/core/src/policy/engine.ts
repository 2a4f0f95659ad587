// The policy engine: forbid wins, default deny, every reason returned, and what is unknown opens nothing.
import { sha256OfJson } from '../canonical-json.ts';
import { actions, type Action, type Decision, type Denial, type FactDeclaration, type Facts } from '../contracts/permission.ts';
import { KernelError } from '../errors.ts';
import { compileCondition, ConditionError, type Check } from './condition.ts';
import type { PackTest, PolicyPack, Rule } from './pack.ts';

interface CompiledRule {
  readonly rule: Rule;
  readonly when: Check | undefined;
  readonly unless: Check | undefined;
}

/** A pack, compiled once. */
export interface PolicyEngine {
  readonly pack: PolicyPack;
  readonly packSha256: string;
  /** Decides. Never throws: a rule that cannot be judged denies. */
  decide(action: Action, facts: Facts): Decision;
}

/**
 * Compiles a pack against the catalogue of facts. An unknown fact, an unknown action, a repeated rule id or a malformed
 * operator refuses the whole pack with `PACK_INVALID`: a misspelt `when` of a forbid would otherwise switch it off unseen.
 */
export function createPolicyEngine(pack: PolicyPack, catalogue: readonly FactDeclaration[]): PolicyEngine {
  const byAction = compilePack(pack, catalogue);
  const packSha256 = sha256OfJson(pack);
  const name = `${pack.id}@${pack.version}`;
  return {
    pack,
    packSha256,
    decide(action, facts) {
      const permits: Rule[] = [];
      const denials: Denial[] = [];
      for (const { rule, when, unless } of byAction.get(action)!) {
        if (rule.effect === 'permit') {
          // A permit needs certainty: `when` known to hold, `unless` known not to.
          if ((!when || when(facts) === true) && (!unless || unless(facts) === false)) permits.push(rule);
        } else if ((!when || when(facts) !== false) && (!unless || unless(facts) !== true)) {
          // A forbid needs none: it is in force until it is known not to apply.
          denials.push(denialOf(rule));
        }
      }
      const effect = permits.length > 0 && denials.length === 0 ? 'permit' : 'deny';
      if (effect === 'deny' && denials.length === 0) denials.push(defaultDenial(byAction.get(action)!, facts));
      const cited = effect === 'permit' ? permits.map((rule) => rule.article) : denials.map((denial) => denial.article);
      return { effect, permits: permits.map((rule) => rule.id), denials, articles: [...new Set(cited)], pack: name, packSha256, facts };
    },
  };
}

function compilePack(pack: PolicyPack, catalogue: readonly FactDeclaration[]): ReadonlyMap<Action, readonly CompiledRule[]> {
  const known = new Map([...catalogue, ...(pack.facts ?? [])].map((fact) => [fact.path, fact]));
  const seen = new Set<string>();
  const refuse = (issue: string): never => {
    throw new KernelError('PACK_INVALID', { pack: `${pack.id}@${pack.version}`, issue });
  };
  const compile = (rule: Rule, part: 'when' | 'unless'): Check | undefined => {
    const condition = rule[part];
    if (condition === undefined) return undefined;
    try {
      return compileCondition(condition, known, `rule ${rule.id}: ${part}`);
    } catch (error) {
      if (error instanceof ConditionError) return refuse(error.message);
      throw error;
    }
  };
  const compiled = pack.rules.map((rule): CompiledRule => {
    if (seen.has(rule.id)) refuse(`rule id "${rule.id}" is used twice`);
    seen.add(rule.id);
    if (rule.effect !== 'permit' && rule.effect !== 'forbid') refuse(`rule ${rule.id}: effect must be permit or forbid`);
    for (const action of rule.actions ?? []) if (!actions.includes(action)) refuse(`rule ${rule.id}: unknown action "${action}"`);
    return { rule, when: compile(rule, 'when'), unless: compile(rule, 'unless') };
  });
  return new Map(actions.map((action) => [action, compiled.filter(({ rule }) => !rule.actions || rule.actions.includes(action))]));
}

function denialOf(rule: Rule): Denial {
  return { rule: rule.id, article: rule.article, text: rule.text, missing: rule.missing ?? [] };
}

/** Whether the person already holds the role a permit speaks of, so that only the rest is missing. */
function holdsRole(rule: Rule, facts: Facts): boolean {
  const roles = facts['actor.roles'];
  return Array.isArray(roles) && roles.some((role: string) => JSON.stringify(rule.when).includes(`"${role}"`));
}

/** No permit fits: cite the one that came nearest, so that nobody is left without a reason. */
function defaultDenial(rules: readonly CompiledRule[], facts: Facts): Denial {
  const permits = rules.filter(({ rule }) => rule.effect === 'permit');
  const holder = permits.find(({ rule, when }) => rule.missing && when && holdsRole(rule, facts));
  const nearest = holder ?? permits.find(({ rule }) => rule.missing) ?? permits[0];
  if (nearest) return denialOf(nearest.rule);
  return { rule: 'default-deny', article: '', text: { zh: '没有任何规则允许此操作', en: 'No rule permits this act' }, missing: [] };
}

/** The worked examples of a pack that its rules do not decide as they say. */
export function failedPackTests(engine: PolicyEngine): readonly PackTest[] {
  return engine.pack.tests.filter(({ action, facts, effect, articles }) => {
    const decision = engine.decide(action, facts);
    return decision.effect !== effect || !(articles ?? []).every((article) => decision.articles.includes(article));
  });
}
