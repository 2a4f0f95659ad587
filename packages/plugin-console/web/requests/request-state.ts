// How a request stands: derived facts that the lists show.
import type { AccessRequest, ApprovalStep, Grant } from '@wanglou/core';

/** How many different persons of a step's unit have approved. */
export function approvalsOf(request: AccessRequest, unit: string): number {
  return new Set(request.reviews.filter((review) => review.unit === unit && review.verdict === 'approve').map(({ reviewer }) => reviewer)).size;
}

/** The step that must be judged next; nothing when none is waited for. */
export function awaitedStep(request: AccessRequest): ApprovalStep | undefined {
  if (request.state !== 'submitted') return undefined;
  return request.needs.find(({ unit, count = 1 }) => approvalsOf(request, unit) < count);
}

/** Who judges: a person, and the units for which they may, their own first and those whose heads lent them a role. */
export interface Judge {
  readonly id: string;
  readonly units: readonly string[];
  /** Somebody whose unit is not known here lent them a role: a unit's turn may be theirs. */
  readonly lentElsewhere?: boolean;
}

/** What somebody may do with a request. `own` and `companion` come first: nobody judges what they are part of (article 10). */
export type Judgement = 'own' | 'companion' | 'mine' | 'done' | 'other-unit' | 'settled';

/** Whether a request is for this person to judge. The gate has the last word. */
export function judgement(request: AccessRequest, { id, units, lentElsewhere = false }: Judge): Judgement {
  const step = awaitedStep(request);
  if (!step) return 'settled';
  if (request.requester === id) return 'own';
  if (request.companions.includes(id)) return 'companion';
  if (request.reviews.some(({ reviewer, unit }) => reviewer === id && unit === step.unit)) return 'done';
  return units.includes(step.unit) || lentElsewhere ? 'mine' : 'other-unit';
}

/** The grant of a request, where there is one. */
export function grantOf(request: AccessRequest, grants: readonly Grant[]): Grant | undefined {
  return grants.find((grant) => grant.id === request.grant || grant.request === request.id);
}

/** Puts an updated record in its place, or at the front when it is new. */
export function withUpdated<T extends { readonly id: string }>(list: readonly T[], updated: T): readonly T[] {
  return list.some(({ id }) => id === updated.id) ? list.map((item) => (item.id === updated.id ? updated : item)) : [updated, ...list];
}

/** What this person must judge first, longest waiting first; then what waits for others; then the settled ones, newest first. */
export function waitingFirst(requests: readonly AccessRequest[], judge: Judge): readonly AccessRequest[] {
  const place = (request: AccessRequest) => (judgement(request, judge) === 'mine' ? 0 : request.state === 'submitted' ? 1 : 2);
  return [...requests].sort((a, b) => place(a) - place(b) || (a.state === 'submitted' ? a.createdMs - b.createdMs : b.createdMs - a.createdMs));
}
