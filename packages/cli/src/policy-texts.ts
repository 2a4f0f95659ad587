// How requests and large numbers are written on the terminal.
import type { Action, Facts } from '@wanglou/core';

/** `live {actor.kind=person, actor.roles=[operator]}`; what it does not name is unknown. */
export function requestOf(action: Action, facts: Facts): string {
  const shown = Object.entries(facts).map(([path, value]) => `${path}=${Array.isArray(value) ? `[${value.join(' ')}]` : String(value)}`);
  return `${action} {${shown.join(', ')}}`;
}

/** `1,110,286`; of more than fifteen digits the power of ten. */
export function grouped(count: bigint): string {
  const digits = String(count);
  return digits.length <= 15 ? count.toLocaleString('en') : `${digits[0]}.${digits.slice(1, 3)} × 10^${digits.length - 1}`;
}
