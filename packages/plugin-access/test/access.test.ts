import { auditService, exportFootage, grantChanged, playBack, watchLive, type AccessRequest, type Grant, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, beginDuty, denyRequest, endDuty, listInbox, listMyRequests, listRegister, readSession, revokeGrant, signIn, signOut, submitRequest, withdrawRequest } from '../src/contract.ts';
import { addresses, refusals as denied, startCampus, type TestCampus } from './harness.ts';

const fromMs = Date.UTC(2026, 10, 22, 10);
const minute = 60_000;
const range = { fromMs, toMs: fromMs + 10 * minute };
const ask = { cameras: ['gate'], ...range, actions: ['playback' as const], purpose: 'incident' as const, reason: '查找丢失的自行车' };

let test: TestCampus;
let operator: Principal;
let head: Principal;
let office: Principal;

beforeEach(async () => {
  test = await startCampus();
  operator = test.as('operator');
  head = test.as('section-head');
  office = test.as('office-head');
  await test.kernel.call(beginDuty, {}, operator);
});
afterEach(() => test[Symbol.asyncDispose]());

const submit = (over: Partial<typeof ask> & { destination?: string } = {}, as = operator) => test.kernel.call(submitRequest, { ...ask, ...over }, as);
const approve = (request: AccessRequest, as = head, minutes = 60) => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256, minutes }, as);
const play = (over: Partial<typeof range> & { camera?: string } = {}, as = operator) => test.kernel.call(playBack, { camera: 'gate', ...range, ...over }, as);

