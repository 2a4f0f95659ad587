// The policy engine: forbid wins, default deny, every reason returned, and what is unknown opens nothing.
import { canonicalJson, sha256OfJson } from '../canonical-json.ts';
import { actions, type Action, type Decision, type Denial, type FactDeclaration, type Facts, type FactValue } from '../contracts/permission.ts';
import { compileCheck, FactSlots, type Check } from './check.ts';
import { packName, parsePack, type ParsedRule } from './compile.ts';
import { distanceOf, explainRule, type RuleTrace } from './explain.ts';
import type { PackTest, PolicyPack, Rule } from './pack.ts';

/** A rule ready to be judged; its denial is made once. */
interface CompiledRule {
  readonly rule: Rule;
  readonly parsed: ParsedRule;
  /** Place of its `when` among those of the action: rules share them, and each is judged once. */
  readonly when: number;
  readonly unless: Check | undefined;
  readonly denial: Denial;
}

/** What one action needs: its rules, and the facts that they test, each read once for a decision. */
interface CompiledAction {
  readonly paths: readonly string[];
  /** Overwritten by every decision; a decision never waits. */
  readonly values: (FactValue | undefined)[];
  readonly whens: readonly Check[];
  readonly answers: (boolean | undefined)[];
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
  const byAction = new Map(actions.map((action) => [action, compileAction(rules.filter(({ rule }) => !rule.actions || rule.actions.includes(action)))]));
  const name = packName(pack);
  const packSha256 = sha256OfJson(pack);

  const decide = (action: Action, facts: Facts): Decision => {
    const { paths, values, whens, answers, permits, forbids } = byAction.get(action)!;
    for (let slot = 0; slot < paths.length; slot++) values[slot] = facts[paths[slot]!];
    for (let index = 0; index < whens.length; index++) answers[index] = whens[index]!(values);
    const permitting: string[] = [];
    const denials: Denial[] = [];
    const articles: string[] = [];
    for (const { when, unless, denial } of forbids) {
      // A forbid needs no certainty: it is in force until it is known not to apply.
      if (answers[when] === false || (unless !== undefined && unless(values) === true)) continue;
      denials.push(denial);
      if (!articles.includes(denial.article)) articles.push(denial.article);
    }
    for (const { rule, when, unless } of permits) {
      // A permit needs it: `when` known to hold, `unless` known not to.
      if (answers[when] !== true || (unless !== undefined && unless(values) !== false)) continue;
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

const always: Check = () => true;

function compileAction(parsed: readonly ParsedRule[]): CompiledAction {
  const slots = new FactSlots();
  const whens = new Map<string, { readonly index: number; readonly check: Check }>();
  const placeOf = ({ rule, when }: ParsedRule): number => {
    const key = canonicalJson(rule.when ?? null);
    const known = whens.get(key);
    if (known) return known.index;
    const index = whens.size;
    whens.set(key, { index, check: when ? compileCheck(when, slots) : always });
    return index;
  };
  const compiled = parsed.map((one): CompiledRule => {
    const { rule, unless } = one;
    const denial: Denial = Object.freeze({ rule: rule.id, article: rule.article, text: rule.text, missing: rule.missing ?? [] });
    return { rule, parsed: one, when: placeOf(one), unless: unless && compileCheck(unless, slots), denial };
  });
  return {
    paths: slots.paths,
    values: slots.paths.map(() => undefined),
    whens: [...whens.values()].map(({ check }) => check),
    answers: [...whens.values()].map(() => undefined),
    permits: compiled.filter(({ rule }) => rule.effect === 'permit'),
    forbids: compiled.filter(({ rule }) => rule.effect === 'forbid'),
    parsed,
  };
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
