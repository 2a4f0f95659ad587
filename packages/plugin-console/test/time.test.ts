import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { countdown, createFormats, shortHash, size } from '../web/i18n/format.ts';
import { createWords } from '../web/i18n/language.ts';
import { parseTypedDate, parseTypedTime } from '../web/i18n/typed-time.ts';
import { fromZone, offsetMs, startOfDay, zoneParts } from '../web/i18n/zone-time.ts';

const atMs = Date.UTC(2026, 10, 23, 6, 5, 12);

describe('the campus’s wall clock', () => {
  it('shows a moment in the campus’s zone, not in the browser’s', () => {
    expect(zoneParts(atMs, 'Asia/Shanghai')).toEqual({ date: '2026-11-23', time: '14:05:12' });
    expect(zoneParts(Date.UTC(2026, 10, 23, 16), 'Asia/Shanghai')).toEqual({ date: '2026-11-24', time: '00:00:00' });
  });

  it('reads back what it shows, in every zone and season', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom('Asia/Shanghai', 'Asia/Urumqi', 'Europe/London', 'America/St_Johns', 'UTC'), (seconds, zone) => {
        const { date, time } = zoneParts(seconds * 1000, zone);
        const back = fromZone(date, time, zone)!;
        // An hour that happens twice in autumn may give either of the two.
        expect(zoneParts(back, zone)).toEqual({ date, time });
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it('takes minutes without seconds, and nothing that is no time', () => {
    expect(fromZone('2026-11-23', '14:05', 'Asia/Shanghai')).toBe(Date.UTC(2026, 10, 23, 6, 5));
    expect(fromZone('2026-11-23', '', 'Asia/Shanghai')).toBeUndefined();
    expect(fromZone('', '14:05', 'Asia/Shanghai')).toBeUndefined();
    expect(fromZone('2026-13-45', '14:05', 'Asia/Shanghai')).toBeUndefined();
  });

  it('knows offsets and days', () => {
    expect(offsetMs(atMs, 'Asia/Shanghai')).toBe(8 * 3_600_000);
    expect(startOfDay(atMs, 'Asia/Shanghai')).toBe(Date.UTC(2026, 10, 22, 16));
  });
});

describe('formats', () => {
  const zh = createFormats('Asia/Shanghai', createWords('zh'));
  const en = createFormats('Asia/Shanghai', createWords('en'));

  it('write a range with the date once when the day is the same', () => {
    expect(zh.range({ fromMs: atMs, toMs: atMs + 600_000 })).toBe('2026-11-23 14:05:12 – 14:15:12');
    expect(zh.range({ fromMs: atMs, toMs: atMs + 86_400_000 })).toBe('2026-11-23 14:05:12 – 2026-11-24 14:05:12');
  });

  it.each([
    [0, '0 s', '0 秒'],
    [59_000, '59 s', '59 秒'],
    [65_000, '1 min 5 s', '1 分钟 5 秒'],
    [3_600_000, '1 h', '1 小时'],
    [90_061_000, '1 d 1 h', '1 天 1 小时'],
  ])('write %i ms as a length', (lengthMs, english, chinese) => {
    expect(en.length(lengthMs)).toBe(english);
    expect(zh.length(lengthMs)).toBe(chinese);
  });

  it('count down, never below zero', () => {
    expect(countdown(59_001)).toBe('1:00');
    expect(countdown(3_599_000)).toBe('59:59');
    expect(countdown(3_600_000)).toBe('1:00:00');
    expect(countdown(-5)).toBe('0:00');
  });

  it('write sizes and hashes short', () => {
    expect([size(0), size(999), size(1000), size(1_440_000), size(3.3e10)]).toEqual(['0 B', '999 B', '1.0 kB', '1.4 MB', '33.0 GB']);
    expect(shortHash('0123456789abcdef0123')).toBe('01234567…0123');
    expect(shortHash('abc')).toBe('abc');
  });
});

describe('typed times', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026/1/3', '2026-01-03'],
    ['20261123', '2026-11-23'],
    ['2026年1月3日', '2026-01-03'],
    ['2026-02-30', undefined],
    ['11-23', undefined],
    ['', undefined],
  ])('read the date %j', (text, date) => expect(parseTypedDate(text)).toBe(date));

  it.each([
    ['14:05:12', '14:05:12'],
    ['14:05', '14:05:00'],
    ['1405', '14:05:00'],
    ['140512', '14:05:12'],
    ['9', '09:00:00'],
    ['14：05', '14:05:00'],
    ['25:00', undefined],
    ['14:60', undefined],
    ['', undefined],
  ])('read the time %j', (text, time) => expect(parseTypedTime(text)).toBe(time));
});
