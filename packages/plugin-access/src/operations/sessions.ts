// Sign-in with password, authenticator and identity provider; step-up; sign-out.
import { factsChanged, type PluginContext, type Principal } from '@wanglou/core';
import { beginOidc, finishOidc, readSession, readSignInOptions, signIn, signOut, stepUp, type OpenedSession } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { addressOf, type Books } from './books.ts';
import { sessionOf } from './person-of.ts';
import { proveAgain, proveToSignIn } from './proof-of-person.ts';
import { viewOf } from './session-view.ts';

/** Handles the operations of sessions. */
export function handleSessions(ctx: PluginContext, books: Books): void {
  const { people, sessions, now } = books;
  const open = async (person: string, principal: Principal, provenMs: number): Promise<OpenedSession> => {
    const { session, credential } = await sessions.open(person, addressOf(principal), provenMs);
    return { ...(await viewOf(ctx, books, { ...principal, kind: 'person', id: person, session: session.id })), credential };
  };

  ctx.handle(signIn, async ({ name, ...proof }, { principal }) => {
    const person = await proveToSignIn(books, name, principal, proof);
    return open(person.id, principal, now());
  });
  ctx.handle(signOut, async (_input, { principal }) => {
    await sessions.end(sessionOf(books, principal).id);
    ctx.emit(factsChanged, { principals: [principal.id] });
    return {};
  });
  ctx.handle(readSession, (_input, { principal }) => viewOf(ctx, books, principal));
  ctx.handle(readSignInOptions, () => ({ ...(books.config.oidc && { oidc: { name: books.config.oidc.name } }) }));
  ctx.handle(stepUp, async (proof, { principal }) => {
    const session = sessionOf(books, principal);
    await proveAgain(books, people.known(session.person), principal, proof);
    await sessions.stepUp(session);
    return viewOf(ctx, books, principal);
  });
  ctx.handle(beginOidc, ({ redirectAddress, stepUp: again }) => {
    if (!books.oidc) throw new AccessError('OIDC_OFF');
    return books.oidc.begin(redirectAddress, again);
  });
  ctx.handle(finishOidc, async ({ callbackAddress, transaction }, { principal, note }) => {
    if (!books.oidc) throw new AccessError('OIDC_OFF');
    const { externalId, provenMs } = await books.oidc.finish(callbackAddress, transaction);
    const person = people.byExternalId(externalId);
    if (!person?.active) throw new AccessError('OIDC_STRANGER');
    note({ person: person.id });
    return open(person.id, principal, provenMs);
  });
}
