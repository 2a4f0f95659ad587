// One byte form for one value: the JSON Canonicalization Scheme, RFC 8785.
import { createHash } from 'node:crypto';

/**
 * Canonical JSON (RFC 8785): keys sorted by UTF-16 code units, ECMAScript number and string forms, no white space.
 * `undefined` properties are left out, as `JSON.stringify` does. Throws a `TypeError` for numbers that JSON cannot hold
 * and for lone surrogates, which have no UTF-8 form.
 *
 * @example
 * canonicalJson({ b: 1, a: [true, 'x'] }) // '{"a":[true,"x"],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a string with a lone surrogate has no canonical form');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Record<string, unknown>;
  const members = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    // The default order of `sort` is by UTF-16 code units, which is what RFC 8785 section 3.2.3 asks.
    .sort()
    .map((key) => `${canonicalJson(key)}:${canonicalJson(record[key])}`);
  return `{${members.join(',')}}`;
}

/** Where a value holds a string that has no UTF-8 form (a lone surrogate, RFC 8259 section 8.2); `undefined` when all is well. */
export function illFormedPath(value: unknown, path = '(root)'): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return path;
    const found = illFormedPath(member, path === '(root)' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** SHA-256 of a value's canonical JSON, in hex. */
export function sha256OfJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
