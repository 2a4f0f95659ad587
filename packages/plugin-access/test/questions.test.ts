// Why can't I, who may see this camera, what may this person see, what could I ask for; and the register that leaves as CSV.
import { createHash } from 'node:crypto';
import { auditService, exportFootage, type AccessRequest, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, beginDuty, explainForPerson, explainPolicy, exportRegister, listRegister, previewRequest, submitRequest, whatMay, whoMay, type RegisterRow } from '../src/contract.ts';
import { toCsv } from '../src/register/csv.ts';
import { RegisterCsv } from '../src/register/register-csv.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const fromMs = Date.UTC(2026, 10, 22, 10);
const range = { fromMs, toMs: fromMs + 10 * minute };

let test: TestCampus;
let operator: Principal;
let head: Principal;
beforeEach(async () => {
  test = await startCampus();
  operator = test.as('operator');
  head = test.as('section-head');
  await test.kernel.call(beginDuty, {}, operator);
});
afterEach(() => test[Symbol.asyncDispose]());

const ask = { cameras: ['gate'], ...range, actions: ['playback' as const], purpose: 'incident' as const, reason: '找一辆"白色"车' };
const grant = async (over: object = {}) => {
  const request: AccessRequest = await test.kernel.call(submitRequest, { ...ask, ...over }, operator);
  const approve = (as: string) => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as(as));
  return (await approve('section-head')).grant ?? (await approve('office-head')).grant!;
};

