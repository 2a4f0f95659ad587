// Values on their way to PostgreSQL and back: the same ones as from SQLite.
import type { CustomTypesConfig } from 'pg';
import type { StoreValue } from '@wanglou/core';

/** A value in a message to the server. */
export type Parameter = string | Buffer | null;

/** Throws `RangeError` for a whole number that JavaScript cannot keep apart from its neighbours. */
export function toParameter(value: unknown): Parameter {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`the number ${value} is too large to be kept exactly`);
    return String(value);
  }
  throw new TypeError(`a column holds null, numbers, texts and bytes; got ${typeof value}`);
}

const integer = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the number ${text} is too large to be read exactly`);
  return value;
};
// Sums of large integers are numerics.
const numeric = (text: string): number => (/^-?\d+$/.test(text) ? integer(text) : Number(text));
const bytes = (text: string): Uint8Array => {
  const buffer = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
};
const text = (value: string): string => value;

/** By the numbers of `pg_type`: bool, bytea, int8, int2, int4, oid, float4, float8, numeric. Everything else stays text. */
const parsers = new Map<number, (text: string) => StoreValue>([
  [16, (value) => (value === 't' ? 1 : 0)],
  [17, bytes],
  ...[20, 21, 23, 26].map((oid) => [oid, integer] as const),
  ...[700, 701].map((oid) => [oid, Number] as const),
  [1700, numeric],
]);

/** How the columns of a result become values. */
export const storeTypes: CustomTypesConfig = { getTypeParser: ((oid: number) => parsers.get(oid) ?? text) as CustomTypesConfig['getTypeParser'] };
