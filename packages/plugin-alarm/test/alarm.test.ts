// The life of alarms as the control room lives it: nothing is missed, nothing goes back, nobody closes a fire alone. Articles 17(3), 24, 26 and 29.
import {
  acknowledgeAlarm, alarmRaised, alarmRestored, closeAlarm, confirmClosing, DeniedError, handleAlarm, isCodedError, judgeAlarm, keepAlarmOpen, listAlarms, noteAlarm, readAlarmFigures, showAlarm, verifyAlarm,
  type Alarm,
} from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRoom, type TestRoom } from './harness.ts';

const secondMs = 1000;
const minuteMs = 60_000;
const title = { zh: '报警', en: 'Alarm' };

let room: TestRoom;
beforeEach(async () => {
  room = await startRoom();
});
afterEach(() => room[Symbol.asyncDispose]());

const call: TestRoom['campus']['kernel']['call'] = (...args) => room.campus.kernel.call(...args);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof DeniedError ? `denied ${error.decision.denials.map(({ rule }) => rule).join()}` : isCodedError(error) ? error.code : String(error)));
const open = async (): Promise<readonly Alarm[]> => (await call(listAlarms, {}, room.as('operator'))).alarms;
const by = (person = 'operator') => ({
  acknowledge: (alarm: string) => call(acknowledgeAlarm, { alarm }, room.as(person)),
  judge: (alarm: string, verdict: 'confirmed' | 'false' | 'test' | 'drill', more: object = {}) => call(judgeAlarm, { alarm, verdict, ...more }, room.as(person)),
  close: (alarm: string, reason?: string) => call(closeAlarm, { alarm, ...(reason !== undefined && { reason }) }, room.as(person)),
});
const restore = (source: string) => room.emit(alarmRestored, { source, atMs: room.clock.now() });
const settled = async (is: () => Promise<boolean>): Promise<void> => {
  while (!(await is())) await new Promise((resolve) => setImmediate(resolve)); // The test's own time limit ends what never comes.
};

describe('the life of an alarm', () => {
  it('goes from received to closed, each step with person, address and time', async () => {
    const { id } = await room.raise('camera:gate');
    const times: number[] = [];
    const step = async (work: () => Promise<Alarm>) => {
      room.clock.jump(secondMs);
      times.push(room.clock.now());
      return work();
    };
    await step(() => call(showAlarm, { alarm: id }, room.as('operator')));
    await step(() => by().acknowledge(id));
    await step(() => call(verifyAlarm, { alarm: id, means: 'video' }, room.as('operator')));
    await step(() => by().judge(id, 'confirmed', { note: '两人翻越围栏' }));
    await step(() => call(handleAlarm, { alarm: id, measure: 'patrol', note: '已派 110' }, room.as('leader')));
    restore('camera:gate');
    await settled(async () => (await open())[0]?.restoredMs !== undefined);
    const closed = await step(() => by('leader').close(id));
    expect(closed).toMatchObject({ state: 'closed', verdict: 'confirmed', source: 'camera:gate', cameras: ['gate'] });
    expect(closed.steps.filter(({ person }) => person).map(({ kind, person, address, atMs }) => [kind, person, address, atMs])).toEqual(
      ['shown', 'acknowledged', 'verifying', 'confirmed', 'handled', 'closed'].map((kind, index) => [kind, index < 4 ? 'operator' : 'leader', '127.0.0.1', times[index]]),
    );
    expect(await open()).toEqual([]);
    expect((await call(listAlarms, { fromMs: 0, toMs: room.clock.now() }, room.as('operator'))).alarms).toEqual([closed]);
  });

  it('is shown once, however many screens there are, and never goes back', async () => {
    const { id } = await room.raise('camera:gate');
    await call(showAlarm, { alarm: id }, room.as('operator'));
    await call(showAlarm, { alarm: id }, room.as('leader'));
    await by().acknowledge(id);
    expect(await call(showAlarm, { alarm: id }, room.as('leader'))).toMatchObject({ state: 'acknowledged' });
    expect((await open())[0]?.steps.filter(({ kind }) => kind === 'shown')).toHaveLength(1);
    expect(await codeOf(by('leader').acknowledge(id))).toBe('ALARM_STATE');
  });

  it('takes a person to acknowledge before it is judged, and a cause to be false', async () => {
    const { id } = await room.raise('camera:gate');
    expect(await codeOf(by().judge(id, 'confirmed'))).toBe('ALARM_STATE');
    expect(await codeOf(by().close(id))).toBe('ALARM_STATE');
    await by().acknowledge(id);
    expect(await codeOf(by().judge(id, 'false'))).toBe('ALARM_CAUSE_MISSING');
    expect(await by().judge(id, 'false', { cause: 'insects' })).toMatchObject({ state: 'false', verdict: 'false' });
    // Better knowledge may come late; the other way round it is a new alarm.
    expect(await by().judge(id, 'confirmed')).toMatchObject({ state: 'confirmed', verdict: 'confirmed' });
    expect(await codeOf(by().judge(id, 'false', { cause: 'insects' }))).toBe('ALARM_STATE');
  });

  it('closes with its cause over, or with a reason; then nothing is added', async () => {
    const { id } = await room.raise('camera:gate');
    await by().acknowledge(id);
    await by().judge(id, 'test');
    expect(await codeOf(by().close(id))).toBe('ALARM_NOT_RESTORED');
    expect(await by().close(id, '设备已拆除')).toMatchObject({ state: 'closed' });
    expect(await codeOf(call(noteAlarm, { alarm: id, note: '补记' }, room.as('operator')))).toBe('ALARM_CLOSED');
    expect(await codeOf(by().close('nothing'))).toBe('ALARM_UNKNOWN');
  });

  it('is what it was after a restart', async () => {
    const { id } = await room.raise('camera:gate', 'fire');
    await by().acknowledge(id);
    await call(handleAlarm, { alarm: id, measure: 'patrol' }, room.as('operator'));
    const before = await open();
    await room.restart();
    expect(await open()).toEqual(before);
  });
});

