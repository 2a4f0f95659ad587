// Conditions compiled to functions with three answers: yes, no, unknown. Unknown opens nothing.
import type { FactDeclaration, Facts } from '../contracts/permission.ts';
import type { Condition, Test } from './pack.ts';

/** `undefined` means that a fact it needs is not known. */
export type Check = (facts: Facts) => boolean | undefined;

/** Why a condition cannot be compiled; the pack is refused whole. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

type Comparison = (value: any) => boolean;

const operators: Readonly<Record<string, (operand: any) => Comparison>> = {
  eq: (operand) => (value) => value === operand,
  ne: (operand) => (value) => value !== operand,
  in: (operand: readonly unknown[]) => (value) => operand.includes(value),
  has: (operand) => (value: readonly string[]) => value.includes(operand),
  hasAny: (operand: readonly string[]) => (value: readonly string[]) => operand.some((item) => value.includes(item)),
  gte: (operand) => (value) => value >= operand,
  lte: (operand) => (value) => value <= operand,
};

/** Which operators fit a fact's type, and what their operand must be. */
const operands: Readonly<Record<FactDeclaration['type'], Readonly<Record<string, (operand: unknown) => boolean>>>> = {
  boolean: { eq: isBoolean, ne: isBoolean },
  integer: { eq: Number.isSafeInteger, ne: Number.isSafeInteger, gte: Number.isSafeInteger, lte: Number.isSafeInteger, in: (operand) => listOf(operand, Number.isSafeInteger) },
  string: { eq: isString, ne: isString, in: (operand) => listOf(operand, isString) },
  strings: { has: isString, hasAny: (operand) => listOf(operand, isString) },
};

/** Compiles a condition against the catalogue of facts. Throws {@link ConditionError} with the path of the fault. */
export function compileCondition(condition: Condition, catalogue: ReadonlyMap<string, FactDeclaration>, at: string): Check {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) throw new ConditionError(`${at}: expected a condition object`);
  const entries = Object.entries(condition) as [string, unknown][];
  if (entries.length === 0) throw new ConditionError(`${at}: an empty condition would always hold`);
  return every(entries.map(([key, operand]) => compileMember(key, operand, catalogue, `${at}.${key}`)));
}

function compileMember(key: string, operand: unknown, catalogue: ReadonlyMap<string, FactDeclaration>, at: string): Check {
  if (key === 'not') {
    const check = compileCondition(operand as Condition, catalogue, at);
    return (facts) => {
      const answer = check(facts);
      return answer === undefined ? undefined : !answer;
    };
  }
  if (key === 'all' || key === 'any') {
    if (!Array.isArray(operand) || operand.length === 0) throw new ConditionError(`${at}: expected a list of conditions`);
    const checks = operand.map((item: Condition, index) => compileCondition(item, catalogue, `${at}[${index}]`));
    return key === 'all' ? every(checks) : some(checks);
  }
  return compileTest(key, operand as Test, catalogue, at);
}

function compileTest(path: string, test: Test, catalogue: ReadonlyMap<string, FactDeclaration>, at: string): Check {
  const fact = catalogue.get(path);
  if (!fact) throw new ConditionError(`${at}: unknown fact "${path}"`);
  const [operator, operand, more] = typeof test === 'object' && test !== null ? [...Object.entries(test)[0] ?? ['', undefined], Object.keys(test).length > 1] : ['eq', test, false];
  if (more) throw new ConditionError(`${at}: one operator at a time`);
  if (operator === 'exists') {
    if (!isBoolean(operand)) throw new ConditionError(`${at}: exists takes true or false`);
    return (facts) => (facts[path] !== undefined) === operand;
  }
  const fits = operands[fact.type][operator as string];
  if (!fits) throw new ConditionError(`${at}: operator "${String(operator)}" does not fit a fact of type ${fact.type}`);
  if (!fits(operand)) throw new ConditionError(`${at}: ${JSON.stringify(operand)} is not an operand of "${String(operator)}" for a fact of type ${fact.type}`);
  checkValues(fact, operand, at);
  const compare = operators[operator as string]!(operand);
  return (facts) => {
    const value = facts[path];
    return value === undefined ? undefined : compare(value);
  };
}

/** A misspelt value of a closed list would silently switch a rule off, so it is refused. */
function checkValues(fact: FactDeclaration, operand: unknown, at: string): void {
  if (!fact.values) return;
  for (const value of Array.isArray(operand) ? operand : [operand]) {
    if (!fact.values.includes(value as string)) throw new ConditionError(`${at}: "${String(value)}" is not one of ${fact.values.join(', ')}`);
  }
}

function every(checks: readonly Check[]): Check {
  if (checks.length === 1) return checks[0]!;
  return (facts) => {
    let known = true;
    for (const check of checks) {
      const answer = check(facts);
      if (answer === false) return false;
      if (answer === undefined) known = false;
    }
    return known ? true : undefined;
  };
}

function some(checks: readonly Check[]): Check {
  return (facts) => {
    let known = true;
    for (const check of checks) {
      const answer = check(facts);
      if (answer === true) return true;
      if (answer === undefined) known = false;
    }
    return known ? false : undefined;
  };
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function listOf(value: unknown, item: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(item);
}
