import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '../src/index.ts';
import { readAccessUnits, readRtp } from './rtp-reader.ts';
import { RtspTestClient } from './rtsp-test-client.ts';
import type { CreateSimulatedCampusOptions, SimulatedCampus } from '../src/index.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function start(options: CreateSimulatedCampusOptions = {}): Promise<SimulatedCampus> {
  const campus = await createSimulatedCampus({ devices: [{ loop: 'library' }], tickIntervalMs: 5, discoveryPort: false, ...options });
  open.push(() => campus.close());
  return campus;
}

async function playing(campus: SimulatedCampus): Promise<RtspTestClient> {
  const viewer = new RtspTestClient(campus.devices[0]?.rtspUrl ?? '');
  open.push(() => viewer.close());
  await viewer.play();
  await viewer.until(() => viewer.rtp(0).length > 20);
  return viewer;
}

/** Waits for packets after those that are there, and gives all of them. */
async function more(viewer: RtspTestClient, count: number) {
  const before = viewer.rtp(0).length;
  await viewer.until(() => viewer.rtp(0).length >= before + count);
  return viewer.rtp(0).map(readRtp);
}

const steps = (values: readonly number[], modulus: number): number[] => values.slice(1).map((value, index) => (value - (values[index] ?? 0) + modulus) % modulus);

describe('a device that is disturbed', () => {
  it('goes on as another source after an inner restart', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    campus.disturb('library', { kind: 'new-source' });
    const packets = await more(viewer, 30);
    expect(new Set(packets.map((packet) => packet.ssrc)).size).toBe(2);
  });

  it('jumps in time and keeps its sequence', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    campus.disturb('library', { kind: 'timestamp-jump', bySeconds: -100 });
    const packets = await more(viewer, 60);
    expect(new Set(steps(packets.map((packet) => packet.sequence), 65_536))).toEqual(new Set([1]));
    const back = 2 ** 32 - 100 * 90_000;
    expect(new Set(steps(packets.map((packet) => packet.timestamp), 2 ** 32))).toEqual(new Set([0, 3_600, back + 3_600]));
  });

  it('sends the same picture again and again while its encoder hangs, on the same connection', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    const pictures = (): string[] => readAccessUnits(viewer.rtp(0).map(readRtp)).map(({ units }) => Buffer.concat(units).toString('base64'));
    campus.setFault('library', 'frozen');
    await viewer.until(() => new Set(pictures().slice(-12, -2)).size === 1);
    campus.setFault('library', undefined);
    await viewer.until(() => new Set(pictures().slice(-12, -2)).size === 10);
    expect(new Set(steps(viewer.rtp(0).map((frame) => readRtp(frame).timestamp), 2 ** 32))).toEqual(new Set([0, 3_600]));
  });

  it('changes its parameter set with a key picture, and back', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    const setsOf = (): string[] => [...new Set(readAccessUnits(viewer.rtp(0).map(readRtp)).flatMap(({ units }) => units.filter((unit) => (unit.readUInt8(0) & 31) === 7).map((unit) => unit.toString('hex'))))];
    await viewer.until(() => setsOf().length === 1);
    campus.disturb('library', { kind: 'new-parameters' });
    await viewer.until(() => setsOf().length === 2);
    campus.disturb('library', { kind: 'new-parameters' });
    const second = new RtspTestClient(campus.devices[0]?.rtspUrl ?? '');
    open.push(() => second.close());
    const { body } = await second.request('DESCRIBE', second.url);
    expect(body).toContain(Buffer.from(setsOf()[0] ?? '', 'hex').toString('base64'));
  });

  it('sets the clock of its sender reports', async () => {
    const campus = await start({ senderReportIntervalMs: 20 });
    const viewer = await playing(campus);
    const seconds = (): number[] => viewer.rtp(1).map((packet) => packet.readUInt32BE(8));
    campus.disturb('library', { kind: 'clock-jump', byMs: -3_600_000 });
    const before = seconds().length;
    await viewer.until(() => seconds().length > before + 2);
    expect((seconds()[0] ?? 0) - (seconds().at(-1) ?? 0)).toBeGreaterThan(3_590);
  });

  it('loses packets, and counts them', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    campus.disturb('library', { kind: 'packet-loss', share: 0.5 });
    const packets = await more(viewer, 50);
    expect(steps(packets.map((packet) => packet.sequence), 65_536).some((step) => step > 1)).toBe(true);
    expect(campus.stats().total.packetsLost).toBeGreaterThan(0);
    expect(() => campus.disturb('library', { kind: 'packet-loss', share: 1 })).toThrow(expect.objectContaining({ code: 'DISTURBANCE_INVALID' }));
  });

  it('is gone while it reboots, and back afterwards', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    campus.disturb('library', { kind: 'reboot', downMs: 50 });
    await viewer.until(() => viewer.closed);
    expect(viewer.closed).toBe(true);
    while (campus.stats().devices['library']?.fault !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    await playing(campus);
  });

  it('sends what waited when a cut network is whole again', async () => {
    const campus = await start();
    const viewer = await playing(campus);
    campus.setFault('library', 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const count = viewer.rtp(0).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(viewer.rtp(0)).toHaveLength(count);
    campus.setFault('library', undefined);
    const packets = await more(viewer, 30);
    expect(new Set(steps(packets.map((packet) => packet.sequence), 65_536))).toEqual(new Set([1]));
  });

  it('says what it cannot do', async () => {
    const campus = await start({ devices: [{ loop: 'laboratory' }] });
    expect(() => campus.disturb('laboratory', { kind: 'new-parameters' })).toThrow(expect.objectContaining({ code: 'DISTURBANCE_INVALID' }));
    expect(() => campus.disturb('nobody', { kind: 'new-source' })).toThrow(expect.objectContaining({ code: 'DEVICE_UNKNOWN' }));
  });
});