describe('a fire', () => {
  const fire = async (): Promise<string> => {
    const { id } = await room.raise('fire:a', 'fire');
    await by().acknowledge(id);
    await by().judge(id, 'confirmed');
    return id;
  };

  it('is closed by two persons on duty, once it was reported or somebody said why not', async () => {
    const id = await fire();
    restore('fire:a');
    await settled(async () => (await open())[0]?.restoredMs !== undefined);
    expect(await codeOf(by().close(id))).toBe('ALARM_NOT_REPORTED');
    await call(handleAlarm, { alarm: id, measure: 'fire-brigade' }, room.as('operator'));
    expect(await codeOf(call(confirmClosing, { alarm: id }, room.as('leader')))).toBe('ALARM_NOT_CLOSING');
    expect(await by().close(id)).toMatchObject({ state: 'handled', closing: { by: 'operator' } });
    expect(await codeOf(by('leader').close(id))).toBe('ALARM_CLOSING');
    expect(await codeOf(call(confirmClosing, { alarm: id }, room.as('operator')))).toBe('denied a29-close-own');
    const closed = await call(confirmClosing, { alarm: id }, room.as('leader'));
    expect(closed).toMatchObject({ state: 'closed' });
    expect(closed.closing).toBeUndefined();
  });

  it('stays open when the second person is not convinced', async () => {
    const id = await fire();
    await by().close(id, '厨房油烟，已处理');
    expect(await call(keepAlarmOpen, { alarm: id, note: '现场仍有烟' }, room.as('leader'))).toMatchObject({ state: 'confirmed' });
    expect((await open())[0]?.closing).toBeUndefined();
    expect(await codeOf(call(keepAlarmOpen, { alarm: id, note: '再看' }, room.as('leader')))).toBe('ALARM_NOT_CLOSING');
  });

  it('stands before everything else in the list', async () => {
    await room.raise('fire:a', 'fire');
    for (const source of ['camera:1', 'camera:2']) {
      room.clock.jump(1);
      await room.raise(source, 'high');
    }
    await room.raise('disk', 'medium');
    expect((await open()).map(({ source }) => source)).toEqual(['fire:a', 'camera:2', 'camera:1', 'disk']);
  });
});

describe('who may', () => {
  it('is the room on duty and the heads', async () => {
    const { id } = await room.raise('camera:gate');
    expect(await codeOf(by('sleeper').acknowledge(id))).toBe('denied a17.3-watch');
    expect(await by('section-head').acknowledge(id)).toMatchObject({ state: 'acknowledged' });
  });
});

describe('a storm', () => {
  it('folds repeats of a source, counts them, and is not folded into another source', async () => {
    const { id } = await room.raise('camera:gate');
    for (let count = 0; count < 50; count += 1) room.emit(alarmRaised, { source: 'camera:gate', priority: 'high', title, cameras: [], raisedMs: room.clock.now() });
    await room.raise('camera:library');
    await settled(async () => (await open()).some(({ count }) => count === 51));
    expect((await open()).map(({ source, count }) => [source, count]).toSorted()).toEqual([['camera:gate', 51], ['camera:library', 1]]);
    expect((await open()).find((alarm) => alarm.id === id)?.steps).toHaveLength(1);
    room.clock.jump(minuteMs);
    expect(await room.raise('camera:gate')).toMatchObject({ id, count: 52 });
    await room.restart();
    expect((await open()).find((alarm) => alarm.id === id)?.count).toBe(52);
  });

  it('hides no new alarm: of a source that was decided, it is another one', async () => {
    const first = await room.raise('fire:a', 'fire');
    await by().acknowledge(first.id);
    await by().judge(first.id, 'false', { cause: 'cooking' });
    const second = await room.raise('fire:a', 'fire');
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ state: 'received', count: 1 });
    restore('fire:a');
    await settled(async () => (await open()).every(({ restoredMs }) => restoredMs !== undefined));
  });

  it('says that it is there again when its cause was over', async () => {
    const { id } = await room.raise('camera:gate');
    restore('camera:gate');
    await settled(async () => (await open())[0]?.restoredMs !== undefined);
    const again = await room.raise('camera:gate');
    expect(again).toMatchObject({ id, count: 2 });
    expect(again.restoredMs).toBeUndefined();
  });

  it('loses none of 500 sources that come at once', async () => {
    for (let index = 0; index < 500; index += 1) room.emit(alarmRaised, { source: `point:${index}`, priority: index % 10 === 0 ? 'fire' : 'low', title, cameras: [], raisedMs: room.clock.now() });
    await settled(async () => (await open()).length === 500);
    expect((await open()).slice(0, 50).every(({ priority }) => priority === 'fire')).toBe(true);
    await room.restart();
    expect(await open()).toHaveLength(500);
  });
});

