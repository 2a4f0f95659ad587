// Sign-in with password, authenticator and identity provider; step-up; the session as the console shows it.
import { actions as allActions, defineOperation, factsChanged, objectSchema, type PluginContext, type Principal } from '@wanglou/core';
import { beginOidc, beginTotp, changePassword, confirmTotp, finishOidc, readSession, readSignInOptions, signIn, signOut, stepUp, type OpenedSession, type SessionView } from '../contract.ts';
import { isAccountName } from '../account-name.ts';
import { AccessError } from '../errors.ts';
import { hashPassword } from '../people/password.ts';
import type { StoredPerson } from '../people/people.ts';
import { newTotp, totpStep } from '../people/totp.ts';
import type { Session } from '../sessions/sessions.ts';
import { addressOf, type Books } from './books.ts';
import { personOf } from './person-of.ts';

/** Handles the operations of sessions; answers what others need to show a session. */
export function handleSessions(ctx: PluginContext, books: Books): (principal: Principal) => Promise<SessionView> {
  const { people, sessions, keys } = books;
  const view = (principal: Principal) => viewOf(ctx, books, principal);
  const open = async (person: StoredPerson, principal: Principal): Promise<OpenedSession> => {
    const { session, credential } = await sessions.open(person.id, addressOf(principal));
    const { address, certificateSha256 } = principal;
    return { ...(await view({ kind: 'person', id: person.id, session: session.id, ...(address !== undefined && { address }), ...(certificateSha256 !== undefined && { certificateSha256 }) })), credential };
  };
  /** Authenticators that are set up and not confirmed yet, by person: nothing is written before the first right code. */
  const begun = new Map<string, string>();

  ctx.handle(signIn, async ({ name, password, code }, { principal }) => {
    const person = people.get(name);
    await prove(books, name, person, principal, password, code);
    return open(person!, principal);
  });
  ctx.handle(signOut, async (_input, { principal }) => {
    const session = sessionOf(books, principal);
    await sessions.end(session.id);
    ctx.emit(factsChanged, { principals: [principal.id] });
    return {};
  });
  ctx.handle(readSession, (_input, { principal }) => view(principal));
  ctx.handle(readSignInOptions, () => ({ ...(books.config.oidc && { oidc: { name: books.config.oidc.name } }) }));
  ctx.handle(stepUp, async ({ password, code }, { principal }) => {
    const session = sessionOf(books, principal);
    const person = people.known(principal.id);
    await prove(books, person.id, person, principal, password, code);
    await sessions.stepUp(session);
    return view(principal);
  });
  ctx.handle(beginOidc, ({ redirectAddress, stepUp: again }) => {
    if (!books.oidc) throw new AccessError('OIDC_OFF');
    return books.oidc.begin(redirectAddress, again);
  });
  ctx.handle(finishOidc, async ({ callbackAddress, transaction }, { principal, note }) => {
    if (!books.oidc) throw new AccessError('OIDC_OFF');
    const { externalId } = await books.oidc.finish(callbackAddress, transaction);
    const person = people.byExternalId(externalId);
    if (!person?.active) throw new AccessError('OIDC_STRANGER');
    note({ person: person.id });
    return open(person, principal);
  });
  ctx.handle(changePassword, async ({ current, next }, { principal }) => {
    const person = people.known(personOf(principal));
    if (person.passwordHash === undefined) throw new AccessError('PASSWORD_NONE');
    await guarded(books, person.id, principal, () => books.passwords.check(current, person.passwordHash));
    if (next === current || next.toLowerCase().includes(person.id)) throw new AccessError('PASSWORD_WEAK');
    await people.change(person.id, { password: { hash: await hashPassword(next), mustChange: false } });
    await sessions.endAllOf(person.id, principal.session);
    ctx.emit(factsChanged, { principals: [person.id] });
    return view(principal);
  });
  ctx.handle(beginTotp, async ({ password }, { principal }) => {
    const person = people.known(personOf(principal));
    if (person.passwordHash === undefined) throw new AccessError('PASSWORD_NONE');
    await guarded(books, person.id, principal, () => books.passwords.check(password, person.passwordHash));
    const setup = newTotp((length) => ctx.random.bytes(length), books.campus.read().name.en, person.id);
    begun.set(person.id, setup.secret);
    return setup;
  });
  ctx.handle(confirmTotp, async ({ code }, { principal }) => {
    const person = personOf(principal);
    const secret = begun.get(person);
    if (secret === undefined) throw new AccessError('TOTP_NOT_BEGUN');
    await guarded(books, person, principal, async () => totpStep(secret, code, ctx.clock.now()) !== undefined);
    begun.delete(person);
    await people.change(person, { totp: Buffer.from(await keys.seal(Buffer.from(secret), totpContext(person))).toString('base64') });
    return view(principal);
  });
  return view;
}

