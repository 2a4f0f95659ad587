// The device's clock, as GetSystemDateAndTime tells it.
import { nodeAt, numberAt, textAt } from '../soap/xml-node.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/**
 * Reads UTC epoch milliseconds from a `GetSystemDateAndTimeResponse`.
 * `undefined` when the device gives no UTC time or an impossible one; its local time is of no use without knowing the zone's rules.
 */
export function readDeviceTime(response: XmlNode): number | undefined {
  const utc = nodeAt(response, 'SystemDateAndTime', 'UTCDateTime');
  const number = (...path: string[]): number => numberAt(utc, ...path) ?? Number.NaN;
  const [year, month, day] = [number('Date', 'Year'), number('Date', 'Month'), number('Date', 'Day')];
  const [hour, minute, second] = [number('Time', 'Hour'), number('Time', 'Minute'), number('Time', 'Second')];
  // 24:00:00 and second 60 are seen in the field; Date.UTC carries them over.
  const plausible = year >= 1970 && year < 10_000 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 60 && second <= 60;
  if (!plausible) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `NTP` or `Manual`, as told. */
export function readTimeSource(response: XmlNode): string | undefined {
  return textAt(response, 'SystemDateAndTime', 'DateTimeType');
}
