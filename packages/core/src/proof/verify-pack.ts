// The proof of a pack: over every valuation of its facts, not over samples.
import { actions, type Action, type Decision, type FactDeclaration, type Facts } from '../contracts/permission.ts';
import { packName, parsePack } from '../policy/compile.ts';
import { createPolicyEngine, failedPackTests } from '../policy/engine.ts';
import type { PolicyPack } from '../policy/pack.ts';
import { retentionProperties } from '../policy/retention.ts';
import type { Text } from '../text.ts';
import { BudgetError, defaultBudget } from './diagram.ts';
import { actionsOf, covers, judge, withinBudget, type JudgedRule, type Judgement } from './judgement.ts';
import { builtInViolations, violationsOf, type Fault, type Violations } from './violations.ts';

/** One request that a property says must not be decided as it is. */
export interface Counterexample {
  readonly action: Action;
  /** It is permitted, it is denied, or it is denied without citing what it should. */
  readonly fault: Fault;
  /** What they leave out is unknown. */
  readonly facts: Facts;
  readonly decision: Decision;
}

/** Whether a property holds over every valuation. */
export interface PropertyProof {
  readonly id: string;
  /** Empty for what every pack must hold to. */
  readonly article: string;
  readonly text: Text;
  readonly holds: boolean;
  readonly counterexample?: Counterexample;
}

/** What happens when a rule is taken away. */
export interface MutantProof {
  readonly rule: string;
  readonly verdict: 'noticed' | 'explained' | 'unnoticed';
  /** Ids of properties and names of tests that break. */
  readonly noticedBy: readonly string[];
}

/** A rule whose removal changes no decision's effect. */
export interface DeadRule {
  readonly rule: string;
  readonly keptBecause?: Text;
}

/** The proof of a pack. */
export interface PackProof {
  /** `id@version`. */
  readonly pack: string;
  /** Every test and property holds, every rule matters to one of them or says why it is kept. */
  readonly ok: boolean;
  /** Facts that rules and properties test. */
  readonly facts: number;
  /** Requests that were judged: each action with every valuation of the facts that the pack can tell apart. */
  readonly valuations: bigint;
  readonly tests: number;
  readonly failedTests: readonly string[];
  /** Those of the pack, and those that every pack must hold to: `missing-opens-nothing`, `every-denial-cites`, and `retention-floor` of each group. */
  readonly properties: readonly PropertyProof[];
  readonly mutants: readonly MutantProof[];
  readonly deadRules: readonly DeadRule[];
}

/** Limits of a proof. */
export interface ProofOptions {
  /** Edges of decision diagrams; 2,000,000 unless said. */
  readonly budget?: number;
}

const bytesPerEdge = 50;

/**
 * Proves a pack over every valuation of its facts. Throws `PACK_INVALID` for a pack that the engine would refuse, and for one whose
 * proof is more than `budget` allows.
 *
 * @example
 * verifyPack(upc2013(), [...kernelFacts, ...accessFacts]).ok // true
 */
export function verifyPack(given: PolicyPack, catalogue: readonly FactDeclaration[], { budget = defaultBudget }: ProofOptions = {}): PackProof {
  return withinBudget(given, () => {
    // Each rule is taken away once, and the rest read anew.
    if (given.rules?.length * JSON.stringify(given).length > budget * bytesPerEdge) throw new BudgetError(`${given.rules.length} rules are too many`);
    const pack = withRetention(given, catalogue);
    const [judgement] = judge([pack], catalogue, budget);
    const { decide } = createPolicyEngine(pack, catalogue);
    const failedTests = failedNames(pack, catalogue);
    const properties = [...pack.properties.map((_, index) => violationsOf(judgement!, index)), ...builtInViolations(judgement!)].map((violations) => proofOf(judgement!, violations, decide));
    const deadRules = judgement!.rules.filter((rule) => isDead(judgement!, rule)).map(({ parsed: { rule } }) => ({ rule: rule.id, ...(rule.keptBecause && { keptBecause: rule.keptBecause }) }));
    const mutants = judgement!.rules.map((rule) => mutantOf(judgement!, rule, catalogue, failedTests, properties));
    return {
      pack: packName(pack),
      ok: failedTests.length === 0 && properties.every(({ holds }) => holds) && deadRules.every(({ keptBecause }) => keptBecause) && mutants.every(({ verdict }) => verdict !== 'unnoticed'),
      facts: judgement!.space.paths.length,
      valuations: judgement!.space.count(judgement!.space.possible) * BigInt(actions.length),
      tests: pack.tests.length,
      failedTests,
      properties,
      mutants,
      deadRules,
    };
  });
}

/** A pack that names a floor promises what its rules must keep. Throws `PACK_INVALID`. */
function withRetention(given: PolicyPack, catalogue: readonly FactDeclaration[]): PolicyPack {
  const { pack, catalogue: known } = parsePack(given, catalogue);
  return { ...pack, properties: [...pack.properties, ...retentionProperties(pack, (path) => known.has(path))] };
}

function failedNames(pack: PolicyPack, catalogue: readonly FactDeclaration[]): readonly string[] {
  return failedPackTests(createPolicyEngine(pack, catalogue)).map(({ name }) => name);
}

function proofOf({ space }: Judgement, { id, article, text, found }: Violations, decide: (action: Action, facts: Facts) => Decision): PropertyProof {
  const [worst] = found;
  if (!worst) return { id, article, text, holds: true };
  const { action, fault } = worst;
  const facts = space.example(worst.set)!;
  return { id, article, text, holds: false, counterexample: { action, fault, facts, decision: decide(action, facts) } };
}

function isDead(judgement: Judgement, rule: JudgedRule): boolean {
  return actionsOf(rule).every((action) => judgement.permits(action) === judgement.permits(action, rule));
}

function mutantOf(judgement: Judgement, rule: JudgedRule, catalogue: readonly FactDeclaration[], failedBefore: readonly string[], proofs: readonly PropertyProof[]): MutantProof {
  const { pack } = judgement.parsed;
  const { id, keptBecause } = rule.parsed.rule;
  const mutant: PolicyPack = { ...pack, rules: pack.rules.filter((one) => one.id !== id) };
  const tests = failedNames(mutant, catalogue).filter((name) => !failedBefore.includes(name));
  const touched = pack.properties.flatMap(({ actions }, index) => (actions.some((action) => covers(rule, action)) && proofs[index]!.holds ? [violationsOf(judgement, index, rule)] : []));
  const noticedBy = [...touched.filter(({ found }) => found.length > 0).map((violations) => violations.id), ...tests];
  return { rule: id, noticedBy, verdict: noticedBy.length > 0 ? 'noticed' : keptBecause ? 'explained' : 'unnoticed' };
}
