// The operations of holds. Placing and lifting take turns with the sweeper, so that what is held is there.
import {
  confirmLift, createId, extendHold, holdChanged, keepHold, listHolds, placeHold, proposeLift, proposers, RecordingError,
  type Call, type Hold, type PluginContext,
} from '@wanglou/core';
import type { HoldBook, HoldChange } from './holds/hold-book.ts';
import type { RetentionBook } from './retention/retention-book.ts';
import type { Turns } from './turns.ts';

/** What the handlers work with. */
export interface HoldOptions {
  readonly holds: HoldBook;
  readonly turns: Turns;
  /** Footage may be due now that was held before. */
  readonly released: (hold: Hold) => Promise<void>;
}

/** Holds that a list gives at most. */
const mostListed = 1000;

/** Handles the operations of the hold contract. */
export function handleHolds(ctx: PluginContext, { holds, turns, released }: HoldOptions): void {
  const change = async (id: string, decide: (hold: Hold) => HoldChange): Promise<Hold> => {
    const changed = await turns.take(async () => {
      const hold = holds.get(id);
      if (hold === undefined) throw new RecordingError('HOLD_UNKNOWN', { hold: id });
      if (hold.state !== 'in-force') throw new RecordingError('HOLD_OVER', { hold: id });
      const after = await holds.change(hold, decide(hold));
      if (after.state !== 'in-force') await released(after);
      return after;
    });
    ctx.emit(holdChanged, changed);
    return changed;
  };

  ctx.contribute(proposers, { kind: 'hold', proposedBy: (id) => holds.get(id)?.lift?.proposedBy });
  ctx.handle(placeHold, async (input, call) => {
    const hold = newHold(ctx, input, call);
    call.note({ hold: hold.id });
    await place(ctx, { holds, turns }, hold);
    return hold;
  });
  ctx.handle(listHolds, ({ all = false }) => ({ holds: (all ? holds.all : holds.inForce).slice(0, mostListed) }));
  ctx.handle(extendHold, ({ hold: id, endsMs }) => change(id, (hold) => extended(hold, endsMs)));
  ctx.handle(proposeLift, ({ hold: id, reason }, { principal }) =>
    change(id, ({ lift }) => {
      if (lift) throw new RecordingError('LIFT_OPEN', { hold: id });
      return { lift: { proposedBy: principal.id, reason, proposedMs: ctx.clock.now() } };
    }),
  );
  ctx.handle(confirmLift, ({ hold: id }, { principal }) =>
    change(id, ({ lift }) => {
      if (!lift) throw new RecordingError('LIFT_NOT_PROPOSED', { hold: id });
      // The rules of a campus say who confirms; that it takes two is no campus's to change.
      if (lift.proposedBy === principal.id || principal.kind !== 'person') throw new RecordingError('LIFT_OWN', { hold: id });
      return { state: 'lifted', lift: { ...lift, confirmedBy: principal.id, confirmedMs: ctx.clock.now() } };
    }),
  );
  ctx.handle(keepHold, ({ hold: id }) =>
    change(id, ({ lift }) => {
      if (!lift) throw new RecordingError('LIFT_NOT_PROPOSED', { hold: id });
      return { lift: undefined };
    }),
  );
}

/** Holds footage from now on; one whose id is there already stays as it is. */
export async function place(ctx: PluginContext, { holds, turns }: Pick<HoldOptions, 'holds' | 'turns'>, hold: Hold): Promise<void> {
  const isNew = await turns.take(async () => {
    if (holds.get(hold.id) !== undefined) return false;
    await holds.place(hold);
    return true;
  });
  if (isNew) ctx.emit(holdChanged, hold);
}

/** Ends a hold that the recorder placed itself: its purpose is over. One that persons lifted, or that is not there, is left alone. */
export async function end(ctx: PluginContext, { turns, holds, book }: Pick<HoldOptions, 'holds' | 'turns'> & { readonly book: RetentionBook }, id: string): Promise<void> {
  const ended = await turns.take(async () => {
    const hold = holds.get(id);
    if (hold?.state !== 'in-force') return undefined;
    await book.lookAgain(hold.cameras, hold.fromMs);
    return holds.change(hold, { state: 'ended' });
  });
  if (ended) ctx.emit(holdChanged, ended);
}

type HoldInput = Pick<Hold, 'cameras' | 'fromMs' | 'toMs' | 'reason' | 'caseNumber' | 'endsMs'>;

function newHold(ctx: PluginContext, { cameras, fromMs, toMs, reason, caseNumber, endsMs }: HoldInput, { principal }: Call): Hold {
  const nowMs = ctx.clock.now();
  const names = [...new Set(cameras)];
  if (names.length === 0 || names.includes('') || fromMs >= toMs || (endsMs !== undefined && endsMs <= nowMs)) throw new RecordingError('HOLD_INVALID', {});
  return {
    id: createId(ctx.random), cameras: names, fromMs, toMs, reason, ...(caseNumber !== undefined && { caseNumber }),
    placedBy: principal.id, placedMs: nowMs, ...(endsMs !== undefined && { endsMs }), state: 'in-force',
  };
}

/** A longer hold; without an end it is the longest. */
function extended(hold: Hold, endsMs: number | undefined): HoldChange {
  const isShorter = endsMs !== undefined && (hold.endsMs === undefined || endsMs < hold.endsMs);
  if (isShorter) throw new RecordingError('HOLD_SHORTENED', { hold: hold.id });
  return { endsMs };
}
