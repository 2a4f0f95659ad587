// RFC 8785, to check that bytes are the one canonical form of the value that they hold.
import { isWellFormed, sameBytes, textOf, utf8 } from './bytes.ts';

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** An object of JSON. */
export type JsonObject = { readonly [member: string]: Json };

const deepest = 64;

/** The canonical form (RFC 8785); `undefined` for what has none: lone surrogates, numbers that are not finite, more than 64 levels. */
export function canonicalJson(value: Json): string | undefined {
  try {
    return write(value, 0);
  } catch (error) {
    if (error instanceof NoCanonicalForm) return undefined;
    throw error;
  }
}

/** Reads canonical JSON; `undefined` unless the bytes are exactly the canonical form of the value. */
export function parseCanonicalJson(bytes: Uint8Array): { readonly value: Json; readonly text: string } | undefined {
  const text = textOf(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (value === undefined || text === undefined) return undefined;
  const canonical = canonicalJson(value);
  return canonical !== undefined && sameBytes(utf8(canonical), bytes) ? { value, text } : undefined;
}

/** Reads JSON; `undefined` where it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object, and no array. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class NoCanonicalForm extends Error {}

function write(value: Json, depth: number): string {
  if (depth > deepest) throw new NoCanonicalForm();
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) throw new NoCanonicalForm();
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NoCanonicalForm();
      // ECMAScript's form of a number, and -0 is 0.
      return JSON.stringify(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item: Json) => write(item, depth + 1)).join(',')}]`;
      const record = value as JsonObject;
      // `sort` orders by UTF-16 code units, as section 3.2.3 asks.
      const members = Object.keys(record).sort();
      return `{${members.map((name) => `${write(name, depth)}:${write(record[name]!, depth + 1)}`).join(',')}}`;
    }
    default:
      return JSON.stringify(value);
  }
}
