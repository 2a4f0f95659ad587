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

  it('hashes equal values equally, whatever the order of their keys', () => {
    expect(sha256OfJson({ a: 1, b: 2 })).toBe(sha256OfJson({ b: 2, a: 1 }));
  });
});