describe('a request for playback', () => {
  it('is consented to by the Section, gives a grant, and the grant opens exactly what it names', async () => {
    expect(await denied(play())).toEqual(['a10-playback']);
    const { request, grant } = await approve(await submit());
    expect(request).toMatchObject({ state: 'approved', reviews: [{ unit: 'section', reviewer: 'section-head', verdict: 'approve' }] });
    expect(grant).toMatchObject({ holder: 'operator', approvals: ['section'], scope: { cameras: ['gate'], purpose: 'incident' } });
    expect(await play()).toMatchObject({ lease: expect.any(String), expiresMs: grant!.startsMs + grant!.useMs });
    expect(await play({ fromMs: fromMs + minute, toMs: fromMs + 2 * minute })).toBeDefined();
    expect(await denied(play({ camera: 'library' }))).toEqual(['a10-playback']);
    expect(await denied(play({ toMs: range.toMs + 1 }))).toEqual(['a10-playback']);
    expect(await denied(play({ fromMs: fromMs - 1 }))).toEqual(['a10-playback']);
    expect(await denied(test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '公安' }, operator))).toEqual(['a10-copy', 'a12.4']);
    expect(await denied(play({}, test.as('operator-2')))).toContain('a10-playback');
  });

  it('ends by the clock: the grant, and what is open under it', async () => {
    await approve(await submit(), head, 5);
    const { lease } = await play();
    await test.clock.advance(5 * minute);
    await expect(test.kernel.leases.serve(lease, operator, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect(await denied(play())).toEqual(['a10-playback']);
  });

  it('is cut within a moment when the head revokes', async () => {
    const { grant } = await approve(await submit());
    const { lease } = await play();
    const changes: Grant[] = [];
    test.kernel.on(grantChanged, (changed) => void changes.push(changed));
    await test.kernel.call(revokeGrant, { grant: grant!.id, reason: '案件结束' }, head);
    await test.clock.advance(0);
    await expect(test.kernel.leases.serve(lease, operator, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED', params: { reason: 'revoked' } });
    expect(changes).toMatchObject([{ id: grant!.id, revokedBy: 'section-head' }]);
    await expect(test.kernel.call(revokeGrant, { grant: grant!.id, reason: 'again' }, head)).rejects.toMatchObject({ code: 'GRANT_ENDED' });
  });

  it('cannot be approved by the requester, nor by somebody without the role', async () => {
    const own = await submit({}, head);
    expect(await denied(approve(own, head))).toEqual(['a10-own']);
    expect(await denied(approve(own, operator))).toEqual(expect.arrayContaining(['a8-unit']));
    expect((await approve(own, test.as('section-deputy'))).request.state).toBe('approved');
  });

  it('is judged once: of two reviewers at the same moment one is told that it is settled', async () => {
    const request = await submit();
    const results = await Promise.allSettled([approve(request, head), approve(request, test.as('section-deputy'))]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await test.kernel.call(listMyRequests, {}, operator)).grants).toHaveLength(1);
  });

  it('is bound to what the reviewer read', async () => {
    const request = await submit();
    await expect(approve({ ...request, sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'REQUEST_CHANGED' });
  });

  it('can be denied with a reason, withdrawn, and expires unanswered', async () => {
    const refused = await test.kernel.call(denyRequest, { request: (await submit()).id, reason: '理由不足' }, head);
    expect(refused).toMatchObject({ state: 'denied', reviews: [{ verdict: 'deny', reason: '理由不足' }] });
    await expect(approve(refused)).rejects.toMatchObject({ code: 'REQUEST_SETTLED' });
    const mine = await submit();
    await expect(test.kernel.call(withdrawRequest, { request: mine.id }, test.as('operator-2'))).rejects.toMatchObject({ code: 'REQUEST_NOT_YOURS' });
    expect(await test.kernel.call(withdrawRequest, { request: mine.id }, operator)).toMatchObject({ state: 'withdrawn' });
    const late = await submit();
    test.clock.jump(7 * 24 * 60 * minute);
    await expect(approve(late)).rejects.toMatchObject({ code: 'REQUEST_SETTLED', params: { state: 'expired' } });
  });

  it('is refused when it asks for unknown cameras, an endless range, or a copy without a destination', async () => {
    await expect(submit({ cameras: ['nowhere'] })).rejects.toMatchObject({ code: 'CAMERA_UNKNOWN', params: { camera: 'nowhere' } });
    await expect(submit({ toMs: fromMs + 25 * 60 * minute })).rejects.toMatchObject({ code: 'RANGE_TOO_LONG' });
    await expect(submit({ toMs: fromMs })).rejects.toMatchObject({ code: 'INPUT_INVALID', params: { path: 'toMs' } });
    await expect(submit({ actions: ['copy'] as never })).rejects.toMatchObject({ code: 'INPUT_INVALID', params: { path: 'destination' } });
    await expect(submit({ actions: ['configure'] as never })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(test.kernel.call(submitRequest, { ...ask, approvals: ['section'] } as never, operator)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a request for a copy', () => {
  it('needs the Section first, then the Office', async () => {
    const request = await submit({ actions: ['copy'] as never, destination: '青岛市公安局' });
    expect(request.needs).toEqual([{ unit: 'section' }, { unit: 'office' }]);
    expect(await denied(approve(request, office))).toEqual(['a8-unit']);
    expect((await approve(request)).grant).toBeUndefined();
    const { grant } = await approve(request, office, 30);
    expect(grant).toMatchObject({ approvals: ['section', 'office'], destination: '青岛市公安局' });
    expect(grant!.useMs).toBe(30 * minute);
    expect(await test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '青岛市公安局' }, operator)).toHaveProperty('lease');
  });
});

describe('an individual', () => {
  it('gets nothing, not even a way to ask, whatever is approved', async () => {
    const student = test.as('student');
    for (const attempt of [play({}, student), submit({}, student), test.kernel.call(watchLive, { camera: 'gate' }, student)]) expect(await denied(attempt)).toContain('a14');
    expect((await test.kernel.call(readSession, {}, student)).actions).toEqual(['sign-in']);
  });
});

describe('duty, training and workstation', () => {
  it('all count for live view', async () => {
    expect(await test.kernel.call(watchLive, { camera: 'gate' }, operator)).toHaveProperty('lease');
    expect(await denied(test.kernel.call(watchLive, { camera: 'gate' }, { ...operator, address: addresses.other }))).toEqual(['a9.4']);
    expect(await denied(test.kernel.call(watchLive, { camera: 'gate' }, test.as('operator-2')))).toEqual(['a9.3-duty', 'a10-live']);
    test.clock.jump(500 * 24 * 60 * minute);
    expect(await denied(test.kernel.call(watchLive, { camera: 'gate' }, operator))).toEqual(['a9.2-post', 'a9.2-confidentiality']);
  });

  it('ends the live view with the duty', async () => {
    const { lease } = await test.kernel.call(watchLive, { camera: 'gate' }, operator);
    await test.kernel.call(endDuty, {}, operator);
    await test.clock.advance(0);
    await expect(test.kernel.leases.serve(lease, operator, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    await expect(test.kernel.call(endDuty, {}, operator)).rejects.toMatchObject({ code: 'NOT_STAFFED' });
  });
});

describe('sign-in', () => {
  const stranger: Principal = { kind: 'anonymous', id: 'anonymous', address: addresses.registered };
  const enter = (name: string, password: string, from = stranger) => test.kernel.call(signIn, { name, password }, from);

  it('opens a session with the right password and keeps neither password nor credential in the log', async () => {
    const { credential, person } = await enter('operator', 'a long password');
    expect(person).toMatchObject({ id: 'operator', name: '监控员' });
    const records = JSON.stringify(await test.kernel.service(auditService)!.read(0, 100));
    expect(records).not.toContain('a long password');
    expect(records).not.toContain(credential);
  });

  it('answers an unknown account as it answers a wrong password', async () => {
    const wrong = await enter('operator', 'wrong password').catch((error: unknown) => error);
    const unknown = await enter('nobody', 'wrong password').catch((error: unknown) => error);
    expect([wrong, unknown]).toMatchObject([{ code: 'SIGN_IN_FAILED' }, { code: 'SIGN_IN_FAILED' }]);
    expect((wrong as Error).message).toBe((unknown as Error).message);
  });

  it('locks an account after 5 failures, also over a restart, and opens it again after 15 minutes', async () => {
    for (let n = 0; n < 5; n++) await expect(enter('operator', 'wrong password')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await expect(enter('operator', 'a long password')).rejects.toMatchObject({ code: 'LOCKED_OUT', params: { minutes: 15 } });
    await test.restart();
    await expect(enter('operator', 'a long password')).rejects.toMatchObject({ code: 'LOCKED_OUT' });
    await test.clock.advance(15 * minute);
    expect(await enter('operator', 'a long password')).toHaveProperty('credential');
  });

  it('ends with sign-out, and takes what was open with it', async () => {
    const { person } = await enter('operator', 'a long password');
    const { sessionsService } = await import('@wanglou/core');
    const sessions = test.kernel.service(sessionsService)!;
    const { credential } = await enter('operator', 'a long password');
    const found = await sessions.resolve(credential, addresses.registered);
    expect(found?.principal).toMatchObject({ kind: 'person', id: person.id });
    const principal = found!.principal;
    const { lease } = await test.kernel.call(watchLive, { camera: 'gate' }, principal);
    await test.kernel.call(signOut, {}, principal);
    await test.clock.advance(0);
    expect(await sessions.resolve(credential, addresses.registered)).toBeUndefined();
    await expect(test.kernel.leases.serve(lease, principal, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect(await denied(test.kernel.call(watchLive, { camera: 'gate' }, principal))).not.toEqual([]);
  });

  it('survives a restart of the campus and ends when nobody uses it', async () => {
    const { sessionsService } = await import('@wanglou/core');
    const { credential } = await enter('operator', 'a long password');
    await test.restart();
    expect(await test.kernel.service(sessionsService)!.resolve(credential, addresses.registered)).toBeDefined();
    await test.clock.advance(30 * minute);
    expect(await test.kernel.service(sessionsService)!.resolve(credential, addresses.registered)).toBeUndefined();
  });

  it('goes on while somebody watches live without touching anything, and ends when nobody does', async () => {
    const { sessionsService } = await import('@wanglou/core');
    const { credential } = await enter('operator', 'a long password');
    const sessions = test.kernel.service(sessionsService)!;
    const { principal } = (await sessions.resolve(credential, addresses.registered))!;
    await test.kernel.call(beginDuty, {}, principal);
    const { lease } = await test.kernel.call(watchLive, { camera: 'gate' }, principal);
    await test.clock.advance(50 * minute);
    await expect.poll(() => sessions.isOpen(principal)).toBe(true);
    test.kernel.leases.release(lease, principal);
    await test.clock.advance(31 * minute);
    expect(sessions.isOpen(principal)).toBe(false);
  });
});

describe('the register of article 11', () => {
  it('holds every step, filled by the acts, with purpose and destination, and finds them again after a restart', async () => {
    await denied(play());
    const request = await submit({ actions: ['playback', 'copy'] as never, destination: '存档光盘 3 号' });
    await approve(request);
    const { grant } = await approve(request, office);
    await play();
    await test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '存档光盘 3 号' }, operator);
    await test.kernel.call(revokeGrant, { grant: grant!.id, reason: '完成' }, office);
    await test.restart();
    const { rows } = await test.kernel.call(listRegister, {}, test.as('section-head'));
    expect(rows.map((row) => `${row.personName} ${row.operation} ${row.effect}`).reverse()).toEqual([
      '监控员 recording.playback deny',
      '监控员 request.submit permit',
      '科长 request.approve permit',
      '处长 request.approve permit',
      '监控员 recording.playback permit',
      '监控员 recording.export permit',
      '处长 grant.revoke permit',
    ]);
    expect(rows.find((row) => row.operation === 'recording.export')).toMatchObject({ cameras: ['gate'], ...range, purpose: 'incident', destination: '存档光盘 3 号', approvals: ['section', 'office'], grant: grant!.id, outcome: 'done' });
    const filtered = await test.kernel.call(listRegister, { person: 'office-head', limit: 1 }, head);
    expect(filtered.rows).toMatchObject([{ operation: 'grant.revoke' }]);
    expect((await test.kernel.call(listRegister, { beforeSeq: filtered.rows[0]!.seq, person: 'office-head' }, head)).rows).toHaveLength(1);
    expect((await test.kernel.call(listRegister, { camera: 'library' }, head)).rows).toEqual([]);
  });

  it('is not for operators to read', async () => {
    expect(await denied(test.kernel.call(listRegister, {}, operator))).toEqual(['p11']);
  });
});

describe('the inbox', () => {
  it('shows each unit its share, what waits first', async () => {
    const first = await submit();
    const second = await submit({ reason: '另一件事' });
    await approve(first);
    const inbox = await test.kernel.call(listInbox, {}, head);
    expect(inbox.requests.map((request) => request.id)).toEqual([second.id, first.id]);
    expect(inbox.people.map((person) => person.name)).toEqual(['监控员', '科长']);
    expect((await test.kernel.call(listInbox, {}, office)).requests).toEqual([]);
  });
});

describe('after kill -9 or a restart', () => {
  it('requests, grants and duty are as they were', async () => {
    const { grant } = await approve(await submit());
    await test.restart();
    expect(await play()).toMatchObject({ expiresMs: grant!.startsMs + grant!.useMs });
    expect((await test.kernel.call(listMyRequests, {}, operator)).requests).toMatchObject([{ state: 'approved', grant: grant!.id }]);
  });
});

