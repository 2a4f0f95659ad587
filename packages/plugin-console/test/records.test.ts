import type { AccessRequest, Person } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../web/i18n/format.ts';
import { createWords } from '../web/i18n/language.ts';
import { judgeOf, laneOf, lenderOf, readLane, recentOf } from '../web/inbox/lanes.ts';
import { registerFileName } from '../web/register/download.ts';
import { cellsOf, readFilters } from '../web/register/register-rows.ts';
import { stepsAsked } from '../web/requests/approval-path.tsx';
import { approvalsOf, awaitedStep, grantOf, judgement, waitingFirst, withUpdated } from '../web/requests/request-state.ts';
import { grantWith, requestWith } from './mock/mock-requests.ts';
import { sessionOf } from './mock/mock-data.ts';

const scope = { cameras: ['a'], range: { fromMs: 0, toMs: 1 }, actions: ['playback'], purpose: 'case' } as const;
const request = (changes: Partial<AccessRequest> = {}): AccessRequest => requestWith({ id: 'r', requester: 'operator', scope, createdMs: 0, needs: [{ unit: 'section' }, { unit: 'office' }], ...changes });
const approved = { reviewer: 'x', unit: 'section', verdict: 'approve', reason: '', atMs: 0 } as const;
const sectionHead = { id: 'section-head', units: ['section'] };
const person = (id: string, unit: string): Person => ({ id, name: id.toUpperCase(), unit, roles: [], standing: 'staff' });

describe('a request in the inbox', () => {
  it('waits for its units in order', () => {
    expect(awaitedStep(request())?.unit).toBe('section');
    expect(awaitedStep(request({ reviews: [approved] }))?.unit).toBe('office');
    expect(awaitedStep(request({ state: 'denied' }))).toBeUndefined();
  });

  it('waits for as many persons of a unit as the pack says, each counted once', () => {
    const two = request({ needs: [{ unit: 'section', count: 2 }] });
    expect(awaitedStep({ ...two, reviews: [approved, approved] })?.unit).toBe('section');
    expect(approvalsOf({ ...two, reviews: [approved, approved] }, 'section')).toBe(1);
    expect(awaitedStep({ ...two, reviews: [approved, { ...approved, reviewer: 'y' }] })).toBeUndefined();
    expect(judgement({ ...two, reviews: [{ ...approved, reviewer: 'section-head' }] }, sectionHead)).toBe('done');
  });

  it('is never for the one who asked or comes along, nor for a unit whose turn it is not', () => {
    expect(judgement(request(), sectionHead)).toBe('mine');
    expect(judgement(request({ requester: 'section-head' }), sectionHead)).toBe('own');
    expect(judgement(request({ companions: ['section-head'] }), sectionHead)).toBe('companion');
    expect(judgement(request({ reviews: [approved] }), sectionHead)).toBe('other-unit');
    expect(judgement(request({ state: 'approved' }), sectionHead)).toBe('settled');
  });

  it('is for whoever was lent a role of the unit, and says for whom they judge', () => {
    const session = { ...sessionOf(person('deputy', 'section'), false, 0), delegatedRoles: [{ from: 'office-head', role: 'office-head', toMs: 9 }] };
    const people = [person('office-head', 'office')];
    const waitsForOffice = request({ reviews: [approved] });
    expect(judgeOf(session, people)).toEqual({ id: 'deputy', units: ['section', 'office'], lentElsewhere: false });
    expect(judgement(waitsForOffice, judgeOf(session, people))).toBe('mine');
    expect(lenderOf(session, 'office', people)).toBe('OFFICE-HEAD');
    expect(lenderOf(session, 'section', people)).toBeUndefined();
    // Nobody told the page where the lender works: the gate decides.
    expect(judgement(waitsForOffice, judgeOf(session, []))).toBe('mine');
    expect(lenderOf(session, 'office', [])).toBe('office-head');
  });

  it('comes first when it is for me, the longest waiting before the others', () => {
    const list = [request({ id: 'old', state: 'denied', createdMs: 9 }), request({ id: 'late', createdMs: 5 }), request({ id: 'own', requester: 'section-head', createdMs: 1 }), request({ id: 'early', createdMs: 2 })];
    expect(waitingFirst(list, sectionHead).map(({ id }) => id)).toEqual(['early', 'late', 'own', 'old']);
  });

  it('is replaced when it changes and added when it is new', () => {
    expect(withUpdated([request()], request({ state: 'denied' }))).toMatchObject([{ state: 'denied' }]);
    expect(withUpdated([request()], request({ id: 'n' })).map(({ id }) => id)).toEqual(['n', 'r']);
  });

  it('says beforehand which units will judge, each once with the most persons', () => {
    const approvals = { playback: [{ unit: 'section' }], copy: [{ unit: 'section', count: 2 }, { unit: 'office' }] };
    expect(stepsAsked(['playback', 'copy'], approvals)).toEqual([{ unit: 'section', count: 2 }, { unit: 'office', count: 1 }]);
    expect(stepsAsked(['live'], {})).toEqual([]);
  });

  it('stands in the lane of its state: waiting, granted while its grant is in force, settled', () => {
    const grant = grantWith({ id: 'g', request: 'r', holder: 'operator', scope, startsMs: 0 });
    expect(laneOf(request(), [], 0)).toBe('waiting');
    expect(laneOf(request({ state: 'approved', grant: 'g' }), [grant], 5)).toBe('granted');
    expect(laneOf(request({ state: 'approved', grant: 'g' }), [{ ...grant, revokedMs: 3 }], 5)).toBe('settled');
    expect(laneOf(request({ state: 'denied' }), [], 5)).toBe('settled');
    expect(readLane(new URLSearchParams('lane=granted'))).toBe('granted');
    expect(readLane(new URLSearchParams('lane=elsewhere'))).toBe('waiting');
    expect(grantOf(request(), [grant])).toBe(grant);
  });

  it('is shown with the last five of the same person', () => {
    const recent = Array.from({ length: 8 }, (_, index) => request({ id: `r${index}`, createdMs: index, requester: index === 7 ? 'other' : 'operator' }));
    expect(recentOf(request({ id: 'r6' }), recent).map(({ id }) => id)).toEqual(['r5', 'r4', 'r3', 'r2', 'r1']);
  });
});

