import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as browser from '../src/browser.ts';
import { canonicalJson, formatTlogProof, parsePolicy, parseReceiptCode, parseTlogProof, policyOfKey, receiptCode, receiptExtra, verifyReceipt } from '../src/index.ts';
import { archive, bothPolicy, createTestLog, entriesOf, entryOf, logKey, office, startMs } from './test-log.ts';

const policy = parsePolicy(bothPolicy);
const salt = new Uint8Array(16).fill(7);
const privatePart = canonicalJson({ principal: { id: 'u-17' }, input: { reason: '寻人' } })!;
const entries = [...entriesOf(40), entryOf({ kind: 'decision', private: createHash('sha256').update(salt).update(privatePart).digest('hex') }), ...entriesOf(20)];
const log = createTestLog(entries);

describe('verifyReceipt', () => {
  it.each([0, 1, 39, 40, 60])('proves entry %i, in Node and in browsers', (index) => {
    for (const verify of [verifyReceipt, browser.verifyReceipt]) {
      expect(verify(log.receipt(index), policy)).toMatchObject({ ok: true, index, size: 61, origin: 'wanglou/test', cosigned: ['office', 'archive'], quorum: true, witnessedAtMs: startMs, entry: JSON.parse(entries[index]!), code: receiptCode(index, log.leaves[index]!) });
    }
  });

  it('shows the private part where it is disclosed and the entry names its hash', () => {
    expect(verifyReceipt(log.receipt(40, { salt, private: privatePart }), policy)).toMatchObject({ ok: true, private: { principal: { id: 'u-17' }, input: { reason: '寻人' } } });
    expect(verifyReceipt(log.receipt(40), policy).private).toBeUndefined();
    for (const disclosed of [{ salt, private: privatePart.replace('17', '18') }, { salt: salt.with(0, 8), private: privatePart }]) expect(verifyReceipt(log.receipt(40, disclosed), policy)).toMatchObject({ ok: false, problem: { code: 'RECEIPT_PRIVATE_MISMATCH' } });
    // An entry without a private part vouches for none.
    expect(verifyReceipt(log.receipt(39, { salt, private: privatePart }), policy)).toMatchObject({ ok: false, problem: { code: 'RECEIPT_PRIVATE_MISMATCH' } });
  });

  it('is not fooled by another entry, place, proof or checkpoint', () => {
    const { extra, proof, checkpoint } = parseTlogProof(log.receipt(5));
    const receipt = (parts: Partial<Parameters<typeof formatTlogProof>[0]>) => verifyReceipt(formatTlogProof({ extra: extra!, index: 5, proof, checkpoint, ...parts }), policy);
    expect(receipt({}).ok).toBe(true);
    for (const parts of [{ extra: receiptExtra({ entry: entries[6]! }) }, { index: 4 }, { index: 61 }, { proof: proof.slice(1) }, { proof: [...proof].reverse() }]) expect(receipt(parts)).toMatchObject({ ok: false, problem: { code: 'INCLUSION_FAILED' } });
    expect(receipt({ checkpoint: checkpoint.replace('\n61\n', '\n60\n') })).toMatchObject({ ok: false, problem: { code: 'NOTE_SIGNATURE_BAD' } });
    expect(receipt({ checkpoint: log.checkpoint(60) })).toMatchObject({ ok: false, problem: { code: 'INCLUSION_FAILED' } });
  });

  it('wants the quorum, and says who is missing', () => {
    expect(verifyReceipt(log.receipt(5, undefined, 61, [logKey, archive]), policy)).toMatchObject({ ok: false, quorum: false, cosigned: ['archive'], missing: ['office'], problem: { code: 'QUORUM_MISSING' } });
    expect(verifyReceipt(log.receipt(5, undefined, 61, [office, archive]), policy)).toMatchObject({ ok: false, problem: { code: 'NOTE_UNSIGNED' } });
    expect(verifyReceipt(log.receipt(5, undefined, 61, [logKey]), policyOfKey(logKey))).toMatchObject({ ok: true, witnessesAsked: false, cosigned: [] });
  });

  const good = log.receipt(5);
  it.each<readonly [string, string]>([
    ['nothing', ''],
    ['another header', good.replace('@v1', '@v2')],
    ['no extra line', good.replace(/extra .*\n/, '')],
    ['extra that is no base64', good.replace(/extra .*\n/, 'extra x\n')],
    ['extra that is no JSON', good.replace(/extra .*\n/, 'extra AAAA\n')],
    ['extra with more members', good.replace(/extra .*\n/, `extra ${Buffer.from('{"a":1,"entry":"{}"}').toString('base64')}\n`)],
    ['extra with a salt and nothing salted', good.replace(/extra .*\n/, `extra ${Buffer.from(`{"entry":${JSON.stringify(entries[5])},"salt":"AAAA"}`).toString('base64')}\n`)],
    ['no index', good.replace(/index .*\n/, '')],
    ['an index with a zero before it', good.replace('index 5', 'index 05')],
    ['a hash that is too short', good.replace(/\n\n/, '\nAAAA\n\n')],
    ['64 hashes', good.replace(/\n\n/, `\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n`)],
    ['no checkpoint', good.slice(0, good.indexOf('\n\n'))],
  ])('says that a receipt with %s is malformed', (_, receipt) => {
    expect(verifyReceipt(receipt, policy)).toMatchObject({ ok: false, problem: { code: 'RECEIPT_MALFORMED', text: { zh: expect.stringContaining('回执格式有误'), en: expect.stringContaining('malformed') } } });
  });

  it('writes what it reads', () => {
    expect(formatTlogProof(parseTlogProof(good))).toBe(good);
  });
});

