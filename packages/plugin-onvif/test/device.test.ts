import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '@wanglou/simulator';
import { bringUp } from '../src/device/bring-up.ts';
import { DeviceClient } from '../src/device/device-client.ts';
import { SoapTransport } from '../src/soap/soap-transport.ts';
import type { CreateSimulatedCampusOptions, DeviceSpec, SimulatedCampus } from '@wanglou/simulator';
import type { StepReport } from '../src/device/bring-up.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function start(device: DeviceSpec = {}, options: CreateSimulatedCampusOptions = {}) {
  const campus = await createSimulatedCampus({ devices: [{ id: 'camera', ...device }], discoveryPort: false, ...options });
  open.push(() => campus.close());
  return campus;
}

function client(campus: SimulatedCampus, login: { username?: string; password?: string } = {}): DeviceClient {
  const transport = new SoapTransport({ deadlineMs: 500 });
  open.push(async () => transport.close());
  return new DeviceClient({ address: new URL(campus.devices[0]?.onvifAddress ?? ''), addressPolicy: 'automatic', username: 'admin', password: 'wanglou-sim', now: Date.now, transport, ...login });
}

describe('bringUp', () => {
  it('finds information, the media service, the profile and the clock', async () => {
    const campus = await start();
    const steps: StepReport[] = [];
    const facts = await bringUp({ client: client(campus), onStep: (step) => void steps.push(step) });
    expect(facts).toMatchObject({
      information: { manufacturer: 'Wanglou', model: 'Simulated camera', firmware: '1.10', serial: campus.devices[0]?.serial },
      mediaService: 'media2',
      profiles: [{ token: 'main', role: 'main', name: '东门', codec: 'h264', width: 640, height: 360, fps: 25, audio: 'MP4A-LATM' }],
    });
    expect(Math.abs(facts?.clockOffsetMs ?? Number.NaN)).toBeLessThan(1500);
    expect(steps.map(({ name, error }) => [name, error])).toEqual([['tcp', undefined], ['time', undefined], ['services', undefined], ['auth', undefined], ['media', undefined]]);
  });

  it('takes Media1 where there is no Media2, and stops where it is told to', async () => {
    const campus = await start({ media2: false });
    expect(await bringUp({ client: client(campus) })).toMatchObject({ mediaService: 'media', profiles: [{ token: 'main', audio: 'AAC', kbps: 512 }] });
    expect(await bringUp({ client: client(campus, { password: 'wrong' }), upTo: 'services' })).toBeUndefined();
  });

  it.each([
    ['offline', 'UNREACHABLE', 'tcp'],
    ['silent', 'TIMEOUT', 'time'],
    ['garbage', 'MALFORMED', 'time'],
    ['truncated', 'MALFORMED', 'time'],
    ['wrong-auth', 'BAD_CREDENTIALS', 'auth'],
    ['big-header', 'TOO_LARGE', 'time'],
  ] as const)('tells a device that is %s by code and step', async (fault, code, step) => {
    const campus = await start();
    campus.setFault('camera', fault);
    const steps: StepReport[] = [];
    await expect(bringUp({ client: client(campus), onStep: (report) => void steps.push(report) })).rejects.toMatchObject({ code });
    expect(steps.at(-1)).toMatchObject({ name: step, error: { code } });
  });

  it('names the channel that a device does not have', async () => {
    const campus = await start();
    await expect(bringUp({ client: client(campus), channel: '7' })).rejects.toMatchObject({ code: 'NOT_SUPPORTED', params: { what: 'video streams of channel 7' } });
  });
});

describe('the login', () => {
  it.each(['MD5', 'SHA-256'] as const)('is HTTP digest with %s first, one round trip per call once the nonce is known', async (algorithm) => {
    const campus = await start({}, { digestAlgorithms: [algorithm], username: 'a&b', password: '密码' });
    const device = client(campus, { username: 'a&b', password: '密码' });
    await bringUp({ client: device });
    expect(device.loginMode).toBe('digest');
    const before = campus.stats().total.soapRequests;
    await device.call({ operation: 'GetDeviceInformation', write: (camera, done) => camera.getDeviceInformation(done) });
    expect(campus.stats().total).toMatchObject({ soapRequests: before + 1, refusedSoapLogins: 0 });
  });

  it('follows a nonce that grew old', async () => {
    let aheadMs = 0;
    const campus = await start({}, { clock: { now: () => Date.now() + aheadMs } });
    const device = client(campus);
    await bringUp({ client: device });
    aheadMs = 10 * 60_000;
    await device.call({ operation: 'GetDeviceInformation', write: (camera, done) => camera.getDeviceInformation(done) });
  });

  it('falls back to a token in the time of a device whose clock is an hour off, and follows the clock when it jumps', async () => {
    let aheadMs = 0;
    const campus = await start({ onvifLogins: ['username-token'], clockOffsetMs: 3_600_000 }, { clock: { now: () => Date.now() + aheadMs }, username: 'a<b', password: 'пароль' });
    const device = client(campus, { username: 'a<b', password: 'пароль' });
    await bringUp({ client: device });
    expect(device.loginMode).toBe('username-token');
    expect(Math.round((device.clockOffsetMs ?? 0) / 60_000)).toBe(60);
    aheadMs = -7_200_000;
    await device.call({ operation: 'GetDeviceInformation', write: (camera, done) => camera.getDeviceInformation(done) });
    expect(Math.round((device.clockOffsetMs ?? 0) / 60_000)).toBe(-60);
  });

  it('with a wrong password makes at most two tries', async () => {
    const campus = await start();
    await expect(bringUp({ client: client(campus, { password: 'wrong' }) })).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    expect(campus.stats().total.refusedSoapLogins).toBeLessThanOrEqual(2);
  });

  it('never shows the password in an error', async () => {
    const campus = await start();
    const failure = await bringUp({ client: client(campus, { password: 'open-sesame' }) }).catch((error: unknown) => error);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('open-sesame');
  });
});
