// Which stream is asked for, how it is configured, and what people are told about it.
import type { StreamProfile } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { chooseProfile } from '../src/choose-profile.ts';
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
