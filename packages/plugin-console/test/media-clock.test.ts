import { describe, expect, it } from 'vitest';
import { toMediaTime, toWallClock } from '../web/player/media-clock.ts';

// Two seconds, a gap of eight, two seconds more.
const fragments = [
  { start: 0, duration: 1, programDateTime: 10_000 },
  { start: 1, duration: 1, programDateTime: 11_000 },
  { start: 2, duration: 1, programDateTime: 20_000 },
  { start: 3, duration: 1, programDateTime: 21_000 },
];

describe('the clock of playing footage', () => {
  it('jumps over a gap', () => {
    expect(toWallClock(fragments, 0.5)).toBe(10_500);
    expect(toWallClock(fragments, 1.999)).toBe(11_999);
    expect(toWallClock(fragments, 2)).toBe(20_000);
    expect(toWallClock(fragments, 3.5)).toBe(21_500);
  });

  it('finds the place of a moment; a moment in the gap gives the first picture after it', () => {
    expect(toMediaTime(fragments, 10_500)).toBe(0.5);
    expect(toMediaTime(fragments, 15_000)).toBe(2);
    expect(toMediaTime(fragments, 21_250)).toBe(3.25);
  });

  it('stays within the footage', () => {
    expect(toMediaTime(fragments, 0)).toBe(0);
    expect(toMediaTime(fragments, 99_000)).toBe(4);
  });

  it('knows nothing before the playlist says it', () => {
    expect(toWallClock([], 1)).toBeUndefined();
    expect(toMediaTime([{ start: 0, duration: 1, programDateTime: null }], 1)).toBeUndefined();
  });
});