describe('why can’t I?', () => {
  it('shows rule by rule which facts were yes, no and unknown, and does nothing', async () => {
    const trace = await test.kernel.call(explainPolicy, { operation: 'recording.playback', input: { camera: 'gate', ...range } }, operator);
    expect(trace).toMatchObject({ action: 'playback', decision: { effect: 'deny', articles: ['10'] } });
    const rule = trace.rules.find(({ rule: id }) => id === 'a10-playback')!;
    expect(rule).toMatchObject({ speaks: true, effect: 'forbid' });
    expect(JSON.stringify(rule)).toContain('grant.approvals');
    expect(trace.facts.find(({ path }) => path === 'grant.approvals')).toMatchObject({ text: { zh: expect.any(String) } });
    const log = await test.kernel.service(auditService)!.query({ limit: 50 });
    expect(log.some(({ entry }) => entry.operation === 'recording.playback')).toBe(false);
  });

  it('is open to anybody about themselves, also to an individual; about others to those who read the register', async () => {
    expect(await test.kernel.call(explainPolicy, { operation: 'recording.live', input: { camera: 'gate' } }, test.as('student'))).toMatchObject({ decision: { articles: expect.arrayContaining(['14']) } });
    const about = (as: Principal) => test.kernel.call(explainForPerson, { operation: 'recording.live', input: { camera: 'gate' }, person: 'student' }, as);
    expect((await refusals(about(operator))).length).toBeGreaterThan(0);
    expect(await about(head)).toMatchObject({ decision: { effect: 'deny' } });
    await expect(test.kernel.call(explainPolicy, { operation: 'no.such', input: {} }, operator)).rejects.toMatchObject({ code: 'OPERATION_NOT_THERE' });
    await expect(test.kernel.call(explainPolicy, { operation: 'recording.live', input: {} }, operator)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('who may see this camera, and what may this person see', () => {
  it('tell what is open now, what one step by oneself opens, what needs an approval, and what nothing opens', async () => {
    const { id } = await grant();
    const live = await test.kernel.call(whoMay, { camera: 'gate', action: 'live' }, head);
    const reach = Object.fromEntries(live.people.map(({ person, reach: how }) => [person.id, how]));
    expect(reach).toMatchObject({ operator: 'now', 'operator-2': 'no', 'section-head': 'no', student: 'never' });
    const playback = await test.kernel.call(whoMay, { camera: 'gate', action: 'playback' }, head);
    expect(playback.people[0]).toMatchObject({ person: { id: 'operator' }, reach: 'now', grant: id });
    const { answers } = await test.kernel.call(whatMay, { person: 'operator' }, head);
    expect(answers.find(({ action, cameras }) => action === 'playback' && cameras.includes('gate'))).toMatchObject({ reach: 'now', cameras: ['gate'] });
    expect(answers.find(({ action, cameras }) => action === 'playback' && cameras.includes('library'))).toMatchObject({ reach: 'no', missing: [{ kind: 'approval', unit: 'section' }] });
    expect(answers.find(({ action }) => action === 'live')).toMatchObject({ reach: 'now', cameras: ['gate', 'library'] });
    expect((await refusals(test.kernel.call(whatMay, { person: 'operator' }, operator))).length).toBeGreaterThan(0);
  });
});

describe('the dry run of a request', () => {
  const preview = (over: object = {}, as = operator) => test.kernel.call(previewRequest, { ...ask, ...over }, as);

  it('says who would be asked, never the requester nor a companion, and keeps nothing', async () => {
    const seen = await preview({ actions: ['playback', 'copy'], companions: ['section-deputy'] });
    expect(seen).toMatchObject({ possible: true, missing: [], needs: [{ unit: 'section' }, { unit: 'office' }], longestUseMinutes: 20_160 });
    expect(seen.needs.map(({ people }) => people.map(({ id }) => id))).toEqual([['section-head'], ['office-deputy', 'office-head']]);
    expect((await preview({}, head)).needs[0]!.people.map(({ id }) => id)).toEqual(['section-deputy']);
  });

  it('tells problems of the request as they are typed', async () => {
    expect((await preview({ cameras: ['nowhere'] })).problems).toMatchObject([{ code: 'CAMERA_UNKNOWN', text: { zh: expect.stringContaining('nowhere') } }]);
    expect((await preview({ toMs: fromMs + 48 * 60 * minute })).problems).toMatchObject([{ code: 'RANGE_TOO_LONG' }]);
  });
});

describe('the register', () => {
  const copy = async () => {
    await grant({ actions: ['playback', 'copy'], destination: '派出所, "二队"', caseNumber: '2026-118', companions: ['clerk'] });
    await test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '派出所, "二队"' }, operator);
  };

  it('is searched by words, action, result and time', async () => {
    await copy();
    const rows = async (filters: object) => (await test.kernel.call(listRegister, filters, head)).rows.map(({ operation }) => operation);
    expect(await rows({ search: '2026-118', action: 'copy' })).toEqual(['recording.export']);
    expect(await rows({ search: '二队', effect: 'permit' })).toContain('recording.export');
    expect(await rows({ search: '治安科干事' })).toContain('recording.export');
    expect(await rows({ search: '%' })).toEqual([]);
    expect(await rows({ effect: 'deny' })).toEqual([]);
    expect(await rows({ toMs: test.clock.now() })).toEqual([]);
  });

  it('names who was on duty while the footage was recorded', async () => {
    const recent = { fromMs: test.clock.now(), toMs: test.clock.now() + minute };
    test.clock.jump(10 * minute);
    await grant(recent);
    const { rows } = await test.kernel.call(listRegister, { limit: 1 }, head);
    expect(rows).toMatchObject([{ recordedBy: ['监控员'] }]);
  });

  it('leaves as CSV that reads back, and that act is in the audit log with the hash of what left', async () => {
    await copy();
    const taken = await test.kernel.call(exportRegister, { language: 'zh' }, head);
    expect(taken.csv.startsWith('\uFEFF序号,时间,')).toBe(true);
    expect(taken.csv).toContain('"派出所, ""二队"""');
    expect(taken.csv.trimEnd().split('\r\n')).toHaveLength(taken.rows + 1);
    expect(createHash('sha256').update(taken.csv).digest('hex')).toBe(taken.sha256);
    expect(JSON.stringify(await test.kernel.service(auditService)!.query({ operation: 'register.export', limit: 2 }))).toContain(taken.sha256);
    expect((await refusals(test.kernel.call(exportRegister, {}, operator))).length).toBeGreaterThan(0);
  });

  it('leaves whatever times a refused act named', () => {
    const row: RegisterRow = { seq: 1, atMs: 0, person: 'a', personName: '甲', operation: 'x', action: 'playback', cameras: [], fromMs: -9e15, toMs: 9e15, approvals: [], recordedBy: [], accompaniedBy: [], hashes: [], effect: 'deny', articles: [] };
    const same = (id: string) => id;
    expect(new RegisterCsv({ language: 'en', timeZone: 'UTC', camera: same, unit: same, purpose: same, operation: same }).lines([row])).toContain('1970-01-01 00:00:00,甲,x,refused,,\'-9000000000000000,9000000000000000,');
    for (const far of [8.64e15, 9e15]) expect(submitRequest.input['~standard'].validate({ ...ask, toMs: far })).toMatchObject({ issues: [{ path: ['toMs'] }] });
  });

  it('disarms fields that a spreadsheet would run', () => {
    expect(toCsv([['a'], ['=1+1'], ['-2'], ['@x'], ['＝1'], ['plain'], ['two\nlines']])).toBe("a\r\n'=1+1\r\n'-2\r\n'@x\r\n'＝1\r\nplain\r\n\"two\nlines\"\r\n");
  });
});
