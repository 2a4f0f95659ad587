import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256OfJson } from '../src/index.ts';

const vectors = fileURLToPath(new URL('../../../../shared/vectors/jcs-rfc8785/testdata/', import.meta.url));
const hasVectors = existsSync(vectors);

describe.skipIf(!hasVectors)('canonicalJson on the vectors of RFC 8785 (left out where ../shared/vectors is absent)', () => {
  it.each(hasVectors ? readdirSync(`${vectors}input`) : [])('%s', (name) => {
    const input = JSON.parse(readFileSync(`${vectors}input/${name}`, 'utf8')) as unknown;
    expect(canonicalJson(input)).toBe(readFileSync(`${vectors}output/${name}`, 'utf8').trim());
  });
});

describe('canonicalJson', () => {
  it('sorts keys, leaves undefined out and adds no space', () => {
    expect(canonicalJson({ b: [1, 'é'], a: { d: undefined, c: null } })).toBe('{"a":{"c":null},"b":[1,"é"]}');
  });

  it('refuses what has no canonical form', () => {
    expect(() => canonicalJson({ n: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson('\ud800')).toThrow(TypeError);
  });

  it('keeps the order of keys that JavaScript would put elsewhere', () => {
    expect(canonicalJson({ b: { 9: 1, 10: 2, '': 0 }, a: JSON.parse('{"z":1,"__proto__":2,"a":{"y":1,"x":2}}') as unknown })).toBe('{"a":{"__proto__":2,"a":{"x":2,"y":1},"z":1},"b":{"":0,"10":2,"9":1}}');
    expect(canonicalJson([{ 2: 'x', 11: 'y' }])).toBe('[{"11":"y","2":"x"}]');
  });

  it('tells a lone surrogate from the letters of its escape', () => {
    expect(canonicalJson({ a: '\\ud800', b: '\\\\ud800', c: '\u{1f525}' })).toBe(JSON.stringify({ a: '\\ud800', b: '\\\\ud800', c: '\u{1f525}' }));
    expect(() => canonicalJson({ a: '\\\ud800' })).toThrow(TypeError);
    expect(() => canonicalJson({ '\ud800': 1 })).toThrow(TypeError);
  });

  it('hashes equal values equally, whatever the order of their keys', () => {
    expect(sha256OfJson({ a: 1, b: 2 })).toBe(sha256OfJson({ b: 2, a: 1 }));
  });
});
