// How a request stands: derived facts that the lists show.
import type { AccessRequest, Grant, TimeRange } from '@wanglou/core';

/** The unit that must judge next; nothing when none is waited for. */
export function awaitedUnit(request: AccessRequest): string | undefined {
  if (request.state !== 'submitted') return undefined;
  return request.needs.find((unit) => !request.reviews.some((review) => review.unit === unit && review.verdict === 'approve'));
}

/** What somebody may do with a request. `own` comes first: nobody judges their own (article 10). */
export type Judgement = 'own' | 'mine' | 'other-unit' | 'settled';

/** Whether a request is for this person to judge. The gate has the last word. */
export function judgement(request: AccessRequest, person: { readonly id: string; readonly unit: string }): Judgement {
  const unit = awaitedUnit(request);
  if (unit === undefined) return 'settled';
  if (request.requester === person.id) return 'own';
  return unit === person.unit ? 'mine' : 'other-unit';
}

/** How a grant stands at a moment. */
export type GrantState = 'coming' | 'open' | 'ended' | 'revoked';

/** How a grant stands. */
export function grantState(grant: Grant, nowMs: number): GrantState {
  if (grant.revokedMs !== undefined) return 'revoked';
  if (nowMs >= grant.endsMs) return 'ended';
  return nowMs < grant.startsMs ? 'coming' : 'open';
}

/** Where the copy goes that a grant in force allows of this footage; nothing when there is none. */
export function grantedDestination(grants: readonly Grant[], camera: string, range: TimeRange, nowMs: number): string | undefined {
  const covers = ({ scope }: Grant) => scope.actions.includes('copy') && scope.cameras.includes(camera) && scope.range.fromMs <= range.fromMs && range.toMs <= scope.range.toMs;
  return grants.find((grant) => grantState(grant, nowMs) === 'open' && covers(grant))?.destination;
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
export function waitingFirst(requests: readonly AccessRequest[], person: { readonly id: string; readonly unit: string }): readonly AccessRequest[] {
  const place = (request: AccessRequest) => (judgement(request, person) === 'mine' ? 0 : request.state === 'submitted' ? 1 : 2);
  return [...requests].sort((a, b) => place(a) - place(b) || (a.state === 'submitted' ? a.createdMs - b.createdMs : b.createdMs - a.createdMs));
}
