// Time tags: second, minute, hour, day, month and year - 2000, a byte each and without a zone (figure 17 of the standard).
import { FireCodecError } from './codec-error.ts';

/** Bytes of a time tag. */
export const timeTagBytes = 6;

/** How a device writes the numbers: as the standard says, or as two decimal digits a byte. */
export type TimeCoding = 'binary' | 'bcd';

const pattern = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;

/** The local date and time as `YYYY-MM-DDThh:mm:ss`; `null` where the six bytes are no moment, as happens in the field (all zero, month 0, the other coding). */
export function readTimeTag(bytes: Uint8Array, at: number, coding: TimeCoding): string | null {
  const second = part(bytes[at] ?? 0, coding);
  const minute = part(bytes[at + 1] ?? 0, coding);
  const hour = part(bytes[at + 2] ?? 0, coding);
  const day = part(bytes[at + 3] ?? 0, coding);
  const month = part(bytes[at + 4] ?? 0, coding);
  const year = part(bytes[at + 5] ?? 0, coding);
  if (!isMoment(year, month, day, hour, minute, second)) return null;
  return `20${twoDigits(year)}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}`;
}

/** The six bytes of a local date and time. @throws FireCodecError `FIRE_TIME_INVALID` */
export function writeTimeTag(field: string, time: string, coding: TimeCoding): readonly number[] {
  const parts = pattern.exec(time)?.slice(1).map(Number);
  if (parts === undefined || !isMoment(...(parts as [number, number, number, number, number, number]))) throw new FireCodecError('FIRE_TIME_INVALID', { field, value: time });
  return parts.reverse().map((value) => (coding === 'bcd' ? Math.floor(value / 10) * 16 + (value % 10) : value));
}

/** The number in a byte; 255 when its digits are not decimal. */
function part(byte: number, coding: TimeCoding): number {
  if (coding === 'binary') return byte;
  const low = byte & 15;
  const high = byte >> 4;
  return low > 9 || high > 9 ? 255 : high * 10 + low;
}

function isMoment(year: number, month: number, day: number, hour: number, minute: number, second: number): boolean {
  if (year > 99 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  return day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  // Every fourth year from 2000 to 2099 is a leap year.
  if (month === 2) return year % 4 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
