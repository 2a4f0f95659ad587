// Proving who somebody is by password and authenticator, under the lock-out.
import type { Principal } from '@wanglou/core';
import { isAccountName } from '../account-name.ts';
import { AccessError } from '../errors.ts';
import type { StoredPerson } from '../people/people.ts';
import { totpStep } from '../people/totp.ts';
import type { Guess } from '../sessions/lock-out.ts';
import { addressOf, type Books } from './books.ts';

/** What somebody typed to prove who they are. */
export interface Proof {
  readonly password: string;
  /** Six digits of the authenticator. */
  readonly code?: string | undefined;
}

/** What sealed authenticator secrets are bound to. */
export const totpContext = (person: string) => `totp:${person}`;

/** Checks something that can be guessed at. Throws `SIGN_IN_FAILED`, `LOCKED_OUT` or `SIGN_IN_BUSY`. */
async function guarded<G extends Guess>({ lockOut }: Books, subject: string | undefined, principal: Principal, check: () => Promise<G>): Promise<Exclude<G, false>> {
  const found = await lockOut.guard(subject, addressOf(principal), check);
  if (found === false) throw new AccessError('SIGN_IN_FAILED');
  return found as Exclude<G, false>;
}

/**
 * A proof within a session. It has a counter of its own: whoever fails to sign in as a head from outside must not keep the head from
 * judging. Throws as sign-in does.
 */
export async function guardedInSession(books: Books, person: string, principal: Principal, check: () => Promise<boolean>): Promise<void> {
  await guarded(books, `proof:${person}`, principal, check);
}

/** Proves anew who the person of a session is. Throws `SIGN_IN_FAILED`, `CODE_NEEDED`, `LOCKED_OUT` or `SIGN_IN_BUSY`. */
export async function proveAgain(books: Books, person: StoredPerson, principal: Principal, proof: Proof): Promise<void> {
  await finish(guarded(books, `proof:${person.id}`, principal, () => fits(books, person, proof)));
}

/**
 * Proves who wants to sign in. An unknown or closed account costs the same time and says the same as a wrong password. A missing code is
 * told only to whoever has the password, and costs no try. Throws `SIGN_IN_FAILED`, `CODE_NEEDED`, `LOCKED_OUT` or `SIGN_IN_BUSY`.
 */
export async function proveToSignIn(books: Books, name: string, principal: Principal, proof: Proof): Promise<StoredPerson> {
  const person = books.people.get(name);
  // No account has a name of another form: there is nothing to lock, and what was typed may be a password, which is not kept.
  await finish(guarded(books, isAccountName(name) ? `account:${name}` : undefined, principal, () => fits(books, person, proof)));
  return person!;
}

async function finish(proven: Promise<true | 'unfinished'>): Promise<void> {
  if ((await proven) === 'unfinished') throw new AccessError('CODE_NEEDED');
}

async function fits(books: Books, person: StoredPerson | undefined, { password, code }: Proof): Promise<Guess> {
  const usable = person?.active ? person : undefined;
  if (!(await books.passwords.check(password, usable?.passwordHash)) || !usable) return false;
  if (usable.totp === undefined) return true;
  return code === undefined ? 'unfinished' : isFreshCode(books, usable, code);
}

/** The clock on the wall, as the authenticator has it; a code that was used opens nothing again, wherever the clock is set. */
async function isFreshCode({ keys, people, wallMs }: Books, person: StoredPerson, code: string): Promise<boolean> {
  const secret = (await keys.open(Buffer.from(person.totp!, 'base64'), totpContext(person.id))).toString();
  const step = totpStep(secret, code, wallMs());
  return step !== undefined && people.useTotpStep(person.id, step);
}
