// Alarms of the mock server: a life without rules of its own.
import type { Alarm, AlarmStep } from '@wanglou/core';
import { CodedAnswer, type Mock } from './mock-state.ts';

type Handler = (mock: Mock, input: any, nowMs: number) => unknown;

/** What the mock server begins with: a fire and a disk. */
export function sampleAlarms(nowMs: number): Alarm[] {
  const alarm = (id: string, over: Partial<Alarm>): Alarm => ({ id, source: `point:${id}`, priority: 'medium', title: { zh: id, en: id }, state: 'shown', cameras: [], raisedMs: nowMs, receivedMs: nowMs - 20_000, newestMs: nowMs - 20_000, count: 1, steps: [{ kind: 'received', atMs: nowMs - 20_000 }, { kind: 'shown', atMs: nowMs - 19_000, person: 'operator' }], ...over });
  return [
    alarm('disk', { source: 'recorder:disk-2', title: { zh: '2 号录像磁盘不在', en: 'Disk 2 of the recordings is gone' } }),
    alarm('fire', { source: 'fire:uitd/889', priority: 'fire', title: { zh: '图书馆二层 感烟探测器', en: 'Library, floor 2, smoke detector' }, state: 'received', cameras: ['library', 'east-gate'], count: 3, steps: [{ kind: 'received', atMs: nowMs - 20_000 }, { kind: 'escalated', atMs: nowMs - 5000, escalation: 'reminder' }] }),
  ];
}

function step(kind: AlarmStep['kind'], change: (alarm: Alarm, person: string, input: any) => Partial<Alarm> = () => ({})): Handler {
  return (mock, { alarm: id, verdict, note, reason, ...fields }, nowMs) => {
    const before = mock.alarms.find((alarm) => alarm.id === id);
    if (!before) throw new CodedAnswer(404, 'ALARM_UNKNOWN', '没有该报警', 'There is no such alarm');
    const person = mock.person!.id;
    const words = note ?? reason;
    const changed: Alarm = { ...before, ...change(before, person, { verdict, reason }), steps: [...before.steps, { kind: verdict ?? kind, atMs: nowMs, person, ...(words !== undefined && { note: words }), ...fields }] };
    mock.alarms = mock.alarms.map((alarm) => (alarm.id === id ? changed : alarm));
    mock.send('alarm', changed);
    return changed;
  };
}

/** Answers by operation. */
export const alarmWorkflow: Readonly<Record<string, Handler>> = {
  'alarm.list': (mock) => ({ alarms: mock.mode === 'empty' ? [] : mock.alarms.filter(({ state }) => state !== 'closed') }),
  'alarm.show': step('shown', ({ state }) => (state === 'received' ? { state: 'shown' } : {})),
  'alarm.acknowledge': step('acknowledged', () => ({ state: 'acknowledged' })),
  'alarm.verify': step('verifying', () => ({ state: 'verifying' })),
  'alarm.judge': step('confirmed', (_, __, { verdict }) => ({ state: verdict, verdict })),
  'alarm.handle': step('handled', ({ verdict }) => (verdict ? { state: 'handled' } : {})),
  'alarm.note': step('noted'),
  'alarm.close': step('closing', ({ priority }, by, { reason }) => (priority === 'fire' ? { closing: { by, atMs: 0, ...(reason !== undefined && { reason }) } } : { state: 'closed' })),
  'alarm.confirm-close': step('closed', () => ({ state: 'closed' })),
  'alarm.keep-open': step('kept-open', (alarm) => (delete (alarm as { closing?: unknown }).closing, {})),
};
