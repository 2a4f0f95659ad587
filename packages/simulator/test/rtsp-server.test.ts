import { connect } from 'node:net';
import { once } from 'node:events';
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
  const campus = await createSimulatedCampus({ devices: 1, tickIntervalMs: 5, ...options });
  open.push(() => campus.close());
  return campus;
}

function client(campus: SimulatedCampus, index = 0): RtspTestClient {
  const created = new RtspTestClient(campus.devices[index]?.rtspUrl ?? '');
  open.push(() => created.close());
  return created;
}

/** A wall clock that tests move by hand. */
function createManualClock() {
  let nowMs = 1_760_000_000_000;
  return { now: () => nowMs, advance: (ms: number) => { nowMs += ms; } };
}

async function settle(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !condition(); round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the RTSP server', () => {
  it('describes video and audio, sets both up, plays, keeps alive and tears down', async () => {
    const campus = await start();
    const viewer = client(campus);
    const options = await viewer.request('OPTIONS', viewer.url);
    expect(options.headers.get('public')).toBe('OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN');
    const description = await viewer.request('DESCRIBE', viewer.url, { Accept: 'application/sdp' });
    expect(description.headers.get('content-base')).toBe(`${viewer.url}/`);
    expect(description.body).toContain('a=rtpmap:96 H264/90000');
    expect(description.body).toContain('a=rtpmap:97 mpeg4-generic/16000/1');
    const play = await viewer.play(2);
    const [, sequence, timestamp] = /seq=(\d+);rtptime=(\d+)/.exec(play.headers.get('rtp-info') ?? '') ?? [];
    await viewer.until(() => viewer.rtp(0).length > 20 && viewer.rtp(2).length > 5);
    const first = readRtp(viewer.rtp(0)[0] ?? Buffer.alloc(12));
    expect([first.sequence, first.timestamp]).toEqual([Number(sequence), Number(timestamp)]);
    expect(viewer.rtp(1)).toHaveLength(1);
    expect(await viewer.request('GET_PARAMETER', viewer.url, { Session: viewer.session })).toMatchObject({ status: 200 });
    expect(await viewer.request('TEARDOWN', viewer.url, { Session: viewer.session })).toMatchObject({ status: 200 });
    await viewer.until(() => viewer.closed);
    await settle(() => campus.stats().total.connections === 0);
    expect(campus.stats().total).toMatchObject({ connections: 0, playing: 0, slowClientsDropped: 0 });
  });

  it.each(['MD5', 'SHA-256'] as const)('accepts a %s digest and refuses a wrong password, a wrong user and none', async (algorithm) => {
    const campus = await start({ digestAlgorithms: [algorithm], password: '密码"\\' });
    const right = client(campus);
    right.password = '密码"\\';
    expect(await right.request('DESCRIBE', right.url)).toMatchObject({ status: 200 });
    const wrong = client(campus);
    expect(await wrong.request('DESCRIBE', wrong.url)).toMatchObject({ status: 401 });
    const stranger = client(campus);
    stranger.password = right.password;
    stranger.username = 'root';
    expect(await stranger.request('DESCRIBE', stranger.url)).toMatchObject({ status: 401 });
    const anonymous = client(campus);
    const answer = await anonymous.request('DESCRIBE', anonymous.url, {}, false);
    expect(answer.headers.get('www-authenticate')).toContain(`algorithm=${algorithm}`);
    expect(campus.stats().total.refusedLogins).toBe(2);
  });

  it('refuses what it cannot do with the status that says so', async () => {
    const campus = await start({ devices: [{ transports: ['tcp'] }] });
    const viewer = client(campus);
    const tcp = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };
    await viewer.request('DESCRIBE', viewer.url);
    const status = async (method: string, uri: string, headers = {}) => (await viewer.request(method, uri, headers)).status;
    expect(await status('DESCRIBE', `${viewer.url}-not`)).toBe(404);
    expect(await status('DESCRIBE', 'not-an-address')).toBe(404);
    expect(await status('SETUP', `${viewer.url}/trackID=0`, { Transport: 'RTP/AVP;unicast;client_port=5000-5001' })).toBe(461);
    expect(await status('SETUP', viewer.url, tcp)).toBe(459);
    expect(await status('PLAY', viewer.url, { Session: 'nobody' })).toBe(454);
    expect(await status('PAUSE', viewer.url)).toBe(501);
    expect(await status('DESCRIBE', viewer.url, { Require: 'www.onvif.org/ver20/backchannel' })).toBe(551);
    expect(await status('SETUP', `${viewer.url}/trackID=0`, tcp)).toBe(200);
    expect(await status('SETUP', `${viewer.url}/trackID=1`, { ...tcp, Session: 'nobody' })).toBe(454);
    expect(await status('SETUP', `${viewer.url}/trackID=1`, tcp)).toBe(461);
  });

  it('closes a session without a sign of life after its timeout, and keeps one that sends receiver reports', async () => {
    const clock = createManualClock();
    const campus = await start({ clock, sessionTimeoutSeconds: 60, maxQueueBytes: 64 * 1024 * 1024 });
    const quiet = client(campus);
    const alive = client(campus);
    await quiet.play();
    await alive.play();
    clock.advance(40_000);
    const received = alive.packets.length;
    alive.socket.write(Buffer.from([0x24, 1, 0, 8, 0x80, 201, 0, 1, 0, 0, 0, 1]));
    await alive.until(() => alive.packets.length > received + 100);
    await alive.request('OPTIONS', alive.url);
    clock.advance(40_000);
    await quiet.until(() => quiet.closed);
    expect([quiet.closed, alive.closed, campus.stats().total.expiredSessions]).toEqual([true, false, 1]);
  });

  it('crosses the loop point on the wire without a break', async () => {
    const clock = createManualClock();
    const campus = await start({ clock });
    const viewer = client(campus);
    await viewer.play();
    for (let second = 0; second < 30; second += 1) {
      clock.advance(1000);
      await viewer.until(() => readAccessUnits(viewer.rtp(0).map(readRtp)).length >= second * 25 + 26);
    }
    const packets = viewer.rtp(0).map(readRtp);
    expect(packets.every((packet, index) => index === 0 || packet.sequence === ((packets[index - 1]?.sequence ?? 0) + 1) % 65_536)).toBe(true);
    const units = readAccessUnits(packets);
    expect(units).toHaveLength(30 * 25 + 1);
    expect(units.every((unit, index) => unit.timestamp === ((units[0]?.timestamp ?? 0) + index * 3600) % 2 ** 32)).toBe(true);
  });

  it('drops a client that does not read, and no other', async () => {
    const clock = createManualClock();
    const campus = await start({ clock, maxQueueBytes: 200_000, sessionTimeoutSeconds: 100_000 });
    const slow = client(campus);
    const quick = client(campus);
    await slow.play();
    await quick.play();
    slow.socket.pause();
    for (let round = 0; round < 5000 && campus.stats().total.slowClientsDropped === 0; round += 1) {
      const wanted = quick.packets.length + 50;
      clock.advance(10_000);
      await quick.until(() => quick.packets.length >= wanted);
    }
    expect(campus.stats().total.slowClientsDropped).toBe(1);
    expect(quick.closed).toBe(false);
  }, 30_000);

  it('serves 32 cameras at once, each with its own numbers', async () => {
    const campus = await start({ devices: 32 });
    expect(new Set(campus.devices.map((device) => device.id)).size).toBe(32);
    const viewers = campus.devices.map((_, index) => client(campus, index));
    await Promise.all(viewers.map((viewer) => viewer.play()));
    await Promise.all(viewers.map((viewer) => viewer.until(() => viewer.rtp(0).length >= 30)));
    expect(viewers.every((viewer) => !viewer.closed)).toBe(true);
    expect(new Set(viewers.map((viewer) => readRtp(viewer.rtp(0)[0] ?? Buffer.alloc(12)).ssrc)).size).toBe(32);
    expect(campus.stats().total).toMatchObject({ playing: 32, slowClientsDropped: 0 });
  });

  it('outlives garbage from clients and goes on serving', async () => {
    const campus = await start();
    const url = new URL(campus.devices[0]?.rtspUrl ?? '');
    for (const bytes of ['\0\0\0\0\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `OPTIONS * RTSP/1.0\r\nX: ${'y'.repeat(40_000)}`, '$\xff\xff\xff']) {
      const socket = connect(Number(url.port), url.hostname);
      socket.on('error', () => socket.destroy());
      socket.resume();
      socket.end(Buffer.from(bytes, 'latin1'));
      await once(socket, 'close');
    }
    const viewer = client(campus);
    expect(await viewer.request('DESCRIBE', viewer.url)).toMatchObject({ status: 200 });
    expect(campus.stats().total.malformedRequests).toBe(3);
  });
});

