// How a delegation stands, and what is wrong with one that is being written.
import type { CampusFacts, Person } from '@wanglou/core';
import type { Delegation } from '@wanglou/plugin-access/contract';

/** How a delegation stands. */
export type DelegationState = 'coming' | 'open' | 'ended' | 'revoked';

/** How a delegation stands at a moment. */
export function delegationState({ fromMs, toMs, revokedMs }: Delegation, nowMs: number): DelegationState {
  if (revokedMs !== undefined) return 'revoked';
  if (nowMs >= toMs) return 'ended';
  return nowMs < fromMs ? 'coming' : 'open';
}

/** One's own roles that judge requests: no others can be lent, and what was lent cannot be lent on. */
export function lendableRoles({ roles }: Pick<Person, 'roles'>, known: CampusFacts['roles']): readonly string[] {
  return roles.filter((role) => known.some(({ id, reviews }) => id === role && reviews));
}

/** A delegation that is being written. */
export interface DelegationDraft {
  readonly to: string;
  readonly role: string;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly reason: string;
}

/** What is missing from a delegation, in the order of the form. */
export function delegationIssues({ to, role, fromMs, toMs, reason }: DelegationDraft, nowMs: number): readonly ('to' | 'role' | 'range' | 'reason')[] {
  const issues: ('to' | 'role' | 'range' | 'reason')[] = [];
  if (to === '') issues.push('to');
  if (role === '') issues.push('role');
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs || toMs <= nowMs) issues.push('range');
  if (reason.trim() === '') issues.push('reason');
  return issues;
}
