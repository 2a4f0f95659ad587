// Codes facts as numbers, so that facts which no test of an action can tell apart have one code, and share one answer.
//
// A test compares a fact with constants. So of a text it matters which of the constants it is, of a set which of them it holds, of an
// integer where it lies between them, and of each whether it is known. The proofs rest on the same argument.
import type { FactDeclaration, Facts, FactValue } from '../contracts/permission.ts';
import { constantsOf } from './check.ts';
import type { FactTest } from './condition.ts';

/** The code of one fact: 0 when it is not known, and below `size`. */
interface FactCode {
  readonly path: string;
  readonly size: number;
  codeOf(value: FactValue | undefined): number;
}

/** What fits into a small integer, which maps find fastest. */
const mostInOneCode = 2 ** 30;
/** Answers that are kept of one action. A campus meets some hundreds. */
const mostAnswers = 20_000;

type Node<T> = Map<number, Node<T> | T>;

/** Answers by the code of the facts. */
export class AnswersByFacts<T> {
  /** Facts in groups whose codes together are one small integer. */
  readonly #groups: readonly (readonly FactCode[])[];
  readonly #make: (facts: Facts) => T;
  #answers: Node<T> = new Map();
  #count = 0;

  private constructor(groups: readonly (readonly FactCode[])[], make: (facts: Facts) => T) {
    this.#groups = groups;
    this.#make = make;
  }

  /** `make` answers facts that came for the first time, and may look at them through `tests` alone. `undefined` when a set is compared with so many constants that its code would be no small integer. */
  static over<T>(tests: readonly FactTest[], typeOf: (path: string) => FactDeclaration['type'], make: (facts: Facts) => T): AnswersByFacts<T> | undefined {
    const codes = [...Map.groupBy(tests, ({ path }) => path)].map(([path, ofPath]) => codeOf(path, typeOf(path), constantsOf(ofPath)));
    if (codes.some(({ size }) => size > mostInOneCode)) return undefined;
    const groups: FactCode[][] = [[]];
    let size = 1;
    for (const code of codes) {
      if (size * code.size > mostInOneCode) {
        groups.push([]);
        size = 1;
      }
      groups.at(-1)!.push(code);
      size *= code.size;
    }
    return new AnswersByFacts(groups, make);
  }

  /** The answer to these facts, or to others that no test tells apart from them. */
  get(facts: Facts): T {
    const groups = this.#groups;
    const last = groups.length - 1;
    let node = this.#answers;
    for (let index = 0; index < last; index++) {
      const code = together(groups[index]!, facts);
      let next = node.get(code) as Node<T> | undefined;
      if (next === undefined) node.set(code, (next = new Map()));
      node = next;
    }
    const code = together(groups[last]!, facts);
    const known = node.get(code) as T | undefined;
    if (known !== undefined) return known;
    const made = this.#make(facts);
    if (++this.#count > mostAnswers) {
      this.#count = 0;
      this.#answers = new Map();
    } else node.set(code, made);
    return made;
  }
}

function together(codes: readonly FactCode[], facts: Facts): number {
  let sum = 0;
  for (const code of codes) sum = sum * code.size + code.codeOf(facts[code.path]);
  return sum;
}

function codeOf(path: string, type: FactDeclaration['type'], constants: readonly FactValue[]): FactCode {
  if (type === 'boolean') return { path, size: 3, codeOf: (value) => (value === true ? 2 : value === false ? 1 : 0) };
  const places = new Map(constants.map((constant, index) => [constant, index]));
  if (type === 'string') return { path, size: constants.length + 2, codeOf: (value) => (value === undefined ? 0 : (places.get(value) ?? constants.length) + 1) };
  if (type === 'integer') {
    const sorted = (constants as readonly number[]).toSorted((a, b) => a - b);
    return { path, size: 2 * sorted.length + 2, codeOf: (value) => (value === undefined ? 0 : placeAmong(sorted, value as number) + 1) };
  }
  return {
    path,
    size: 2 ** constants.length + 1,
    codeOf(value) {
      if (value === undefined) return 0;
      let members = 0;
      for (const item of value as readonly string[]) {
        const place = places.get(item);
        if (place !== undefined) members |= 1 << place;
      }
      return members + 1;
    },
  };
}

/** Odd on a constant, even between two. */
function placeAmong(sorted: readonly number[], value: number): number {
  let place = 0;
  for (const constant of sorted) {
    if (value < constant) return place;
    if (value === constant) return place + 1;
    place += 2;
  }
  return place;
}
