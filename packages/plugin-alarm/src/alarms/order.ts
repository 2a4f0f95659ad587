// Which alarm comes first.
import type { Alarm, AlarmPriority } from '@wanglou/core';

const places: Readonly<Record<AlarmPriority, number>> = { fire: 0, high: 1, medium: 2, low: 3 };

/** Fires before all else, then by priority, then the newest. */
export function byUrgency(left: Alarm, right: Alarm): number {
  return places[left.priority] - places[right.priority] || right.newestMs - left.newestMs || (left.id < right.id ? -1 : 1);
}
