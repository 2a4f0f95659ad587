// Which units judge a request, and whose turn it is.
import type { AccessRequest, Action, ApprovalStep } from '@wanglou/core';
import { AccessError } from '../errors.ts';

/** Whose approval each action needs, as the pack says. */
export type Approvals = Readonly<Partial<Record<Action, readonly ApprovalStep[]>>>;

/** The steps for several actions: each unit once, where it comes first, with the largest count. Throws `NO_APPROVAL_PATH`. */
export function approvalPath(approvals: Approvals, actions: readonly Action[]): readonly ApprovalStep[] {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const steps = approvals[action];
    if (!steps || steps.length === 0) throw new AccessError('NO_APPROVAL_PATH', { action });
    for (const { unit, count = 1 } of steps) counts.set(unit, Math.max(count, counts.get(unit) ?? 0));
  }
  return [...counts].map(([unit, count]) => ({ unit, ...(count > 1 && { count }) }));
}

/** The unit whose turn it is; `undefined` when every step has its approvals. */
export function awaitedUnit({ needs, reviews }: Pick<AccessRequest, 'needs' | 'reviews'>): string | undefined {
  return needs.find(({ unit, count = 1 }) => reviews.filter((review) => review.unit === unit && review.verdict === 'approve').length < count)?.unit;
}
