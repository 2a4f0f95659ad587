// How times, ranges and lengths are written: 24 h to the second, dates as 2026-11-23, in the campus's zone.
import type { TimeRange } from '@wanglou/core';
import type { Words } from './language.ts';
import { zoneParts } from './zone-time.ts';

/** Writes times of one campus. */
export interface Formats {
  readonly timeZone: string;
  /** `2026-11-23` */
  date(atMs: number): string;
  /** `14:05:12` */
  time(atMs: number): string;
  /** `2026-11-23 14:05:12` */
  moment(atMs: number): string;
  /** `2026-11-23 14:05:12 – 14:15:12`; the second date only when it differs. */
  range(range: TimeRange): string;
  /** `1 h 5 min`, at most two units. */
  length(lengthMs: number): string;
}

/** Formats of a zone in the words of a language. */
export function createFormats(timeZone: string, words: Words): Formats {
  const date = (atMs: number) => zoneParts(atMs, timeZone).date;
  const time = (atMs: number) => zoneParts(atMs, timeZone).time;
  const moment = (atMs: number) => `${date(atMs)} ${time(atMs)}`;
  return {
    timeZone,
    date,
    time,
    moment,
    range: ({ fromMs, toMs }) => `${moment(fromMs)} – ${date(fromMs) === date(toMs) ? time(toMs) : moment(toMs)}`,
    length: (lengthMs) => lengthOf(lengthMs, words),
  };
}

/** `4:59`, `1:00:00`: what is left of a lease or grant. Never below zero. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** `1.4 MB`: sizes in the decimal units that disks are sold in. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** First characters of a hash, enough to compare by eye. */
export function shortHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-4)}` : hash;
}

function lengthOf(lengthMs: number, words: Words): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1000));
  const units = [
    [86_400, words.t('unit.days')],
    [3600, words.t('unit.hours')],
    [60, words.t('unit.minutes')],
    [1, words.t('unit.seconds')],
  ] as const;
  const start = units.findIndex(([size]) => seconds >= size);
  if (start === -1) return `0 ${words.t('unit.seconds')}`;
  let left = seconds;
  const parts: string[] = [];
  for (const [unitSeconds, name] of units.slice(start, start + 2)) {
    const count = Math.floor(left / unitSeconds);
    left -= count * unitSeconds;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(' ');
}