describe('the register', () => {
  const row: RegisterRow = {
    seq: 7, atMs: Date.UTC(2026, 10, 23, 6, 5, 12), person: 'operator', personName: '监控员甲', operation: 'recording.export', action: 'copy', cameras: ['east-gate', 'gone'], fromMs: 0, toMs: 60_000, purpose: 'case', caseNumber: '17', destination: '派出所',
    reason: '盗窃', approvals: ['section', 'office'], recordedBy: ['队员甲'], accompaniedBy: ['来访甲', '来访乙'], hashes: ['9f'.repeat(32)], effect: 'permit', articles: ['10', '11'], outcome: 'done',
  };
  const words = createWords('zh');
  const names = { words, formats: createFormats('Asia/Shanghai', words), purposes: { case: { zh: '案件侦办', en: 'Criminal case' } }, camera: (id: string) => ({ 'east-gate': '东门' })[id] ?? id, unit: (id: string) => ({ section: '治安科', office: '公安处' })[id] ?? id };

  it('says who recorded, who retrieved, what, when, for what purpose, with whom, and where it went', () => {
    expect(cellsOf(row, names)).toEqual({
      seq: '7', at: '2026-11-23 14:05:12', person: '监控员甲', action: '拷贝', cameras: '东门、gone', range: '1970-01-01 08:00:00 – 08:01:00', recorded: '队员甲', purpose: '案件侦办', case: '17', reason: '盗窃',
      destination: '派出所', accompanied: '来访甲、来访乙', approvals: '治安科、公安处', hashes: '9f9f9f9f…9f9f', articles: '第10条、第11条', result: '已完成',
    });
  });

  it('keeps refusals, with empty cells for what there was not', () => {
    const { purpose: _, destination: __, outcome: ___, caseNumber: ____, ...rest } = row;
    expect(cellsOf({ ...rest, effect: 'deny', approvals: [], hashes: [] }, names)).toMatchObject({ purpose: '', destination: '', case: '', approvals: '', hashes: '', result: '拒绝' });
  });

  it('is asked for with what the address says, and with nothing that makes no sense', () => {
    expect(readFilters(new URLSearchParams('effect=deny&action=copy&person=operator&camera=a&search= 书包 &from=5&to=9'))).toEqual({ effect: 'deny', action: 'copy', person: 'operator', camera: 'a', search: '书包', fromMs: 5, toMs: 9 });
    expect(readFilters(new URLSearchParams('effect=perhaps&action=destroy&from=soon&search='))).toEqual({});
  });

  it('leaves as a file that any system can name', () => {
    expect(registerFileName('调取登记', '2026-11-23')).toBe('调取登记-2026-11-23.csv');
    expect(registerFileName('Register: a/b', '2026-11-23')).toBe('Register-a-b-2026-11-23.csv');
  });
});
