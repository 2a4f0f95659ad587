import type { Gap } from '@wanglou/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pan, recordedMs, reveal, standingAt, ticks, toMoment, toPixel, toRows, toStretch, windowAround, windowLimits, zoom } from '../web/timeline/timeline-math.ts';

const window = { fromMs: 0, toMs: 3_600_000 };
const gap = (fromMs: number, toMs?: number): Gap => ({ camera: 'a', fromMs, ...(toMs !== undefined && { toMs }), cause: 'network', detail: '' });

describe('the timeline', () => {
  it('turns moments into pixels and back', () => {
    expect(toPixel(1_800_000, window, 1000)).toBe(500);
    expect(toMoment(500, window, 1000)).toBe(1_800_000);
  });

  it('shows the visible part of a range, one pixel at least, and nothing of what lies outside', () => {
    expect(toStretch({ fromMs: -100, toMs: 1_800_000 }, window, 1000)).toEqual({ left: 0, width: 500 });
    expect(toStretch({ fromMs: 10, toMs: 11 }, window, 1000)?.width).toBe(1);
    expect(toStretch({ fromMs: 3_600_000, toMs: 4_000_000 }, window, 1000)).toBeUndefined();
    expect(toStretch({ fromMs: -10, toMs: 0 }, window, 1000)).toBeUndefined();
  });

  it('keeps the moment under the pointer when it zooms, within its limits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0.5, 0.8, 1.25, 2), fc.integer({ min: 60_000, max: 86_400_000 }), (pixel, factor, lengthMs) => {
        const before = { fromMs: 1_700_000_000_000, toMs: 1_700_000_000_000 + lengthMs };
        const after = zoom(before, factor, pixel, 1000);
        expect(Math.abs(toMoment(pixel, after, 1000) - toMoment(pixel, before, 1000))).toBeLessThanOrEqual(lengthMs / 1000 + 2);
        expect(after.toMs - after.fromMs).toBeGreaterThanOrEqual(windowLimits.shortestMs);
        expect(after.toMs - after.fromMs).toBeLessThanOrEqual(windowLimits.longestMs);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('moves with the pointer', () => {
    expect(pan(window, 100, 1000)).toEqual({ fromMs: -360_000, toMs: 3_240_000 });
  });

  it('reveals a moment with some air and no more movement than needed', () => {
    expect(reveal(window, 1_800_000)).toBe(window);
    expect(reveal(window, 3_600_000)).toEqual({ fromMs: 180_000, toMs: 3_780_000 });
    expect(reveal(window, 0)).toEqual({ fromMs: -180_000, toMs: 3_420_000 });
    expect(windowAround(1_800_000, 3_600_000)).toEqual(window);
  });

  it('puts labels on round times of the campus’s zone, far enough apart', () => {
    const zoneOffsetMs = 8 * 3_600_000;
    for (const lengthMs of [60_000, 600_000, 3_600_000, 21_600_000, 86_400_000]) {
      const shown = { fromMs: 1_763_000_123_000, toMs: 1_763_000_123_000 + lengthMs };
      const all = ticks(shown, 1200, zoneOffsetMs);
      const major = all.filter((tick) => tick.major);
      expect(major.length).toBeGreaterThan(2);
      expect(all.length).toBeLessThanOrEqual(151);
      const stepMs = major[1]!.atMs - major[0]!.atMs;
      expect((stepMs / lengthMs) * 1200).toBeGreaterThanOrEqual(84);
      for (const { atMs } of major) expect((atMs + zoneOffsetMs) % stepMs).toBe(0);
    }
  });

  it('says what is at a moment; an open gap lasts until now', () => {
    const footage = { recorded: [{ fromMs: 0, toMs: 100 }], deleted: [{ fromMs: 600, toMs: 700 }] };
    expect(standingAt(50, { ...footage, gaps: [] }, 1000).kind).toBe('recorded');
    expect(standingAt(150, { ...footage, gaps: [gap(100, 200)] }, 1000)).toMatchObject({ kind: 'gap', gap: { cause: 'network' } });
    expect(standingAt(500, { ...footage, gaps: [gap(400)] }, 1000).kind).toBe('gap');
    expect(standingAt(650, { ...footage, gaps: [] }, 1000).kind).toBe('deleted');
    expect(standingAt(1500, { ...footage, gaps: [gap(400)] }, 1000).kind).toBe('nothing');
  });

  it('adds up what is recorded of a range', () => {
    expect(recordedMs({ fromMs: 50, toMs: 250 }, [{ fromMs: 0, toMs: 100 }, { fromMs: 200, toMs: 300 }])).toBe(100);
  });

  it('lists stretches and gaps by time, for the table', () => {
    expect(toRows({ recorded: [{ fromMs: 200, toMs: 300 }, { fromMs: 0, toMs: 100 }], gaps: [gap(100, 200), gap(300)], deleted: [{ fromMs: -50, toMs: 0 }] }).map((row) => [row.kind, row.fromMs, row.toMs])).toEqual([
      ['deleted', -50, 0],
      ['recorded', 0, 100],
      ['gap', 100, 200],
      ['recorded', 200, 300],
      ['gap', 300, undefined],
    ]);
  });
});
