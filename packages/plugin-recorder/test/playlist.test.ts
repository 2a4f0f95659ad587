// What a player may see: plans and playlists, without any file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragmentsBetween, planPlayback, type FootageFile } from '../src/hls/playback-plan.ts';
import { parseMediaName, playbackPlaylist, readDirectives } from '../src/hls/playlist.ts';

/** A file of half-second fragments with a keyframe every `group` fragments. */
function file(startMs: number, count: number, { run = 'a', group = 4 } = {}): FootageFile {
  const fragments = Array.from({ length: count }, (_, index) => ({ length: 1000 + index, durationTicks: 45_000, key: index % group === 0 }));
  return { run, root: '/disk', path: `camera/${startMs}-${run}.mp4`, startMs, endMs: startMs + count * 500, initBytes: 700, fragments };
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
    expect(inits).toEqual([{ number: 0, root: '/disk', path: 'camera/0-a.mp4', bytes: 700 }]);
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

describe('addresses under a lease', () => {
  it('mean a number or nothing', () => {
    expect(parseMediaName('s/12.m4s')).toEqual({ kind: 'segment', number: 12 });
    expect(parseMediaName('i/0.mp4')).toEqual({ kind: 'init', number: 0 });
    expect(parseMediaName('p/12.3.m4s')).toEqual({ kind: 'part', number: 12, index: 3 });
    expect(parseMediaName('t/1764000000000.mp4')).toEqual({ kind: 'still', atMs: 1_764_000_000_000 });
    expect(parseMediaName('stream.mp4')).toEqual({ kind: 'stream' });
    expect(parseMediaName('small.mp4')).toEqual({ kind: 'small' });
    for (const path of ['', 's/-1.m4s', 's/1.mp4', '../s/1.m4s', 's/1.m4s/..', 's/1e3.m4s', 's/99999999999.m4s', '/etc/passwd', 's/1.m4s?x', 'p/1.m4s', 'p/1.2.3.m4s', 'p/1.-2.m4s', 't/.mp4', 't/1e3.mp4', 'stream.mp4/x']) expect(parseMediaName(path), path).toBeUndefined();
  });

  it('and a player says what it waits for in whole numbers, or is not understood', () => {
    expect(readDirectives({})).toEqual({ skip: false });
    expect(readDirectives({ _HLS_msn: '7', _HLS_part: '2', _HLS_skip: 'YES', other: 'x' })).toEqual({ sequence: 7, part: 2, skip: true });
    for (const query of [{ _HLS_part: '2' }, { _HLS_msn: '-1' }, { _HLS_msn: '' }, { _HLS_msn: '1e9' }, { _HLS_msn: '1', _HLS_part: 'x' }, { _HLS_msn: '99999999999' }]) expect(readDirectives(query), JSON.stringify(query)).toBeUndefined();
  });
});
