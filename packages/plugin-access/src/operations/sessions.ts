// Sign-in, sign-out, duty.
import { actions as allActions, defineOperation, factsChanged, objectSchema, type PluginContext, type Principal } from '@wanglou/core';
import { beginDuty, endDuty, readSession, signIn, signOut, type SessionView } from '../contract.ts';
import type { DutyBook } from '../duty/duty.ts';
import { AccessError } from '../errors.ts';
import type { PasswordChecks } from '../people/password-checks.ts';
import type { People } from '../people/people.ts';
import type { LockOut } from '../sessions/lock-out.ts';
import type { SessionBook } from '../sessions/sessions.ts';
import { personOf } from './person-of.ts';

interface Books {
  readonly people: People;
  readonly sessions: SessionBook;
  readonly duty: DutyBook;
  readonly lockOut: LockOut;
  readonly passwords: PasswordChecks;
}

/** Handles the operations of sessions and duty. */
export function handleSessions(ctx: PluginContext, { people, sessions, duty, lockOut, passwords }: Books): void {
  const view = async (principal: Principal): Promise<SessionView> => {
    const person = people.view(personOf(principal));
    const session = principal.session === undefined ? undefined : sessions.get(principal.session);
    if (!person || (principal.session !== undefined && !session)) throw new AccessError('SESSION_NEEDED');
    const dutySinceMs = duty.sinceMs(person.id);
    return { person, onDuty: dutySinceMs !== undefined, ...(dutySinceMs !== undefined && { dutySinceMs }), expiresMs: session ? sessions.expiresMs(session) : ctx.clock.now(), actions: await permittedActions(ctx, principal) };
  };

  ctx.handle(signIn, async ({ name, password }, { principal }) => {
    const address = principal.address ?? 'embedded';
    const person = people.get(name);
    if (!(await lockOut.guard(name, address, () => passwords.check(password, person?.passwordHash))) || !person) throw new AccessError('SIGN_IN_FAILED');
    const { session, credential } = await sessions.open(person.id, address);
    return { ...(await view({ kind: 'person', id: person.id, session: session.id, ...(principal.address !== undefined && { address: principal.address }) })), credential };
  });
  ctx.handle(signOut, async (_input, { principal }) => {
    if (principal.session === undefined) throw new AccessError('SESSION_NEEDED');
    await sessions.end(principal.session);
    ctx.emit(factsChanged, { principals: [principal.id] });
    return {};
  });
  ctx.handle(readSession, (_input, { principal }) => view(principal));
  ctx.handle(beginDuty, async (_input, { principal }) => {
    const sinceMs = await duty.begin(personOf(principal), ctx.clock.now());
    ctx.emit(factsChanged, { principals: [principal.id] });
    return { sinceMs };
  });
  ctx.handle(endDuty, async (_input, { principal }) => {
    if (!(await duty.end(personOf(principal), ctx.clock.now()))) throw new AccessError('NOT_STAFFED');
    ctx.emit(factsChanged, { principals: [principal.id] });
    return {};
  });
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
