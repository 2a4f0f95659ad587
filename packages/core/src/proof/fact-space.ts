// The finite space of valuations that a pack can tell apart, and conditions as sets in it.
//
// Why finitely many are enough: a condition sees a fact only through its tests, and a test compares with constants. Two values on
// which all tests of the fact agree are one to every rule, so one representative of each such class stands for them all. An integer
// can change its answers only at a constant, so the constant and its two neighbours represent every class; a string only by being
// one of the constants or none of them; a set only by which constants it holds. To each fact comes "unknown".
import type { Facts, FactValue } from '../contracts/permission.ts';
import { compare, constantsOf, testsOf } from '../policy/check.ts';
import type { ConditionNode, FactCatalogue, FactTest } from '../policy/condition.ts';
import { Diagrams, type Diagram } from './diagram.ts';
import { classesOf, type FactClasses } from './fact-classes.ts';

/** The valuations in which a condition is known to hold, and known not to; in all others it is unknown. */
export interface Answers {
  readonly yes: Diagram;
  readonly no: Diagram;
}

/** What one variable of the diagrams stands for. Value 0 is "unknown" of a fact, and "absent" of a member. */
type Variable =
  | { readonly kind: 'value'; readonly path: string; readonly classes: FactClasses }
  /** Whether a set is known; its members follow. Of an unknown set they are all absent, so that it counts once. */
  | { readonly kind: 'set'; readonly path: string; readonly members: readonly number[] }
  | { readonly kind: 'member'; readonly path: string; readonly names: readonly string[] };

/** Every valuation that the tests of some packs can tell apart. */
export class FactSpace {
  readonly diagrams: Diagrams;
  /** The valuations that there are: nothing is a member of a set that is not known. */
  readonly possible: Diagram;
  readonly #variables: Variable[] = [];
  readonly #byPath = new Map<string, number>();

