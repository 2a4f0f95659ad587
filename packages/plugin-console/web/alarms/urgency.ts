// Which alarms the desk shows, and in which order.
import type { Alarm, AlarmPriority } from '@wanglou/core';

const places: Readonly<Record<AlarmPriority, number>> = { fire: 0, high: 1, medium: 2, low: 3 };

/** Whether nobody has taken it on yet. */
export function isWaiting({ state }: Pick<Alarm, 'state'>): boolean {
  return state === 'received' || state === 'shown';
}

/** Fires first, then what nobody has taken on, then by priority, then the newest. */
export function byUrgency(left: Alarm, right: Alarm): number {
  return Number(right.priority === 'fire') - Number(left.priority === 'fire') || Number(isWaiting(right)) - Number(isWaiting(left)) || places[left.priority] - places[right.priority] || right.newestMs - left.newestMs;
}

/** Keeps the newest of each alarm: steps are only added, so that their number tells. A message that came late takes nothing back. */
export function withNewest(alarms: readonly Alarm[], changed: Alarm): readonly Alarm[] {
  const known = alarms.find(({ id }) => id === changed.id);
  if (known && known.steps.length > changed.steps.length) return alarms;
  return [...alarms.filter(({ id }) => id !== changed.id), changed];
}

/** Puts an alarm that changed into a list of open ones; one that is closed leaves it. */
export function withChanged(alarms: readonly Alarm[], changed: Alarm): readonly Alarm[] {
  return withNewest(alarms, changed).filter(({ state }) => state !== 'closed');
}

/** Whether it must be heard: a fire, or something high, that nobody has taken on. */
export function isLoud(alarm: Alarm): boolean {
  return isWaiting(alarm) && (alarm.priority === 'fire' || alarm.priority === 'high');
}
