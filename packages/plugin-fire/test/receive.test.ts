// What is done with messages: stored before they are confirmed, told once, and nobody heard who may not speak.
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { silentLogger } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from '../../simulator/src/auth/self-signed-certificate.ts';
import type { FireJournal } from '../src/contract.ts';
import { profiles, standardProfile } from '../src/gb26875.ts';
import { FireServer } from '../src/index.ts';
import { Centre, library } from './support/centre.ts';
import { component, deviceState, operation, SimulatedDevice, system, type SimulatedDeviceOptions } from './support/simulated-device.ts';
import { until } from './support/until.ts';
import { useCentre } from './support/use-centre.ts';

const test = useCentre();

async function connectDevice(port: number, options: SimulatedDeviceOptions = {}): Promise<SimulatedDevice> {
  const device = await SimulatedDevice.tcp(port, options);
  test.later(() => device.close());
  return device;
}

/** A journal whose writes the test holds back or lets fail. */
function gated() {
  const gate = { isFailing: false, open: () => undefined as void, waiting: 0 };
  let opened: Promise<void> = Promise.resolve();
  const close = (): void => {
    const { promise, resolve } = Promise.withResolvers<void>();
    opened = promise;
    gate.open = resolve;
  };
  const wrap = (journal: FireJournal): FireJournal => ({
    ...journal,
    async store(frame, isUrgent) {
      if (gate.isFailing) throw new Error('disk full');
      gate.waiting += 1;
      await opened;
      gate.waiting -= 1;
      return journal.store(frame, isUrgent);
    },
  });
  return { gate, close, wrap };
}

describe('a message', () => {
  it('is stored before it is confirmed', async () => {
    const { gate, close, wrap } = gated();
    const centre = await test.start({ wrap });
    const device = await connectDevice(centre.port);
    close();
    device.send(component(10, 2, '三楼走廊'), { serial: 5 });
    await until(() => gate.waiting === 1, 'the message to wait for the disk');
    device.heartbeat();
    await until(() => device.confirmed.length > 0, 'the heartbeat to be confirmed');
    expect(device.confirmed).not.toContain(5);
    expect(centre.signals).toEqual([]);
    gate.open();
    await device.confirmation(5);
    const [frame] = await centre.frames();
    expect(frame).toMatchObject({ id: 1, source: 'library', receivedMs: centre.clock.now(), peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
    expect(centre.signals).toEqual([
      {
        source: 'library', pointKey: 'uitd/library/sys/1-3/comp/10', condition: 'fire', active: true, flag: 'fire', text: '三楼走廊', componentType: 40,
        deviceTime: '2026-11-23T15:59:58', sentTime: '2026-11-23T16:00:00', receivedMs: centre.clock.now(), frame: 1, quality: 'live',
      },
    ]);
  });

  it('that cannot be stored is not confirmed, and confirmed when it is sent again and stored', async () => {
    const { gate, wrap } = gated();
    const centre = await test.start({ wrap });
    const device = await connectDevice(centre.port);
    gate.isFailing = true;
    const bytes = device.send(component(10), { serial: 5 });
    await until(() => centre.logged.some(({ message }) => message.includes('could not be stored')), 'the failure to be logged');
    expect(device.received.filter(({ command }) => command === 3 || command === 6)).toEqual([]);
    expect(centre.signals).toEqual([]);
    gate.isFailing = false;
    device.write(bytes);
    await device.confirmation(5);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10']);
  });

  it('is confirmed with the addresses the other way round, its serial number and version, and our local time', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    device.send(component(10), { serial: 65_535, versionMajor: 1, versionMinor: 9 });
    await device.confirmation(65_535);
    expect(device.received.find(({ command }) => command === 3)).toMatchObject({ serial: 65_535, versionMajor: 1, versionMinor: 9, sourceDec: 88_888, destinationDec: 889, sentAt: '2026-11-23T16:00:00', appLength: 0 });
  });

  it('that is sent again is confirmed again and told once, also on another link', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    const bytes = device.send(component(10), { serial: 5 });
    device.write(bytes);
    await until(() => device.confirmed.length === 2, 'two confirmations');
    const other = await connectDevice(centre.port);
    other.write(bytes);
    await other.confirmation(5);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10']);
    expect((await centre.frames()).filter(({ source }) => source === 'library').length).toBe(1);
  });

  it('that is sent again after a restart is confirmed and told no more', async () => {
    const first = await Centre.start(test.folder);
    const device = await SimulatedDevice.tcp(first.port);
    const bytes = device.send(component(10), { serial: 5 });
    await device.confirmation(5);
    device.close();
    await first[Symbol.asyncDispose]();
    const centre = await test.start({ clock: first.clock });
    const again = await connectDevice(centre.port);
    again.write(bytes);
    await again.confirmation(5);
    expect(centre.signals).toEqual([]);
    expect((await centre.frames()).length).toBe(1);
  });

  it('with the same serial number and other content is another one: some devices always send 0', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    device.send(component(10), { serial: 0 });
    device.send(component(11), { serial: 0 });
    await until(() => device.confirmed.length === 2, 'two confirmations');
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10', '+fire library/sys/1-3/comp/11']);
  });

  it('of an unknown type, or cut short, is stored and confirmed; and it is said that it cannot be read', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    device.send({ appHex: 'c80101020304' }, { serial: 1 });
    device.send({ appHex: '02020101280a000200' }, { serial: 2 });
    await device.confirmation(2);
    expect(device.confirmed).toContain(1);
    expect(centre.problems).toEqual([{ source: 'library', kind: 'unrecognised', active: true, amount: 200 }]);
    expect((await centre.frames()).length).toBe(2);
  });

  it('with a wrong checksum is denied and kept out', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    const bytes = device.bytesOf(component(10), { serial: 5 });
    bytes[40]! ^= 1;
    device.write(bytes);
    await until(() => device.denied.length > 0, 'the denial');
    expect(device.denied).toEqual([5]);
    device.send(component(10), { serial: 6 });
    await device.confirmation(6);
    expect((await centre.frames()).length).toBe(1);
    expect(centre.server.health()).toMatchObject([{ source: 'library', isUp: true, rejected: 1 }]);
  });

  it('is found however its link is cut', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    const bytes = device.bytesOf(component(10, 2, '@@##'), { serial: 5 });
    for (const byte of bytes) {
      device.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await device.confirmation(5);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10']);
  });

  it('comes as a datagram too, and is answered to where it came from', async () => {
    const centre = await test.start();
    const device = await SimulatedDevice.udp(centre.server.udpPort!);
    test.later(() => device.close());
    device.send(component(10), { serial: 5 });
    await device.confirmation(5);
    const damaged = device.bytesOf(component(11), { serial: 6 });
    damaged[40]! ^= 1;
    device.write(damaged);
    await until(() => device.denied.includes(6), 'the denial');
    device.write(Uint8Array.of(...device.bytesOf(component(12), { serial: 7 }), 0));
    device.send(component(13), { serial: 8 });
    await device.confirmation(8);
    expect(device.confirmed).not.toContain(7);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10', '+fire library/sys/1-3/comp/13']);
  });
});