describe('faults', () => {
  const playing = async (options: CreateSimulatedCampusOptions = {}) => {
    const campus = await start(options);
    const viewer = client(campus);
    await viewer.play();
    await viewer.until(() => viewer.packets.length > 5);
    return { campus, viewer, id: campus.devices[0]?.id ?? '' };
  };

  it('offline resets running and new connections until the device is cured', async () => {
    const { campus, viewer, id } = await playing();
    campus.setFault(id, 'offline');
    await viewer.until(() => viewer.closed);
    const refused = client(campus);
    expect((await refused.request('OPTIONS', refused.url)).status).toBe(0);
    campus.setFault(id, undefined);
    const back = client(campus);
    expect((await back.play()).status).toBe(200);
  });

  it('silent keeps the connection and sends nothing; the cure closes it', async () => {
    const { campus, viewer, id } = await playing();
    campus.setFault(id, 'silent');
    const sent = campus.stats().total.packetsSent;
    viewer.socket.write(`OPTIONS ${viewer.url} RTSP/1.0\r\nCSeq: 99\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect([campus.stats().total.packetsSent, viewer.closed]).toEqual([sent, false]);
    campus.setFault(id, undefined);
    await viewer.until(() => viewer.closed);
    expect(viewer.closed).toBe(true);
  });

  it('garbage replaces the media by noise', async () => {
    const { campus, viewer, id } = await playing();
    let noise = Buffer.alloc(0);
    campus.setFault(id, 'garbage');
    viewer.socket.removeAllListeners('data');
    viewer.socket.on('data', (chunk: Buffer) => { noise = Buffer.concat([noise, chunk]); });
    await settle(() => noise.length > 3000);
    expect(new Set(noise).size).toBeGreaterThan(200);
  });

  it('truncated ends answers in the middle and closes', async () => {
    const { campus, viewer, id } = await playing();
    campus.setFault(id, 'truncated');
    await viewer.until(() => viewer.closed);
    const next = client(campus);
    expect((await next.request('OPTIONS', next.url)).status).toBe(0);
    expect(campus.stats().total.playing).toBe(0);
  });

  it('wrong-auth closes running sessions and refuses the right password', async () => {
    const { campus, viewer, id } = await playing();
    campus.setFault(id, 'wrong-auth');
    await viewer.until(() => viewer.closed);
    const next = client(campus);
    expect((await next.request('DESCRIBE', next.url)).status).toBe(401);
    expect(campus.stats().devices[id]?.fault).toBe('wrong-auth');
  });

  it('big-header answers with more than 10 MB of header', async () => {
    const campus = await start();
    campus.setFault(campus.devices[0]?.id ?? '', 'big-header');
    const viewer = client(campus);
    let bytes = 0;
    viewer.socket.removeAllListeners('data');
    viewer.socket.on('data', (chunk: Buffer) => { bytes += chunk.length; });
    viewer.socket.write(`OPTIONS ${viewer.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    await settle(() => bytes > 10 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(10 * 1024 * 1024);
  });
});

describe('createSimulatedCampus', () => {
  it('names unknown devices and bad specifications', async () => {
    const campus = await start();
    expect(() => campus.setFault('nowhere', 'offline')).toThrow(expect.objectContaining({ code: 'DEVICE_UNKNOWN' }));
    await expect(createSimulatedCampus({ devices: [{ id: 'a' }, { id: 'a' }] })).rejects.toMatchObject({ code: 'DEVICE_INVALID' });
    await expect(createSimulatedCampus({ devices: [{ id: '../x' }] })).rejects.toMatchObject({ code: 'DEVICE_INVALID' });
    await expect(createSimulatedCampus({ devices: -1 })).rejects.toMatchObject({ code: 'DEVICE_INVALID' });
    await expect(createSimulatedCampus({ devices: [{ loopFile: import.meta.filename }] })).rejects.toMatchObject({ code: 'LOOP_INVALID' });
  });

  it('repeats the ten loops with numbers, and refuses everything once closed', async () => {
    const campus = await start({ devices: 12 });
    expect(campus.devices[11]).toMatchObject({ id: 'west-gate-2', name: { zh: '西门 2', en: 'West Gate 2' } });
    await campus.close();
    await campus.close();
    expect(() => campus.setFault('west-gate', 'offline')).toThrow(expect.objectContaining({ code: 'CLOSED' }));
  });
});
