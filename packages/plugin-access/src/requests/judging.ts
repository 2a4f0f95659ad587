// Who may judge a request, and in which capacity. Nobody judges what they, a companion, or whoever lent them the role asked for; and
// whoever lends a role has one voice with the one who borrows it.
import type { AccessRequest, Review } from '@wanglou/core';
import type { Capacity } from '../delegations/capacities.ts';

/** Whether the person asked for it, or comes along. */
export function isPartyTo({ requester, companions }: Pick<AccessRequest, 'requester' | 'companions'>, person: string): boolean {
  return requester === person || companions.includes(person);
}

/** How a person stands to a request. */
export interface Standing {
  /** Theirs, a companion's, or that of everybody by whose power they could judge it. */
  readonly own: boolean;
  /** The capacity in which they would judge it now. */
  readonly capacity: Capacity | undefined;
}

/** `awaited`: the unit whose turn it is. */
export function standingTo(request: AccessRequest, awaited: string | undefined, person: string, capacities: readonly Capacity[]): Standing {
  if (isPartyTo(request, person)) return { own: true, capacity: undefined };
  const fitting = capacities.filter(({ unit }) => unit === awaited);
  const clean = fitting.filter(({ onBehalfOf }) => onBehalfOf === undefined || !isPartyTo(request, onBehalfOf));
  const judged = request.reviews.some(({ reviewer }) => reviewer === person);
  return { own: fitting.length > 0 && clean.length === 0, capacity: judged ? undefined : clean.find(({ onBehalfOf = person }) => !hasSpoken(request.reviews, onBehalfOf)) };
}

/** Whether somebody's voice was given already, by themselves or in their place. */
export function hasSpoken(reviews: readonly Pick<Review, 'reviewer' | 'onBehalfOf'>[], person: string): boolean {
  return reviews.some(({ reviewer, onBehalfOf = reviewer }) => onBehalfOf === person);
}
