// Answers the gate's questions from memory.
import type { Facts, FactSource, Grant, Question } from '@wanglou/core';
import { rolesOf } from '../delegations/capacities.ts';
import type { DutyBook } from '../duty/duty.ts';
import type { Emergencies } from '../emergencies/emergencies.ts';
import type { GrantBook } from '../grants/grants.ts';
import { covers, endOf, isInForce } from '../grants/in-force.ts';
import type { StoredPerson } from '../people/people.ts';
import type { Session, SessionBook } from '../sessions/sessions.ts';
import type { PresenceBook } from '../visits/presence.ts';
import { visitFacts } from '../visits/visit-facts.ts';
import type { VisitLine } from '../visits/visit-line.ts';
import type { Workstations } from '../workstations/workstations.ts';
import { subjectFacts, type SubjectBooks } from './subject.ts';

/** What the source looks into. */
export interface AccessBooks extends SubjectBooks {
  readonly sessions: Pick<SessionBook, 'get'>;
  /** Absent where another plugin answers for duty. */
  readonly duty: Pick<DutyBook, 'sinceMs'> | undefined;
  readonly grants: Pick<GrantBook, 'covering' | 'get'>;
  readonly visits: Pick<VisitLine, 'firstOf'>;
  readonly workstations: Pick<Workstations, 'at' | 'isInUse'>;
  readonly presence: Pick<PresenceBook, 'count'>;
  readonly emergencies: Pick<Emergencies, 'isOpen' | 'isSuspended'>;
  /** False where another plugin answers for qualifications. */
  readonly qualifications: boolean;
  readonly stepUpMs: number;
}

/** Facts of persons. Of a session that has ended, and of a closed account, nothing is known, and so nothing opens. */
export function accessFactSource(books: AccessBooks): FactSource {
  return {
    id: 'access',
    read(question) {
      const { principal } = question;
      if (principal.kind !== 'person') return none;
      const session = principal.session === undefined ? undefined : books.sessions.get(principal.session);
      if (principal.session !== undefined && session?.person !== principal.id) return none;
      const person = books.people.get(principal.id);
      // Before the first password was changed nobody knows who is behind the account.
      if (!person?.active || (session && person.mustChangePassword)) return none;
      return factsOf(books, question, person, session);
    },
  };
}

const none: Facts = Object.freeze({});
const noApprovals: readonly string[] = [];

/**
 * One literal with every fact, known or not: it is made for every decision, and an object that grows costs several times as much. What
 * another plugin answers for is undefined here.
 */
function factsOf(books: AccessBooks, question: Question, person: StoredPerson, session: Session | undefined): Facts {
  const { principal, action, resource } = question;
  const nowMs = books.now();
  const grant = grantFor(books, question, nowMs);
  const request = grant?.request === undefined ? undefined : books.requests.get(grant.request);
  const { post = 0, confidentiality = 0 } = person.qualifiedUntilMs;
  const facts: Facts = {
    'actor.unit': person.unit,
    'actor.roles': rolesOf(books, person, nowMs),
    'actor.standing': person.standing,
    'actor.onDuty': books.duty && books.duty.sinceMs(person.id) !== undefined,
    'actor.postTrained': books.qualifications ? nowMs < post : undefined,
    'actor.confidentialityTrained': books.qualifications ? nowMs < confidentiality : undefined,
    'actor.workstation': principal.address === undefined && principal.certificateSha256 === undefined ? undefined : sitsAtWorkstation(books, principal, session),
    // Without a session the embedding application vouches for the person, at this moment.
    'actor.stepUp': principal.session === undefined || (session !== undefined && nowMs - session.stepUpMs < books.stepUpMs),
    'actor.suspended': books.emergencies.isSuspended(person.id, nowMs),
    'actor.emergencyOpen': books.emergencies.isOpen(person.id),
    'grant.covers': grant !== undefined,
    'grant.id': grant?.id,
    'grant.approvals': grant?.approvals ?? noApprovals,
    'grant.purpose': grant?.scope.purpose,
    'grant.emergency': grant?.emergency !== undefined,
    'grant.concerned': grant && request?.concerned === true,
    'grant.visit': request?.visit !== undefined,
    // `leaseEndFact`, spelt out: a computed key makes the whole literal slow.
    'lease.endsMs': grant && endOf(grant, action, nowMs),
    'request.own': false,
    'request.awaitsActor': true,
  };
  if (!request?.visit && resource.subject === undefined) return facts;
  return { ...facts, ...(request?.visit && visitFacts(request.visit, request, books.presence.count(books.visits.firstOf(request).id))), ...(resource.subject !== undefined && subjectFacts(books, resource.subject, person)) };
}

/** The best grant for an act; what was opened by one does not go on by another, whose time in use would never begin. */
function grantFor({ grants }: AccessBooks, { principal, action, resource, opened }: Question, nowMs: number): Grant | undefined {
  if (!opened) return grants.covering(principal.id, action, resource, nowMs);
  const id = opened['grant.id'];
  const grant = typeof id === 'string' ? grants.get(id) : undefined;
  return grant && isInForce(grant, nowMs) && covers(grant, action, resource, nowMs) ? grant : undefined;
}

/** By address or certificate; or by the device key, as long as the session is used from where it was proven. */
function sitsAtWorkstation({ workstations }: AccessBooks, { address, certificateSha256 }: Question['principal'], session: Session | undefined): boolean {
  if (workstations.at(address, certificateSha256)) return true;
  const proven = session?.workstation;
  return proven !== undefined && proven.address === address && workstations.isInUse(proven.id);
}
