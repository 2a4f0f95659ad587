// What a player may see: plans and playlists, without any file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveWindow } from '../src/hls/live-window.ts';
import { fragmentsBetween, planPlayback, type FootageFile } from '../src/hls/playback-plan.ts';
import { livePlaylist, parseMediaName, playbackPlaylist } from '../src/hls/playlist.ts';
import type { WrittenFragment } from '../src/segment/segment-record.ts';

/** A file of half-second fragments with a keyframe every `group` fragments. */
function file(startMs: number, count: number, { run = 'a', group = 4 } = {}): FootageFile {
  const fragments = Array.from({ length: count }, (_, index) => ({ length: 1000 + index, durationTicks: 45_000, key: index % group === 0 }));
  return { run, path: `camera/${startMs}-${run}.mp4`, startMs, endMs: startMs + count * 500, initBytes: 700, fragments };
}

function written(index: number, { run = 'a', startMs = index * 500, key = index % 4 === 0, path = 'f.mp4' } = {}): WrittenFragment {
  return { camera: 'c', run, path, initBytes: 700, codecs: 'avc1', offset: 700 + index * 1000, length: 1000, startMs, endMs: startMs + 500, durationMs: 500, key };
}

describe('playback plan', () => {
  it('takes whole fragments inside the range, and back to the keyframe before it', () => {
    const chosen = fragmentsBetween([file(0, 40)], 5_200, 9_900);
    expect(chosen[0]).toMatchObject({ startMs: 4_000, key: true });
    expect(chosen.at(-1)?.endMs).toBe(9_500);
  });

  it('groups them into segments of about four seconds that begin at keyframes, with their exact bytes', () => {
    const { segments, inits } = planPlayback([file(0, 40)], 0, 20_000);
    expect(segments.map((segment) => [segment.startMs, segment.durationMs])).toEqual([[0, 4000], [4000, 4000], [8000, 4000], [12000, 4000], [16000, 4000]]);
    expect(segments[0]).toMatchObject({ offset: 700, length: 8 * 1000 + 28 });
    expect(segments[1]?.offset).toBe(700 + 8 * 1000 + 28);
    expect(inits).toEqual([{ number: 0, path: 'camera/0-a.mp4', bytes: 700 }]);
  });

  it('files of one run follow each other without a discontinuity; a gap gives one, a new run gives a new init too', () => {
    const plan = planPlayback([file(0, 8), file(4_000, 8), file(10_000, 8), file(20_000, 8, { run: 'b' })], 0, 30_000);
    expect(plan.segments.map((segment) => [segment.startMs, segment.discontinuity, segment.init])).toEqual([[0, false, 0], [4_000, false, 0], [10_000, true, 0], [20_000, true, 1]]);
    const playlist = playbackPlaylist(plan);
    expect(playlist.match(/#EXT-X-DISCONTINUITY$/gm)).toHaveLength(2);
    expect(playlist.match(/#EXT-X-MAP/g)).toHaveLength(2);
    expect(playlist).toContain('#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:10.000Z');
    expect(playlist.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });

  it('for any files and any range: nothing ends after it, nothing starts more than one group of pictures before it, every segment starts at a keyframe', () => {
    const files = fc.array(fc.record({ gapMs: fc.integer({ min: 0, max: 5_000 }), count: fc.integer({ min: 1, max: 30 }), group: fc.integer({ min: 1, max: 8 }), newRun: fc.boolean() }), { maxLength: 6 });
    fc.assert(fc.property(files, fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 60_000 }), (specs, fromMs, length) => {
      let startMs = 0;
      let run = 0;
      const made = specs.map((spec) => {
        startMs += spec.gapMs;
        run += spec.newRun ? 1 : 0;
        const one = file(startMs, spec.count, { run: `r${run}`, group: spec.group });
        startMs = one.endMs;
        return one;
      });
      const toMs = fromMs + length;
      const { segments, inits } = planPlayback(made, fromMs, toMs);
      let lastEnd = Number.NEGATIVE_INFINITY;
      segments.forEach((segment, index) => {
        expect(segment.number).toBe(index);
        expect(segment.endMs).toBeLessThanOrEqual(toMs);
        expect(segment.startMs).toBeGreaterThan(fromMs - 8 * 500);
        expect(segment.startMs).toBeGreaterThanOrEqual(lastEnd);
        lastEnd = segment.endMs;
        expect(inits[segment.init]).toBeDefined();
        const owner = made.find((one) => one.path === segment.path);
        expect(segment.offset + segment.length).toBeLessThanOrEqual((owner?.fragments ?? []).reduce((sum, fragment) => sum + fragment.length, owner?.initBytes ?? 0));
      });
    }), { seed: 7, numRuns: 300 });
  });
});

describe('live window', () => {
  it('cuts segments at keyframes after a second and keeps the newest', () => {
    const window = new LiveWindow({ targetMs: 1_000, longestMs: 4_000, segments: 3 });
    for (let index = 0; index < 22; index += 1) window.add(written(index));
    expect(window.segments.map((segment) => [segment.sequence, segment.durationMs, segment.parts.length])).toEqual([[2, 2000, 4], [3, 2000, 4], [4, 2000, 4]]);
    expect(window.growing).toHaveLength(2);
    expect(window.segment(1)).toBeUndefined();
    expect(livePlaylist(window)).toBe([
      '#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:2', '#EXT-X-MEDIA-SEQUENCE:2', '#EXT-X-DISCONTINUITY-SEQUENCE:0', '#EXT-X-MAP:URI="i/1.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:04.000Z', '#EXTINF:2.00000,', 's/2.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:06.000Z', '#EXTINF:2.00000,', 's/3.m4s',
      '#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:08.000Z', '#EXTINF:2.00000,', 's/4.m4s', '',
    ].join('\n'));
  });

  it('a camera with minutes between keyframes still gives segments', () => {
    const window = new LiveWindow();
    for (let index = 0; index < 40; index += 1) window.add(written(index, { key: index === 0 }));
    expect(window.segments.every((segment) => segment.durationMs <= 4_000)).toBe(true);
  });

  it('a new run gives a discontinuity and another init, and counts it when it leaves the window', () => {
    const window = new LiveWindow({ targetMs: 1_000, longestMs: 4_000, segments: 3 });
    for (let index = 0; index < 8; index += 1) window.add(written(index));
    window.add(written(8, { run: 'b', startMs: 9_000, key: false }));
    for (let index = 0; index < 9; index += 1) window.add(written(index, { run: 'b', startMs: 10_000 + index * 500, path: 'g.mp4' }));
    expect(window.segments.map((segment) => [segment.init, segment.discontinuity])).toEqual([[1, false], [2, true], [2, false]]);
    expect(livePlaylist(window)).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="i\/2.mp4"\n/);
    for (let index = 9; index < 22; index += 1) window.add(written(index, { run: 'b', startMs: 10_000 + index * 500, path: 'g.mp4' }));
    expect(window.discontinuitySequence).toBe(1);
    expect(window.init(1)).toBeUndefined();
  });

  it('waits for the first segment, or until it is told to stop', async () => {
    const window = new LiveWindow();
    const ready = window.ready(new AbortController().signal);
    for (let index = 0; index < 5; index += 1) window.add(written(index));
    await ready;
    await new LiveWindow().ready(AbortSignal.abort());
  });
});

describe('addresses under a lease', () => {
  it('mean a number or nothing', () => {
    expect(parseMediaName('s/12.m4s')).toEqual({ kind: 'segment', number: 12 });
    expect(parseMediaName('i/0.mp4')).toEqual({ kind: 'init', number: 0 });
    for (const path of ['', 's/-1.m4s', 's/1.mp4', '../s/1.m4s', 's/1.m4s/..', 's/1e3.m4s', 's/99999999999.m4s', '/etc/passwd', 's/1.m4s?x']) expect(parseMediaName(path), path).toBeUndefined();
  });
});
