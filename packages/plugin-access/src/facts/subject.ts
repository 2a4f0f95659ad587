// Facts of the record that an act touches: whose it is, and who may judge it. Articles 8 and 10.
import type { Facts } from '@wanglou/core';
import { actsOnlyFor, capacitiesOf, type CapacityBooks } from '../delegations/capacities.ts';
import type { GrantBook } from '../grants/grants.ts';
import type { StoredPerson } from '../people/people.ts';
import { standingTo } from '../requests/judging.ts';
import type { RequestBook } from '../requests/requests.ts';

/** What the facts of a record are read from. */
export interface SubjectBooks extends CapacityBooks {
  readonly grants: Pick<GrantBook, 'get'>;
  readonly requests: Pick<RequestBook, 'get' | 'awaits'>;
  /** Whether one unit stands above another, or is the same. Article 8. */
  isAtOrAbove(unit: string, other: string): boolean;
  /** Who proposed a record of a kind that takes two; `undefined` for other kinds. */
  proposedBy(kind: string, id: string): { readonly by: string | undefined } | undefined;
  /** Never goes back. */
  now(): number;
}

const none: Facts = Object.freeze({});

/** Facts of the one record that is touched. Lists touch none: they are nobody's own, and each unit sees its share. */
export function subjectFacts(books: SubjectBooks, subject: string, person: StoredPerson): Facts {
  const at = subject.indexOf(':');
  const kind = subject.slice(0, at);
  const id = subject.slice(at + 1);
  if (kind === 'request') return requestFacts(books, id, person);
  if (kind === 'grant') return grantFacts(books, id, person);
  if (kind === 'emergency') return { 'request.own': isOwn(books, person, books.grants.get(id)?.holder) };
  if (kind === 'person' || kind === 'roles') return { 'person.self': isOwn(books, person, id), 'person.reviews': judges(books, id) };
  const proposed = books.proposedBy(kind, id);
  return proposed === undefined ? none : { 'proposal.own': isOwn(books, person, proposed.by) };
}

/** One's own, or that of whoever lent one every voice one has. */
function isOwn(books: SubjectBooks, person: StoredPerson, whose: string | undefined): boolean {
  return person.id === whose || actsOnlyFor(books, person, whose, books.now());
}

/** Who borrows a role judges as well: their account is as far out of reach as that of whoever lent it. */
function judges({ people, delegations, reviews, now }: SubjectBooks, id: string): boolean {
  return people.get(id)?.roles.some((role) => reviews(role)) === true || delegations.isBorrower(id, now());
}

function requestFacts(books: SubjectBooks, id: string, person: StoredPerson): Facts {
  const request = books.requests.get(id);
  if (!request) return none;
  const { own, capacity } = standingTo(request, books.requests.awaits(request), person.id, capacitiesOf(books, person, books.now()));
  // One's own is refused as one's own, and of a settled request the handler says that it is settled.
  return { 'request.own': own, 'request.awaitsActor': own || capacity !== undefined || request.state !== 'submitted' };
}

/** A grant is revoked by the units that approved it and those above; one of an emergency, by anybody who judges but its holder. */
function grantFacts(books: SubjectBooks, id: string, person: StoredPerson): Facts {
  const grant = books.grants.get(id);
  if (!grant) return none;
  if (grant.emergency) return { 'request.own': isOwn(books, person, grant.holder) };
  const capacities = capacitiesOf(books, person, books.now());
  return { 'request.awaitsActor': capacities.some(({ unit }) => grant.approvals.some((approving) => books.isAtOrAbove(unit, approving))) };
}
