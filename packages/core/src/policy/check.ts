// Parsed conditions compiled to functions with three answers: yes, no, unknown. Unknown opens nothing.
import type { FactValue } from '../contracts/permission.ts';
import type { ConditionNode, FactTest, Operator } from './condition.ts';

/** The facts that a pack uses, each in its slot: read once for a decision, however many tests look at them. */
export type Values = readonly (FactValue | undefined)[];

/** `undefined` means that a fact it needs is not known (Kleene's three-valued logic). */
export type Check = (values: Values) => boolean | undefined;

/** Gives each path that is used a slot. */
export class FactSlots {
  readonly #slots = new Map<string, number>();

  /** Paths by slot. */
  get paths(): readonly string[] {
    return [...this.#slots.keys()];
  }

  slotOf(path: string): number {
    const slot = this.#slots.get(path) ?? this.#slots.size;
    this.#slots.set(path, slot);
    return slot;
  }
}

type Comparison = (value: any) => boolean;

const operators: Readonly<Record<Operator, (operand: any) => Comparison>> = {
  eq: (operand) => (value) => value === operand,
  ne: (operand) => (value) => value !== operand,
  in: (operand: readonly unknown[]) => (value) => operand.includes(value),
  has: (operand) => (value: readonly string[]) => value.includes(operand),
  hasAny: (operand: readonly string[]) => (value: readonly string[]) => {
    for (const item of operand) if (value.includes(item)) return true;
    return false;
  },
  gte: (operand) => (value) => value >= operand,
  lte: (operand) => (value) => value <= operand,
};

/** Compares a value that is known. */
export function compare({ operator, operand }: FactTest): Comparison {
  return operators[operator](operand);
}

/** All tests of a condition. */
export function testsOf(node: ConditionNode): readonly FactTest[] {
  if (node.kind === 'test') return [node.test];
  return (node.kind === 'not' ? [node.node] : node.nodes).flatMap(testsOf);
}

/** Constants that a fact is compared with, each once. */
export function constantsOf(tests: readonly FactTest[]): readonly FactValue[] {
  return [...new Set(tests.flatMap(({ operand }): readonly FactValue[] => (Array.isArray(operand) ? operand : [operand as FactValue])))];
}

/** Compiles a parsed condition. */
export function compileCheck(node: ConditionNode, slots: FactSlots): Check {
  if (node.kind === 'test') return compileTest(node.test, slots);
  if (node.kind === 'not') {
    const check = compileCheck(node.node, slots);
    return (values) => {
      const answer = check(values);
      return answer === undefined ? undefined : !answer;
    };
  }
  const checks = node.nodes.map((one) => compileCheck(one, slots));
  // `all` is settled by the first no, `any` by the first yes; an unknown settles neither.
  const settling = node.kind === 'any';
  return (values) => {
    let known = true;
    for (const check of checks) {
      const answer = check(values);
      if (answer === settling) return settling;
      if (answer === undefined) known = false;
    }
    return known ? !settling : undefined;
  };
}

function compileTest(test: FactTest, slots: FactSlots): Check {
  const slot = slots.slotOf(test.path);
  // The most frequent test by far, without a call inside.
  if (test.operator === 'eq') {
    const { operand } = test;
    return (values) => {
      const value = values[slot];
      return value === undefined ? undefined : value === operand;
    };
  }
  const fits = compare(test);
  return (values) => {
    const value = values[slot];
    return value === undefined ? undefined : fits(value);
  };
}
