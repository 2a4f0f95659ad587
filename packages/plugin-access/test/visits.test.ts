// Outside visits: everything of article 13, and two persons who are there.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { auditService, exportFootage, leasePaused, playBack, type AccessRequest, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, confirmPresence, denyRequest, extendRequest, keepPresence, leavePresence, previewRequest, readDocument, readPresence, readRequest, storeDocument, submitRequest } from '../src/contract.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const fromMs = Date.UTC(2026, 10, 22, 10);
const range = { fromMs, toMs: fromMs + 10 * minute };
const numbers = ['POL-778812345', '37020219900101123X'];
const visitors = [
  { name: '王警官', idKind: 'police' as const, idNumber: numbers[0]! },
  { name: '李警官', idKind: 'police' as const, idNumber: numbers[1]! },
];
const scan = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('certificate of the unit, in clear')]);

let test: TestCampus;
let host: Principal;
beforeEach(async () => {
  test = await startCampus();
  host = test.as('administrator');
});
afterEach(() => test[Symbol.asyncDispose]());

const upload = (as = host, kind: 'certificate' | 'work-id' = 'certificate') => test.kernel.call(storeDocument, { kind, mediaType: 'application/pdf', base64: scan.toString('base64') }, as);
const visit = { organisation: '市公安局', body: 'police' as const, visitors, documents: [] as string[], termsAccepted: true };
const ask = { cameras: ['gate'], ...range, actions: ['playback' as const], purpose: 'case' as const, reason: '调查盗窃案', caseNumber: '青公刑〔2026〕118 号' };
const submit = (over: object = {}, content: object = {}) => test.kernel.call(submitRequest, { ...ask, visit: { ...visit, ...over }, ...content }, host);
const approve = (request: AccessRequest, as = 'section-head') => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as(as));
const play = () => test.kernel.call(playBack, { camera: 'gate', ...range }, host);
const refusedFor = async (work: Promise<unknown>) => ((await work.catch((error: unknown) => error)) as { code: string; params: { rules: string[] } });

describe('a visit is refused, naming the item,', () => {
  it.each([
    ['with one person', { visitors: visitors.slice(0, 1) }, {}, 'a13-1'],
    ['without work IDs', { visitors: visitors.map((one) => ({ ...one, idKind: 'citizen' as const })) }, {}, 'a13-2'],
    ['of a department without a certificate', { body: 'department' as never }, {}, 'a13-3'],
    ['of the police without a certificate and without a case', {}, { caseNumber: undefined }, 'a13-3'],
    ['without the terms of confidentiality', { termsAccepted: false }, {}, 'a13-5'],
  ])('%s', async (_, over, content, rule) => {
    expect(await refusedFor(submit(over, content))).toMatchObject({ code: 'REQUEST_INCOMPLETE', params: { rules: [rule] } });
  });

  it('all of them at once, in both languages, and the dry run says the same before', async () => {
    const poor = { body: 'department' as never, visitors: [], termsAccepted: false };
    const refused = await refusedFor(submit(poor, { caseNumber: undefined }));
    expect(refused.params.rules).toEqual(['a13-1', 'a13-2', 'a13-3', 'a13-5']);
    expect(refused).toMatchObject({ text: { zh: expect.stringContaining('第13(1)条'), en: expect.stringContaining('article 13(1)') } });
    const preview = await test.kernel.call(previewRequest, { ...ask, visit: { ...visit, ...poor } }, host);
    expect(preview).toMatchObject({ possible: true, missing: [{ kind: 'companion' }, { kind: 'document', document: 'work-id' }, { kind: 'document', document: 'certificate' }, { kind: 'document', document: 'confidentiality-terms' }] });
  });
});

