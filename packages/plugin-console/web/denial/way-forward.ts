// What a denied person can do next: one button, never none without a reason.
import type { Action, Denial, Missing } from '@wanglou/core';
import type { ProblemFacts } from '../api/problem.ts';
import { formAddress } from '../requests/request-draft.ts';

/** The one thing to do next. */
export type WayForward =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'begin-duty' }
  | { readonly kind: 'step-up' }
  /** Persons of the visit must say that they are here, at this console. */
  | { readonly kind: 'presence' }
  | { readonly kind: 'request'; readonly address: string }
  /** Nothing in this page helps; what is missing says who can. */
  | { readonly kind: 'none' };

/**
 * Chooses the next thing to do. The server says it where it can; what is missing says it otherwise.
 * `allowed`: what this person may do, so that no button leads to another refusal.
 */
export function wayForward(problem: ProblemFacts, allowed: readonly Action[]): WayForward {
  const lacks = (kind: Missing['kind']) => missingOf(problem.denials).some((item) => item.kind === kind);
  if (lacks('sign-in')) return { kind: 'sign-in' };
  if ((problem.next?.operation === 'duty.begin' || (!problem.next && lacks('duty'))) && allowed.includes('duty')) return { kind: 'begin-duty' };
  // Presence and a fresh proof help only where nothing else is missing.
  const only = (kind: Missing['kind']) => lacks(kind) && problem.denials.every(({ missing }) => missing.length > 0 && missing.every((item) => item.kind === kind || item.kind === 'step-up'));
  if (only('presence')) return { kind: 'presence' };
  if (only('step-up')) return { kind: 'step-up' };
  return problem.next?.operation === 'request.submit' ? { kind: 'request', address: formAddress(problem.next.input) } : { kind: 'none' };
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