describe('a peer', () => {
  it('from where no device may come is refused, and nothing of it is kept', async () => {
    const centre = await test.start({ devices: [{ ...library, peers: ['10.1.0.0/16'] }] });
    const device = await SimulatedDevice.tcp(centre.port);
    test.later(() => device.close());
    device.send(component(10));
    await until(() => !device.isOpen, 'the link to be dropped');
    const datagram = await SimulatedDevice.udp(centre.server.udpPort!);
    test.later(() => datagram.close());
    datagram.send(component(10));
    expect(await centre.frames()).toEqual([]);
    expect(device.received).toEqual([]);
    expect(centre.logged).toEqual([{ message: 'a connection from where no fire device may come was refused', fields: { ip: '127.0.0.1', reason: 'unknownPeer' } }]);
  });

  it('with the address of another device, or an unknown one, is not heard', async () => {
    const centre = await test.start({ devices: [library, { ...library, id: 'gym', address: 890, peers: ['10.1.2.3'] }] });
    const device = await connectDevice(centre.port, { address: 890 });
    device.send(component(10), { serial: 1 });
    device.send(component(10), { serial: 2, sourceDec: 5 });
    device.send(component(10), { serial: 3, sourceDec: 889 });
    await device.confirmation(3);
    expect(device.confirmed).toEqual([3]);
    expect((await centre.frames()).map(({ source }) => source)).toEqual(['library']);
    expect(centre.logged.map(({ fields }) => (fields as { reason?: string }).reason).slice(0, 2)).toEqual(['wrongPeer', 'unknownAddress']);
  });

  it('without an address is known by where it comes from, unless two may come from there', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port, { address: 0 });
    device.send(component(10), { serial: 1 });
    await device.confirmation(1);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10']);
    await centre.server.stop();
  });

  it('that trickles bytes is dropped, as is one that says nothing', async () => {
    const centre = await test.start();
    const slow = await connectDevice(centre.port);
    const silent = await connectDevice(centre.port);
    await until(() => centre.server.links === 2, 'two links');
    for (const byte of slow.bytesOf(component(10)).subarray(0, 31)) {
      slow.write(Uint8Array.of(byte));
      await centre.clock.advance(1000);
    }
    await until(() => !slow.isOpen && !silent.isOpen, 'both links to be dropped');
    expect(centre.server.links).toBe(0);
  });

  it('that sends garbage without end is dropped', async () => {
    const centre = await test.start();
    const device = await connectDevice(centre.port);
    device.write(new Uint8Array(200_000).fill(0x41));
    await until(() => !device.isOpen, 'the link to be dropped');
  });

  it('is refused when too many links are open', async () => {
    const centre = await test.start({ server: { tcp: { host: '127.0.0.1', port: 0, linkLimit: 1 } } });
    const first = await connectDevice(centre.port);
    first.heartbeat();
    await until(() => first.confirmed.length === 1, 'the first to be heard');
    const socket = connect(centre.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(first.isOpen).toBe(true);
  });
});

