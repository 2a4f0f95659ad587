// Links over time, and what the centre asks: with a clock that the test moves.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../src/gb26875.ts';
import { toLocalTime } from '../src/server/local-time.ts';
import { Centre, library } from './support/centre.ts';
import { component, deviceState, obedient, operation, SimulatedDevice, system, type SimulatedDeviceOptions } from './support/simulated-device.ts';
import { until } from './support/until.ts';
import { useCentre } from './support/use-centre.ts';

const test = useCentre();

/** A device whose clock is right unless said. */
async function connectDevice(centre: Centre, options: SimulatedDeviceOptions = {}): Promise<SimulatedDevice> {
  const device = await SimulatedDevice.tcp(centre.port, { time: () => toLocalTime(centre.clock.now(), 480), ...options });
  test.later(() => device.close());
  return device;
}

const types = (frames: readonly Frame[]): readonly (number | undefined)[] => frames.map(({ typeFlag }) => typeFlag);

/** Moves time on, and lets what was sent arrive. */
async function pass(centre: Centre, seconds: number): Promise<void> {
  await centre.clock.advance(seconds * 1000);
}

/** A device that was heard and asked for its state. */
async function settled(centre: Centre, options: SimulatedDeviceOptions = {}): Promise<SimulatedDevice> {
  const device = await connectDevice(centre, { answers: obedient(), ...options });
  device.heartbeat();
  await until(() => types(device.asked).includes(90), 'the clock to be set');
  return device;
}

describe('a link', () => {
  it('is lost after three heartbeats and not before 90 s, and there again with the next message', async () => {
    const centre = await test.start();
    const device = await settled(centre);
    await pass(centre, 90);
    expect(centre.signals).toEqual([]);
    await pass(centre, 2);
    expect(centre.told).toEqual(['+linkFault library/link']);
    expect(centre.server.health()).toMatchObject([{ isUp: false }]);
    await until(() => !device.isOpen, 'the silent link to be dropped');
    const again = await settled(centre);
    expect(centre.told).toEqual(['+linkFault library/link', '-linkFault library/link']);
    expect(centre.server.health()).toMatchObject([{ isUp: true, lastSeenMs: centre.clock.now() }]);
    for (let round = 0; round < 6; round += 1) {
      await pass(centre, 30);
      const before = again.confirmed.length;
      again.heartbeat();
      await until(() => again.confirmed.length > before, 'a heartbeat to be confirmed');
    }
    expect(centre.signals.length).toBe(2);
  });

  it('of a device that never came is lost as well, and the loss outlives a restart', async () => {
    const first = await Centre.start(test.folder);
    await pass(first, 92);
    expect(first.told).toEqual(['+linkFault library/link']);
    await first[Symbol.asyncDispose]();
    const centre = await test.start({ clock: first.clock });
    await pass(centre, 200);
    expect(centre.signals).toEqual([]);
    await settled(centre);
    expect(centre.told).toEqual(['-linkFault library/link']);
  });

  it('is not lost because the wall clock was set', async () => {
    const centre = await test.start();
    await settled(centre);
    centre.clock.jump(3_600_000);
    await pass(centre, 5);
    expect(centre.signals).toEqual([]);
  });

  it('that comes back is asked for the device, then for every known system, and its clock is set', async () => {
    const centre = await test.start();
    const device = await settled(centre);
    device.send(system(1, 3), { serial: 100 });
    device.send(component(10, 2), { serial: 101 });
    device.send({ typeFlag: 4, objects: [{ systemType: 1, systemAddress: 4, operationByte: 2, operatorId: 1, at: null, atHex: '000000000000' }] }, { serial: 102 });
    await device.confirmation(102);
    device.close();
    await pass(centre, 15);
    const again = await connectDevice(centre, { answers: obedient({ 3: 6, 4: 1 }) });
    again.heartbeat();
    await until(() => types(again.asked).includes(90), 'the clock to be set');
    expect(types(again.asked)).toEqual([81, 61, 61, 90]);
    expect(again.asked.slice(1, 3).map(({ objects }) => objects)).toMatchObject([[{ systemType: 1, systemAddress: 3 }], [{ systemType: 1, systemAddress: 4 }]]);
    expect(again.asked[3]).toMatchObject({ command: 1, sourceDec: 88_888, destinationDec: 889, objects: [{ time: toLocalTime(centre.clock.now(), 480) }] });
    await until(() => centre.told.includes('+fault library/sys/1-3 resync'), 'the state that was asked for');
    expect(centre.told.slice(-2)).toEqual(['+fire library/sys/1-3 resync', '+fault library/sys/1-3 resync']);
  });
});

