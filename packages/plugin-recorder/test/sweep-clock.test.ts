// By which time footage is old: a clock that jumps, falls back, or never knew the date makes nothing old.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SweepClock } from '../src/retention/sweep-clock.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const noon = Date.UTC(2026, 10, 23, 12);
const clockAt = (seenMs: number): SweepClock => new SweepClock({ seenMs, highestMs: seenMs, wrongTimes: [] });

describe('the clock of the sweeper', () => {
  it('goes on with time, and stands while it is set ahead', () => {
    const clock = clockAt(noon);
    expect(clock.check(noon + hourMs, hourMs)).toBe('believed');
    expect(clock.check(noon + 40 * dayMs, 2 * hourMs)).toBe('ahead');
    expect(clock.state.seenMs).toBe(noon + hourMs);
    expect(clock.check(noon + 3 * hourMs, 3 * hourMs)).toBe('believed');
  });

  it.each([[23 * hourMs, 'believed'], [25 * hourMs, 'ahead'], [60 * dayMs, 'ahead']] as const)('after a restart %d ms later it is %s', (awayMs, verdict) => {
    expect(new SweepClock(clockAt(noon).state).check(noon + awayMs, 0)).toBe(verdict);
  });

  it('does not creep: many small steps ahead go no further than the time that has passed', () => {
    const clock = clockAt(noon);
    const tenMinutes = 600_000;
    // Each ten minutes it gains another nine.
    const verdicts = Array.from({ length: 20 }, (_, step) => clock.check(noon + step * (tenMinutes + 540_000), step * tenMinutes));
    expect(verdicts.indexOf('ahead')).toBe(7);
    expect(verdicts.lastIndexOf('believed')).toBe(6);
  });

  it('counts footage of a stay in the past from when it ended', () => {
    const clock = clockAt(noon);
    const battery = Date.UTC(2020, 0, 1);
    expect(clock.check(battery, 0)).toBe('believed');
    expect(clock.check(battery + hourMs, hourMs)).toBe('believed');
    // Nobody knows yet when it was recorded.
    expect(clock.recordedMs(battery + 30 * 60_000)).toBe(Number.MAX_SAFE_INTEGER);
    expect(clock.check(noon + 2 * hourMs, 2 * hourMs)).toBe('believed');
    expect(clock.recordedMs(battery + 30 * 60_000)).toBe(noon + 2 * hourMs);
    expect(clock.recordedMs(noon - dayMs)).toBe(noon - dayMs);
  });

  it('counts footage from the jump where a person says that the time was wrong before', () => {
    const clock = clockAt(0);
    expect(clock.check(hourMs, hourMs)).toBe('believed');
    expect(clock.check(noon, 2 * hourMs)).toBe('ahead');
    clock.confirm(noon, 2 * hourMs, 0);
    expect(clock.recordedMs(hourMs)).toBe(noon);
    expect(clock.check(noon + hourMs, 3 * hourMs)).toBe('believed');
    expect(clock.recordedMs(noon + 60_000)).toBe(noon + 60_000);
  });

  it('never makes footage older than it is, whatever the clock does', () => {
    const steps = fc.array(fc.record({ realMs: fc.integer({ min: 60_000, max: 2 * hourMs }), jumpMs: fc.oneof(fc.constant(0), fc.integer({ min: -3 * dayMs, max: 3 * dayMs }), fc.integer({ min: -3000 * dayMs, max: 3000 * dayMs })) }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(steps, (moves) => {
        let [realMs, shiftMs] = [noon, 0];
        const clock = clockAt(noon);
        const files: { recordedMs: number; bearsMs: number }[] = [];
        for (const { realMs: passMs, jumpMs } of moves) {
          realMs += passMs;
          // One file is written before the jump, and one after it.
          files.push({ recordedMs: realMs, bearsMs: realMs + shiftMs });
          shiftMs = jumpMs === 0 ? shiftMs : jumpMs;
          if (clock.check(realMs + shiftMs, realMs - noon) === 'ahead') continue;
          for (const file of files) {
            const ageMs = realMs + shiftMs - clock.recordedMs(file.bearsMs);
            // What a restart may hide, and a clock that is only a little behind: a day each.
            expect(ageMs).toBeLessThanOrEqual(realMs - file.recordedMs + 2 * dayMs);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
