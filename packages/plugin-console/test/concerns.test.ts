import type { RecordingHealth, RecordingStatus } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../web/i18n/format.ts';
import { createWords } from '../web/i18n/language.ts';
import { blindnessOf, concernsOf, figuresOf } from '../web/wall/concerns.ts';

const text = (words: string) => ({ zh: words, en: words });
const recording: RecordingStatus = { camera: 'gate', state: 'recording', warnings: [{ code: 'KEYFRAMES_RARE', text: text('of the recording') }, { code: 'AUDIO_UNSUPPORTED', text: text('sound') }] };
const health: RecordingHealth = { camera: 'gate', problems: [{ code: 'PICTURE_BLACK', text: text('black'), sinceMs: 1 }, { code: 'KEYFRAMES_RARE', text: text('of the health'), sinceMs: 1 }] };

describe('concernsOf', () => {
  it('tells each concern once, whoever tells it', () => {
    expect(concernsOf(recording, health).map(({ code, text: { en } }) => [code, en])).toEqual([['PICTURE_BLACK', 'black'], ['KEYFRAMES_RARE', 'of the health'], ['AUDIO_UNSUPPORTED', 'sound']]);
  });

  it('has nothing to tell of a camera that is well, not recorded, or not known', () => {
    expect(concernsOf({ camera: 'gate', state: 'recording' }, { camera: 'gate', problems: [] })).toEqual([]);
    expect(concernsOf({ ...recording, state: 'error' }, health)).toEqual([]);
    expect(concernsOf(undefined, health)).toEqual([]);
  });

  it('tells of a picture that cannot be decoded, of one that nobody wanted to be looked at not, and of ffmpeg once for all', () => {
    const because = (code: string): RecordingHealth => ({ camera: 'gate', problems: [], snapshotProblem: { code, text: text(code) } });
    const concerns = ['SNAPSHOT_FAILED', 'SNAPSHOTS_OFF', 'SNAPSHOTS_NEED_FFMPEG'].flatMap((code) => concernsOf({ camera: 'gate', state: 'recording' }, because(code)));
    expect(concerns.map(({ code }) => code)).toEqual(['SNAPSHOT_FAILED']);
    const all = (code: string) => new Map(['gate', 'library'].map((camera) => [camera, because(code)]));
    expect([blindnessOf(all('SNAPSHOTS_OFF')), blindnessOf(all('SNAPSHOTS_NEED_FFMPEG'))]).toEqual([undefined, text('SNAPSHOTS_NEED_FFMPEG')]);
  });
});

describe('figuresOf', () => {
  const lines = (language: 'zh' | 'en', of: RecordingHealth) => figuresOf(of, createWords(language), createFormats('Asia/Shanghai', createWords(language))).split('\n');

  it('says what is known', () => {
    const known: RecordingHealth = {
      camera: 'gate', kbps: 3000, fps: 24.9, keyframeIntervalMs: 2000, clock: { offsetMs: -9_040, driftMsPerDay: 4_320 }, snapshotMs: 1_790_000_000_000, problems: [],
      lastGap: { camera: 'gate', fromMs: 1_790_000_000_000, toMs: 1_790_000_060_000, cause: 'network', detail: '' },
    };
    expect(lines('zh', known)).toEqual(['码率 3000 kbit/s', '帧率 24.9 帧/秒', '关键帧间隔 2.0 秒', '摄像机时钟偏差 -9.0 秒', '时钟漂移 4.3 秒/天', '最近缺口 2026-09-21 22:13:20 – 2026-09-21 22:14:20', '画面分析于 2026-09-21 22:13:20']);
    expect(lines('en', { camera: 'gate', problems: [], clock: { offsetMs: -20 }, lastGap: { camera: 'gate', fromMs: 1_790_000_000_000, cause: 'network', detail: '' } })).toEqual(['Clock offset 0.0 s', 'Last gap 2026-09-21 22:13:20 – now']);
    expect(lines('en', health)).toEqual(['']);
  });
});
