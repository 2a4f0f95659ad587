// Values of a fact that no test tells apart are one class; one representative stands for each.
import type { FactDeclaration, FactValue } from '../contracts/permission.ts';
import { compare, constantsOf } from '../policy/check.ts';
import type { FactTest } from '../policy/condition.ts';
import { BudgetError, defaultBudget } from './diagram.ts';

/** Classes of values, by the answers that all tests of the fact give. */
export interface FactClasses {
  /** One of each. */
  readonly values: readonly FactValue[];
  /** The place in {@link values} of the class that a value, whichever it is, belongs to. */
  classOf(value: FactValue): number;
}

/** The classes of a fact that has one value. */
export function classesOf({ type, values }: FactDeclaration, tests: readonly FactTest[]): FactClasses {
  const constants = constantsOf(tests);
  if (constants.length * constants.length * tests.length > defaultBudget) throw new BudgetError(`${constants.length} constants of one fact are too many`);
  const comparisons = tests.map(compare);
  const answersOn = (value: FactValue) => comparisons.map((fits) => (fits(value) ? '1' : '0')).join('');
  const classes = new Map<string, FactValue>();
  // Constants come before their neighbours, so that examples show the values that rules name.
  for (const value of [...constants.filter((one) => values?.includes(one as string) ?? true), ...others(type, values, constants)]) if (!classes.has(answersOn(value))) classes.set(answersOn(value), value);
  const order = new Map([...classes.keys()].map((answers, index) => [answers, index]));
  return { values: [...classes.values()], classOf: (value) => order.get(answersOn(value))! };
}

/** Values beside the constants, so that every class has one. */
function others(type: FactDeclaration['type'], values: FactDeclaration['values'], constants: readonly FactValue[]): readonly FactValue[] {
  if (type === 'boolean') return [true, false];
  if (type === 'integer') return (constants as readonly number[]).flatMap((constant) => [constant - 1, constant + 1]).filter(Number.isSafeInteger);
  if (values) return values;
  let another = 'another';
  while (constants.includes(another)) another += "'";
  return [another];
}
