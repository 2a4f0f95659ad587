import { afterEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '../src/index.ts';
import { digestHeader, envelope, namespaces, post, usernameToken } from './soap-test-client.ts';
import type { CreateSimulatedCampusOptions } from '../src/index.ts';

const password = 'wanglou-sim';
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(options: CreateSimulatedCampusOptions = {}) {
  const campus = await createSimulatedCampus({ devices: 1, discoveryPort: false, ...options });
  open.push(() => campus.close());
  const [device] = campus.devices;
  const call = (namespace: string, operation: string, inner = '', header = usernameToken(password, new Date().toISOString())) =>
    post(device?.onvifAddress ?? '', envelope(namespace, operation, inner, header));
  return { campus, call, url: device?.onvifAddress ?? '', id: device?.id ?? '', rtspUrl: device?.rtspUrl ?? '', serial: device?.serial ?? '' };
}

describe('the device service', () => {
  it('answers the time, its services and capabilities before any login', async () => {
    const { call, url } = await start({ clock: { now: () => Date.UTC(2026, 10, 23, 7, 8, 9) } });
    const time = await call(namespaces.device, 'GetSystemDateAndTime', '', '');
    expect(time.body).toMatch(/<tt:Hour>7<\/tt:Hour><tt:Minute>8<\/tt:Minute><tt:Second>9<.*<tt:Year>2026<\/tt:Year><tt:Month>11<\/tt:Month><tt:Day>23</);
    const services = await call(namespaces.device, 'GetServices', '', '');
    expect(services.body).toContain(`<tds:XAddr>${new URL(url).origin}/onvif/media2_service</tds:XAddr>`);
    expect((await call(namespaces.device, 'GetCapabilities', '', '')).body).toContain('<tt:Media><tt:XAddr>');
  });

  it('tells who it is to those who log in, the long serial number digit for digit', async () => {
    const { call, serial } = await start();
    const information = await call(namespaces.device, 'GetDeviceInformation');
    expect(information.status).toBe(200);
    expect(information.body).toContain(`<tds:SerialNumber>${serial}</tds:SerialNumber>`);
    expect((await call(namespaces.device, 'GetScopes')).body).toContain('onvif://www.onvif.org/name/East%20Gate');
    expect((await call(namespaces.device, 'GetHostname')).body).toContain('<tt:Name>east-gate</tt:Name>');
    expect((await call(namespaces.device, 'GetNetworkInterfaces')).body).toContain('<tt:Address>127.0.0.1</tt:Address>');
  });
});

describe('the login', () => {
  it('challenges the anonymous and takes HTTP digest with MD5 and SHA-256', async () => {
    for (const algorithm of ['MD5', 'SHA-256'] as const) {
      const { url } = await start({ digestAlgorithms: [algorithm] });
      const body = envelope(namespaces.device, 'GetScopes');
      const refused = await post(url, body);
      expect([refused.status, refused.body.includes('ter:NotAuthorized')]).toEqual([401, true]);
      const header = (secret: string) => ({ authorization: digestHeader(refused.challenge, secret, new URL(url).pathname) });
      expect((await post(url, body, header(password))).status).toBe(200);
      expect((await post(url, body, header('wrong'))).status).toBe(401);
    }
  });

  it('calls an old nonce stale', async () => {
    let nowMs = 1_760_000_000_000;
    const { url } = await start({ clock: { now: () => nowMs } });
    const body = envelope(namespaces.device, 'GetScopes');
    const { challenge } = await post(url, body);
    nowMs += 10 * 60_000;
    const answer = await post(url, body, { authorization: digestHeader(challenge, password, new URL(url).pathname) });
    expect([answer.status, answer.challenge.includes('stale=true')]).toEqual([401, true]);
  });

  it('refuses a token with a wrong password, a wrong time, or used before', async () => {
    const { campus, call } = await start();
    const now = new Date().toISOString();
    const status = async (token: string) => (await call(namespaces.device, 'GetScopes', '', token)).status;
    const good = usernameToken(password, now);
    expect(await status(good)).toBe(200);
    expect(await status(good)).toBe(401);
    expect(await status(usernameToken('wrong', now))).toBe(401);
    expect(await status(usernameToken(password, new Date(Date.now() - 3_600_000).toISOString()))).toBe(401);
    expect(campus.stats().total.refusedSoapLogins).toBe(3);
  });

  it('follows the device: digest only, token only, and a clock that is wrong', async () => {
    const digestOnly = await start({ devices: [{ onvifLogins: ['http-digest'] }] });
    expect((await digestOnly.call(namespaces.device, 'GetScopes')).status).toBe(401);
    const tokenOnly = await start({ devices: [{ onvifLogins: ['username-token'], clockOffsetMs: 3_600_000 }] });
    const early = await tokenOnly.call(namespaces.device, 'GetScopes');
    expect([early.status, early.challenge]).toEqual([400, '']);
    const inDeviceTime = usernameToken(password, new Date(Date.now() + 3_600_000).toISOString());
    expect((await tokenOnly.call(namespaces.device, 'GetScopes', '', inDeviceTime)).status).toBe(200);
  });
});

describe('the media services', () => {
  it('list the profile and give the stream address without a password, Media1 and Media2', async () => {
    const { call, rtspUrl } = await start();
    expect((await call(namespaces.media, 'GetProfiles')).body).toMatch(/<trt:Profiles token="main".*东门.*<tt:Width>640<.*<tt:FrameRateLimit>25</);
    expect((await call(namespaces.media2, 'GetProfiles')).body).toMatch(/<tr2:AudioEncoder token="audio-encoder">/);
    expect((await call(namespaces.media, 'GetVideoSources')).body).toContain('<tt:Framerate>25</tt:Framerate>');
    const setup = '<StreamSetup><Transport><Protocol>RTSP</Protocol></Transport></StreamSetup><ProfileToken>main</ProfileToken>';
    expect((await call(namespaces.media, 'GetStreamUri', setup)).body).toContain(`<tt:Uri>${rtspUrl}</tt:Uri>`);
    expect((await call(namespaces.media2, 'GetStreamUri', '<ProfileToken>main</ProfileToken>')).body).toContain(`<tr2:Uri>${rtspUrl}</tr2:Uri>`);
  });

  it('answer what they cannot do with SOAP 1.2 faults', async () => {
    const { call, url } = await start({ devices: [{ media2: false }] });
    const faults = [
      await call(namespaces.media, 'GetSnapshotUri', '<ProfileToken>main</ProfileToken>'),
      await call(namespaces.media, 'GetStreamUri', '<ProfileToken>nothing</ProfileToken>'),
      await call(namespaces.media2, 'GetProfiles'),
      await call(namespaces.device, 'constructor'),
      await post(url, '<a><b></a>'),
      await post(url, envelope(namespaces.device, 'GetScopes').replace('2003/05', '2001/12')),
    ];
    expect(faults.map((fault) => [fault.status, /<s:Value>ter:(\w+)<\/s:Value>(?:<s:Subcode><s:Value>ter:(\w+))?/.exec(fault.body)?.slice(1).join(' ').trim()])).toEqual([
      [500, 'ActionNotSupported'], [400, 'InvalidArgVal NoProfile'], [500, 'ActionNotSupported'], [500, 'ActionNotSupported'], [400, 'WellFormed'], [400, 'WellFormed'],
    ]);
  });
});

describe('the SOAP endpoint under bad input', () => {
  it('caps the body, knows its paths and methods', async () => {
    const { url } = await start();
    expect((await post(url, 'x'.repeat(70_000))).status).toBe(413);
    expect((await post(url.replace('device_service', 'other'), '')).status).toBe(404);
    expect((await fetch(url)).status).toBe(405);
  });

  it('answers 1,000 mutated requests with an answer or a fault and goes on', async () => {
    const { url } = await start();
    let state = 11;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const seed = Buffer.from(envelope(namespaces.media, 'GetStreamUri', '<ProfileToken>main</ProfileToken>', usernameToken(password, new Date().toISOString())));
    const statuses = new Set<number>();
    for (let round = 0; round < 1000; round += 1) {
      const bytes = Buffer.from(seed.subarray(0, random(3) === 0 ? random(seed.length) : seed.length));
      for (let flips = 1 + random(4); flips > 0 && bytes.length > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
      statuses.add((await post(url, bytes.toString('latin1'))).status);
    }
    expect([...statuses].every((status) => [200, 400, 401, 500].includes(status))).toBe(true);
    expect((await post(url, envelope(namespaces.device, 'GetSystemDateAndTime'))).status).toBe(200);
  });

  it('refuses deep nesting, a DTD and unknown entities as not well-formed', async () => {
    const { url } = await start();
    for (const text of ['<a>'.repeat(5000), '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', envelope(namespaces.device, 'GetScopes', '&nbsp;')]) {
      expect((await post(url, text)).body).toContain('ter:WellFormed');
    }
  });
});

describe('faults of the ONVIF services', () => {
  const time = envelope(namespaces.device, 'GetSystemDateAndTime');

  it('offline and silent give no answer, the cure brings it back', async () => {
    const { campus, id, url } = await start();
    campus.setFault(id, 'offline');
    await expect(post(url, time)).rejects.toThrow();
    campus.setFault(id, 'silent');
    const waiting = fetch(url, { method: 'POST', body: time }).then(() => 'answered', () => 'cut');
    expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 100, 'silent'))])).toBe('silent');
    campus.setFault(id, undefined);
    expect(await waiting).toBe('cut');
    expect((await post(url, time)).status).toBe(200);
  });

  it('garbage, truncated, wrong-auth and big-header each do what they say', async () => {
    const { campus, call, id, url } = await start();
    const whole = (await post(url, time)).body;
    campus.setFault(id, 'garbage');
    expect((await post(url, time)).body).not.toContain('Envelope');
    campus.setFault(id, 'truncated');
    expect(whole.startsWith((await post(url, time)).body.slice(0, 400))).toBe(true);
    campus.setFault(id, 'wrong-auth');
    expect((await call(namespaces.device, 'GetScopes')).status).toBe(401);
    campus.setFault(id, 'big-header');
    await expect(post(url, time)).rejects.toThrow();
  });
});
