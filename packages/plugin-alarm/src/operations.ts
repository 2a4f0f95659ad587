// What persons do about alarms. Every one of these came through the gate; two persons for a fire are no rule of a campus's to change.
import {
  acknowledgeAlarm, alarmChanged, alarmPriorities, closeAlarm, confirmClosing, falseAlarmCauses, handleAlarm, judgeAlarm, keepAlarmOpen, listAlarms, noteAlarm, proposers, readAlarmFigures, showAlarm, verifyAlarm,
  type Alarm, type AlarmStep, type Call, type PluginContext,
} from '@wanglou/core';
import type { AlarmBook, Outcome } from './alarms/alarm-book.ts';
import { figuresOf } from './alarms/figures.ts';
import { isFurther, takesTwo, type Refusal } from './alarms/life.ts';
import { AlarmError } from './errors.ts';

const mostListed = 1000;
const longestRangeMs = 366 * 86_400_000;

type StepFields = Omit<AlarmStep, 'atMs' | 'person' | 'session' | 'address'>;

/** Handles the operations of the alarm contract. */
export function handleAlarms(ctx: PluginContext, book: AlarmBook): void {
  /** Takes a step; `make` gives none where it is so already. */
  const take = async (id: string, call: Call, act: string, make: (alarm: Alarm) => StepFields | undefined): Promise<Alarm> => {
    const outcome = await book.step(id, (alarm) => {
      const fields = make(alarm);
      const { kind, id: person, session, address } = call.principal;
      return fields && { atMs: ctx.clock.now(), ...(kind === 'person' && { person }), ...(session !== undefined && { session }), ...(address !== undefined && { address }), ...fields };
    });
    if (outcome === undefined) throw new AlarmError('ALARM_UNKNOWN', { alarm: id });
    if ('refusal' in outcome) throw refused(outcome.refusal, outcome.alarm, act);
    tell(ctx, outcome);
    return outcome.alarm;
  };

  ctx.contribute(proposers, { kind: 'alarm-closing', proposedBy: (id) => book.open.find((alarm) => alarm.id === id)?.closing?.by });
  ctx.handle(listAlarms, async ({ fromMs, toMs }) => {
    const isPast = fromMs !== undefined || toMs !== undefined;
    const range = { fromMs: fromMs ?? 0, toMs: toMs ?? ctx.clock.now() + 1 };
    return { alarms: (isPast ? await book.between(range.fromMs, range.toMs, mostListed) : book.open).toSorted(byUrgency).slice(0, mostListed) };
  });
  ctx.handle(showAlarm, ({ alarm }, call) => take(alarm, call, showAlarm.id, ({ state }) => (isFurther('shown', state) ? { kind: 'shown' } : undefined)));
  ctx.handle(acknowledgeAlarm, ({ alarm }, call) => take(alarm, call, acknowledgeAlarm.id, () => ({ kind: 'acknowledged' })));
  ctx.handle(verifyAlarm, ({ alarm, means, note }, call) => take(alarm, call, verifyAlarm.id, () => ({ kind: 'verifying', means, ...noted(note) })));
  ctx.handle(judgeAlarm, ({ alarm, verdict, cause, note }, call) => take(alarm, call, judgeAlarm.id, () => ({ kind: verdict, ...(cause !== undefined && { cause }), ...noted(note) })));
  ctx.handle(handleAlarm, ({ alarm, measure, note }, call) => take(alarm, call, handleAlarm.id, () => ({ kind: 'handled', measure, ...noted(note) })));
  ctx.handle(noteAlarm, ({ alarm, note }, call) => take(alarm, call, noteAlarm.id, () => ({ kind: 'noted', note })));
  ctx.handle(closeAlarm, ({ alarm, reason }, call) => take(alarm, call, closeAlarm.id, (open) => ({ kind: takesTwo(open) ? 'closing' : 'closed', ...noted(reason) })));
  ctx.handle(confirmClosing, ({ alarm }, call) => take(alarm, call, confirmClosing.id, (open) => {
    if (!open.closing && open.state !== 'closed') throw new AlarmError('ALARM_NOT_CLOSING');
    return { kind: 'closed' };
  }));
  ctx.handle(keepAlarmOpen, ({ alarm, note }, call) => take(alarm, call, keepAlarmOpen.id, () => ({ kind: 'kept-open', note })));
  ctx.handle(readAlarmFigures, async ({ fromMs, toMs }) => {
    if (toMs <= fromMs || toMs - fromMs > longestRangeMs) throw new AlarmError('ALARM_RANGE');
    return figuresOf(await book.between(fromMs, toMs), fromMs, toMs, ctx.clock.now());
  });
}

/** Fires before all else, then by priority, then the newest. */
function byUrgency(left: Alarm, right: Alarm): number {
  return alarmPriorities.indexOf(left.priority) - alarmPriorities.indexOf(right.priority) || right.newestMs - left.newestMs || (left.id < right.id ? -1 : 1);
}

/** Tells everybody what changed of an alarm. */
export function tell(ctx: PluginContext, outcome: Outcome): void {
  if (!('refusal' in outcome) && outcome.isChanged) ctx.emit(alarmChanged, outcome.alarm);
}

function noted(note: string | undefined): Pick<AlarmStep, 'note'> {
  return note === undefined ? {} : { note };
}

function refused(refusal: Refusal, { state }: Alarm, act: string): AlarmError {
  if (refusal === 'ALARM_CAUSE_MISSING') return new AlarmError(refusal, { known: falseAlarmCauses.join(', ') });
  return new AlarmError(refusal, { state, act });
}
