// What a request could come to: the rules are asked as if every unit had approved it.
import type { AccessRequest, Decision, Denial, Facts, Missing } from '@wanglou/core';

/** What is settled at the console when the grant is used; a request need not bring it. */
const settledLater: readonly Missing['kind'][] = ['presence', 'duty', 'workstation', 'step-up', 'sign-in', 'training'];

/** Facts of an act under a grant that every unit of the request had approved. `visit`: facts of its visit. */
export function asIfApproved(facts: Facts, request: Pick<AccessRequest, 'needs' | 'scope' | 'concerned'>, visit: Facts): Facts {
  return {
    ...facts,
    'grant.covers': true,
    'grant.approvals': request.needs.map(({ unit }) => unit),
    'grant.purpose': request.scope.purpose,
    'grant.emergency': false,
    'grant.concerned': request.concerned === true,
    'grant.visit': false,
    ...visit,
  };
}

/** Denials that no approval would lift: what the request lacks, and what nothing can help. */
export function obstacles(decisions: readonly Decision[]): { readonly hopeless: readonly Denial[]; readonly missing: readonly Missing[]; readonly lacking: readonly Denial[] } {
  const denials = [...new Map(decisions.flatMap((decision) => decision.denials).map((denial) => [denial.rule, denial])).values()];
  const relevant = denials.filter(({ missing }) => missing.length === 0 || missing.some(({ kind }) => !settledLater.includes(kind)));
  const hopeless = relevant.filter(({ missing }) => missing.length === 0);
  const lacking = relevant.filter(({ missing }) => missing.length > 0);
  const missing = [...new Map(lacking.flatMap((denial) => denial.missing).map((item) => [JSON.stringify(item), item])).values()];
  return { hopeless, lacking, missing };
}
