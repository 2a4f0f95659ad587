// Lending a role with dates. Article 8.
import { factsChanged, type PluginContext } from '@wanglou/core';
import { createDelegation, listDelegations, revokeDelegation, type Delegation } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { Books } from './books.ts';
import { personOf } from './person-of.ts';

/** A role that is lent for longer is an appointment, and appointments are the Office's. */
const longestDays = 366;

/** Handles the operations of delegations. */
export function handleDelegations(ctx: PluginContext, books: Books): void {
  const { people, delegations, newId, now } = books;
  ctx.handle(createDelegation, async ({ to, role, fromMs, toMs, reason }, { principal }) => {
    const from = personOf(principal);
    const refuse = (zh: string, en: string): never => {
      throw new AccessError('DELEGATION_INVALID', { reason: { zh, en } });
    };
    // One's own role: what was lent cannot be lent on.
    if (!people.known(from).roles.includes(role) || !books.reviews(role)) refuse('您本人不具有该审批角色', 'you do not hold this role yourself, or it judges nothing');
    const borrower = people.get(to);
    if (!borrower?.active || borrower.standing !== 'staff' || to === from) refuse('受托人须为在用的其他工作人员', 'it can be lent only to another member of the staff');
    if (toMs - fromMs > longestDays * 86_400_000) refuse(`委托期限最长 ${longestDays} 天`, `it can be lent for ${longestDays} days at the most`);
    if (toMs <= now()) refuse('委托期限已过', 'its time is already over');
    const delegation: Delegation = { id: newId(), from, to, role, fromMs, toMs, reason };
    await delegations.add(delegation);
    ctx.emit(factsChanged, { principals: [to] });
    return delegation;
  });
  ctx.handle(revokeDelegation, async ({ delegation }, { principal }) => {
    const own = delegations.get(delegation)?.from === personOf(principal);
    const revoked = own ? await delegations.revoke(delegation, now()) : undefined;
    if (!revoked) throw new AccessError('DELEGATION_UNKNOWN', { delegation });
    ctx.emit(factsChanged, { principals: [revoked.to] });
    return revoked;
  });
  ctx.handle(listDelegations, (_input, { principal }) => ({
    delegations: delegations.of(personOf(principal)).toReversed(),
    people: people.all().flatMap(({ id, active, standing }) => (active && standing === 'staff' ? [people.view(id)!] : [])),
  }));
}
