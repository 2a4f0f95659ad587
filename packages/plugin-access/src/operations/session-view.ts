// The session as the console shows it.
import { actions as allActions, defineOperation, objectSchema, type PluginContext, type Principal } from '@wanglou/core';
import { readSession, type SessionView } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';

/** Who is signed in, where they sit, and what the rules let them do now. Throws `SESSION_NEEDED`. */
export async function viewOf(ctx: PluginContext, books: Books, principal: Principal): Promise<SessionView> {
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
