import type { AccessRequest, Grant } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../web/i18n/format.ts';
import { createWords } from '../web/i18n/language.ts';
import { toCsv } from '../web/register/csv.ts';
import { cellsOf, filterRows, readFilters } from '../web/register/register-rows.ts';
import { unitsAsked } from '../web/requests/approval-path.tsx';
import { awaitedUnit, grantOf, grantState, judgement, waitingFirst, withUpdated } from '../web/requests/request-state.ts';

const request = (changes: Partial<AccessRequest>): AccessRequest => ({
  id: 'r',
  requester: 'operator',
  scope: { cameras: ['a'], range: { fromMs: 0, toMs: 1 }, actions: ['playback'], purpose: 'case' },
  reason: '',
  state: 'submitted',
  needs: ['section', 'office'],
  reviews: [],
  createdMs: 0,
  sha256: '',
  ...changes,
});
const approved = { reviewer: 'x', unit: 'section', verdict: 'approve', reason: '', atMs: 0 } as const;
const sectionHead = { id: 'section-head', unit: 'section' };

describe('a request in the inbox', () => {
  it('waits for its units in order', () => {
    expect(awaitedUnit(request({}))).toBe('section');
    expect(awaitedUnit(request({ reviews: [approved] }))).toBe('office');
    expect(awaitedUnit(request({ state: 'denied' }))).toBeUndefined();
  });

  it('is never for the one who asked, nor for a unit whose turn it is not', () => {
    expect(judgement(request({}), sectionHead)).toBe('mine');
    expect(judgement(request({ requester: 'section-head' }), sectionHead)).toBe('own');
    expect(judgement(request({ reviews: [approved] }), sectionHead)).toBe('other-unit');
    expect(judgement(request({ state: 'approved' }), sectionHead)).toBe('settled');
  });

  it('comes first when it is for me, the longest waiting before the others', () => {
    const list = [request({ id: 'old', state: 'denied', createdMs: 9 }), request({ id: 'late', createdMs: 5 }), request({ id: 'own', requester: 'section-head', createdMs: 1 }), request({ id: 'early', createdMs: 2 })];
    expect(waitingFirst(list, sectionHead).map(({ id }) => id)).toEqual(['early', 'late', 'own', 'old']);
  });

  it('is replaced when it changes and added when it is new', () => {
    expect(withUpdated([request({})], request({ state: 'denied' }))).toMatchObject([{ state: 'denied' }]);
    expect(withUpdated([request({})], request({ id: 'n' })).map(({ id }) => id)).toEqual(['n', 'r']);
  });

  it('says beforehand which units will judge', () => {
    expect(unitsAsked(['playback', 'copy'], { playback: ['section'], copy: ['section', 'office'] })).toEqual(['section', 'office']);
    expect(unitsAsked(['live'], {})).toEqual([]);
  });
});

describe('a grant', () => {
  const grant: Grant = { id: 'g', request: 'r', holder: 'operator', scope: request({}).scope, approvals: ['section'], startsMs: 10, endsMs: 20 };
  it('opens, ends, or is revoked', () => {
    expect([5, 10, 19, 20].map((atMs) => grantState(grant, atMs))).toEqual(['coming', 'open', 'open', 'ended']);
    expect(grantState({ ...grant, revokedMs: 12 }, 15)).toBe('revoked');
    expect(grantOf(request({}), [grant])).toBe(grant);
  });
});

describe('the register', () => {
  const row: RegisterRow = { seq: 7, atMs: Date.UTC(2026, 10, 23, 6, 5, 12), person: 'operator', personName: '监控员甲', operation: 'recording.export', action: 'copy', cameras: ['east-gate', 'gone'], fromMs: 0, toMs: 60_000, purpose: 'case', destination: '派出所', approvals: ['section', 'office'], effect: 'permit', articles: ['10', '11'], outcome: 'done' };
  const words = createWords('zh');
  const names = { words, formats: createFormats('Asia/Shanghai', words), purposes: { case: { zh: '案件侦办', en: 'Criminal case' } }, camera: (id: string) => ({ 'east-gate': '东门' })[id] ?? id, unit: (id: string) => ({ section: '治安科', office: '公安处' })[id] ?? id };

  it('says who, what, when, for what purpose and where it went', () => {
    expect(cellsOf(row, names)).toEqual({
      seq: '7', at: '2026-11-23 14:05:12', person: '监控员甲', action: '拷贝', cameras: '东门、gone', range: '1970-01-01 08:00:00 – 08:01:00',
      purpose: '案件侦办', destination: '派出所', approvals: '治安科、公安处', articles: '第10条、第11条', result: '已完成',
    });
  });

  it('keeps refusals, with empty cells for what there was not', () => {
    const { purpose: _, destination: __, outcome: ___, ...rest } = row;
    expect(cellsOf({ ...rest, effect: 'deny', approvals: [] }, names)).toMatchObject({ purpose: '', destination: '', approvals: '', result: '拒绝' });
  });

  it('filters by what the address says', () => {
    const filters = readFilters(new URLSearchParams('effect=deny&action=copy&person=operator&camera=a'));
    expect(filters).toEqual({ effect: 'deny', action: 'copy', person: 'operator', camera: 'a' });
    expect(filterRows([row, { ...row, effect: 'deny' }], filters)).toHaveLength(1);
    expect(readFilters(new URLSearchParams('effect=perhaps')).effect).toBe('');
  });

  it('becomes CSV that spreadsheets read as text and never run', () => {
    expect(toCsv(['a', 'b'], [['x,"y"', 'line\nbreak'], ['=1+1', '@cmd'], ['-2', '第10条']])).toBe('\uFEFFa,b\r\n"x,""y""","line\nbreak"\r\n\'=1+1,\'@cmd\r\n\'-2,第10条\r\n');
  });
});
