// The life of an alarm: what may follow what, and what closing takes. Pure: no store, no clock. Articles 17(3), 26 and 29.
import type { Alarm, AlarmState, AlarmStep, AlarmVerdict } from '@wanglou/core';

/** Why a step is refused; the codes of the plugin's errors. */
export type Refusal = 'ALARM_STATE' | 'ALARM_CLOSED' | 'ALARM_CAUSE_MISSING' | 'ALARM_CLOSING' | 'ALARM_NOT_CLOSING' | 'ALARM_CLOSING_OWN' | 'ALARM_NOT_RESTORED' | 'ALARM_NOT_REPORTED';

/** Place of each state; a step never goes to a lower one. */
const places: Readonly<Record<AlarmState, number>> = { received: 0, shown: 1, acknowledged: 2, verifying: 3, confirmed: 4, false: 4, test: 4, drill: 4, handled: 5, closed: 6 };

/** Whether what it is has been decided: a new signal of the same source is then a new alarm. */
export function isDecided({ state }: Pick<Alarm, 'state'>): boolean {
  return places[state] >= places.confirmed;
}

/** Whether a state lies further on than another. */
export function isFurther(state: AlarmState, than: AlarmState): boolean {
  return places[state] > places[than];
}

/** Why a step cannot be taken now; `undefined` when it can. */
export function refusalOf(alarm: Alarm, step: AlarmStep): Refusal | undefined {
  const { state } = alarm;
  if (state === 'closed') return 'ALARM_CLOSED';
  switch (step.kind) {
    case 'acknowledged':
      return places[state] < places.acknowledged ? undefined : 'ALARM_STATE';
    case 'verifying':
      return state === 'acknowledged' || state === 'verifying' ? undefined : 'ALARM_STATE';
    case 'confirmed':
      return places[state] >= places.acknowledged && alarm.verdict !== 'confirmed' ? undefined : 'ALARM_STATE';
    case 'false':
    case 'test':
    case 'drill':
      if (state !== 'acknowledged' && state !== 'verifying') return 'ALARM_STATE';
      return step.kind === 'false' && step.cause === undefined ? 'ALARM_CAUSE_MISSING' : undefined;
    case 'handled':
      return places[state] >= places.acknowledged ? undefined : 'ALARM_STATE';
    case 'closing':
    case 'closed':
      return closingRefusal(alarm, step);
    case 'kept-open':
      return alarm.closing ? undefined : 'ALARM_NOT_CLOSING';
    default:
      return undefined;
  }
}

function closingRefusal(alarm: Alarm, { kind, person, note }: AlarmStep): Refusal | undefined {
  if (alarm.verdict === undefined) return 'ALARM_STATE';
  if (kind === 'closed' && takesTwo(alarm)) {
    if (!alarm.closing) return 'ALARM_NOT_CLOSING';
    return person === undefined || person === alarm.closing.by ? 'ALARM_CLOSING_OWN' : undefined;
  }
  if (alarm.closing) return 'ALARM_CLOSING';
  if (note !== undefined) return undefined;
  if (alarm.restoredMs === undefined) return 'ALARM_NOT_RESTORED';
  const isReported = alarm.steps.some(({ measure }) => measure === 'fire-brigade');
  return alarm.priority === 'fire' && alarm.verdict === 'confirmed' && !isReported ? 'ALARM_NOT_REPORTED' : undefined;
}

/** A fire is closed by two persons. */
export function takesTwo({ priority }: Pick<Alarm, 'priority'>): boolean {
  return priority === 'fire';
}

/** The alarm after a step that is not refused. The state follows the step where that lies further on, and never goes back. */
export function after(alarm: Alarm, step: AlarmStep): Alarm {
  const { closing: _, ...open } = alarm;
  const next: Alarm = { ...(step.kind === 'kept-open' || step.kind === 'closed' ? open : alarm), steps: [...alarm.steps, step] };
  switch (step.kind) {
    case 'raised-again':
      return { ...withoutRestoration(next), count: alarm.count + (step.times ?? 1), newestMs: step.atMs };
    case 'restored':
      return { ...next, restoredMs: step.atMs };
    case 'closing':
      return { ...next, closing: { by: step.person ?? '', atMs: step.atMs, ...(step.note !== undefined && { reason: step.note }) } };
    case 'escalated':
    case 'noted':
    case 'kept-open':
      return next;
    case 'handled':
      // A measure may be taken before it is known what the alarm is: then it waits for that still.
      return alarm.verdict === undefined ? next : { ...next, state: 'handled' };
    default:
      return { ...next, ...(isVerdict(step.kind) && { verdict: step.kind }), state: isFurther(step.kind, alarm.state) || isVerdict(alarm.state) ? step.kind : alarm.state };
  }
}

function isVerdict(state: AlarmState): state is AlarmVerdict {
  return places[state] === places.confirmed;
}

function withoutRestoration({ restoredMs: _, ...alarm }: Alarm): Alarm {
  return alarm;
}
