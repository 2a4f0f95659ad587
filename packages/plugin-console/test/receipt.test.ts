// What the page shows of a receipt; proving it is the verifier's work.
import { canonicalJson, formatTlogProof, receiptExtra } from '@wanglou/verify';
import { describe, expect, it } from 'vitest';
import { entryOfReceipt, receiptFileName } from '../web/receipts/receipt-content.ts';

const leaf = canonicalJson({ v: 1, kind: 'decision', atMs: 5, call: 'c1', principal: { kind: 'person', pseudonym: 'ab'.repeat(32) }, resource: { cameras: ['gate'] }, private: 'cd'.repeat(32) })!;
const text = (extra: Uint8Array) => formatTlogProof({ extra, index: 7, proof: [], checkpoint: 'o\n8\nr\n\n— o c2ln\n' });

describe('a receipt', () => {
  it('says what its entry says, with the private part where it was given out', () => {
    const disclosed = receiptExtra({ entry: leaf, salt: new Uint8Array(16), private: canonicalJson({ principal: { id: 'operator', session: 's' }, input: { reason: '看' }, destination: '派出所' })! });
    expect(entryOfReceipt({ text: text(disclosed) })).toEqual({ kind: 'decision', atMs: 5, call: 'c1', principal: { kind: 'person', id: 'operator', session: 's' }, resource: { cameras: ['gate'], destination: '派出所' }, input: { reason: '看' } });
  });

  it('of an erased person names the pseudonym alone', () => {
    expect(entryOfReceipt({ text: text(receiptExtra({ entry: leaf })) })?.principal).toEqual({ kind: 'person', id: 'abababababab' });
  });

  it('that is no receipt says nothing', () => {
    for (const wrong of ['', 'extra !!', 'extra bm8=\n']) expect(entryOfReceipt({ text: wrong })).toBeUndefined();
    expect(receiptFileName({ code: '7-AAAA-BBBB-CCCC-DDDD' })).toBe('receipt-7-AAAA-BBBB-CCCC-DDDD.tlog-proof');
  });
});
