// People as those see and change them who run the campus. Who may do what is in the pack: article 8 lets only the Office appoint.
import { factsChanged, type PluginContext } from '@wanglou/core';
import { assignRoles, createPerson, listPeople, qualifyPerson, resetCredentials, setPersonActive, updatePerson, type PersonRecord } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { hashPassword } from '../people/password.ts';
import type { StoredPerson } from '../people/people.ts';
import type { Books } from './books.ts';

/** Chinese names by their sound. Made once: to make one for each comparison costs many times as much. */
export const byName = new Intl.Collator('zh').compare;

/** Handles the operations of people. */
export function handlePeople(ctx: PluginContext, books: Books): void {
  const { people, sessions, campus } = books;
  const checkUnit = (unit: string | undefined) => {
    const known = campus.read().units.map(({ id }) => id);
    if (unit !== undefined && !known.includes(unit)) throw new AccessError('UNIT_UNKNOWN', { unit, known: known.join(', ') });
  };
  const changed = (person: StoredPerson): PersonRecord => {
    // Grants of others may rest on this person's power, and lent roles on theirs.
    ctx.emit(factsChanged, {});
    return recordOf(books, person);
  };

  ctx.handle(listPeople, ({ unit, search, limit, offset }) => {
    const words = search?.toLowerCase() ?? '';
    const found = people.all().filter((person) => (unit === undefined || person.unit === unit) && (person.id.includes(words) || person.name.toLowerCase().includes(words)));
    const sorted = found.sort((a, b) => byName(a.name, b.name));
    return { people: sorted.slice(offset, offset + limit).map((person) => recordOf(books, person)), total: sorted.length };
  });
  ctx.handle(createPerson, async ({ id, name, unit, standing, password, externalId }) => {
    checkUnit(unit);
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    return changed(await people.add({ id, name, unit, standing, passwordHash, externalId }));
  });
  ctx.handle(updatePerson, async ({ person, ...change }) => {
    checkUnit(change.unit);
    return changed(await people.change(person, change));
  });
  ctx.handle(assignRoles, async ({ person, roles, externalId }) => {
    const known = campus.read().roles.map(({ id }) => id);
    const role = roles.find((one) => !known.includes(one));
    if (role !== undefined) throw new AccessError('ROLE_UNKNOWN', { role, known: known.join(', ') });
    const linked = people.known(person).externalId;
    if (linked !== undefined && linked !== externalId) throw new AccessError('EXTERNAL_ID_DIFFERS', { externalId: linked });
    return changed(await people.change(person, { roles: [...new Set(roles)] }));
  });
  ctx.handle(qualifyPerson, async ({ person, kind, untilMs }) => changed(await people.change(person, { qualification: { kind, untilMs } })));
  ctx.handle(setPersonActive, async ({ person, active }) => {
    const closed = await people.change(person, { active });
    if (!active) await sessions.endAllOf(person);
    return changed(closed);
  });
  ctx.handle(resetCredentials, async ({ person, password, totp }) => {
    people.known(person);
    const reset = await people.change(person, { password: { hash: await hashPassword(password), mustChange: true }, ...(totp && { totp: null }) });
    await sessions.endAllOf(person);
    return changed(reset);
  });
}

function recordOf({ people, duty, emergencies, now }: Books, person: StoredPerson): PersonRecord {
  return {
    ...people.view(person.id)!,
    active: person.active,
    qualifications: person.qualifiedUntilMs,
    hasPassword: person.passwordHash !== undefined,
    mustChangePassword: person.mustChangePassword,
    hasTotp: person.totp !== undefined,
    ...(person.externalId !== undefined && { externalId: person.externalId }),
    onDuty: duty?.sinceMs(person.id) !== undefined,
    suspended: emergencies.isSuspended(person.id, now()),
  };
}
