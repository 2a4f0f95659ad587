// What the audit pages compute: filters of the address, folded lines, entries in words, the state of the chain.
import type { AuditEntry, AuditRecord } from '@wanglou/core';
import type { AuditStatus } from '@wanglou/plugin-audit/contract';
import { describe, expect, it } from 'vitest';
import { auditAddress, auditQueryOf, entryAddress, readAuditFilters, readEntry } from '../web/audit/audit-query.ts';
import { chainTone, isLate, rootStart, stretchOf, witnessesByNeed } from '../web/audit/chain-state.ts';
import type { LogCheck } from '../web/audit/check/log-check.ts';
import { factsOf, resultOf, rulesOf, whoOf } from '../web/audit/entry-words.ts';
import { foldRoutine } from '../web/audit/fold-routine.ts';
import { createWords } from '../web/i18n/language.ts';

const words = createWords('en');
const record = (seq: number, entry: Partial<AuditEntry> = {}, erased?: true): AuditRecord => ({ seq, hash: 'ab', entry: { kind: 'decision', atMs: seq, principal: { kind: 'person', id: 'operator' }, ...entry }, ...(erased && { erased }) });

describe('filters of the log', () => {
  it('are read from the address, and what cannot be read is left out', () => {
    const query = new URLSearchParams('person=%20operator%20&camera=library&operation=recording.live&action=live&kind=decision&effect=deny&case=2026-17&call=c1&from=5&to=9');
    expect(readAuditFilters(query)).toEqual({ person: 'operator', camera: 'library', operation: 'recording.live', action: 'live', kind: 'decision', effect: 'deny', caseNumber: '2026-17', call: 'c1', fromMs: 5, toMs: 9 });
    expect(readAuditFilters(new URLSearchParams('effect=maybe&from=yesterday&person=%20&to=-1'))).toEqual({});
    expect(readAuditFilters(new URLSearchParams(`person=${'x'.repeat(300)}`)).person).toHaveLength(128);
  });

  it('go into the address under its own names; only what changes is named', () => {
    expect(auditQueryOf({ caseNumber: '7', fromMs: 5, effect: undefined })).toEqual({ case: '7', from: '5', effect: undefined });
    expect(auditAddress({})).toBe('/audit');
    const filters = { person: 'a b', call: 'c/1', toMs: 9 };
    expect(readAuditFilters(new URLSearchParams(auditAddress(filters).split('?')[1]))).toEqual(filters);
  });

  it('stand beside the entry that is open', () => {
    expect(readEntry(new URLSearchParams(entryAddress(0).split('?')[1]))).toBe(0);
    expect(readEntry(new URLSearchParams('entry=x'))).toBeUndefined();
  });
});

describe('routine entries', () => {
  const beat = (seq: number) => record(seq, { kind: seq % 2 === 0 ? 'audit.heartbeat' : 'recording.sealed' });

  it('are one line where three or more come in a row', () => {
    const lines = foldRoutine([record(9), beat(8), beat(7), record(6), beat(5), beat(4), beat(3)], new Set());
    expect(lines.map((line) => (line.kind === 'record' ? line.record.seq : line.records.map(({ seq }) => seq)))).toEqual([9, 8, 7, 6, [5, 4, 3]]);
    expect(foldRoutine([], new Set())).toEqual([]);
  });

  it('are shown one by one when their line was opened', () => {
    expect(foldRoutine([beat(5), beat(4), beat(3)], new Set([5]))).toHaveLength(3);
  });
});