describe('questions and orders', () => {
  it('are sent three times more, every 10 s with the same serial number, and then given up', async () => {
    const centre = await test.start();
    const device = await settled(centre);
    const before = device.asked.length;
    test.later(() => device.close());
    const mute = await connectDevice(centre);
    mute.heartbeat();
    await until(() => mute.confirmed.length === 1, 'the new link to be heard');
    const result = centre.server.command('library', { type: 'poll' });
    await until(() => mute.asked.length === 1, 'the first attempt');
    const attempts = (): readonly Frame[] => mute.asked.filter(({ serial }) => serial === mute.asked[0]!.serial);
    for (const attempt of [2, 3, 4]) {
      await pass(centre, 9);
      expect(attempts().length).toBe(attempt - 1);
      await pass(centre, 1);
      await until(() => attempts().length === attempt, `attempt ${attempt}`);
    }
    await pass(centre, 10);
    expect(await result).toBe('timeout');
    expect(device.asked.length).toBe(before);
  });

  it('that are denied are sent again, and then told to be denied', async () => {
    const centre = await test.start();
    const device = await settled(centre, { answers: (frame) => (frame.typeFlag === 65 ? 'deny' : obedient()(frame)) });
    expect(await centre.server.ask('library', { typeFlag: 65, objects: [{ systemType: 1, systemAddress: 3 }] })).toEqual({ result: 'denied' });
    expect(types(device.asked).filter((type) => type === 65).length).toBe(4);
  });

  it('are answered with the unit, stored before it is given; a reply of another link does not count', async () => {
    const centre = await test.start();
    const asked: Frame[] = [];
    const device = await settled(centre, { answers: (frame) => (frame.typeFlag === 85 ? void asked.push(frame) : obedient()(frame)) });
    const other = await SimulatedDevice.tcp(centre.port, { time: () => toLocalTime(centre.clock.now(), 480) });
    test.later(() => other.close());
    let result: unknown;
    void centre.server.ask('library', { typeFlag: 85, objects: [{ reserved: 0 }] }).then((end) => (result = end));
    await until(() => asked.length === 1, 'the question');
    other.reply(asked[0]!, { typeFlag: 25, objects: [{ major: 9, minor: 9 }] });
    await until(async () => (await centre.frames()).some(({ bytes }) => bytes.includes(9)), 'the foreign answer to be stored');
    expect(result).toBeUndefined();
    device.heartbeat();
    device.reply(asked[0]!, { typeFlag: 25, objects: [{ major: 2, minor: 7 }] });
    // The question was last sent to the first link.
    await until(() => result !== undefined, 'the answer');
    expect(result).toMatchObject({ result: 'answered', unit: { objects: [{ major: 2, minor: 7 }] } });
  });

  it('go out by themselves: the state every 10 minutes, the clock every day', async () => {
    const centre = await test.start({ devices: [{ ...library, heartbeatSeconds: 3600 }] });
    const device = await settled(centre);
    // The clock of the test may move on before an answer is on disk: what is sent again has its old serial number.
    const count = (type: number): number => new Set(device.asked.filter(({ typeFlag }) => typeFlag === type).map(({ serial }) => serial)).size;
    const [states, clocks] = [count(81), count(90)];
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      await pass(centre, 600);
      const before = device.confirmed.length;
      device.heartbeat();
      await until(() => device.confirmed.length > before, 'a heartbeat to be confirmed');
    }
    await until(() => count(90) === clocks + 1, 'the clock to be set');
    expect(count(81)).toBe(states + 144);
    expect(device.asked.at(-1)).toMatchObject({ sentAt: toLocalTime(centre.clock.now(), 480) });
    expect(centre.signals).toEqual([]);
  });

  it('of unknown devices are refused', async () => {
    const centre = await test.start();
    await expect(centre.server.command('nobody', { type: 'poll' })).rejects.toMatchObject({ code: 'FIRE_DEVICE_UNKNOWN' });
    await expect(centre.server.command('library', { type: 'dutyCheck', minutes: 300 })).rejects.toMatchObject({ code: 'FIRE_FIELD_RANGE' });
    await centre.server.stop();
    await expect(centre.server.command('library', { type: 'poll' })).rejects.toMatchObject({ code: 'FIRE_STOPPED' });
  });
});

