// Answers the gate's questions from memory.
import { type Facts, type FactSource, leaseEndFact, type Question } from '@wanglou/core';
import type { DutyBook } from '../duty/duty.ts';
import { endOf, type GrantBook } from '../grants/grants.ts';
import type { People } from '../people/people.ts';
import type { RequestBook } from '../requests/requests.ts';
import type { SessionBook } from '../sessions/sessions.ts';

/** What the source looks into. */
export interface AccessBooks {
  readonly people: People;
  readonly sessions: SessionBook;
  readonly duty: DutyBook;
  readonly grants: GrantBook;
  readonly requests: RequestBook;
  /** Whether one unit stands above another, or is the same. Article 8. */
  isAtOrAbove(unit: string, other: string): boolean;
  /** Addresses of registered workstations. */
  readonly workstations: ReadonlySet<string>;
}

/** Facts of persons. Of a session that has ended nothing is known, and so it opens nothing. */
export function accessFactSource(books: AccessBooks): FactSource {
  return {
    id: 'access',
    read(question) {
      const { principal } = question;
      if (principal.kind !== 'person') return {};
      if (principal.session !== undefined && books.sessions.get(principal.session)?.person !== principal.id) return {};
      return { ...actorFacts(books, question), ...grantFacts(books, question), ...requestFacts(books, question) };
    },
  };
}

function actorFacts({ people, duty, workstations }: AccessBooks, { principal, atMs }: Question): Facts {
  const person = people.get(principal.id);
  if (!person) return {};
  return {
    'actor.unit': person.unit,
    'actor.roles': person.roles,
    'actor.standing': person.standing,
    'actor.onDuty': duty.sinceMs(person.id) !== undefined,
    'actor.trained': person.trainedUntilMs !== undefined && atMs < person.trainedUntilMs,
    ...(principal.address !== undefined && { 'actor.workstation': workstations.has(principal.address) }),
  };
}

function grantFacts({ grants }: AccessBooks, { principal, action, resource, atMs }: Question): Facts {
  const grant = grants.covering(principal.id, action, resource, atMs);
  if (!grant) return { 'grant.covers': false, 'grant.approvals': [] };
  return { 'grant.covers': true, 'grant.approvals': grant.approvals, 'grant.id': grant.id, [leaseEndFact]: endOf(grant, action) };
}

/** Lists of requests touch no single one: they are nobody's own, and each unit sees its share. */
function requestFacts({ people, requests, grants, isAtOrAbove }: AccessBooks, { principal, resource }: Question): Facts {
  const [kind, id] = resource.subject?.split(':') ?? [];
  const unit = people.get(principal.id)?.unit;
  if (kind === 'request' && id) {
    const request = requests.get(id);
    if (!request) return { 'request.own': false, 'request.awaitsActor': true };
    return { 'request.own': request.requester === principal.id, 'request.awaitsActor': requests.awaits(request) === unit || request.state !== 'submitted' };
  }
  if (kind === 'grant' && id) {
    const grant = grants.get(id);
    return { 'request.own': false, 'request.awaitsActor': !grant || (unit !== undefined && grant.approvals.some((approving) => isAtOrAbove(unit, approving))) };
  }
  return { 'request.own': false, 'request.awaitsActor': true };
}
