import { describe, expect, it } from 'vitest';
import { leafHash, rootOfLeaves, utf8, verifyConsistency, verifyInclusion, VerifyError } from '../src/index.ts';
import { naiveConsistency, naivePath, naiveRoot } from './naive-tree.ts';

const leaves = Array.from({ length: 70 }, (_, index) => leafHash(utf8(`leaf ${index}`)));
const roots = Array.from({ length: 71 }, (_, size) => naiveRoot(leaves.slice(0, size)));

/** A proof with one thing wrong, in every way. */
function* mutations(proof: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  const extra = leafHash(utf8('another'));
  yield [...proof, extra];
  yield [extra, ...proof];
  for (let place = 0; place < proof.length; place++) {
    yield proof.toSpliced(place, 1);
    yield proof.with(place, proof[place]!.with(place % 32, proof[place]![place % 32]! ^ 1));
    yield proof.with(place, proof[place]!.subarray(1));
    if (place > 0) yield proof.with(place, proof[place - 1]!).with(place - 1, proof[place]!);
  }
}

describe('the root of a tree', () => {
  it('is that of RFC 6962 at all sizes up to 70', () => {
    for (let size = 0; size <= 70; size++) expect(rootOfLeaves(leaves.slice(0, size))).toEqual(roots[size]);
  });
});

describe('consistency proofs', () => {
  it('hold between all sizes m <= n <= 70, and with one thing changed they do not', () => {
    for (let n = 1; n <= 70; n++) {
      for (let m = 1; m <= n; m++) {
        const proof = naiveConsistency(m, leaves.slice(0, n));
        const claim = { from: { size: m, root: roots[m]! }, to: { size: n, root: roots[n]! }, proof };
        verifyConsistency(claim);
        for (const mutated of mutations(proof)) expect(() => verifyConsistency({ ...claim, proof: mutated })).toThrow(VerifyError);
        expect(() => verifyConsistency({ ...claim, from: { size: m, root: roots[m - 1]! } })).toThrow(VerifyError);
        expect(() => verifyConsistency({ ...claim, to: { size: n, root: roots[n - 1]! } })).toThrow(VerifyError);
        if (n < 70) expect(() => verifyConsistency({ ...claim, from: { size: n + 1, root: roots[n + 1]! } })).toThrow(VerifyError);
      }
    }
  });

  it('from size 0 are refused, also to 0', () => {
    for (const size of [0, 1, 70]) expect(() => verifyConsistency({ from: { size: 0, root: roots[0]! }, to: { size, root: roots[size]! }, proof: [] })).toThrow(expect.objectContaining({ code: 'CONSISTENCY_FAILED' }));
  });

  it('with sizes that are none, or more than 63 hashes, are refused', () => {
    for (const size of [-1, 1.5, Number.NaN, 2 ** 53]) expect(() => verifyConsistency({ from: { size, root: roots[1]! }, to: { size: 70, root: roots[70]! }, proof: [] })).toThrow(VerifyError);
    expect(() => verifyConsistency({ from: { size: 1, root: roots[1]! }, to: { size: 70, root: roots[70]! }, proof: Array.from({ length: 64 }, () => roots[1]!) })).toThrow(VerifyError);
  });
});

describe('inclusion proofs', () => {
  it('hold for every leaf of every size up to 70, and with one thing changed they do not', () => {
    for (let size = 1; size <= 70; size++) {
      for (let index = 0; index < size; index++) {
        const proof = naivePath(index, leaves.slice(0, size));
        const claim = { index, size, leaf: leaves[index]!, root: roots[size]!, proof };
        verifyInclusion(claim);
        for (const mutated of mutations(proof)) expect(() => verifyInclusion({ ...claim, proof: mutated })).toThrow(VerifyError);
        expect(() => verifyInclusion({ ...claim, leaf: leaves[(index + 1) % 70]! })).toThrow(VerifyError);
        expect(() => verifyInclusion({ ...claim, index: size })).toThrow(VerifyError);
      }
    }
  });
});