  constructor(conditions: readonly ConditionNode[], catalogue: FactCatalogue, budget?: number) {
    for (const [path, tests] of Map.groupBy(conditions.flatMap(testsOf), (test) => test.path)) {
      const fact = catalogue.get(path)!;
      this.#byPath.set(path, this.#variables.length);
      if (fact.type === 'strings') this.#addSet(path, tests);
      else this.#variables.push({ kind: 'value', path, classes: classesOf(fact, tests) });
    }
    this.diagrams = new Diagrams(this.#variables.map((variable) => (variable.kind === 'value' ? variable.classes.values.length + 1 : 2)), budget);
    const ghosts = this.#variables.flatMap((variable, index) => (variable.kind === 'set' ? variable.members.map((member) => this.diagrams.and(this.#is(index, 0), this.#is(member, 1))) : []));
    this.possible = this.diagrams.not(this.diagrams.any(ghosts));
  }

  /** Paths of the facts that are tested. */
  get paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  answers(node: ConditionNode): Answers {
    if (node.kind === 'test') return this.#answersOfTest(node.test);
    if (node.kind === 'not') {
      const { yes, no } = this.answers(node.node);
      return { yes: no, no: yes };
    }
    const parts = node.nodes.map((part) => this.answers(part));
    const [yes, no] = [parts.map((part) => part.yes), parts.map((part) => part.no)];
    // `all` is a no with the first no and a yes with every yes; `any` the other way round.
    return node.kind === 'all' ? { yes: this.diagrams.all(yes), no: this.diagrams.any(no) } : { yes: this.diagrams.any(yes), no: this.diagrams.all(no) };
  }

  /** How many valuations of the facts lie in a set. */
  count(set: Diagram): bigint {
    return this.diagrams.count(this.diagrams.and(set, this.possible));
  }

  /** The set as it is with a fact unknown, and at each of its values. */
  byValue(set: Diagram, path: string): { readonly unknown: Diagram; readonly known: readonly Diagram[] } {
    const variable = this.#byPath.get(path)!;
    const [unknown, ...known] = Array.from({ length: this.diagrams.arities[variable]! }, (_, value) => this.diagrams.given(set, variable, value));
    return { unknown: unknown!, known };
  }

  /** The plainest facts of a set: few, and rather known ones. `undefined` when it is empty. What they leave out is unknown. */
  example(set: Diagram): Facts | undefined {
    const cost = (variable: number, value: number) => (this.#variables[variable]!.kind === 'member' ? value : value === 0 ? 3 : 2);
    const chosen = this.diagrams.cheapest(this.diagrams.and(set, this.possible), cost);
    return chosen && this.factsAt((variable) => chosen.get(variable) ?? 0);
  }

  /** Facts of a valuation. */
  factsAt(valueOf: (variable: number) => number): Facts {
    const facts: Record<string, FactValue> = {};
    for (const [path, index] of this.#byPath) {
      const variable = this.#variables[index]!;
      const value = valueOf(index);
      if (value === 0) continue;
      if (variable.kind === 'value') facts[path] = variable.classes.values[value - 1]!;
      if (variable.kind === 'set') facts[path] = variable.members.filter((member) => valueOf(member) === 1).map((member) => this.#nameOf(member));
    }
    return facts;
  }

  /** Whether facts, of any values whatever, lie in a set. */
  has(set: Diagram, facts: Facts): boolean {
    return this.diagrams.holds(set, (variable) => this.#valueOf(this.#variables[variable]!, facts));
  }

  /** Every valuation there is, as facts; for tests of small spaces. */
  *valuations(): Generator<Facts> {
    const values = this.diagrams.arities.map(() => 0);
    for (;;) {
      if (this.diagrams.holds(this.possible, (variable) => values[variable]!)) yield this.factsAt((variable) => values[variable]!);
      let variable = 0;
      for (; variable < values.length; variable++) {
        values[variable] = (values[variable]! + 1) % this.diagrams.arities[variable]!;
        if (values[variable] !== 0) break;
      }
      if (variable === values.length) return;
    }
  }

  #addSet(path: string, tests: readonly FactTest[]): void {
    const index = this.#variables.length;
    const names = constantsOf(tests) as readonly string[];
    // Names that every test treats alike are one member: `hasAny` does not tell them apart.
    const groups = [...Map.groupBy(names, (name) => tests.map((test) => compare(test)([name])).join()).values()];
    this.#variables.push({ kind: 'set', path, members: groups.map((_, at) => index + 1 + at) });
    for (const group of groups) this.#variables.push({ kind: 'member', path, names: group });
  }

  #answersOfTest(test: FactTest): Answers {
    const index = this.#byPath.get(test.path)!;
    const variable = this.#variables[index]!;
    const fits = compare(test);
    if (variable.kind === 'value') {
      const answers = variable.classes.values.map((value) => fits(value));
      return { yes: this.diagrams.where(index, (value) => value > 0 && answers[value - 1]!), no: this.diagrams.where(index, (value) => value > 0 && !answers[value - 1]!) };
    }
    const { members } = variable as Extract<Variable, { kind: 'set' }>;
    const held = members.filter((member) => fits([this.#nameOf(member)]));
    const one = this.diagrams.any(held.map((member) => this.#is(member, 1)));
    return { yes: this.diagrams.and(this.#is(index, 1), one), no: this.diagrams.except(this.#is(index, 1), one) };
  }

  #valueOf(variable: Variable, facts: Facts): number {
    const value = facts[variable.path];
    if (value === undefined) return 0;
    if (variable.kind === 'set') return 1;
    if (variable.kind === 'member') return variable.names.some((name) => (value as readonly string[]).includes(name)) ? 1 : 0;
    return variable.classes.classOf(value) + 1;
  }

  /** A name that stands for a member. */
  #nameOf(member: number): string {
    return (this.#variables[member] as Extract<Variable, { kind: 'member' }>).names[0]!;
  }

  #is(variable: number, value: number): Diagram {
    return this.diagrams.where(variable, (one) => one === value);
  }
}
