// What states and operations mean, and what begins and ends.
import { describe, expect, it } from 'vitest';
import type { FireSignal } from '../src/contract.ts';
import { decodeFrame, encodeFrame, profiles, standardProfile, type Frame, type Profile, type UnitInput } from '../src/gb26875.ts';
import { LevelBook } from '../src/signals/level-book.ts';
import { isUrgent, readingsOf } from '../src/signals/readings.ts';
import { component, deviceState, operation, system } from './support/simulated-device.ts';

function frameOf(unit: UnitInput, profile: Profile = standardProfile): Frame {
  const frame = decodeFrame(encodeFrame({ serial: 1, sentAt: '2026-11-23T16:00:00', sourceDec: 889, destinationDec: 1, command: 2, ...unit }, profile), profile);
  if (!frame.valid) throw new Error(frame.error);
  return frame;
}

function listen(profile?: Profile) {
  const book = new LevelBook([]);
  let last = 0;
  return {
    book,
    take(unit: UnitInput, frame = (last += 1)): readonly FireSignal[] {
      return book.take(readingsOf('a', frameOf(unit, profile)), { source: 'a', frame, sentTime: null, receivedMs: 0, quality: 'live' }).signals;
    },
  };
}

const told = (signals: readonly FireSignal[]): readonly string[] => signals.map(({ condition, active, flag }) => `${active ? '+' : '-'}${condition}${flag === undefined || flag === condition ? '' : ` ${flag}`}`);

describe('states', () => {
  it('are levels: only what begins and what ends is told', () => {
    const { take } = listen();
    expect(told(take(component(1, 0x02)))).toEqual(['+fire']);
    expect(told(take(component(1, 0x03)))).toEqual([]);
    expect(told(take(component(1, 0x0f)))).toEqual(['+fault', '+disabled']);
    expect(told(take(component(1, 0x01)))).toEqual(['-fire', '-fault', '-disabled']);
    expect(told(take(component(1, 0x00)))).toEqual([]);
  });

  it('of points are apart: the same component of another system is another point', () => {
    const { take } = listen();
    expect(take(component(1)).map(({ pointKey }) => pointKey)).toEqual(['uitd/a/sys/1-3/comp/1']);
    expect(take({ ...component(1), objects: [{ ...component(1).objects![0], systemAddress: 4 }] }).map(({ pointKey }) => pointKey)).toEqual(['uitd/a/sys/1-4/comp/1']);
    expect(take({ ...component(1), objects: [{ ...component(1).objects![0], componentType: 0 }] })).toEqual([]);
  });

  it('of components, systems and the device have their own bits', () => {
    const { take } = listen();
    expect(told(take(component(1, 0x01f0)))).toEqual(['+supervisory', '+activated started', '+feedback', '+delayed', '+powerFault']);
    expect(told(take(system(0x3f00)))).toEqual(['+powerFault mainPowerFault', '+powerFault backupPowerFault', '+fault busFault', '+reset']);
    expect(told(take(system(0)))).toEqual(['-powerFault mainPowerFault', '-powerFault backupPowerFault', '-fault busFault']);
    expect(told(take(deviceState(0x7e)))).toEqual(['+manualAlarm fire', '+fault', '+powerFault mainPowerFault', '+powerFault backupPowerFault', '+fault communicationFault', '+fault monitorLineFault']);
    expect(told(take(deviceState(0x01)))).toContain('-manualAlarm fire');
  });

  it('that begin are told before those that end, whatever the order in the message', () => {
    const { take } = listen();
    take(component(1, 4));
    const both = { typeFlag: 2, objects: [component(1, 0).objects![0]!, component(2, 2).objects![0]!] };
    expect(told(take(both))).toEqual(['+fire', '-fault']);
  });

  it('that were received before what counts now change nothing', () => {
    const { take } = listen();
    expect(told(take(component(1, 2), 6))).toEqual(['+fire']);
    expect(told(take(component(1, 4), 5))).toEqual([]);
    expect(told(take(component(1, 4), 7))).toEqual(['+fault', '-fire']);
  });

  it.each(['ignore', 'standard', 'inverted'] as const)('with a bit 0 that is %s are the same', (bit0) => {
    for (const word of [2, 3]) {
      const frame = frameOf(component(1, word), { ...standardProfile, bit0 });
      expect(isUrgent(frame)).toBe(true);
      const { take } = listen({ ...standardProfile, bit0 });
      expect(told(take(component(1, word)))).toEqual(['+fire']);
    }
  });
});

describe('messages of what is over (fubei)', () => {
  const profile = profiles.get('fubei-2018')!;

  it('only end: never is a fire begun by them, and they do not wait', () => {
    const { take } = listen(profile);
    expect(told(take({ ...component(1, 2), typeFlag: 135 }))).toEqual([]);
    expect(isUrgent(frameOf({ ...component(1, 2), typeFlag: 135 }, profile))).toBe(false);
    take(component(1, 6));
    expect(told(take({ ...component(1, 2), typeFlag: 135 }))).toEqual(['-fire']);
    expect(told(take({ ...component(1, 0), typeFlag: 135 }))).toEqual(['-fault']);
    take(system(2));
    expect(told(take({ ...system(2), typeFlag: 134 }))).toEqual(['-fire']);
    take(deviceState(8));
    expect(told(take({ ...deviceState(8), typeFlag: 136 }))).toEqual(['-powerFault mainPowerFault']);
  });
});

describe('operations', () => {
  it('are told each time, and end nothing', () => {
    const { take } = listen();
    take(component(1, 2));
    expect(told(take(operation(0x7f)))).toEqual(['+reset', '+mute', '+manualAlarm', '+panelAck alarmCleared', '+test selfTest', '+dutyAnswer dutyCheckAnswer', '+test']);
    const facility = { typeFlag: 4, objects: [{ systemType: 1, systemAddress: 3, operationByte: 0x23, operatorId: 9, at: '2026-11-23T15:59:58' }] };
    expect(take(facility).map(({ condition, pointKey, operatorId }) => [condition, pointKey, operatorId])).toEqual([['reset', 'uitd/a/sys/1-3', 9], ['mute', 'uitd/a/sys/1-3', 9], ['panelAck', 'uitd/a/sys/1-3', 9]]);
    expect(told(take(facility))).toEqual(['+reset', '+mute', '+panelAck confirm']);
    expect(told(take(component(1, 0)))).toEqual(['-fire']);
  });
});

it('values are told in their unit', () => {
  const [signal] = listen().take({ typeFlag: 3, objects: [{ systemType: 1, systemAddress: 3, componentType: 30, componentAddress: 5, analogType: 3, raw: 655, at: null, atHex: '000000000000' }] });
  expect(signal).toMatchObject({ condition: 'analog', active: true, pointKey: 'uitd/a/sys/1-3/comp/5', value: { amount: 65.5, unit: '℃' }, deviceTime: null });
});

it('every system that was heard of is known', () => {
  const { book, take } = listen();
  take(component(1));
  take(system(1, 9));
  take(deviceState(1));
  expect(book.systemsOf('a')).toEqual([{ systemType: 1, systemAddress: 3 }, { systemType: 1, systemAddress: 9 }]);
  expect(book.systemsOf('b')).toEqual([]);
});
