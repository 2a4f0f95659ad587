// Units as a tree, with their people.
import type { CampusFacts } from '@wanglou/core';
import type { PersonRecord, QualificationKind } from '@wanglou/plugin-access/contract';

/** A unit with its depth under the highest. */
export interface UnitLine {
  readonly id: string;
  readonly depth: number;
}

/** Units in the order of a tree: each below the one above it. */
export function unitLines(units: CampusFacts['units']): readonly UnitLine[] {
  const known = new Set(units.map(({ id }) => id));
  const below = (above: string | undefined, depth: number): UnitLine[] =>
    units.filter((unit) => (unit.above && known.has(unit.above) ? unit.above : undefined) === above).flatMap(({ id }) => [{ id, depth }, ...below(id, depth + 1)]);
  return below(undefined, 0);
}

/** How a qualification stands. `soon`: within thirty days. */
export type QualificationState = 'none' | 'valid' | 'soon' | 'over';
const soonMs = 30 * 86_400_000;

/** How a qualification of a person stands at a moment. Article 9(2). */
export function qualificationState(person: Pick<PersonRecord, 'qualifications'>, kind: QualificationKind, nowMs: number): QualificationState {
  const untilMs = person.qualifications[kind];
  if (untilMs === undefined) return 'none';
  if (untilMs <= nowMs) return 'over';
  return untilMs - nowMs < soonMs ? 'soon' : 'valid';
}
