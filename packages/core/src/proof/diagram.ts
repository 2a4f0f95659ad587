// Decision diagrams: a set of valuations as a reduced, ordered graph in which equal sets are one and the same node.

/** A set of valuations. Two sets are equal exactly when their numbers are. */
export type Diagram = number;

/** No valuation. */
export const none: Diagram = 0;
/** Every valuation. */
export const every: Diagram = 1;

/** The edges a proof may cost: a few seconds of one core. A pack of fifty rules over thirty facts takes a tenth of it. */
export const defaultBudget = 2_000_000;
/** Diagrams are walked recursively, one step a variable. */
const mostVariables = 1000;

/** The budget is used up. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';
}

/**
 * Sets of valuations over variables that take a few values each, `0 … arity-1`, in a fixed order (Bryant 1986, with many values
 * instead of two). Every edge that is made and every step that is taken is paid for, so that hostile input ends with a
 * {@link BudgetError} and not with a busy machine.
 */
export class Diagrams {
  readonly arities: readonly number[];
  #budget: number;
  // Of the two leaves the variable lies behind all others.
  readonly #variables: number[];
  readonly #children: (readonly Diagram[])[] = [[], []];
  readonly #unique = new Map<string, Diagram>();
  readonly #ands = new Map<number, Diagram>();
  readonly #nots = new Map<Diagram, Diagram>();

  constructor(arities: readonly number[], budget = defaultBudget) {
    if (arities.length > mostVariables) throw new BudgetError(`${arities.length} variables, at most ${mostVariables} can be proven over`);
    this.arities = arities;
    this.#budget = budget;
    this.#variables = [arities.length, arities.length];
  }

  /** Nodes made so far. */
  get size(): number {
    return this.#variables.length;
  }

  /** The valuations in which a variable has one of the values. */
  where(variable: number, fits: (value: number) => boolean): Diagram {
    return this.#node(variable, Array.from({ length: this.arities[variable]! }, (_, value) => (fits(value) ? every : none)));
  }

  not(a: Diagram): Diagram {
    if (a <= every) return a === none ? every : none;
    const known = this.#nots.get(a);
    if (known !== undefined) return known;
    const result = this.#node(this.#variables[a]!, this.#children[a]!.map((child) => this.not(child)));
    this.#nots.set(a, result).set(result, a);
    return result;
  }

  and(a: Diagram, b: Diagram): Diagram {
    if (a === none || b === none) return none;
    if (a === every || a === b) return b;
    if (b === every) return a;
    // Node numbers stay far below 2^26: the budget is smaller.
    const key = a < b ? a * 2 ** 26 + b : b * 2 ** 26 + a;
    const known = this.#ands.get(key);
    if (known !== undefined) return known;
    const variable = Math.min(this.#variables[a]!, this.#variables[b]!);
    const result = this.#node(variable, Array.from({ length: this.arities[variable]! }, (_, value) => this.and(this.#at(a, variable, value), this.#at(b, variable, value))));
    this.#ands.set(key, result);
    return result;
  }

  or(a: Diagram, b: Diagram): Diagram {
    return this.not(this.and(this.not(a), this.not(b)));
  }

  all(parts: readonly Diagram[]): Diagram {
    return parts.reduce((a, b) => this.and(a, b), every);
  }

  any(parts: readonly Diagram[]): Diagram {
    return this.not(this.all(parts.map((part) => this.not(part))));
  }

  /** The valuations of `a` that are not in `b`. */
  except(a: Diagram, b: Diagram): Diagram {
    return this.and(a, this.not(b));
  }

  /** The set as it is when a variable has a value; no longer depends on that variable. */
  given(a: Diagram, variable: number, value: number): Diagram {
    const seen = new Map<Diagram, Diagram>();
    const walk = (node: Diagram): Diagram => {
      if (this.#variables[node]! > variable) return node;
      if (this.#variables[node] === variable) return this.#children[node]![value]!;
      const known = seen.get(node);
      if (known !== undefined) return known;
      const result = this.#node(this.#variables[node]!, this.#children[node]!.map(walk));
      seen.set(node, result);
      return result;
    };
    return walk(a);
  }

  /** How many valuations there are in the set. */
  count(a: Diagram): bigint {
    const seen = new Map<Diagram, bigint>();
    const products = [1n];
    for (const arity of this.arities) products.push(products.at(-1)! * BigInt(arity));
    const free = (from: number, to: number) => products[to]! / products[from]!;
    const below = (node: Diagram): bigint => {
      if (node <= every) return BigInt(node);
      const known = seen.get(node);
      if (known !== undefined) return known;
      this.#spend(this.#children[node]!.length);
      const next = this.#variables[node]! + 1;
      const result = this.#children[node]!.reduce((sum, child) => (child === none ? sum : sum + free(next, this.#variables[child]!) * below(child)), 0n);
      seen.set(node, result);
      return result;
    };
    return free(0, this.#variables[a]!) * below(a);
  }

  /** Whether a valuation is in the set. */
  holds(a: Diagram, valueOf: (variable: number) => number): boolean {
    let node = a;
    while (node > every) node = this.#children[node]![valueOf(this.#variables[node]!)]!;
    return node === every;
  }

  /** The valuation of the set that costs least, or `undefined` when it is empty. Variables it does not name may have any value. */
  cheapest(a: Diagram, cost: (variable: number, value: number) => number): ReadonlyMap<number, number> | undefined {
    const best = new Map<Diagram, { cost: number; value: number }>([[every, { cost: 0, value: -1 }]]);
    const walk = (node: Diagram): number => {
      if (node === none) return Infinity;
      const known = best.get(node);
      if (known) return known.cost;
      const costs = this.#children[node]!.map((child, value) => walk(child) + cost(this.#variables[node]!, value));
      const least = Math.min(...costs);
      best.set(node, { cost: least, value: costs.indexOf(least) });
      return least;
    };
    if (walk(a) === Infinity) return undefined;
    const chosen = new Map<number, number>();
    for (let node = a; node !== every; ) {
      const { value } = best.get(node)!;
      chosen.set(this.#variables[node]!, value);
      node = this.#children[node]![value]!;
    }
    return chosen;
  }

  #at(node: Diagram, variable: number, value: number): Diagram {
    return this.#variables[node] === variable ? this.#children[node]![value]! : node;
  }

  #spend(edges: number): void {
    this.#budget -= edges;
    if (this.#budget < 0) throw new BudgetError('its facts and conditions are too entangled');
  }

  #node(variable: number, children: readonly Diagram[]): Diagram {
    this.#spend(children.length);
    const [first] = children;
    if (children.every((child) => child === first)) return first!;
    const key = `${variable}:${children.join(',')}`;
    const known = this.#unique.get(key);
    if (known !== undefined) return known;
    const node = this.#variables.push(variable) - 1;
    this.#children.push(children);
    this.#unique.set(key, node);
    return node;
  }
}