describe('the code on paper', () => {
  it('is the index and 80 bits of the leaf hash in Crockford’s base32', () => {
    expect(receiptCode(73_894, new Uint8Array(32))).toBe('73894-0000-0000-0000-0000');
    expect(receiptCode(0, new Uint8Array(32).fill(0xff))).toBe('0-ZZZZ-ZZZZ-ZZZZ-ZZZZ');
    // 0x00..09 in five-bit groups.
    expect(receiptCode(1, Uint8Array.from({ length: 32 }, (_, index) => index))).toBe('1-000G-40R4-0M30-E209');
  });

  it('is read as people type it', () => {
    const code = receiptCode(1, Uint8Array.from({ length: 32 }, (_, index) => index));
    for (const typed of [code, '1-000g40r40m30e209', ' 1-OOOG-4OR4-OM3O-E2O9', '1-000g 40r4 0m30 e209']) expect(parseReceiptCode(typed)).toEqual({ index: 1, code });
    expect(parseReceiptCode('7-LIIl-0000-0000-0000').code).toBe('7-1111-0000-0000-0000');
    for (const wrong of ['', '1', '01-0000-0000-0000-0000', '1-0000-0000-0000-000', '1-0000-0000-0000-00000', '1-U000-0000-0000-0000', 'x-0000-0000-0000-0000', '9999999999999999-0000-0000-0000-0000']) expect(() => parseReceiptCode(wrong)).toThrow(expect.objectContaining({ code: 'RECEIPT_CODE_INVALID' }));
  });
});

describe('JSON that nests without end', () => {
  it('is refused and breaks nothing', () => {
    const deep = Buffer.from('['.repeat(1_000_000)).toString('base64');
    expect(verifyReceipt(log.receipt(5).replace(/extra .*\n/, `extra ${deep}\n`), policy)).toMatchObject({ ok: false, problem: { code: 'RECEIPT_MALFORMED' } });
    const closed = `{"entry":${'['.repeat(300_000)}${']'.repeat(300_000)}}`;
    expect(verifyReceipt(log.receipt(5).replace(/extra .*\n/, `extra ${Buffer.from(closed).toString('base64')}\n`), policy)).toMatchObject({ ok: false, problem: { code: 'RECEIPT_MALFORMED' } });
  });
});