describe('media over UDP', () => {
  it('goes to the ports that the client names, and its reports keep the session alive', async () => {
    let nowMs = 1_760_000_000_000;
    const campus = await start({ clock: { now: () => nowMs } });
    const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')];
    const packets: Buffer[] = [];
    const reports: Buffer[] = [];
    rtp.on('message', (packet) => packets.push(packet));
    rtcp.on('message', (packet) => reports.push(packet));
    for (const socket of [rtp, rtcp]) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      open.push(async () => void socket.close());
    }
    const viewer = new RtspTestClient(campus.devices[0]?.rtspUrl ?? '');
    open.push(() => viewer.close());
    await viewer.request('DESCRIBE', viewer.url);
    const answer = await viewer.request('SETUP', `${viewer.url}/trackID=0`, { Transport: `RTP/AVP;unicast;client_port=${rtp.address().port}-${rtcp.address().port}` });
    const [, control] = /server_port=\d+-(\d+)/.exec(answer.headers.get('transport') ?? '') ?? [];
    viewer.session = answer.headers.get('session')?.split(';')[0] ?? '';
    await viewer.request('PLAY', viewer.url, { Session: viewer.session });
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    nowMs += 2_000;
    await until(() => packets.length > 30 && reports.length > 0);
    expect(new Set(steps(packets.map((packet) => readRtp(packet).sequence), 65_536))).toEqual(new Set([1]));
    expect(viewer.rtp(0)).toEqual([]);
    nowMs += 40_000;
    const before = packets.length;
    rtcp.send(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]), Number(control), '127.0.0.1');
    await until(() => packets.length > before + 100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    nowMs += 40_000;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(viewer.closed).toBe(false);
  });
});

describe('RTSP over TLS', () => {
  it('shows a certificate for its address that OpenSSL takes, with the fingerprint that the campus names', async () => {
    const campus = await start({ tls: true });
    const { hostname, port, protocol } = new URL(campus.devices[0]?.rtspUrl ?? '');
    expect(protocol).toBe('rtsps:');
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    open.push(async () => void socket.destroy());
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    expect(certificate?.fingerprint256).toBe(campus.certificateFingerprint);
    expect(certificate?.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate?.verify(certificate.publicKey)).toBe(true);
    expect(certificate?.ca).toBe(true);
    socket.write('OPTIONS rtsps://x/main RTSP/1.0\r\nCSeq: 1\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^RTSP\/1\.0 200 OK/);
  });
});
