// What every contender is given, and what it must answer.
import type { PolicyPack, Question } from '../../packages/core/src/index.ts';
import type { GrantBook } from '../../packages/plugin-access/src/grants/grants.ts';
import type { Workload } from './workload.ts';

/** The effect, and what is told to the person: for a denial at least one rule. */
export interface Answer {
  readonly permitted: boolean;
  readonly reasons: readonly string[];
}

/** Decides one question, with the look-up of the grant and the assembly of the facts. */
export type Decide = (question: Question) => Answer;

/** A way to decide. */
export interface Contender {
  readonly name: string;
  prepare(pack: PolicyPack, workload: Workload, grants: GrantBook): Promise<Decide> | Decide;
  /** At most so many questions, where more would take minutes. */
  readonly atMost?: number;
}
