// Reviews counted per unit, bound to what was asked, given by delegation, asked for again.
import { requestReminder, type AccessRequest, type Principal } from '@wanglou/core';
import { upc2013 } from '@wanglou/policies';
import { afterEach, describe, expect, it } from 'vitest';
import { amendRequest, approveRequest, beginDuty, createDelegation, listDelegations, listInbox, readRequest, revokeDelegation, submitRequest, withdrawRequest } from '../src/contract.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;
const fromMs = Date.UTC(2026, 10, 22, 10);
const ask = { cameras: ['gate'], fromMs, toMs: fromMs + 10 * minute, actions: ['playback' as const], purpose: 'incident' as const, reason: '核查' };

let test: TestCampus;
afterEach(() => test[Symbol.asyncDispose]());

const start = async (...args: Parameters<typeof startCampus>) => {
  test = await startCampus(...args);
  await test.kernel.call(beginDuty, {}, test.as('operator'));
};
const submit = (over: Partial<typeof ask> & { companions?: string[]; destination?: string } = {}, as = test.as('operator')) => test.kernel.call(submitRequest, { ...ask, ...over }, as);
const approve = (request: Pick<AccessRequest, 'id' | 'sha256'>, as: string | Principal, over = {}) => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256, ...over }, typeof as === 'string' ? test.as(as) : as);

