import { requestChanged, type AccessRequest } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, denyRequest, listInbox, listMyRequests, submitRequest, withdrawRequest } from '../src/contract.ts';
import { startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const fromMs = Date.UTC(2026, 10, 22, 10);

let test: TestCampus;
beforeEach(async () => {
  test = await startCampus();
});
afterEach(() => test[Symbol.asyncDispose]());

const submit = async (as = 'operator', action: 'playback' | 'copy' = 'playback') => {
  test.clock.jump(minute);
  return test.kernel.call(submitRequest, { cameras: ['gate'], fromMs, toMs: fromMs + minute, actions: [action], purpose: 'incident', reason: '核查', ...(action === 'copy' && { destination: '派出所' }) }, test.as(as));
};
const approve = ({ id, sha256 }: AccessRequest, as = 'section-head') => test.kernel.call(approveRequest, { request: id, sha256 }, test.as(as));
const inbox = async (as: string, limit = 100) => (await test.kernel.call(listInbox, { limit }, test.as(as))).requests.map((request) => request.id);

describe('the inbox', () => {
  it('puts what waits longest first, so that nobody is starved, and then the newest of the rest', async () => {
    const judged = [await submit(), await submit()];
    for (const request of judged) await approve(request);
    const waiting = [await submit(), await submit('operator-2'), await submit()];
    const expected = [...waiting, ...judged.toReversed()].map((request) => request.id);
    expect(await inbox('section-head')).toEqual(expected);
    expect(await inbox('section-head', 2)).toEqual(expected.slice(0, 2));
    expect(await inbox('section-head', 3)).toEqual(expected.slice(0, 3));
    expect(await inbox('section-head', 4)).toEqual(expected.slice(0, 4));
    await test.restart();
    expect(await inbox('section-head')).toEqual(expected);
  });

  it('shows the next unit its turn', async () => {
    const first = await submit('operator', 'copy');
    const second = await submit('operator', 'copy');
    await approve(second);
    expect(await inbox('office-head')).toEqual([second.id, first.id]);
    await approve(first);
    expect(await inbox('office-head')).toEqual([first.id, second.id]);
  });

  it('lists one’s own newest first', async () => {
    const mine = [await submit(), await submit(), await submit()];
    await submit('operator-2');
    const { requests } = await test.kernel.call(listMyRequests, { limit: 2 }, test.as('operator'));
    expect(requests.map((request) => request.id)).toEqual([mine[2]!.id, mine[1]!.id]);
  });
});

describe('open requests of one person', () => {
  it('are at most 20, also when they come at the same moment, and those of others are not counted', async () => {
    const results = await Promise.allSettled(Array.from({ length: 25 }, () => submit()));
    const refused = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
    expect(refused).toHaveLength(5);
    expect(refused[0]).toMatchObject({ code: 'REQUESTS_OPEN', params: { count: 20 }, text: { zh: expect.stringContaining('20'), en: expect.stringContaining('20') } });
    expect(await submit('operator-2')).toMatchObject({ state: 'submitted' });
  });

  it('make room again when one is judged, withdrawn or expires', async () => {
    await test[Symbol.asyncDispose]();
    test = await startCampus([], undefined, { openRequests: 1 });
    await test.kernel.call(withdrawRequest, { request: (await submit()).id }, test.as('operator'));
    await test.kernel.call(denyRequest, { request: (await submit()).id, reason: '重复' }, test.as('section-head'));
    await approve(await submit());
    await submit();
    await expect(submit()).rejects.toMatchObject({ code: 'REQUESTS_OPEN' });
    test.clock.jump(7 * 1440 * minute);
    expect(await submit()).toMatchObject({ state: 'submitted' });
  });
});

describe('a request that nobody answers', () => {
  it('is settled as expired by the clock, and whoever follows it is told', async () => {
    const late = await submit();
    const states: string[] = [];
    test.kernel.on(requestChanged, ({ id, state }) => void (id === late.id && states.push(state)));
    test.clock.jump(7 * 1440 * minute);
    await test.clock.advance(minute);
    await expect.poll(() => states).toEqual(['expired']);
    await test.restart();
    // A clock that is set back does not open it again.
    test.clock.jump(-7 * 1440 * minute);
    await expect(approve(late)).rejects.toMatchObject({ code: 'REQUEST_SETTLED', params: { state: 'expired' } });
  });
});
