// Conditions of a pack, parsed against the catalogue: what remains is a small tree that is compiled, explained and proven.
import type { FactDeclaration } from '../contracts/permission.ts';
import type { Condition, Test } from './pack.ts';

/** The fixed operators. There is none for "is absent": what is missing must open nothing. */
export type Operator = 'eq' | 'ne' | 'in' | 'has' | 'hasAny' | 'gte' | 'lte';

/** A fact compared with a constant. */
export interface FactTest {
  readonly path: string;
  readonly operator: Operator;
  readonly operand: boolean | number | string | readonly (number | string)[];
}

/** A parsed condition. */
export type ConditionNode =
  | { readonly kind: 'all' | 'any'; readonly nodes: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly node: ConditionNode }
  | { readonly kind: 'test'; readonly test: FactTest };

/** Declared facts by their path. */
export type FactCatalogue = ReadonlyMap<string, FactDeclaration>;

/** Why a condition cannot be used; the pack is refused whole. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

const isBoolean = (value: unknown) => typeof value === 'boolean';
const isString = (value: unknown) => typeof value === 'string';
const listOf = (item: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(item);

/** Which operators fit a fact's type, and what their operand must be. */
const operands: Readonly<Record<FactDeclaration['type'], Readonly<Partial<Record<string, (operand: unknown) => boolean>>>>> = {
  boolean: { eq: isBoolean, ne: isBoolean },
  integer: { eq: Number.isSafeInteger, ne: Number.isSafeInteger, gte: Number.isSafeInteger, lte: Number.isSafeInteger, in: listOf(Number.isSafeInteger) },
  string: { eq: isString, ne: isString, in: listOf(isString) },
  strings: { has: isString, hasAny: listOf(isString) },
};

/** Deeper conditions are nobody's rule; a pack may come from a stranger. */
const deepest = 16;

/** Parses a condition. `at` says where it stands. Throws {@link ConditionError} with the path of the fault. */
export function parseCondition(condition: Condition, catalogue: FactCatalogue, at: string, depth = 0): ConditionNode {
  if (depth > deepest) throw new ConditionError(`${at}: conditions may be nested ${deepest} deep at most`);
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) throw new ConditionError(`${at}: expected a condition object`);
  const nodes = Object.entries(condition).map(([key, operand]) => parseMember(key, operand, catalogue, `${at}.${key}`, depth + 1));
  if (nodes.length === 0) throw new ConditionError(`${at}: an empty condition would always hold`);
  return nodes.length === 1 ? nodes[0]! : { kind: 'all', nodes };
}

function parseMember(key: string, operand: unknown, catalogue: FactCatalogue, at: string, depth: number): ConditionNode {
  if (key === 'not') return { kind: 'not', node: parseCondition(operand as Condition, catalogue, at, depth) };
  if (key !== 'all' && key !== 'any') return { kind: 'test', test: parseTest(key, operand as Test, catalogue, at) };
  if (!Array.isArray(operand) || operand.length === 0) throw new ConditionError(`${at}: expected a list of conditions`);
  return { kind: key, nodes: operand.map((item: Condition, index) => parseCondition(item, catalogue, `${at}[${index}]`, depth)) };
}

function parseTest(path: string, test: Test, catalogue: FactCatalogue, at: string): FactTest {
  const fact = catalogue.get(path);
  if (!fact) throw new ConditionError(`${at}: unknown fact "${path}"`);
  const entries = typeof test === 'object' && test !== null ? Object.entries(test) : ([['eq', test]] as const);
  const [operator = '', operand] = entries[0] ?? [];
  if (entries.length > 1) throw new ConditionError(`${at}: one operator at a time`);
  const fits = Object.hasOwn(operands[fact.type], operator) ? operands[fact.type][operator] : undefined;
  if (!fits) throw new ConditionError(`${at}: operator "${operator}" does not fit a fact of type ${fact.type}`);
  if (!fits(operand)) throw new ConditionError(`${at}: ${JSON.stringify(operand)} is not an operand of "${operator}" for a fact of type ${fact.type}`);
  // A misspelt value of a closed list would silently switch a rule off, so it is refused.
  const stray = (Array.isArray(operand) ? operand : [operand]).find((value) => fact.values && !fact.values.includes(value as string));
  if (stray !== undefined) throw new ConditionError(`${at}: "${String(stray)}" is not one of ${fact.values!.join(', ')}`);
  return { path, operator: operator as Operator, operand: operand as FactTest['operand'] };
}
