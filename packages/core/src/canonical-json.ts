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
  const ordered = inOrder(value);
  const text = ordered === unorderable ? memberByMember(value) : (JSON.stringify(ordered) ?? 'null');
  // `JSON.stringify` writes a lone surrogate as an escape, and no other character as one that begins like it.
  if (text.includes('\\ud') && /(?<!\\)(?:\\\\)*\\ud/.test(text)) throw new TypeError('a string with a lone surrogate has no canonical form');
  return text;
}

/** Says that an object has keys which JavaScript puts into an order of its own, or takes for something else. */
const unorderable = Symbol('unorderable');
const [zero, nine] = [0x30, 0x39];
const isUnorderable = (key: string) => (key.charCodeAt(0) >= zero && key.charCodeAt(0) <= nine) || key === '__proto__';

/**
 * The value with the members of its objects in the order of RFC 8785 section 3.2.3, by UTF-16 code units; `JSON.stringify` keeps that
 * order and does the rest. What is in order already is not copied: the audit log does this for every entry.
 */
function inOrder(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const ordered = value.map(inOrder);
    return ordered.includes(unorderable) ? unorderable : ordered;
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  if (keys.some(isUnorderable)) return unorderable;
  let copy: Record<string, unknown> | undefined;
  if (keys.some((key, place) => place > 0 && keys[place - 1]! > key)) {
    keys.sort();
    copy = {};
  }
  for (const key of keys) {
    const member = record[key];
    const ordered = inOrder(member);
    if (ordered === unorderable) return unorderable;
    if (copy === undefined && ordered !== member) copy = { ...record };
    if (copy !== undefined) copy[key] = ordered;
  }
  return copy ?? record;
}

/** The same, for what no object of JavaScript can hold in the right order. */
function memberByMember(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(memberByMember).join(',')}]`;
  const record = value as Record<string, unknown>;
  const members = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${memberByMember(record[key])}`);
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