describe('the clocks', () => {
  const escalations = async () => (await open()).flatMap(({ steps }) => steps.flatMap(({ escalation, atMs }) => (escalation ? [escalation, atMs] : [])));

  it('remind, tell the next person, and the head, unless somebody takes it on', async () => {
    const { receivedMs } = await room.raise('camera:gate');
    await room.clock.advance(14 * secondMs);
    expect(await escalations()).toEqual([]);
    await room.clock.advance(secondMs);
    await settled(async () => (await escalations()).length === 2);
    await room.clock.advance(45 * secondMs);
    await settled(async () => (await escalations()).length === 4);
    await room.clock.advance(30 * secondMs);
    await settled(async () => (await escalations()).length === 6);
    expect(await escalations()).toEqual(['reminder', receivedMs + 15_000, 'next-person', receivedMs + 60_000, 'head', receivedMs + 90_000]);
  });

  it('stop when it is acknowledged, and run again until it is decided', async () => {
    const { id } = await room.raise('camera:gate');
    await by().acknowledge(id);
    await room.clock.advance(89 * secondMs);
    expect(await escalations()).toEqual([]);
    await room.clock.advance(secondMs);
    await settled(async () => (await escalations())[0] === 'unverified');
    await by().judge(id, 'drill');
    await room.clock.advance(minuteMs);
    expect(await escalations()).toHaveLength(2);
  });

  it('find after a stop what came due meanwhile, once', async () => {
    await room.raise('camera:gate');
    await room.restart(2 * minuteMs);
    await room.clock.advance(secondMs);
    await settled(async () => (await escalations()).length === 6);
    await room.clock.advance(10 * secondMs);
    expect((await escalations()).filter((one) => typeof one === 'string')).toEqual(['reminder', 'next-person', 'head']);
  });

  it('do not run for what can wait', async () => {
    await room.raise('disk', 'low');
    await room.clock.advance(5 * minuteMs);
    expect(await escalations()).toEqual([]);
  });
});

describe('figures', () => {
  it('say how fast each person was, what was false, and why', async () => {
    const fromMs = room.clock.now();
    const quick = await room.raise('point:1', 'fire');
    room.clock.jump(10 * secondMs);
    await by().acknowledge(quick.id);
    await by().judge(quick.id, 'false', { cause: 'steam' });
    const slow = await room.raise('point:2');
    room.clock.jump(45 * secondMs);
    await by('leader').acknowledge(slow.id);
    await room.raise('point:3');
    room.clock.jump(2 * minuteMs);
    const figures = await call(readAlarmFigures, { fromMs, toMs: fromMs + 10 * minuteMs }, room.as('section-head'));
    expect(figures).toMatchObject({
      alarms: 3, perTenMinutes: 3, mostInTenMinutes: 3, unacknowledged: 1, falseAlarms: 1, causes: { steam: 1 },
      persons: [{ person: 'operator', acknowledged: 1, medianMs: 10_000, slowestMs: 10_000 }, { person: 'leader', acknowledged: 1, medianMs: 45_000, slowestMs: 45_000 }],
    });
    expect(figures.within30Seconds).toBeCloseTo(1 / 3);
    expect(figures.within60Seconds).toBeCloseTo(2 / 3);
    expect(figures.sources[0]).toEqual({ source: 'point:1', alarms: 1, falseAlarms: 1 });
  });

  it('of no alarms are none', async () => {
    expect(await call(readAlarmFigures, { fromMs: 0, toMs: minuteMs }, room.as('section-head'))).toMatchObject({ alarms: 0, mostInTenMinutes: 0, within30Seconds: 1, persons: [], sources: [] });
    expect(await codeOf(call(readAlarmFigures, { fromMs: 5, toMs: 5 }, room.as('section-head')))).toBe('ALARM_RANGE');
  });
});

describe('the log', () => {
  it('has what persons did, and what nobody did', async () => {
    const { id } = await room.raise('camera:gate');
    await room.clock.advance(16 * secondMs);
    await by().acknowledge(id);
    await settled(async () => (await room.entryKinds()).includes('alarm.escalated'));
    expect(await room.entryKinds()).toEqual(expect.arrayContaining(['alarm.received', 'alarm.escalated', 'decision', 'outcome']));
  });
});
