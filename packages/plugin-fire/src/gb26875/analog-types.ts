// Analogue quantities (table 6 of the standard): a signed number of two bytes, times the step of its quantity.
import type { Name } from './commands.ts';

/** A quantity. */
export interface AnalogType extends Name {
  readonly unit: string;
  /** The value is the number on the wire divided by this: a division gives 13.1 where the product 131 × 0.1 does not. */
  readonly divisor: 1 | 10 | 100;
  /** Range that the standard gives for the value. Others are decoded as well. */
  readonly minimum: number;
  readonly maximum: number;
}

const quantity = (zh: string, en: string, unit: string, divisor: 1 | 10 | 100, maximum: number, minimum = 0): AnalogType => ({ zh, en, unit, divisor, minimum, maximum });

/** The quantities by their code. 0 is unused, 13 to 127 are reserved, 128 to 255 are the user's. The standard prints the unit of counts as 件. */
export const analogTypes: ReadonlyMap<number, AnalogType> = new Map([
  [1, quantity('事件计数', 'event count', '次', 1, 32_000)],
  [2, quantity('高度', 'height', 'm', 100, 320)],
  [3, quantity('温度', 'temperature', '℃', 10, 3200, -273)],
  [4, quantity('压力', 'pressure', 'MPa', 10, 3200)],
  [5, quantity('压力', 'pressure', 'kPa', 10, 3200)],
  [6, quantity('气体浓度', 'gas concentration', '%LEL', 10, 100)],
  [7, quantity('时间', 'time', 's', 1, 32_000)],
  [8, quantity('电压', 'voltage', 'V', 10, 3200)],
  [9, quantity('电流', 'current', 'A', 10, 3200)],
  [10, quantity('流量', 'flow', 'L/s', 10, 3200)],
  [11, quantity('风量', 'air flow', 'm³/min', 10, 3200)],
  [12, quantity('风速', 'air speed', 'm/s', 1, 20)],
]);

/** A measured value. */
export interface AnalogValue {
  readonly analogType: number;
  /** The number on the wire, -32768 to 32767. */
  readonly raw: number;
  /** In `unit`; `null` where the quantity is unknown, and with it the step. */
  readonly value: number | null;
  readonly unit: string | null;
  /** For display, such as `13.1 ℃`; the bare number where the quantity is unknown. */
  readonly text: string;
}

/** The engineering value of a number on the wire. */
export function analogValue(analogType: number, raw: number): AnalogValue {
  const quantity = analogTypes.get(analogType);
  if (quantity === undefined) return { analogType, raw, value: null, unit: null, text: String(raw) };
  const value = raw / quantity.divisor;
  return { analogType, raw, value, unit: quantity.unit, text: `${value} ${quantity.unit}` };
}

/** The same from its two bytes, low byte first; missing bytes are 0. */
export function decodeAnalog(bytes: Uint8Array, analogType = 0): AnalogValue {
  return analogValue(analogType, readSigned(bytes, 0));
}

/** A signed number of two bytes, low byte first. */
export function readSigned(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) << 16) >> 16;
}
