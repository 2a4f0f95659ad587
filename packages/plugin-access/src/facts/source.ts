// Answers the gate's questions from memory.
import { leaseEndFact, type AccessRequest, type Facts, type FactSource, type Grant, type Question } from '@wanglou/core';
import { capacitiesOf, rolesOf, type CapacityBooks } from '../delegations/capacities.ts';
import type { DutyBook } from '../duty/duty.ts';
import type { Emergencies } from '../emergencies/emergencies.ts';
import type { GrantBook } from '../grants/grants.ts';
import { endOf } from '../grants/in-force.ts';
import type { StoredPerson } from '../people/people.ts';
import { standingTo } from '../requests/judging.ts';
import type { RequestBook } from '../requests/requests.ts';
import type { Session, SessionBook } from '../sessions/sessions.ts';
import type { PresenceBook } from '../visits/presence.ts';
import { visitFacts } from '../visits/visit-facts.ts';
import type { Workstations } from '../workstations/workstations.ts';

/** What the source looks into. */
export interface AccessBooks extends CapacityBooks {
  readonly sessions: Pick<SessionBook, 'get'>;
  /** Absent where another plugin answers for duty. */
  readonly duty: Pick<DutyBook, 'sinceMs'> | undefined;
  readonly grants: Pick<GrantBook, 'covering' | 'get'>;
  readonly requests: Pick<RequestBook, 'get' | 'awaits'>;
  readonly workstations: Pick<Workstations, 'at' | 'isInUse'>;
  readonly presence: Pick<PresenceBook, 'count'>;
  readonly emergencies: Pick<Emergencies, 'isOpen' | 'isSuspended'>;
  /** Whether one unit stands above another, or is the same. Article 8. */
  isAtOrAbove(unit: string, other: string): boolean;
  proposedBy(proposal: string): string | undefined;
  /** False where another plugin answers for qualifications. */
  readonly qualifications: boolean;
  readonly stepUpMs: number;
  /** Never goes back. */
  now(): number;
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
      const facts = actorFacts(books, question, person, session);
      addGrantFacts(books, question, facts);
      addSubjectFacts(books, question, person, facts);
      return facts;
    },
  };
}

const none: Facts = Object.freeze({});
type Growing = Record<string, Facts[string]>;

function actorFacts(books: AccessBooks, { principal }: Question, person: StoredPerson, session: Session | undefined): Growing {
  const nowMs = books.now();
  const facts: Growing = {
    'actor.unit': person.unit,
    'actor.roles': rolesOf(books, person, nowMs),
    'actor.standing': person.standing,
    'actor.suspended': books.emergencies.isSuspended(person.id, nowMs),
    'actor.emergencyOpen': books.emergencies.isOpen(person.id),
    // Without a session the embedding application vouches for the person, at this moment.
    'actor.stepUp': principal.session === undefined || (session !== undefined && nowMs - session.stepUpMs < books.stepUpMs),
  };
  if (books.duty) facts['actor.onDuty'] = books.duty.sinceMs(person.id) !== undefined;
  if (books.qualifications) {
    const { post = 0, confidentiality = 0 } = person.qualifiedUntilMs;
    facts['actor.postTrained'] = nowMs < post;
    facts['actor.confidentialityTrained'] = nowMs < confidentiality;
  }
  if (principal.address !== undefined || principal.certificateSha256 !== undefined) facts['actor.workstation'] = sitsAtWorkstation(books, principal, session);
  return facts;
}

/** By address or certificate; or by the device key, as long as the session is used from where it was proven. */
function sitsAtWorkstation({ workstations }: AccessBooks, { address, certificateSha256 }: Question['principal'], session: Session | undefined): boolean {
  if (workstations.at(address, certificateSha256)) return true;
  const proven = session?.workstation;
  return proven !== undefined && proven.address === address && workstations.isInUse(proven.id);
}

function addGrantFacts({ grants, requests, presence, now }: AccessBooks, { principal, action, resource }: Question, facts: Growing): void {
  const nowMs = now();
  const grant = grants.covering(principal.id, action, resource, nowMs);
  facts['grant.covers'] = grant !== undefined;
  if (!grant) {
    facts['grant.approvals'] = noApprovals;
    facts['grant.emergency'] = false;
    facts['grant.visit'] = false;
    return;
  }
  Object.assign(facts, factsOfGrant(grant, grant.request === undefined ? undefined : requests.get(grant.request), presence));
  facts[leaseEndFact] = endOf(grant, action, nowMs);
}

const noApprovals: readonly string[] = [];

/** What a covering grant says, with the visit that its request registered. */
export function factsOfGrant(grant: Pick<Grant, 'id' | 'approvals' | 'scope' | 'emergency'>, request: AccessRequest | undefined, presence: Pick<PresenceBook, 'count'>): Facts {
  return {
    'grant.covers': true,
    'grant.id': grant.id,
    'grant.approvals': grant.approvals,
    'grant.purpose': grant.scope.purpose,
    'grant.emergency': grant.emergency !== undefined,
    'grant.concerned': request?.concerned === true,
    ...(request?.visit ? visitFacts(request.visit, request, presence.count(request.id)) : { 'grant.visit': false }),
  };
}

/** Lists touch no single record: they are nobody's own, and each unit sees its share. */
function addSubjectFacts(books: AccessBooks, { principal, resource }: Question, person: StoredPerson, facts: Growing): void {
  facts['request.own'] = false;
  facts['request.awaitsActor'] = true;
  if (resource.subject === undefined) return;
  const at = resource.subject.indexOf(':');
  const kind = resource.subject.slice(0, at);
  const id = resource.subject.slice(at + 1);
  if (kind === 'request') addRequestFacts(books, id, person, facts);
  else if (kind === 'grant' || kind === 'emergency') addRevocationFacts(books, id, person, facts);
  else if (kind === 'person' || kind === 'roles') {
    facts['person.self'] = id === principal.id;
    facts['person.reviews'] = books.people.get(id)?.roles.some((role) => books.reviews(role)) ?? false;
  } else if (kind === 'policy') facts['proposal.own'] = books.proposedBy(id) === principal.id;
}

function addRequestFacts(books: AccessBooks, id: string, person: StoredPerson, facts: Growing): void {
  const request = books.requests.get(id);
  if (!request) return;
  const { own, capacity } = standingTo(request, books.requests.awaits(request), person.id, capacitiesOf(books, person, books.now()));
  facts['request.own'] = own;
  // One's own is refused as one's own, and of a settled request the handler says that it is settled.
  facts['request.awaitsActor'] = own || capacity !== undefined || request.state !== 'submitted';
}

/** A grant is revoked by the units that approved it and those above; an emergency is reviewed by anybody who judges but its holder. */
function addRevocationFacts(books: AccessBooks, id: string, person: StoredPerson, facts: Growing): void {
  const grant = books.grants.get(id);
  if (!grant) return;
  facts['request.own'] = grant.emergency !== undefined && grant.holder === person.id;
  if (grant.emergency) return;
  const capacities = capacitiesOf(books, person, books.now());
  facts['request.awaitsActor'] = capacities.some(({ unit }) => grant.approvals.some((approving) => books.isAtOrAbove(unit, approving)));
}
