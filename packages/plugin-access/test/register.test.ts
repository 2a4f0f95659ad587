import { auditService, exportFootage, storeService, type AccessRequest, type AuditEntry, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, beginDuty, denyRequest, listRegister, revokeGrant, submitRequest, withdrawRequest } from '../src/contract.ts';
import { Register } from '../src/register/register.ts';
import { accessMigrations, type AccessTables } from '../src/tables.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const fromMs = Date.UTC(2026, 10, 22, 10);
const range = { fromMs, toMs: fromMs + 60_000 };

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

const submit = (camera: string) => test.kernel.call(submitRequest, { cameras: [camera], ...range, actions: ['playback', 'copy'], purpose: 'case', reason: '配合调查', destination: '派出所' }, operator);
const approve = ({ id, sha256 }: AccessRequest, as: Principal) => test.kernel.call(approveRequest, { request: id, sha256, reason: '同意' }, as);
const rows = async (camera?: string) => (await test.kernel.call(listRegister, camera === undefined ? {} : { camera }, head)).rows.toReversed();

describe('a line of the register', () => {
  it('of any step of a request shows what was asked, so that a look for a camera finds them all', async () => {
    const request = await submit('gate');
    await approve(request, head);
    const { grant } = await approve(request, test.as('office-head'));
    await test.kernel.call(revokeGrant, { grant: grant!.id, reason: '事情已查清' }, head);
    const other = await submit('library');
    await test.kernel.call(denyRequest, { request: other.id, reason: '理由不足' }, head);
    const third = await submit('library');
    await test.kernel.call(withdrawRequest, { request: third.id }, operator);

    const about = { cameras: ['gate'], ...range, purpose: 'case', destination: '派出所', request: request.id, outcome: 'done' };
    expect(await rows('gate')).toMatchObject([
      { ...about, operation: 'request.submit', reason: '配合调查' },
      { ...about, operation: 'request.approve', reason: '同意' },
      { ...about, operation: 'request.approve', reason: '同意' },
      { ...about, operation: 'grant.revoke', reason: '事情已查清', grant: grant!.id, approvals: ['section', 'office'] },
    ]);
    expect((await rows('library')).map(({ operation, request: id }) => [operation, id])).toEqual([
      ['request.submit', other.id],
      ['request.deny', other.id],
      ['request.submit', third.id],
      ['request.withdraw', third.id],
    ]);
  });

  it('of a copy shows the destination that was granted, or the one that was refused', async () => {
    const request = await submit('gate');
    await approve(request, head);
    await approve(request, test.as('office-head'));
    await refusals(test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '我的 U 盘' }, operator));
    await test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: ' 派出所 ' }, operator);
    expect((await rows('gate')).filter(({ action }) => action === 'copy')).toMatchObject([
      { effect: 'deny', destination: '我的 U 盘' },
      { effect: 'permit', destination: '派出所' },
    ]);
  });

  it('is the same when the register is made again from the audit log', async () => {
    const request = await submit('gate');
    await approve(request, head);
    const { grant } = await approve(request, test.as('office-head'));
    await test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination: '派出所' }, operator);
    await test.kernel.call(revokeGrant, { grant: grant!.id, reason: '完成' }, head);
    await submit('library');
    const before = await rows();
    const database = await test.kernel.service(storeService)!.open<AccessTables>('access', accessMigrations);
    // The register follows the log on its own: while it takes over a record, it would write the cursor again that is deleted here.
    const size = test.kernel.service(auditService)!.size();
    await expect.poll(async () => (await database.selectFrom('register_cursor').select('next_seq').executeTakeFirstOrThrow()).next_seq).toBe(size);
    for (const table of ['register', 'register_cursor'] as const) await database.deleteFrom(table).execute();
    await test.restart();
    expect(await rows()).toEqual(before);
  });
});

describe('an act that is decided more than once, because facts change meanwhile,', () => {
  it('is one line, with its last decision', async () => {
    const decision = { effect: 'permit' as const, permits: [], denials: [], articles: ['10'], pack: 'p@1', packSha256: '', facts: {} };
    const entry = { kind: 'decision', atMs: 1, principal: operator, call: 'c', operation: 'recording.playback', action: 'playback', resource: { cameras: ['gate'], range }, input: {}, decision };
    const entries: AuditEntry[] = [entry, { ...entry, atMs: 2, decision: { ...decision, effect: 'deny' } }, { kind: 'outcome', atMs: 3, principal: operator, call: 'c', operation: 'recording.playback', outcome: 'failed' }];
    const log = { read: (fromSeq: number) => Promise.resolve(entries.map((one, seq) => ({ seq, entry: one, hash: '' })).slice(fromSeq)) };
    const database = await test.kernel.service(storeService)!.open<AccessTables>('access-of-its-own', accessMigrations);
    const register = new Register(database, log, { grant: () => undefined, request: () => undefined, requestOfCall: () => undefined, personName: (id) => id, onDutyDuring: async () => [] });
    expect(await register.list({ limit: 10 })).toMatchObject([{ seq: 1, atMs: 2, effect: 'deny', outcome: 'failed' }]);
  });
});
