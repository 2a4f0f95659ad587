// One's own account: password and authenticator.
import { factsChanged, type PluginContext, type Principal } from '@wanglou/core';
import { beginTotp, changePassword, confirmTotp } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { hashPassword } from '../people/password.ts';
import type { StoredPerson } from '../people/people.ts';
import { newTotp, totpStep } from '../people/totp.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';
import { guardedInSession, totpContext } from './proof-of-person.ts';
import { viewOf } from './session-view.ts';

/** An authenticator that is set up and not confirmed yet: nothing is written before the first right code. */
interface BegunTotp {
  readonly secret: string;
  /** Where it was begun: nobody confirms what somebody else in another session began. */
  readonly session: string | undefined;
  readonly untilMs: number;
}

/** Long enough to scan a picture, short enough that a secret that was left on a screen is good for nothing. */
const setUpMs = 600_000;

/** Handles the operations of one's own account. */
export function handleAccounts(ctx: PluginContext, books: Books): void {
  const { people, sessions, keys, now, wallMs } = books;
  /** By person, and so never more than there are people. */
  const begun = new Map<string, BegunTotp>();
  const withPassword = async (principal: Principal, password: string): Promise<StoredPerson> => {
    const person = people.known(personOf(principal));
    if (person.passwordHash === undefined) throw new AccessError('PASSWORD_NONE');
    await guardedInSession(books, person.id, principal, () => books.passwords.check(password, person.passwordHash));
    return person;
  };

  ctx.handle(changePassword, async ({ current, next }, { principal }) => {
    const { id } = await withPassword(principal, current);
    if (next === current || next.toLowerCase().includes(id)) throw new AccessError('PASSWORD_WEAK');
    await people.change(id, { password: { hash: await hashPassword(next), mustChange: false } });
    await sessions.endAllOf(id, principal.session);
    ctx.emit(factsChanged, { principals: [id] });
    return viewOf(ctx, books, principal);
  });
  ctx.handle(beginTotp, async ({ password }, { principal }) => {
    const { id, totp } = await withPassword(principal, password);
    const session = principal.session === undefined ? undefined : sessions.get(principal.session);
    // Who has the password and somebody's open session must not put an authenticator of their own in the place of the real one.
    if (totp !== undefined && session && now() - session.stepUpMs >= books.config.stepUpMinutes * 60_000) throw new AccessError('STEP_UP_NEEDED');
    const setup = newTotp((length) => ctx.random.bytes(length), books.campus.read().name.en, id);
    begun.set(id, { secret: setup.secret, session: principal.session, untilMs: now() + setUpMs });
    return setup;
  });
  ctx.handle(confirmTotp, async ({ code }, { principal }) => {
    const person = personOf(principal);
    const setup = begun.get(person);
    if (!setup || setup.session !== principal.session || now() >= setup.untilMs) throw new AccessError('TOTP_NOT_BEGUN');
    let step: number | undefined;
    await guardedInSession(books, person, principal, async () => (step = totpStep(setup.secret, code, wallMs())) !== undefined);
    begun.delete(person);
    const sealed = await keys.seal(Buffer.from(setup.secret), totpContext(person));
    await people.change(person, { totp: { sealed: Buffer.from(sealed).toString('base64'), step: step! } });
    return viewOf(ctx, books, principal);
  });
}