const totpContext = (person: string) => `totp:${person}`;

/** The session of an act. Throws `SESSION_NEEDED`. */
export function sessionOf({ sessions }: Books, principal: Principal): Session {
  personOf(principal);
  const session = principal.session === undefined ? undefined : sessions.get(principal.session);
  if (!session) throw new AccessError('SESSION_NEEDED');
  return session;
}

/** Checks something that can be guessed at, under the lock-out. Throws `SIGN_IN_FAILED`, `LOCKED_OUT` or `SIGN_IN_BUSY`. */
async function guarded({ lockOut }: Books, account: string, principal: Principal, check: () => Promise<boolean>): Promise<void> {
  // No account has a name of another form: there is nothing to lock, and what was typed may be a password, which is not kept.
  const subject = isAccountName(account) ? `account:${account}` : undefined;
  if (!(await lockOut.guard(subject, addressOf(principal), check))) throw new AccessError('SIGN_IN_FAILED');
}

/**
 * Proves who somebody is by password, and by a code where there is an authenticator. An unknown or closed account costs the same time
 * and says the same as a wrong password. A missing code is told only to whoever has the password, and costs no try.
 */
async function prove(books: Books, name: string, person: StoredPerson | undefined, principal: Principal, password: string, code: string | undefined): Promise<void> {
  let codeNeeded = false;
  await guarded(books, name, principal, async () => {
    const usable = person?.active ? person : undefined;
    if (!(await books.passwords.check(password, usable?.passwordHash)) || !usable) return false;
    if (usable.totp === undefined) return true;
    codeNeeded = code === undefined;
    return codeNeeded || isFreshCode(books, usable, code!);
  });
  if (codeNeeded) throw new AccessError('CODE_NEEDED');
}

async function isFreshCode({ keys, people, now }: Books, person: StoredPerson, code: string): Promise<boolean> {
  const secret = (await keys.open(Buffer.from(person.totp!, 'base64'), totpContext(person.id))).toString();
  const step = totpStep(secret, code, now());
  return step !== undefined && people.useTotpStep(person.id, step);
}

async function viewOf(ctx: PluginContext, books: Books, principal: Principal): Promise<SessionView> {
  const { people, sessions, workstations, delegations, config } = books;
  const person = people.get(personOf(principal));
  const session = principal.session === undefined ? undefined : sessions.get(principal.session);
  if (!person || (principal.session !== undefined && !session)) throw new AccessError('SESSION_NEEDED');
  const nowMs = books.now();
  const dutySinceMs = books.duty?.sinceMs(person.id);
  const facts = await ctx.policy.facts({ principal, operation: readSession.id, action: 'sign-in', resource: {} });
  const at = workstations.at(principal.address, principal.certificateSha256) ?? (facts['actor.workstation'] === true && session?.workstation ? { id: session.workstation.id, by: 'device-key' as const } : undefined);
  const workstation = at && workstations.get(at.id);
  return {
    person: people.view(person.id)!,
    onDuty: facts['actor.onDuty'] === true,
    ...(dutySinceMs !== undefined && { dutySinceMs }),
    expiresMs: session ? sessions.expiresMs(session) : nowMs,
    actions: await permittedActions(ctx, principal),
    ...(session && { stepUpUntilMs: session.stepUpMs + config.stepUpMinutes * 60_000 }),
    mustChangePassword: person.mustChangePassword,
    hasTotp: person.totp !== undefined,
    hasPassword: person.passwordHash !== undefined,
    ...(at && workstation && { workstation: { id: at.id, name: workstation.name, by: at.by } }),
    delegatedRoles: delegations.inForce(person.id, nowMs).map(({ from, role, toMs }) => ({ from, role, toMs })),
    suspended: facts['actor.suspended'] === true,
  };
}

/** What the rules let somebody do now, without any grant: the console hides pages by it, the gate decides. */
async function permittedActions(ctx: PluginContext, principal: Principal): Promise<SessionView['actions']> {
  const decisions = await Promise.all(
    allActions.map(async (action) => {
      const probe = defineOperation()({ id: 'session.probe', title: { zh: '预判', en: 'Probe' }, action, input: objectSchema({}), resource: () => ({}) });
      return (await ctx.wouldDecide(probe, {}, principal)).effect === 'permit';
    }),
  );
  return allActions.filter((_, index) => decisions[index]);
}
