// The live window and its low-latency playlist, without any file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveWindow } from '../src/hls/live-window.ts';
import { livePlaylist } from '../src/hls/playlist.ts';
import type { WrittenFragment } from '../src/segment/segment-record.ts';

interface Spec {
  readonly run?: string;
  readonly durationMs?: number;
  readonly startMs?: number;
  readonly key?: boolean;
  readonly path?: string;
  readonly lastOfGroup?: boolean;
}

/** Half a second, a keyframe every two. */
function written(index: number, { run = 'a', durationMs = 500, startMs = index * durationMs, key = index % 4 === 0, path = 'f.mp4', lastOfGroup = false }: Spec = {}): WrittenFragment {
  return { camera: 'c', run, root: '/disk', path, initBytes: 700, codecs: 'avc1', offset: 700 + index * 1000, length: 1000, startMs, endMs: startMs + durationMs, durationMs, key, ...(lastOfGroup && { lastOfGroup }) };
}

const never = new AbortController().signal;

describe('live window', () => {
  it('cuts segments at keyframes after a second and keeps the newest', () => {
    const window = new LiveWindow({ segments: 3 });
    for (let index = 0; index < 22; index += 1) window.add(written(index));
    expect(window.segments.map((segment) => [segment.sequence, segment.durationMs, segment.parts.length])).toEqual([[2, 2000, 4], [3, 2000, 4], [4, 2000, 4]]);
    expect(window.growing.parts).toHaveLength(2);
    expect(window.segment(1)).toBeUndefined();
    expect(window.part(5, 1)?.fragments[0]?.startMs).toBe(10_500);
    expect(window.part(5, 2)).toBeUndefined();
  });

  it('ends a group of pictures with its last fragment, where the engine says which one that is', () => {
    const window = new LiveWindow();
    for (const [index, durationMs] of [480, 480, 480, 480, 80].entries()) window.add(written(index, { durationMs, startMs: index * 480, key: index === 0, lastOfGroup: index === 4 }));
    expect(window.segments.map((segment) => [segment.durationMs, segment.parts.map((part) => part.durationMs)])).toEqual([[2000, [480, 480, 480, 480, 80]]]);
  });

  it('makes parts of short fragments, each but the last of a segment at least 85 % full', () => {
    const window = new LiveWindow();
    for (let index = 0; index < 21; index += 1) window.add(written(index, { durationMs: 100, startMs: index * 100, key: index % 20 === 0 }));
    expect(window.segments[0]?.parts.map((part) => [part.fragments.length, part.durationMs, part.key])).toEqual([[5, 500, true], [5, 500, false], [5, 500, false], [5, 500, false]]);
    expect(window.growing.parts).toEqual([]);
  });

  it('a camera with minutes between keyframes still gives segments', () => {
    const window = new LiveWindow();
    for (let index = 0; index < 40; index += 1) window.add(written(index, { key: index === 0 }));
    expect(window.segments.every((segment) => segment.durationMs <= 4_000)).toBe(true);
  });

  it('a new run gives a discontinuity and another init, and counts it when it leaves the window', () => {
    const window = new LiveWindow({ segments: 3 });
    for (let index = 0; index < 8; index += 1) window.add(written(index));
    window.add(written(8, { run: 'b', startMs: 9_000, key: false }));
    for (let index = 0; index < 9; index += 1) window.add(written(index, { run: 'b', startMs: 10_000 + index * 500, path: 'g.mp4' }));
    expect(window.segments.map((segment) => [segment.init, segment.discontinuity])).toEqual([[1, false], [2, true], [2, false]]);
    expect(livePlaylist(window)).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="i\/2.mp4"\n/);
    for (let index = 9; index < 22; index += 1) window.add(written(index, { run: 'b', startMs: 10_000 + index * 500, path: 'g.mp4' }));
    expect(window.discontinuitySequence).toBe(1);
    expect(window.init(1)).toBeUndefined();
  });

  it('waits for the first segment, for a part and for a segment, or until it is told to stop', async () => {
    const window = new LiveWindow();
    const ready = window.ready(never);
    const part = window.reached(1, 0, never);
    const segment = window.reached(1, undefined, never);
    let reached = '';
    void part.then(() => (reached += 'part '));
    void segment.then(() => (reached += 'segment'));
    for (let index = 0; index < 4; index += 1) window.add(written(index));
    expect(window.segments).toHaveLength(0);
    window.add(written(4));
    await ready;
    await part;
    expect(reached).toBe('part ');
    // Four parts make a segment: a fifth one is the first of the next segment.
    expect(window.has(0, 3)).toBe(true);
    expect(window.has(0, 4)).toBe(true);
    expect(window.has(1, 1)).toBe(false);
    for (let index = 5; index < 9; index += 1) window.add(written(index));
    await segment;
    await new LiveWindow().ready(AbortSignal.abort());
    const controller = new AbortController();
    const given = new LiveWindow().reached(0, 0, controller.signal);
    controller.abort();
    await given;
  });

  it('hands fragments on one by one; who begins, or has fallen out of the window, begins with the newest keyframe', async () => {
    const window = new LiveWindow({ segments: 2 });
    for (let index = 0; index < 6; index += 1) window.add(written(index));
    const first = await window.next(undefined, never);
    expect(first?.startMs).toBe(2_000);
    const second = await window.next(first, never);
    expect(second?.startMs).toBe(2_500);
    const third = window.next(second, never);
    window.add(written(6));
    expect((await third)?.startMs).toBe(3_000);
    for (let index = 7; index < 30; index += 1) window.add(written(index));
    expect((await window.next(first, never))?.startMs).toBe(14_000);
    expect(await new LiveWindow().next(undefined, AbortSignal.abort())).toBeUndefined();
  });
});

