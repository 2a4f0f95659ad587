// Registering workstations, and proving that one sits at one. Article 9(4).
import { factsChanged, type PluginContext } from '@wanglou/core';
import { challengeWorkstation, enrolWorkstation, inviteWorkstation, listWorkstations, proveWorkstation, registerWorkstation, removeWorkstation } from '../contract.ts';
import type { Books } from './books.ts';
import { sessionOf } from './person-of.ts';
import { viewOf } from './session-view.ts';

/** Handles the operations of workstations. */
export function handleWorkstations(ctx: PluginContext, books: Books): void {
  const { workstations, sessions, newId } = books;
  // Anybody may sit at it: everything open is judged anew.
  const changed = () => ctx.emit(factsChanged, {});
  ctx.handle(listWorkstations, () => ({ workstations: workstations.list() }));
  ctx.handle(registerWorkstation, async (input) => {
    const registered = await workstations.register(input);
    changed();
    return registered;
  });
  ctx.handle(removeWorkstation, async ({ workstation }) => {
    const removed = await workstations.remove(workstation);
    await sessions.unbind(workstation);
    changed();
    return removed;
  });
  ctx.handle(inviteWorkstation, async ({ workstation }) => {
    const code = newId();
    return { code, expiresMs: await workstations.invite(workstation, code) };
  });
  ctx.handle(enrolWorkstation, async ({ code, publicKey }, { principal, note }) => {
    sessionOf(books, principal);
    const workstation = await workstations.enrol(code, publicKey);
    note({ workstation });
    // Who proved to have the key before this one proved nothing of this one.
    await sessions.unbind(workstation);
    changed();
    return { workstation };
  });
  ctx.handle(challengeWorkstation, (_input, { principal }) => {
    const nonce = newId();
    workstations.challenge(sessionOf(books, principal).id, nonce);
    return { nonce };
  });
  ctx.handle(proveWorkstation, async ({ workstation, nonce, signature }, { principal }) => {
    const session = sessionOf(books, principal);
    workstations.prove(session.id, workstation, nonce, signature);
    await sessions.bind(session, workstation, principal.address);
    ctx.emit(factsChanged, { principals: [principal.id] });
    return viewOf(ctx, books, principal);
  });
}
