// A person of the configuration must fit the rules: a misspelt unit or role would be refused everything, and nobody would see why.
import type { AccessConfig } from '../config.ts';
import { AccessError } from '../errors.ts';

/** What of the rules people are compared with. */
export interface KnownUnitsAndRoles {
  readonly units: readonly { readonly id: string }[];
  readonly roles: readonly { readonly id: string }[];
}

/** Throws `PERSON_UNIT_UNKNOWN` or `PERSON_ROLE_UNKNOWN`. */
export function checkPeople(people: AccessConfig['people'], rules: KnownUnitsAndRoles): void {
  const units = rules.units.map((unit) => unit.id);
  const roles = rules.roles.map((role) => role.id);
  for (const person of people) {
    if (!units.includes(person.unit)) throw new AccessError('PERSON_UNIT_UNKNOWN', { person: person.id, value: person.unit, known: units.join(', ') });
    const value = person.roles.find((role) => !roles.includes(role));
    if (value !== undefined) throw new AccessError('PERSON_ROLE_UNKNOWN', { person: person.id, value, known: roles.join(', ') });
  }
}
