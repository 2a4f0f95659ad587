// Duty in its simplest form. Articles 9(3) and 16(1).
import { factsChanged, type PluginContext } from '@wanglou/core';
import { beginDuty, endDuty } from '../contract.ts';
import type { DutyBook } from '../duty/duty.ts';
import { AccessError } from '../errors.ts';
import { personOf } from './person-of.ts';

/** Handles sign-on and sign-off. */
export function handleDuty(ctx: PluginContext, duty: DutyBook): void {
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
