// Which stream is asked for, how it is configured, and what people are told about it.
import type { StreamProfile } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { chooseProfile, chooseSmallProfile } from '../src/choose-profile.ts';
import { recorderConfig } from '../src/config.ts';
import { problemText, warningText } from '../src/errors.ts';
import { LiveWindow } from '../src/hls/live-window.ts';
import { toStatus } from '../src/operations.ts';

const profile = (id: string, role: StreamProfile['role'], codec: StreamProfile['codec']): StreamProfile => ({ id, role, codec, width: 1, height: 1 });

describe('the recorded stream', () => {
  it.each<[string, readonly StreamProfile[], string]>([
    ['the main one in H.264', [profile('sub', 'sub', 'h264'), profile('main5', 'main', 'h265'), profile('main4', 'main', 'h264')], 'main4'],
    ['the main one in H.265 rather than a sub-stream in H.264', [profile('sub', 'sub', 'h264'), profile('main5', 'main', 'h265')], 'main5'],
    ['the main one in whatever codec, so that what is wrong can be told', [profile('sub', 'sub', 'h264'), profile('main', 'main', 'mjpeg')], 'main'],
    ['the first where there is no main one', [profile('third', 'third', 'h264')], 'third'],
  ])('is %s', (_name, profiles, id) => {
    expect(chooseProfile(profiles).id).toBe(id);
  });

  it('is missing where a camera has none', () => {
    expect(() => chooseProfile([])).toThrow('no stream');
  });

  it('is reached as configured; a fingerprint that is none is refused with its key path', () => {
    const fingerprint = `${'A1:'.repeat(31)}b2`;
    expect(recorderConfig.parse({ path: '/x', cameras: { gate: { fingerprint }, hall: { transport: 'udp' } } }).cameras).toEqual({ gate: { transport: 'auto', fingerprint }, hall: { transport: 'udp' } });
    const refused = recorderConfig.safeParse({ path: '/x', cameras: { gate: { fingerprint: 'A1:B2' } } });
    expect(refused.error?.issues[0]).toMatchObject({ path: ['cameras', 'gate', 'fingerprint'] });
    expect(recorderConfig.safeParse({ path: '/x', cameras: { gate: { transport: 'pigeon' } } }).success).toBe(false);
  });
});

describe('what people are told', () => {
  it('has warnings beside a recording, in both languages', () => {
    const message = 'the sound of the camera is not recorded';
    const state = { id: 'gate', live: new LiveWindow(), codecs: undefined, width: undefined, height: undefined, newestMs: undefined, kbps: undefined };
    const status = toStatus({ ...state, status: { state: 'recording', warnings: [{ code: 'AUDIO_UNSUPPORTED', message }] } } as Parameters<typeof toStatus>[0]);
    expect(status).toEqual({ camera: 'gate', state: 'recording', warnings: [{ code: 'AUDIO_UNSUPPORTED', text: { en: 'The sound of the camera is not recorded', zh: expect.stringContaining('声音') } }] });
  });

  it('names what to do, in Chinese too', () => {
    for (const code of ['AUDIO_UNSUPPORTED', 'KEYFRAMES_RARE'] as const) expect(warningText(code, 'x').zh).toMatch(/请/);
    expect(problemText('CERTIFICATE', 'the certificate is not trusted').zh).toContain('指纹');
    expect(problemText('UNSUPPORTED_CODEC', 'no picture').en).toContain('H.265');
  });
});

describe('the stream for small tiles', () => {
  const profile = (id: string, role: StreamProfile['role'], codec: StreamProfile['codec'], width: number): StreamProfile => ({ id, role, codec, width, height: (width * 9) / 16 });
  const main = profile('m', 'main', 'h265', 1920);

  it.each<[string, StreamProfile[], string | undefined]>([
    ['is the largest that is smaller than the recorded one', [main, profile('t', 'third', 'h264', 320), profile('s', 'sub', 'h264', 640)], 's'],
    ['is H.264 before H.265, which not every browser plays', [main, profile('s', 'sub', 'h265', 704), profile('t', 'third', 'h264', 320)], 't'],
    ['is H.265 where there is no other', [main, profile('s', 'sub', 'h265', 704)], 's'],
    ['is not there when all are as large, or in no codec that is received natively', [main, profile('s', 'sub', 'h264', 1920), profile('j', 'third', 'mjpeg', 320)], undefined],
    ['is not there when there is one only', [main], undefined],
  ])('%s', (_name, profiles, id) => {
    expect(chooseSmallProfile(profiles)?.id).toBe(id);
  });
});
