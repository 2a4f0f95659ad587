import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OnvifError } from '../src/soap/onvif-error.ts';
import { parseChallenges, DigestCredentials } from '../src/soap/digest-credentials.ts';
import { parseToldAddress } from '../src/device/device-address.ts';
import { rankProfiles, readProfiles } from '../src/media/media-profile.ts';
import { readDeviceInformation, readServices, readCapabilities } from '../src/device/device-information.ts';
import { readDeviceTime } from '../src/device/device-time.ts';
import { readProbeAnswer } from '../src/discovery/probe-message.ts';
import { readSoapAnswer } from '../src/soap/soap-answer.ts';
import { readStreamAddress } from '../src/media/stream-address.ts';
import { readXml } from '../src/soap/xml-node.ts';

const folder = path.resolve(import.meta.dirname, '../../../../shared/vectors/onvif');
const load = (name: string): Promise<Buffer> => readFile(path.join(folder, name));
const answer = async (name: string, expected: string, status = 200) => readSoapAnswer({ status, contentType: 'application/soap+xml', body: await load(name) }, expected);

describe.skipIf(!existsSync(folder))('answers of real devices (left out without the folder shared/vectors/onvif beside the repository)', () => {
  it('are all read to an element or refused with an OnvifError', async () => {
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.(xml|html)$/.test(name));
    const refused: string[] = [];
    for (const name of files) {
      try {
        readXml((await load(name)).toString('utf8'));
      } catch (error) {
        expect(error).toBeInstanceOf(OnvifError);
        refused.push(name);
      }
    }
    expect(files.length).toBeGreaterThan(120);
    // Even a body that was quoted as JSON and templates with a bare `<` are read; only web pages need not be XML.
    expect(refused.filter((name) => !name.endsWith('.html'))).toEqual([]);
  });

  it('map to profiles of Media1 and Media2, with tokens and rates as they are', async () => {
    const hikvision = readProfiles(readXml((await load('scrypted/profiles.xml')).toString('utf8')).children[0]?.children[0] ?? readXml('<a/>'));
    expect(hikvision[0]).toEqual({ token: 'Profile_1', name: 'mainStream', source: 'VideoSource_1', codec: 'h264', width: 3840, height: 2160, fps: 20, kbps: 2048, audio: 'PCMU' });
    const axis = rankProfiles(readProfiles(await answer('agsh-serverMockup/GetProfiles.xml', 'GetProfilesResponse')));
    expect(axis[0]).toMatchObject({ token: 'main', role: 'main', codec: 'h264', width: 1920, height: 1080, source: 'vidsrc0' });
  });

  it('keep numeric tokens of a recorder and the empty encoder, and separate its channels', async () => {
    const profiles = readProfiles(await answer('hammeraj-onvif/media__ver10__get_profiles_response_with_invalid_video_encoder.xml', 'GetProfilesResponse'));
    expect(profiles[0]).toMatchObject({ token: 'MediaProfile00000', source: '00000', codec: 'other', width: 2048, height: 1536, audio: 'G711' });
    expect(new Set(profiles.map((profile) => profile.source)).size).toBeGreaterThan(4);
    expect(rankProfiles(profiles).every((profile) => profile.source === '00000')).toBe(true);
    expect(rankProfiles(profiles, profiles.at(-1)?.source).map((profile) => profile.role)[0]).toBe('main');
  });

  it('map to services, information, time and stream addresses', async () => {
    expect(readServices(await answer('agsh-serverMockup/GetServices.xml', 'GetServicesResponse')).media).toBeDefined();
    expect(readCapabilities(await answer('agsh-serverMockup/GetCapabilities.xml', 'GetCapabilitiesResponse')).media).toBeDefined();
    expect(readDeviceInformation(await answer('agsh-serverMockup/GetDeviceInformation.xml', 'GetDeviceInformationResponse'))).toHaveProperty('manufacturer');
    const time = readDeviceTime(await answer('hammeraj-onvif/devices__get_system_date_and_time.xml', 'GetSystemDateAndTimeResponse'));
    expect(new Date(time ?? 0).getUTCFullYear()).toBeGreaterThan(2000);
    const address = readStreamAddress(await answer('agsh-serverMockup/GetStreamUri.xml', 'GetStreamUriResponse'), new URL('http://10.0.0.5/'), 'automatic');
    expect([address.protocol, address.hostname]).toEqual(['rtsp:', '10.0.0.5']);
  });

  it('give faults and login pages their code', async () => {
    await expect(answer('agsh-serverMockup/Error.xml', 'GetProfilesResponse', 500)).rejects.toMatchObject({ code: 'DEVICE_FAULT', params: { reason: 'fault reason' } });
    await expect(answer('odd/unauthorized-html-hikvision.html', 'GetProfilesResponse', 401)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    await expect(answer('odd/unauthorized-html-trendnet.html', 'GetProfilesResponse', 401)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
    await expect(answer('hammeraj-onvif/media__ver20__invalid_get_video_source_configurations.xml', 'X', 200)).rejects.toMatchObject({ code: 'DEVICE_FAULT', params: { reason: 'Action failed' } });
    await expect(answer('hammeraj-onvif/replay__get_replay_uri__recording_not_found.xml', 'GetReplayUriResponse', 400)).rejects.toMatchObject({ code: 'DEVICE_FAULT' });
  });

  it('are answers to a Probe only when they name a device address and relate to it', async () => {
    const camera = await load('agsh-serverMockup/Probe.xml');
    expect(readProbeAnswer(camera, 'RELATES_TO', '10.0.0.1')).toMatchObject({ kind: 'matches' });
    expect(readProbeAnswer(camera, 'something else', '10.0.0.1')).toEqual({ kind: 'foreign' });
    const windows = await load('odd/probematch-windows-wsd-no-xaddrs.xml');
    expect(readProbeAnswer(windows, 'urn:uuid:9efa8b17-1787-4e12-ab8b-4567327b23c6', '10.0.0.1')).toEqual({ kind: 'matches', devices: [] });
  });

  it('hold challenges that are all answered by digest', async () => {
    const blocks = (await load('odd/www-authenticate-challenges.txt')).toString('utf8').split(/\n\s*\n/).map((block) => block.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
    const answers = blocks.filter((lines) => lines.length > 0).map((lines) => {
      const credentials = new DigestCredentials('admin', 'secret');
      return credentials.learn(parseChallenges(lines)) ? credentials.authorize('POST', '/onvif') : undefined;
    });
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.every((each) => each?.startsWith('Digest username="admin"'))).toBe(true);
    expect(answers[0]).toContain('algorithm=SHA-256');
  });

  it('hold addresses that are repaired or refused', async () => {
    const values = (await load('odd/odd-values.txt')).toString('utf8').split('\n').map((line) => line.split('\t'));
    for (const [kind, value] of values) {
      if (kind === 'xaddr') expect(parseToldAddress(value?.replace('&#x7;', '\u0007'), ['http:'])).toBeUndefined();
    }
    const doubled = (await load('odd/subscription-address-double-port.txt')).toString('utf8').trim();
    expect(parseToldAddress(doubled, ['http:'])?.href).toBe('http://192.168.1.106:8106/onvif/Subscription?Idx=43');
  });
});
