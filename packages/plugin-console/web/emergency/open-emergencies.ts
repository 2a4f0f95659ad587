// Which emergencies are open, and which still wait for their review.
import type { Grant } from '@wanglou/core';
import { grantState } from '../requests/grant-state.ts';

/** Whether footage is still open under an emergency. */
export function isOpen(grant: Grant, nowMs: number): boolean {
  return grant.emergency !== undefined && ['ready', 'open'].includes(grantState(grant, nowMs));
}

/** How the review of an emergency stands. */
export type ReviewState = 'waiting' | 'late' | 'upheld' | 'violated';

/** How the review of an emergency stands: one finding of a violation outweighs the others. */
export function reviewState({ emergency }: Grant, nowMs: number): ReviewState {
  const { reviews = [], reviewers = 1, reviewByMs = 0 } = emergency ?? {};
  if (reviews.some(({ verdict }) => verdict === 'violated')) return 'violated';
  if (new Set(reviews.map(({ reviewer }) => reviewer)).size >= reviewers) return 'upheld';
  return nowMs >= reviewByMs ? 'late' : 'waiting';
}

/** Whether this person may add a review: not of their own, and once, themselves or by whoever borrows their role. */
export function mayReview(grant: Grant, person: string): boolean {
  return grant.holder !== person && !(grant.emergency?.reviews ?? []).some(({ reviewer, onBehalfOf }) => reviewer === person || onBehalfOf === person);
}
