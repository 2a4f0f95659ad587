// The policy engine: forbid wins, default deny, every reason returned, and what is unknown opens nothing.
import { sha256OfJson } from '../canonical-json.ts';
import { actions, type Action, type Decision, type Denial, type FactDeclaration, type Facts, type FactValue } from '../contracts/permission.ts';
import { compileCheck, FactSlots, type Check } from './check.ts';
import { packName, parsePack, type ParsedRule } from './compile.ts';
import { distanceOf, explainRule, type RuleTrace } from './explain.ts';
import type { PackTest, PolicyPack, Rule } from './pack.ts';

/** A rule ready to be judged; its denial is made once. */
interface CompiledRule {
  readonly rule: Rule;
  readonly parsed: ParsedRule;
  readonly when: Check | undefined;
  readonly unless: Check | undefined;
  readonly denial: Denial;
}

interface CompiledAction {
  readonly permits: readonly CompiledRule[];
  readonly forbids: readonly CompiledRule[];
  readonly parsed: readonly ParsedRule[];
}

/** A decision, and how each rule of its action came to speak or to keep silent. */
export interface Explanation {
  readonly decision: Decision;
  readonly rules: readonly RuleTrace[];
}

/** A pack, compiled once. */
export interface PolicyEngine {
  readonly pack: PolicyPack;
  readonly packSha256: string;
  /** Decides. Never throws on facts of their declared types: a rule that cannot be judged denies. */
  decide(action: Action, facts: Facts): Decision;
  /** Decides, and says why, rule by rule. For people who ask "why can't I?"; slower than `decide`. */
  explain(action: Action, facts: Facts): Explanation;
}

/**
 * Compiles a pack against the catalogue of facts. Throws `PACK_INVALID` with the place of the fault.
 *
 * @example
 * const engine = createPolicyEngine(upc2013(), [...kernelFacts, ...accessFacts]);
 * engine.decide('playback', { 'actor.kind': 'person', 'actor.standing': 'individual' }).articles // ['14', …]
 */
export function createPolicyEngine(pack: PolicyPack, catalogue: readonly FactDeclaration[]): PolicyEngine {
  const { rules } = parsePack(pack, catalogue);
  const slots = new FactSlots();
  const compile = (parsed: ParsedRule): CompiledRule => {
    const { rule, when, unless } = parsed;
    return {
      rule,
      parsed,
      when: when && compileCheck(when, slots),
      unless: unless && compileCheck(unless, slots),
      denial: Object.freeze({ rule: rule.id, article: rule.article, text: rule.text, missing: rule.missing ?? [] }),
    };
  };
  const byAction = new Map<Action, CompiledAction>(
    actions.map((action) => {
      const parsed = rules.filter(({ rule }) => !rule.actions || rule.actions.includes(action));
      const compiled = parsed.map(compile);
      return [action, { parsed, permits: compiled.filter(({ rule }) => rule.effect === 'permit'), forbids: compiled.filter(({ rule }) => rule.effect === 'forbid') }];
    }),
  );
  const { paths } = slots;
  const values: (FactValue | undefined)[] = paths.map(() => undefined);
  const name = packName(pack);
  const packSha256 = sha256OfJson(pack);

  const decide = (action: Action, facts: Facts): Decision => {
    const { permits, forbids } = byAction.get(action)!;
    for (let slot = 0; slot < paths.length; slot++) values[slot] = facts[paths[slot]!];
    const permitting: string[] = [];
    const denials: Denial[] = [];
    const articles: string[] = [];
    for (const { when, unless, denial } of forbids) {
      // A forbid needs no certainty: it is in force until it is known not to apply.
      if ((when !== undefined && when(values) === false) || (unless !== undefined && unless(values) === true)) continue;
      denials.push(denial);
      if (!articles.includes(denial.article)) articles.push(denial.article);
    }
    for (const { rule, when, unless } of permits) {
      // A permit needs it: `when` known to hold, `unless` known not to.
      if ((when !== undefined && when(values) !== true) || (unless !== undefined && unless(values) !== false)) continue;
      permitting.push(rule.id);
      if (denials.length === 0 && !articles.includes(rule.article)) articles.push(rule.article);
    }
    const effect = permitting.length > 0 && denials.length === 0 ? 'permit' : 'deny';
    if (effect === 'deny' && denials.length === 0) {
      const nearest = nearestPermit(permits, facts);
      denials.push(nearest);
      articles.push(nearest.article);
    }
    return { effect, permits: permitting, denials, articles, pack: name, packSha256, facts };
  };
  return { pack, packSha256, decide, explain: (action, facts) => ({ decision: decide(action, facts), rules: byAction.get(action)!.parsed.map((rule) => explainRule(rule, facts)) }) };
}

const noPermit: Denial = Object.freeze({ rule: 'default-deny', article: '', text: { zh: '没有任何规则允许此操作', en: 'No rule permits this act' }, missing: [] });

/**
 * No permit fits and nothing forbids: cite the permit that the fewest facts keep from fitting, so that nobody is left without an
 * article. Of equals, one that says what would help comes first.
 */
function nearestPermit(permits: readonly CompiledRule[], facts: Facts): Denial {
  const distances = permits.map(({ parsed, denial }) => ({ denial, distance: distanceOf(parsed, facts), helps: denial.missing.length > 0 }));
  return distances.sort((a, b) => a.distance - b.distance || Number(b.helps) - Number(a.helps))[0]?.denial ?? noPermit;
}

/** The worked examples of a pack that its rules do not decide as they say. */
export function failedPackTests(engine: PolicyEngine): readonly PackTest[] {
  return engine.pack.tests.filter(({ action, facts, effect, articles }) => {
    const decision = engine.decide(action, facts);
    return decision.effect !== effect || !(articles ?? []).every((article) => decision.articles.includes(article));
  });
}
