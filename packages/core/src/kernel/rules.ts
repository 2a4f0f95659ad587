// The rules in force and the facts they judge by. Decides; opens nothing and records nothing.
import { factSources, type Decision, type FactDeclaration, type FactSource, type Facts, type FactValue, type Question } from '../contracts/permission.ts';
import { joinFacts, kernelFacts } from '../policy/catalogue.ts';
import { packName } from '../policy/compile.ts';
import { createPolicyEngine, type PolicyEngine } from '../policy/engine.ts';
import type { PolicyPack } from '../policy/pack.ts';
import type { Contributions } from './registry.ts';

/** What the rules need from the kernel. */
export interface RulesHost {
  /** The pack in force: the approved one, or else the configured one. */
  pack(): PolicyPack;
  readonly contributions: Contributions;
  /** Facts that the loaded plugins declare. */
  facts(): readonly FactDeclaration[];
  report(error: unknown, where: string): void;
  /** The rules could not be judged: people must know at once. */
  policyBroken(): void;
}

/** Gathers facts and decides. */
export class Rules {
  readonly #host: RulesHost;
  #engine: PolicyEngine | undefined;
  #declared: ReadonlyMap<string, FactDeclaration> = new Map();

  constructor(host: RulesHost) {
    this.#host = host;
  }

  /** Facts, then policy. An exception anywhere is a denial and an alarm. */
  async decide(question: Question): Promise<Decision> {
    try {
      return this.engine().decide(question.action, await this.facts(question));
    } catch (error) {
      this.#host.report(error, 'policy');
      this.#host.policyBroken();
      return brokenDecision(this.#host.pack());
    }
  }

  /** The facts of a question. */
  async facts(question: Question): Promise<Facts> {
    this.engine();
    const known = await Promise.all(this.#host.contributions.values(factSources).map((source) => this.#factsFrom(source, question)));
    return joinFacts(known, question, (path) => this.#host.report(new Error(`fact sources contradict each other about ${path}; it counts as not known`), 'policy'));
  }

  /** The pack in force, compiled when it is first asked. Throws `PACK_INVALID` when it does not fit the facts of the loaded plugins. */
  engine(): PolicyEngine {
    return (this.#engine ??= this.#compile());
  }

  /** Every fact that a pack may use now. */
  catalogue(): readonly FactDeclaration[] {
    return [...kernelFacts, ...this.#host.facts()];
  }

  /** Plugins were loaded or unloaded, and with them their facts, or another pack came into force: it is compiled when it is next asked. */
  changed(): void {
    this.#engine = undefined;
  }

  #compile(): PolicyEngine {
    const pack = this.#host.pack();
    const facts = this.catalogue();
    this.#declared = new Map([...facts, ...(pack.facts ?? [])].map((fact) => [fact.path, fact]));
    return createPolicyEngine(pack, facts);
  }

  /** A source that fails leaves its facts unknown, and what is unknown opens nothing. */
  async #factsFrom(source: FactSource, question: Question): Promise<Facts> {
    try {
      return this.#declaredOnly(await source.read(question), source.id);
    } catch (error) {
      this.#host.report(error, `fact source ${source.id}`);
      return {};
    }
  }

  /** Drops what is not as it was declared: a text where a set is meant would turn `has` into a search, and the proofs trust closed lists. */
  #declaredOnly(facts: Facts, source: string): Facts {
    const entries = Object.entries(facts);
    const wrong = entries.find(([path, value]) => !fits(value, this.#declared.get(path)));
    if (!wrong) return facts;
    this.#host.report(new Error(`fact source ${source} answers with ${wrong[0]}, which is not declared, or with a value that it cannot have`), 'policy');
    return Object.fromEntries(entries.filter(([path, value]) => fits(value, this.#declared.get(path))));
  }
}

function fits(value: FactValue | undefined, declared: FactDeclaration | undefined): boolean {
  if (!declared) return false;
  if (value === undefined) return true;
  const { type, values } = declared;
  const isListed = (item: unknown) => typeof item === 'string' && (!values || values.includes(item));
  if (type === 'strings') return Array.isArray(value) && value.every(isListed);
  if (type === 'string') return isListed(value);
  return type === 'integer' ? Number.isSafeInteger(value) : typeof value === type;
}

function brokenDecision(pack: PolicyPack): Decision {
  const text = { zh: '规则无法判定，已按拒绝处理，请联系系统管理员', en: 'The rules could not be judged, so the act is refused; tell the system administrator' };
  return { effect: 'deny', permits: [], denials: [{ rule: 'policy-error', article: '', text, missing: [] }], articles: [], pack: packName(pack), packSha256: '', facts: {} };
}