describe('low-latency playlist', () => {
  it('lists segments, the parts of the newest, and what comes next', () => {
    const window = new LiveWindow({ segments: 4 });
    for (let index = 0; index < 22; index += 1) window.add(written(index));
    const parts = (sequence: number): string[] => [0, 1, 2, 3].map((part) => `#EXT-X-PART:DURATION=0.50000,URI="p/${sequence}.${part}.m4s"${part === 0 ? ',INDEPENDENT=YES' : ''}`);
    expect(livePlaylist(window).split('\n')).toEqual([
      '#EXTM3U', '#EXT-X-VERSION:9', '#EXT-X-TARGETDURATION:2',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.50000,CAN-SKIP-UNTIL=12.00000', '#EXT-X-PART-INF:PART-TARGET=0.50000',
      '#EXT-X-MEDIA-SEQUENCE:1', '#EXT-X-DISCONTINUITY-SEQUENCE:0', '#EXT-X-MAP:URI="i/1.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:02.000Z', '#EXTINF:2.00000,', 's/1.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:04.000Z', ...parts(2), '#EXTINF:2.00000,', 's/2.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:06.000Z', ...parts(3), '#EXTINF:2.00000,', 's/3.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:08.000Z', ...parts(4), '#EXTINF:2.00000,', 's/4.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:10.000Z', ...parts(5).slice(0, 2),
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/5.2.m4s"', '',
    ]);
  });

  it('a delta update leaves out what is older than the skip boundary, and nothing else', () => {
    const window = new LiveWindow();
    for (let index = 0; index < 60; index += 1) window.add(written(index));
    const whole = livePlaylist(window).split('\n');
    const delta = livePlaylist(window, true).split('\n');
    const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta.join('\n'))?.[1]);
    expect(window.segments).toHaveLength(14);
    expect(skipped).toBe(9);
    const names = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('s/'));
    expect(names(delta)).toEqual(names(whole).slice(skipped));
    expect(delta.slice(delta.findIndex((line) => line.includes('PROGRAM-DATE-TIME')))).toEqual(whole.slice(whole.length - delta.length + delta.findIndex((line) => line.includes('PROGRAM-DATE-TIME'))));
    const young = new LiveWindow();
    for (let index = 0; index < 12; index += 1) young.add(written(index));
    expect(livePlaylist(young, true)).toBe(livePlaylist(young));
  });

  it('whatever a camera sends: no part and no segment is longer than announced, and what is announced never shrinks', () => {
    const fragments = fc.array(fc.record({ durationMs: fc.integer({ min: 40, max: 520 }), key: fc.boolean(), gapMs: fc.constantFrom(0, 0, 0, 0, 0, 0, 900), known: fc.boolean() }), { minLength: 1, maxLength: 120 });
    fc.assert(fc.property(fragments, (specs) => {
      const window = new LiveWindow({ segments: 6 });
      let startMs = 0;
      let [part, target] = [0, 0];
      specs.forEach(({ durationMs, key, gapMs, known }, index) => {
        startMs += gapMs;
        window.add(written(index, { durationMs, startMs, key, lastOfGroup: known && specs[index + 1]?.key === true }));
        startMs += durationMs;
        expect(window.partTargetMs).toBeGreaterThanOrEqual(part);
        expect(window.targetSeconds).toBeGreaterThanOrEqual(target);
        [part, target] = [window.partTargetMs, window.targetSeconds];
        for (const segment of window.segments) expect(Math.round(segment.durationMs / 1000)).toBeLessThanOrEqual(target);
        for (const { parts } of [...window.segments, window.growing]) for (const one of parts) expect(one.durationMs).toBeLessThanOrEqual(part + 1);
        expect(livePlaylist(window)).toContain(`PART-TARGET=${(part / 1000).toFixed(5)}`);
      });
    }), { seed: 5, numRuns: 200 });
  });
});
