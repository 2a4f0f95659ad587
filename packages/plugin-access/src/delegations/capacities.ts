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
export function rolesOf({ people, delegations }: CapacityBooks, person: StoredPerson, nowMs: number): readonly string[] {
  const lent = delegations.inForce(person.id, nowMs);
  if (lent.length === 0) return person.roles;
  const held = lent.filter(({ from, role }) => holds(people.get(from), role)).map(({ role }) => role);
  return [...new Set([...person.roles, ...held])];
}

/** Capacities of a person, their own first. */
export function capacitiesOf(books: CapacityBooks, person: StoredPerson, nowMs: number): readonly Capacity[] {
  const own = person.roles.some((role) => books.reviews(role)) ? [{ unit: person.unit }] : [];
  const lent = books.delegations.inForce(person.id, nowMs).flatMap(({ from, role }) => {
    const lender = books.people.get(from);
    return lender && holds(lender, role) && books.reviews(role) ? [{ unit: lender.unit, onBehalfOf: from }] : [];
  });
  return [...own, ...lent];
}

function holds(person: StoredPerson | undefined, role: string): boolean {
  return person !== undefined && person.active && person.roles.includes(role);
}