describe('a visit', () => {
  it('of the police on a case needs no certificate; of a department it does', async () => {
    expect(await submit()).toMatchObject({ visit: { body: 'police', documents: [] } });
    const { id } = await upload();
    expect(await submit({ body: 'department' as never, documents: [id] })).toMatchObject({ visit: { documents: [{ id, kind: 'certificate', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] } });
  });

  it('leaves no number of an ID anywhere: the last four, and a salted hash', async () => {
    const request = await submit();
    expect(request.visit!.visitors).toEqual([{ id: 'v1', name: '王警官', idKind: 'police', idLast4: '2345' }, { id: 'v2', name: '李警官', idKind: 'police', idLast4: '123X' }]);
    const log = JSON.stringify(await test.kernel.service(auditService)!.read(0, 500));
    for (const number of [...numbers, ...(request.codes ?? []).map(({ code }) => code)]) expect(log).not.toContain(`"${number}"`);
    expect(log).not.toContain(numbers[0]);
    await test.restart();
    for (const file of (await readdir(test.path)).filter((name) => /\.db(-wal)?$/.test(name))) {
      const bytes = await readFile(join(test.path, file));
      for (const number of numbers) expect(bytes.includes(number)).toBe(false);
    }
  });

  it('keeps scans encrypted and their hashes in the log; those who judge can open them', async () => {
    const { id, sha256 } = await upload();
    const request = await submit({ documents: [id] });
    expect(JSON.stringify(await test.kernel.service(auditService)!.read(0, 500))).toContain(sha256);
    const opened = await test.kernel.call(readDocument, { request: request.id, document: id }, test.as('section-head'));
    expect(Buffer.from(opened.base64, 'base64').equals(scan)).toBe(true);
    expect(await refusals(test.kernel.call(readDocument, { request: request.id, document: id }, test.as('operator')))).toContain('a8-unit');
    await test.restart();
    for (const file of await readdir(test.path)) if (/\.db(-wal)?$/.test(file)) expect((await readFile(join(test.path, file))).includes('in clear')).toBe(false);
  });

  it('that came to nothing keeps its scans for 30 days, and then their hashes alone', async () => {
    const { id, sha256 } = await upload();
    const request = await submit({ documents: [id] });
    await test.kernel.call(denyRequest, { request: request.id, reason: '材料不符' }, test.as('section-head'));
    const read = () => test.kernel.call(readDocument, { request: request.id, document: id }, test.as('section-head'));
    test.clock.jump(29 * 1440 * minute);
    await test.clock.advance(minute);
    expect(await read()).toHaveProperty('base64');
    test.clock.jump(2 * 1440 * minute);
    await expect.poll(async () => (await test.clock.advance(minute), read().then(() => 'there', (error: { code: string }) => error.code))).toBe('DOCUMENT_UNKNOWN');
    expect((await test.kernel.call(readRequest, { request: request.id }, host)).request.visit!.documents).toEqual([{ id, kind: 'certificate', sha256 }]);
  });

  it('takes no paper of somebody else, and no file that is not what it says', async () => {
    const { id } = await upload(test.as('operator'));
    await expect(submit({ documents: [id] })).rejects.toMatchObject({ code: 'DOCUMENT_UNKNOWN' });
    await expect(test.kernel.call(storeDocument, { kind: 'certificate', mediaType: 'image/png', base64: scan.toString('base64') }, host)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' });
  });
});

describe('who comes along', () => {
  it('is two persons: one work ID that is typed in twice is one', async () => {
    const twice = [visitors[0]!, { name: '王警官二', idKind: 'work' as const, idNumber: ' pol778812345 ' }];
    expect(await refusedFor(submit({ visitors: twice }))).toMatchObject({ code: 'VISITOR_TWICE', text: { zh: expect.stringContaining('王警官二') } });
  });

  it('leaves no short number whole either', async () => {
    const short = [{ name: '甲', idKind: 'work' as const, idNumber: '1234' }, { name: '乙', idKind: 'work' as const, idNumber: '98765' }];
    expect((await submit({ visitors: short })).visit!.visitors.map(({ idLast4 }) => idLast4)).toEqual(['34', '65']);
  });

  it('is nobody whom no approval would let see footage, such as an individual, and the dry run says so', async () => {
    const refused = await refusedFor(submit({}, { companions: ['student'] }));
    expect(refused).toMatchObject({ code: 'COMPANION_BARRED', text: { zh: expect.stringContaining('第14条'), en: expect.stringContaining('student') } });
    expect((await test.kernel.call(previewRequest, { ...ask, visit, companions: ['student'] }, host)).problems).toMatchObject([{ code: 'COMPANION_BARRED' }]);
  });
});

describe('papers', () => {
  it('belong to one request, also when two name them at the same moment', async () => {
    const { id } = await upload();
    const outcomes = await Promise.allSettled([submit({ documents: [id] }), submit({ documents: [id] })]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')!.reason).toMatchObject({ code: 'DOCUMENT_UNKNOWN' });
  });

  it('are opened by the units that judge the request, also when it is settled', async () => {
    const { id } = await upload();
    const request = await submit({ documents: [id] });
    await approve(request);
    const open = (as: string) => test.kernel.call(readDocument, { request: request.id, document: id }, test.as(as));
    expect(await open('section-deputy')).toMatchObject({ mediaType: 'application/pdf' });
    await expect(open('office-head')).rejects.toMatchObject({ code: 'DOCUMENT_UNKNOWN' });
  });
});

describe('an extension of a visit', () => {
  it('is the same visit: its papers open, its codes count, and who is here stays here', async () => {
    const paper = await upload();
    const first = await submit({ documents: [paper.id] });
    const { grant } = await approve(first);
    for (const { visitor, code } of first.codes!) await test.kernel.call(confirmPresence, { request: first.id, visitor, code }, host);
    const { lease } = await play();
    const extension = await test.kernel.call(extendRequest, { grant: grant!.id, reason: '尚未看完' }, host);
    expect(await test.kernel.call(readDocument, { request: extension.id, document: paper.id }, test.as('section-head'))).toMatchObject({ mediaType: 'application/pdf' });
    await approve(extension);
    await test.clock.advance(0);
    expect(await test.kernel.leases.serve(lease, host, { path: 'a', query: {} })).toMatchObject({ status: 200 });
    await test.kernel.call(leavePresence, { request: extension.id, visitor: 'v1' }, host);
    expect(await test.kernel.call(readPresence, { request: first.id }, host)).toMatchObject({ persons: [{ present: false }, { present: true }] });
    expect(await refusals(play())).toEqual(['a13-1-present']);
    const { visitor, code } = first.codes![0]!;
    await test.kernel.call(confirmPresence, { request: extension.id, visitor, code }, host);
    expect(await play()).toHaveProperty('lease');
  });
});

describe('presence', () => {
  const begin = async () => {
    const request = await submit();
    await approve(request);
    const code = (visitor: string) => request.codes!.find((one) => one.visitor === visitor)!.code;
    const confirm = (visitor: string, with_ = code(visitor)) => test.kernel.call(confirmPresence, { request: request.id, visitor, code: with_ }, host);
    return { request, code, confirm };
  };

  it('of two is needed: each confirms with a code of their own', async () => {
    const { request, confirm, code } = await begin();
    expect(await refusals(play())).toEqual(['a13-1-present']);
    await confirm('v1');
    expect(await refusals(play())).toEqual(['a13-1-present']);
    await expect(confirm('v2', code('v2') === '000000' ? '000001' : '000000')).rejects.toMatchObject({ code: 'PRESENCE_CODE_WRONG' });
    expect(await confirm('v2')).toMatchObject({ persons: [{ present: true }, { present: true }] });
    expect(await play()).toHaveProperty('lease');
    expect(await test.kernel.call(readPresence, { request: request.id }, test.as('section-head'))).toMatchObject({ request: request.id });
    await expect(test.kernel.call(readPresence, { request: request.id }, test.as('operator'))).rejects.toMatchObject({ code: 'VISIT_UNKNOWN' });
  });

  it('that ends pauses what plays, and goes on with it when it is complete again', async () => {
    const { request, confirm } = await begin();
    await confirm('v1');
    await confirm('v2');
    const { lease } = await play();
    const serve = () => test.kernel.leases.serve(lease, host, { path: 'a', query: {} });
    const paused: boolean[] = [];
    test.kernel.on(leasePaused, (event) => void paused.push(event.paused));
    await test.kernel.call(leavePresence, { request: request.id, visitor: 'v2' }, host);
    await test.clock.advance(0);
    await expect(serve()).rejects.toMatchObject({ code: 'LEASE_PAUSED', status: 423 });
    await confirm('v2');
    await test.clock.advance(0);
    expect(await serve()).toMatchObject({ status: 200 });
    expect(paused).toEqual([true, false]);
  });

  it('lapses without a heartbeat of the console at which it was confirmed', async () => {
    const { request, confirm } = await begin();
    await confirm('v1');
    await confirm('v2');
    const { lease } = await play();
    for (let n = 0; n < 4; n++) {
      await test.clock.advance(30_000);
      await test.kernel.call(keepPresence, { request: request.id }, host);
    }
    expect(await test.kernel.leases.serve(lease, host, { path: 'a', query: {} })).toMatchObject({ status: 200 });
    await test.clock.advance(51_000);
    await expect(test.kernel.leases.serve(lease, host, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_PAUSED' });
    // A heartbeat brings nobody back.
    await test.kernel.call(keepPresence, { request: request.id }, host);
    expect(await refusals(play())).toEqual(['a13-1-present']);
  });

  it('codes cannot be guessed: after 5 wrong ones the visitor is locked', async () => {
    const { confirm, code } = await begin();
    const wrong = code('v1') === '111111' ? '222222' : '111111';
    for (let n = 0; n < 5; n++) await expect(confirm('v1', wrong)).rejects.toMatchObject({ code: 'PRESENCE_CODE_WRONG' });
    await expect(confirm('v1')).rejects.toMatchObject({ code: 'LOCKED_OUT' });
  });

  it('is needed for a copy too, which the Office approves besides', async () => {
    const request = await submit({}, { actions: ['playback', 'copy'], destination: '市公安局，加密硬盘' });
    await approve(request);
    await approve(request, 'office-head');
    const copy = () => test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '市公安局，加密硬盘' }, host);
    expect(await refusals(copy())).toEqual(['a13-1-present']);
    for (const { visitor, code } of request.codes!) await test.kernel.call(confirmPresence, { request: request.id, visitor, code }, host);
    expect(await copy()).toHaveProperty('lease');
  });
});