describe('TLS', () => {
  it('carries the same messages; a certificate that is not there is named', async () => {
    const { certificate, key } = createSelfSignedCertificate('127.0.0.1', Date.now());
    const [certFile, keyFile] = [join(test.folder, 'cert.pem'), join(test.folder, 'key.pem')];
    await writeFile(certFile, certificate);
    await writeFile(keyFile, key);
    const centre = await test.start({ server: { tcp: { host: '127.0.0.1', port: 0, linkLimit: 10, tls: { certFile, keyFile } } } });
    const device = await SimulatedDevice.tcp(centre.port, {}, true);
    test.later(() => device.close());
    device.send(component(10), { serial: 5 });
    await device.confirmation(5);
    expect(centre.told).toEqual(['+fire library/sys/1-3/comp/10']);
    const other = new FireServer({ devices: [library], tcp: { host: '127.0.0.1', port: 0, linkLimit: 10, tls: { certFile: join(test.folder, 'nothing.pem'), keyFile } }, offsetMinutes: 480, pollMinutes: 10 });
    await expect(other.start({ journal: centre.journal, clock: centre.clock, log: silentLogger, emit: () => undefined, problem: () => undefined, dutyCheckEnded: () => undefined })).rejects.toMatchObject({ code: 'FIRE_CERTIFICATE_UNREADABLE' });
  });
});

describe('heartbeats', () => {
  it.each(['standard', 'dgiot-captured', 'dahua-v1.03'])('of the profile %s are confirmed as it says, and not stored', async (name) => {
    const profile = profiles.get(name)!;
    const centre = await test.start({ devices: [{ ...library, profile }] });
    const device = await connectDevice(centre.port, { profile });
    device.heartbeat();
    await until(() => device.received.some(({ command }) => command === 3), 'the reply');
    expect(device.received.find(({ command }) => command === 3)).toMatchObject({ appHex: profile.heartbeat.replyAppHex });
    expect(await centre.frames()).toEqual([]);
  });
});

describe('a fire', () => {
  it('overtakes 2,000 changes that wait, of its own device and of others', async () => {
    const devices = Array.from({ length: 20 }, (_, index) => ({ ...library, id: `d${index}`, address: 1000 + index }));
    // The changes wait in the journal itself, behind a commit that the test holds.
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const order: string[] = [];
    let waiting = 0;
    const centre = await test.start({
      devices,
      wrap: (journal) => ({
        ...journal,
        async store(frame, isUrgent) {
          waiting += 1;
          await held;
          const stored = await journal.store(frame, isUrgent);
          order.push(isUrgent ? 'fire' : 'change');
          return stored;
        },
      }),
    });
    const links = await Promise.all(devices.map(({ address }) => connectDevice(centre.port, { address })));
    for (let count = 0; count < 100; count += 1) for (const link of links) link.send(component(count, 4));
    await until(() => waiting === 2000, '2,000 changes to wait');
    links[0]!.send(component(50), { serial: 9000 });
    await until(() => waiting === 2001, 'the fire to wait');
    release();
    await until(() => order.length === 2001, 'all to be stored');
    expect(order.indexOf('fire')).toBe(0);
    await links[0]!.confirmation(9000);
    expect(centre.told[0]).toBe('+fire d0/sys/1-3/comp/50');
    // The change of the same point was received before the fire: it does not end it.
    expect(centre.told).not.toContain('-fire d0/sys/1-3/comp/50');
    expect((await centre.frames()).length).toBe(2001);
  });

  it.each([
    ['a system state', system(2), 'sys/1-3', 'fire'],
    ['a component state with bit 0 clear', component(7, 2), 'sys/1-3/comp/7', 'fire'],
    ['a component state with bit 0 set', component(7, 3), 'sys/1-3/comp/7', 'fire'],
    ['the button of the device', operation(4), '', 'manualAlarm'],
    ['the state of the device', deviceState(2), '', 'manualAlarm'],
  ])('is told by %s', async (_, unit, place, condition) => {
    const urgent: boolean[] = [];
    const centre = await test.start({ wrap: (journal) => ({ ...journal, store: (frame, isUrgent) => (urgent.push(isUrgent), journal.store(frame, isUrgent)) }) });
    const device = await connectDevice(centre.port);
    device.send(unit, { serial: 1 });
    await device.confirmation(1);
    expect(centre.told).toEqual([`+${condition} library${place === '' ? '' : `/${place}`}`]);
    expect(urgent).toEqual([true]);
  });
});

it('a profile that shares its peer with another is read by its own rules', async () => {
  const dahua = profiles.get('dahua-v1.03')!;
  const centre = await test.start({ devices: [{ ...library, profile: standardProfile }, { ...library, id: 'dahua', address: 77, profile: dahua }] });
  const device = await connectDevice(centre.port, { address: 77, profile: dahua });
  device.send(component(10, 0x402), { serial: 1 });
  await device.confirmation(1);
  expect(centre.signals.map(({ flag, deviceTime }) => [flag, deviceTime])).toEqual([['fire', '2026-11-23T15:59:58'], ['openCircuit', '2026-11-23T15:59:58']]);
});