describe('an entry in words', () => {
  const nameOf = (id: string) => ({ operator: 'A. Operator', plain: 'plain' })[id];

  it('names who acted beside the id, where the reader may see names', () => {
    expect(whoOf(record(1), nameOf, words)).toEqual({ name: 'A. Operator', id: 'operator', erased: false });
    expect(whoOf(record(1), () => undefined, words)).toEqual({ name: 'operator', erased: false });
    expect(whoOf(record(1, { principal: { kind: 'person', id: 'plain' } }), nameOf, words)).toEqual({ name: 'plain', erased: false });
    expect(whoOf(record(1, { principal: { kind: 'plugin', id: 'audit' } }), nameOf, words)).toEqual({ name: 'plugin', id: 'audit', erased: false });
    expect(whoOf(record(1, { principal: { kind: 'anonymous', id: 'anonymous' } }), nameOf, words)).toEqual({ name: 'not signed in', erased: false });
  });

  it('says that a person was erased, and keeps the pseudonym that joins their entries', () => {
    expect(whoOf(record(1, { principal: { kind: 'person', id: 'erased-12ab' } }, true), nameOf, words)).toEqual({ name: 'erased', id: 'erased-12ab', erased: true });
  });

  it('says what for: from the input, the detail, the resource and the facts, in this order', () => {
    const decision = { effect: 'permit', permits: [], denials: [], articles: [], pack: 'p@1', packSha256: 'a', facts: { 'grant.purpose': 'case', 'grant.id': 'g1' } } as const;
    expect(factsOf(record(1, { input: { purpose: 'incident', reason: '' }, detail: { reason: 'late', caseNumber: '7' }, resource: { destination: 'police' }, decision }).entry)).toEqual({ purpose: 'incident', reason: 'late', caseNumber: '7', destination: 'police', grant: 'g1' });
    expect(factsOf(record(1, { decision }).entry)).toEqual({ purpose: 'case', grant: 'g1' });
    expect(factsOf(record(1, { input: 'text', detail: undefined }).entry)).toEqual({});
  });

  it('cites what refused, or else what permitted, with the words of the pack that is in force and of no other', () => {
    const text = { zh: '规则', en: 'A rule' };
    const pack = { sha256: 'a', rules: [{ id: 'p10', article: '10', text }, { id: 'd10', article: '10', text }] };
    const decision = { effect: 'permit', permits: ['p10', 'gone'], denials: [], articles: ['10'], pack: 'p@1', packSha256: 'a', facts: {} } as const;
    expect(rulesOf(decision, pack)).toEqual([{ id: 'p10', effect: 'permit', article: '10', text }, { id: 'gone', effect: 'permit' }]);
    expect(rulesOf({ ...decision, packSha256: 'b' }, pack)).toEqual([{ id: 'p10', effect: 'permit' }, { id: 'gone', effect: 'permit' }]);
    expect(rulesOf({ ...decision, effect: 'deny', denials: [{ rule: 'd10', article: '10(2)' }] }, undefined)).toEqual([{ id: 'd10', effect: 'deny', article: '10(2)' }]);
  });

  it('says how it came out', () => {
    const decided = (effect: 'permit' | 'deny') => record(1, { decision: { effect, permits: [], denials: [], articles: [], pack: '', packSha256: '', facts: {} } }).entry;
    expect([decided('permit'), decided('deny')].map((entry) => resultOf(entry, words))).toEqual(['Permitted', 'Refused']);
    expect(resultOf(record(1, { kind: 'lease', outcome: 'revoked' }).entry, words)).toBe('revoked');
    expect(resultOf(record(1, { kind: 'outcome', outcome: 'done' }).entry, words)).toBe('Done');
    expect(resultOf(record(1, { kind: 'outcome', outcome: 'odd' }).entry, words)).toBe('odd');
    expect(resultOf(record(1, { kind: 'audit.heartbeat' }).entry, words)).toBe('');
  });
});

describe('the chain', () => {
  const checkpoint = { size: 9, root: 'r', atMs: 0, note: '', cosigned: [], isWitnessed: true };
  const status: AuditStatus = { origin: 'o', vkey: 'v', size: 9, checkpoint, lagMs: 0, witnesses: [{ name: 'a', size: 9, atMs: 0 }], hasQuorum: true, minimumIndex: 0, gaps: [] };
  const check: LogCheck = { where: 'browser', state: 'good', size: 9, atMs: 0, cosigned: [] };
  const problem = { zh: '无法连接', en: 'unreachable' };

  it('is good only when somebody has checked it here', () => {
    expect(chainTone(undefined, undefined)).toBe('plain');
    expect(chainTone(status, undefined)).toBe('plain');
    expect(chainTone(status, check)).toBe('good');
  });

  it('waits while witnesses lag, one of them has a problem, leases are not accounted for, or no stamp comes', () => {
    expect(chainTone({ ...status, lagMs: 60_000 }, check)).toBe('waiting');
    expect(chainTone({ ...status, lagMs: 59_999 }, check)).toBe('good');
    expect(chainTone({ ...status, hasQuorum: false, lagMs: 60_000 }, check)).toBe('good');
    expect(chainTone({ ...status, witnesses: [{ name: 'a', problem }] }, check)).toBe('waiting');
    expect(chainTone({ ...status, stampProblem: problem }, check)).toBe('waiting');
    expect(chainTone({ ...status, reconciled: { fromMs: 0, toMs: 1, served: 1, unmatched: [{ lease: 'l', person: 'p', firstMs: 0, reason: 'unknown' }] } }, undefined)).toBe('waiting');
    expect(chainTone(status, { ...check, state: 'unwitnessed' })).toBe('waiting');
    expect(isLate(status)).toBe(false);
  });

  it('is broken whatever the witnesses say', () => {
    expect(chainTone({ ...status, lagMs: 99_000 }, { ...check, state: 'broken' })).toBe('broken');
    expect(chainTone(undefined, { ...check, state: 'broken' })).toBe('broken');
  });

  it('names witnesses in need first, and shows the beginning of a root', () => {
    expect(witnessesByNeed([{ name: 'a' }, { name: 'b', problem }]).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(rootStart('n9jQ2kq0vXc1mE5pR7sT8')).toBe('n9jQ2kq0vXc1mE5p');
  });

  it('draws gaps where they were in the last 24 hours, and short ones wide enough to be seen', () => {
    const nowMs = 100 * 86_400_000;
    const minute = 60_000;
    expect(stretchOf({ fromMs: nowMs - 60 * minute, toMs: nowMs - 30 * minute }, nowMs)).toEqual({ from: 1380, length: 30 });
    expect(stretchOf({ fromMs: nowMs - 60 * minute, toMs: nowMs - 59 * minute }, nowMs)).toEqual({ from: 1380, length: 4 });
    expect(stretchOf({ fromMs: 0, toMs: nowMs - 1430 * minute }, nowMs)).toEqual({ from: 0, length: 10 });
    expect(stretchOf({ fromMs: 0, toMs: 1 }, nowMs)).toBeUndefined();
  });
});