describe('a duty check', () => {
  async function checked(answers = obedient()) {
    const centre = await test.start();
    const device = await settled(centre, { answers });
    const askedMs = centre.clock.now();
    const result = await centre.server.command('library', { type: 'dutyCheck', minutes: 10 });
    const alive = async (seconds: number): Promise<void> => {
      for (let left = seconds; left > 0; left -= 30) {
        await pass(centre, 30);
        const before = device.confirmed.length;
        device.heartbeat();
        await until(() => device.confirmed.length > before, 'a heartbeat to be confirmed');
      }
    };
    return { centre, device, askedMs, result, alive };
  }
  const answer = async (device: SimulatedDevice): Promise<void> => {
    device.send(operation(0x20, 12), { serial: 500 });
    await device.confirmation(500);
  };

  it('is answered by the key within its time', async () => {
    const { centre, device, askedMs, result, alive } = await checked();
    expect(result).toBe('confirmed');
    expect(device.asked.find(({ typeFlag }) => typeFlag === 91)).toMatchObject({ command: 1, objects: [{ answerTimeoutMinutes: 10 }] });
    await expect(centre.server.command('library', { type: 'dutyCheck', minutes: 1 })).rejects.toMatchObject({ code: 'FIRE_DUTY_CHECK_OPEN' });
    await alive(540);
    await answer(device);
    expect(centre.dutyChecks).toEqual([{ source: 'library', minutes: 10, askedMs, result: 'answered', answeredMs: askedMs + 540_000, operatorId: 12 }]);
    expect(centre.told).toEqual(['+dutyAnswer library']);
    expect(await centre.server.command('library', { type: 'dutyCheck', minutes: 1 })).toBe('confirmed');
  });

  it('is late within two minutes more', async () => {
    const { centre, device, alive } = await checked();
    await alive(690);
    await answer(device);
    expect(centre.dutyChecks).toMatchObject([{ result: 'late', operatorId: 12 }]);
  });

  it('is unanswered after that', async () => {
    const { centre, device, alive } = await checked();
    await alive(720);
    expect(centre.dutyChecks).toMatchObject([{ result: 'unanswered' }]);
    await answer(device);
    expect(centre.dutyChecks.length).toBe(1);
    expect(centre.told).toEqual(['+dutyAnswer library']);
  });

  it('that the device denies is told so', async () => {
    const { centre, result } = await checked((frame) => (frame.typeFlag === 91 ? 'deny' : obedient()(frame)));
    expect(result).toBe('denied');
    expect(centre.dutyChecks).toMatchObject([{ result: 'denied' }]);
  });
});

describe('the clock of a device', () => {
  it('is complained of when it differs by more than a minute, once, until it is right', async () => {
    const centre = await test.start();
    let offsetMs = 59_000;
    const device = await settled(centre, { time: () => toLocalTime(centre.clock.now() + offsetMs, 480) });
    expect(centre.problems).toEqual([]);
    const send = async (offset: number): Promise<void> => {
      offsetMs = offset;
      const before = device.confirmed.length;
      device.send(deviceState(1));
      await until(() => device.confirmed.length > before, 'the confirmation');
    };
    await send(-61_000);
    await send(-62_000);
    expect(centre.problems).toEqual([{ source: 'library', kind: 'clock', active: true, amount: -61 }]);
    await send(0);
    expect(centre.problems.slice(1)).toEqual([{ source: 'library', kind: 'clock', active: false, amount: 0 }]);
  });
});
