// The policy engine: forbid wins, default deny, every reason returned, and what is unknown opens nothing.
import { sha256OfJson } from '../canonical-json.ts';
import { actions, type Action, type Decision, type Denial, type FactDeclaration, type Facts } from '../contracts/permission.ts';
import { compileCheck, FactSlots, testsOf, type Check } from './check.ts';
import { packName, parsePack, type ParsedRule } from './compile.ts';
import type { FactCatalogue } from './condition.ts';
import { distanceOf, explainRule, type RuleTrace } from './explain.ts';
import { AnswersByFacts } from './fact-codes.ts';
import type { PackTest, PolicyPack, Rule } from './pack.ts';

/** A rule ready to be judged; its denial is made once. */
interface CompiledRule {
  readonly rule: Rule;
  readonly parsed: ParsedRule;
  readonly when: Check | undefined;
  readonly unless: Check | undefined;
  readonly denial: Denial;
}

/** What the rules say to some facts. Shared by all facts that no test tells apart. */
type Answer = Pick<Decision, 'effect' | 'permits' | 'denials' | 'articles'>;

/** The rules of one action. */
interface CompiledAction {
  readonly paths: readonly string[];
  readonly permits: readonly CompiledRule[];
  readonly forbids: readonly CompiledRule[];
}

/** The rules of one action, and how they answer: by what they said before to facts that no test tells apart, where that can be. */
interface AnsweringAction {
  readonly parsed: readonly ParsedRule[];
  answer(facts: Facts): Answer;
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
  const { rules, catalogue: known } = parsePack(pack, catalogue);
  const byAction = new Map(actions.map((action) => [action, compileAction(rules.filter(({ rule }) => !rule.actions || rule.actions.includes(action)), known)]));
  const name = packName(pack);
  const packSha256 = sha256OfJson(pack);

  const decide = (action: Action, facts: Facts): Decision => {
    const { effect, permits, denials, articles } = byAction.get(action)!.answer(facts);
    return { effect, permits, denials, articles, pack: name, packSha256, facts };
  };
  return { pack, packSha256, decide, explain: (action, facts) => ({ decision: decide(action, facts), rules: byAction.get(action)!.parsed.map((rule) => explainRule(rule, facts)) }) };
}

function compileAction(parsed: readonly ParsedRule[], catalogue: FactCatalogue): AnsweringAction {
  const slots = new FactSlots();
  const compiled = parsed.map((one): CompiledRule => {
    const { rule, when, unless } = one;
    const denial: Denial = Object.freeze({ rule: rule.id, article: rule.article, text: rule.text, missing: rule.missing ?? [] });
    return { rule, parsed: one, when: when && compileCheck(when, slots), unless: unless && compileCheck(unless, slots), denial };
  });
  const tests = parsed.flatMap(({ when, unless }) => [...(when ? testsOf(when) : []), ...(unless ? testsOf(unless) : [])]);
  const action: CompiledAction = {
    paths: slots.paths,
    permits: compiled.filter(({ rule }) => rule.effect === 'permit'),
    forbids: compiled.filter(({ rule }) => rule.effect === 'forbid'),
  };
  const answers = AnswersByFacts.over(tests, (path) => catalogue.get(path)!.type, (facts) => judge(action, facts));
  return { parsed, answer: (facts) => answers?.get(facts) ?? judge(action, facts) };
}

function judge({ paths, permits, forbids }: CompiledAction, facts: Facts): Answer {
  const values = paths.map((path) => facts[path]);
  // A forbid needs no certainty: it is in force until it is known not to apply.
  const denials = forbids.filter(({ when, unless }) => when?.(values) !== false && unless?.(values) !== true).map(({ denial }) => denial);
  // A permit needs it: `when` known to hold, `unless` known not to.
  const permitting = permits.filter(({ when, unless }) => (when ? when(values) : true) === true && (unless ? unless(values) : false) === false).map(({ rule }) => rule);
  const effect = permitting.length > 0 && denials.length === 0 ? 'permit' : 'deny';
  if (effect === 'deny' && denials.length === 0) denials.push(nearestPermit(permits, facts));
  const cited = effect === 'permit' ? permitting : denials;
  return Object.freeze({ effect, permits: Object.freeze(permitting.map(({ id }) => id)), denials: Object.freeze(denials), articles: Object.freeze([...new Set(cited.map(({ article }) => article))]) });
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