describe('reviews', () => {
  it('are counted per unit: two different persons where the rules ask for two', async () => {
    const pack = upc2013();
    await start([], undefined, {}, { ...pack, approvals: { ...pack.approvals, playback: [{ unit: 'section', count: 2 }] } });
    const request = await submit();
    expect((await approve(request, 'section-head')).grant).toBeUndefined();
    expect(await refusals(approve(request, 'section-head'))).toEqual(['a8-unit']);
    expect((await approve(request, 'section-deputy')).grant).toMatchObject({ approvals: ['section'] });
  });

  it('are not given by the requester, nor by a companion', async () => {
    await start();
    const request = await submit({ companions: ['section-head'] });
    expect(await refusals(approve(request, 'section-head'))).toEqual(['a10-own']);
    expect((await approve(request, 'section-deputy')).request.state).toBe('approved');
    await expect(submit({ companions: ['nobody'] })).rejects.toMatchObject({ code: 'COMPANION_UNKNOWN' });
    await expect(submit({ companions: ['operator'] })).rejects.toMatchObject({ code: 'COMPANION_UNKNOWN' });
  });

  it('are void when the request changes, also when it is changed back', async () => {
    await start();
    const copy = { actions: ['playback', 'copy'] as never, destination: '派出所' };
    const first = await submit(copy);
    const { request: half } = await approve(first, 'section-head');
    expect(half.reviews).toHaveLength(1);
    const amend = (request: AccessRequest, over: Partial<typeof ask>) => test.kernel.call(amendRequest, { ...ask, ...copy, ...over, request: request.id, sha256: request.sha256 }, test.as('operator'));
    const changed = await amend(half, { cameras: ['gate', 'library'] });
    expect(changed).toMatchObject({ id: first.id, reviews: [], state: 'submitted' });
    const back = await amend(changed, {});
    expect(back.scope).toEqual(first.scope);
    expect(back.sha256).not.toBe(first.sha256);
    await expect(approve(first, 'section-head')).rejects.toMatchObject({ code: 'REQUEST_CHANGED' });
    expect(await refusals(approve(back, 'office-head'))).toEqual(['a8-unit']);
    await approve(back, 'section-head');
    expect((await approve(back, 'office-head')).grant).toMatchObject({ approvals: ['section', 'office'] });
    await test.restart();
    expect((await test.kernel.call(readRequest, { request: first.id }, test.as('operator'))).request).toMatchObject({ state: 'approved', reviews: [{ unit: 'section' }, { unit: 'office' }] });
  });

  it('and changes at the same moment: one of them wins, the other is told', async () => {
    await start();
    for (let round = 0; round < 5; round++) {
      const request = await submit();
      const outcomes = await Promise.allSettled([
        approve(request, 'section-head'),
        test.kernel.call(amendRequest, { ...ask, reason: '改过', request: request.id, sha256: request.sha256 }, test.as('operator')),
        test.kernel.call(withdrawRequest, { request: request.id }, test.as('operator')),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { request: now, grant } = await test.kernel.call(readRequest, { request: request.id }, test.as('operator'));
      expect(grant !== undefined).toBe(now.state === 'approved');
      if (now.state === 'submitted') await test.kernel.call(withdrawRequest, { request: request.id }, test.as('operator'));
    }
  });
});

describe('a delegation', () => {
  const lend = (over: object = {}, as = 'section-head') => test.kernel.call(createDelegation, { to: 'clerk', role: 'section-head', fromMs: test.clock.now(), toMs: test.clock.now() + 8 * hour, reason: '出差', ...over }, test.as(as));

  it('lends a role with dates, and the review says on whose behalf', async () => {
    await start();
    const request = await submit();
    expect(await refusals(approve(request, 'clerk'))).toContain('a8-unit');
    await lend({ fromMs: test.clock.now() + hour });
    expect(await refusals(approve(request, 'clerk'))).toContain('a8-unit');
    test.clock.jump(hour);
    const inbox = await test.kernel.call(listInbox, {}, test.as('clerk'));
    expect(inbox.requests.map(({ id }) => id)).toEqual([request.id]);
    expect((await approve(request, 'clerk')).request.reviews).toMatchObject([{ reviewer: 'clerk', unit: 'section', onBehalfOf: 'section-head' }]);
    const late = await submit();
    test.clock.jump(8 * hour);
    expect(await refusals(approve(late, 'clerk'))).toContain('a8-unit');
  });

  it('does not let the borrower judge what the lender asked for', async () => {
    await start();
    await lend();
    expect(await refusals(approve(await submit({}, test.as('section-head')), 'clerk'))).toEqual(['a10-own']);
    expect(await refusals(approve(await submit({ companions: ['section-head'] }), 'clerk'))).toEqual(['a10-own']);
  });

  it('gives no voice in another unit than the lender’s', async () => {
    await start();
    await test.kernel.call(createDelegation, { to: 'clerk', role: 'office-head', fromMs: test.clock.now(), toMs: test.clock.now() + hour, reason: '出差' }, test.as('office-head'));
    // The clerk is of the Section, but holds a role of the Office alone.
    expect(await refusals(approve(await submit(), 'clerk'))).toContain('a8-unit');
  });

  it('can be taken back, cannot be lent on, and ends with the lender’s own role', async () => {
    await start();
    const delegation = await lend();
    await expect(lend({ to: 'operator' }, 'clerk')).rejects.toMatchObject({ code: 'DELEGATION_INVALID' });
    await expect(lend({ to: 'student' })).rejects.toMatchObject({ code: 'DELEGATION_INVALID' });
    await expect(lend({ role: 'office-head' })).rejects.toMatchObject({ code: 'DELEGATION_INVALID' });
    await expect(test.kernel.call(revokeDelegation, { delegation: delegation.id }, test.as('section-deputy'))).rejects.toMatchObject({ code: 'DELEGATION_UNKNOWN' });
    await test.restart();
    expect((await test.kernel.call(listDelegations, {}, test.as('section-head'))).delegations).toMatchObject([{ id: delegation.id, to: 'clerk' }]);
    await test.kernel.call(revokeDelegation, { delegation: delegation.id }, test.as('section-head'));
    expect(await refusals(approve(await submit(), 'clerk'))).toContain('a8-unit');
  });
});

describe('a request that nobody answers', () => {
  it('is said again after 4 and after 24 hours, once each, also over a restart', async () => {
    await start();
    const { id } = await submit();
    const said: number[] = [];
    const listen = () => test.kernel.on(requestReminder, (request) => void (request.id === id && said.push(request.reminders)));
    listen();
    // Sweeps wait for the disk, which no test clock moves.
    const sweep = () => expect.poll(async () => (await test.clock.advance(minute), said.length));
    test.clock.jump(4 * hour);
    await sweep().toBe(1);
    await test.restart();
    listen();
    test.clock.jump(20 * hour);
    await sweep().toBe(2);
    expect(said).toEqual([1, 2]);
  });
});
