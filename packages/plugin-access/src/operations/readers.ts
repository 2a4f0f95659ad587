// Who may read a request: whoever asked or comes along, the units that judge it, and whoever reads the register.
import type { AccessRequest, PluginContext, Principal } from '@wanglou/core';
import { listRegister } from '../contract.ts';
import { capacitiesOf } from '../delegations/capacities.ts';
import { isPartyTo } from '../requests/judging.ts';
import type { Books } from './books.ts';

/** Whether somebody has a voice in one of the units that judge a request. */
export function judges(books: Books, request: AccessRequest, principal: Principal): boolean {
  const person = books.people.get(principal.id);
  return person !== undefined && capacitiesOf(books, person, books.now()).some(({ unit }) => request.needs.some((step) => step.unit === unit));
}

/** Whether somebody may read a request with everything that stands in it. */
export async function mayRead(ctx: PluginContext, books: Books, request: AccessRequest, principal: Principal): Promise<boolean> {
  return isPartyTo(request, principal.id) || judges(books, request, principal) || (await ctx.wouldDecide(listRegister, {}, principal)).effect === 'permit';
}
