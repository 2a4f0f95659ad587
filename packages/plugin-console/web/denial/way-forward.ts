// What a denied person can do next: one button, never none without a reason.
import type { Action, Denial, Missing } from '@wanglou/core';
import type { ProblemFacts } from '../api/problem.ts';
import { formAddress } from '../requests/request-draft.ts';

/** The one thing to do next. */
export type WayForward =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'begin-duty' }
  | { readonly kind: 'request'; readonly address: string }
  /** Nothing in this page helps; what is missing says who can. */
  | { readonly kind: 'none' };

/**
 * Chooses the next thing to do. Live view is what duty itself gives, so duty comes before a request there;
 * playback and copies are asked for.
 */
export function wayForward(problem: ProblemFacts, allowed: readonly Action[]): WayForward {
  const missing = missingOf(problem.denials);
  const lacks = (kind: Missing['kind']) => missing.some((item) => item.kind === kind);
  if (lacks('sign-in')) return { kind: 'sign-in' };
  const address = problem.next && formAddress(problem.next);
  const canBeginDuty = lacks('duty') && allowed.includes('duty');
  if (canBeginDuty && (!address || problem.next?.input.actions.includes('live'))) return { kind: 'begin-duty' };
  return address ? { kind: 'request', address } : { kind: 'none' };
}

/** Everything that is missing, each once, approvals first. */
export function missingOf(denials: readonly Denial[]): readonly Missing[] {
  const seen = new Map<string, Missing>();
  for (const item of denials.flatMap(({ missing }) => missing)) {
    const key = JSON.stringify(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()].sort((a, b) => Number(b.kind === 'approval') - Number(a.kind === 'approval'));
}

/**
 * Denials in the order a reader needs them: those that say what is missing first, each article and sentence once.
 */
export function reasonsOf(denials: readonly Denial[]): readonly Denial[] {
  const unique = denials.filter((denial, index) => denials.findIndex((other) => other.article === denial.article && other.text.zh === denial.text.zh) === index);
  return [...unique].sort((a, b) => Number(b.missing.length > 0) - Number(a.missing.length > 0));
}
