// In which capacity somebody may judge: for their own unit, or for the unit of whoever lent them a role. Article 8.
import type { StoredPerson } from '../people/people.ts';
import type { Delegations } from './delegations.ts';

/** For which unit, and by whose power. */
export interface Capacity {
  readonly unit: string;
  readonly onBehalfOf?: string;
}

/** What capacities are read from. */
export interface CapacityBooks {
  readonly people: { get(id: string): StoredPerson | undefined };
  readonly delegations: Delegations;
  /** Whether holders of a role judge requests, as the pack says. */
  reviews(role: string): boolean;
}

/** Roles of a person with those that others lend now; a role that its lender lost is lent no longer. */
export function rolesOf(books: CapacityBooks, person: StoredPerson, nowMs: number): readonly string[] {
  const lent = lentTo(books, person, nowMs);
  return lent.length === 0 ? person.roles : [...new Set([...person.roles, ...lent.map(({ role }) => role)])];
}

/** Capacities of a person, their own first. */
export function capacitiesOf(books: CapacityBooks, person: StoredPerson, nowMs: number): readonly Capacity[] {
  const own = person.roles.some((role) => books.reviews(role)) ? [{ unit: person.unit }] : [];
  const lent = lentTo(books, person, nowMs).flatMap(({ role, lender }) => (books.reviews(role) ? [{ unit: lender.unit, onBehalfOf: lender.id }] : []));
  return [...own, ...lent];
}

/** Whether somebody has a voice by another's power alone: then what that other may not judge, they may not either. */
export function actsOnlyFor(books: CapacityBooks, person: StoredPerson, other: string | undefined, nowMs: number): boolean {
  const capacities = capacitiesOf(books, person, nowMs);
  return other !== undefined && capacities.length > 0 && capacities.every(({ onBehalfOf }) => onBehalfOf === other);
}

/** Who is of the staff lends, and borrows; article 8: nobody gives more than they hold. */
function lentTo({ people, delegations }: CapacityBooks, person: StoredPerson, nowMs: number): readonly { readonly role: string; readonly lender: StoredPerson }[] {
  const lent = delegations.inForce(person.id, nowMs);
  // Asked for every decision, and hardly anybody borrows.
  if (lent.length === 0 || person.standing !== 'staff') return none;
  return lent.flatMap(({ from, role }) => {
    const lender = people.get(from);
    return lender?.active && lender.standing === 'staff' && lender.roles.includes(role) ? [{ role, lender }] : [];
  });
}

const none: readonly never[] = [];
