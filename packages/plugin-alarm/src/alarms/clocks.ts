// What is due on an alarm, computed from its times alone: whoever starts late finds the same. Articles 17(3) and 26.
import type { Alarm, AlarmEscalation } from '@wanglou/core';

/** Delays in milliseconds. */
export interface AlarmClocks {
  readonly remindMs: number;
  readonly nextPersonMs: number;
  readonly headMs: number;
  readonly verifyMs: number;
}

interface Due {
  readonly escalation: AlarmEscalation;
  readonly dueMs: number;
}

/** What comes due on an alarm and did not happen yet, the first first. */
export function dueOf(alarm: Alarm, clocks: AlarmClocks): readonly Due[] {
  const done = new Set(alarm.steps.flatMap(({ escalation }) => escalation ?? []));
  return schedule(alarm, clocks).filter(({ escalation }) => !done.has(escalation));
}

function schedule(alarm: Alarm, { remindMs, nextPersonMs, headMs, verifyMs }: AlarmClocks): readonly Due[] {
  if (alarm.state === 'received' || alarm.state === 'shown') {
    const due: readonly Due[] = [
      { escalation: 'reminder', dueMs: alarm.receivedMs + remindMs },
      { escalation: 'next-person', dueMs: alarm.receivedMs + nextPersonMs },
      { escalation: 'head', dueMs: alarm.receivedMs + headMs },
    ];
    return due.toSorted((left, right) => left.dueMs - right.dueMs);
  }
  if (alarm.state !== 'acknowledged' && alarm.state !== 'verifying') return [];
  const acknowledged = alarm.steps.find(({ kind }) => kind === 'acknowledged');
  return acknowledged === undefined ? [] : [{ escalation: 'unverified', dueMs: acknowledged.atMs + verifyMs }];
}
