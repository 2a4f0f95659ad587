// What the rules ask about an outside visit. Article 13.
import type { AccessRequest, Facts, Visit } from '@wanglou/core';

/** A work ID is a police, state security or work card; a citizen's card says who, not for whom. Article 13(2). */
const workCards: readonly string[] = ['police', 'state-security', 'work'];

/** Facts of a visit as it was registered. `present`: visitors who are here. */
export function visitFacts(visit: Visit, { caseNumber, state }: Pick<AccessRequest, 'caseNumber' | 'state'>, present: number): Facts {
  return {
    'grant.visit': true,
    'visit.persons': visit.visitors.length,
    'visit.present': present,
    'visit.identified': visit.visitors.length > 0 && visit.visitors.every(({ idKind }) => workCards.includes(idKind)),
    'visit.certificate': visit.documents.some(({ kind }) => kind === 'certificate'),
    // The exemption holds for a case alone, and a case has a number.
    'visit.caseBody': visit.body !== 'department' && caseNumber !== undefined,
    'visit.registered': state === 'approved',
    'visit.confidentiality': visit.termsAccepted,
  };
}
