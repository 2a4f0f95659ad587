import { exportFootage, watchLive, type AccessRequest, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, listMyRequests, revokeGrant, submitRequest } from '../src/contract.ts';
import { covers } from '../src/grants/in-force.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;

let test: TestCampus;
let deputy: Principal;
let nowMs: number;
beforeEach(async () => {
  test = await startCampus();
  // Duty does not open live view for a deputy: she needs a grant.
  deputy = test.as('section-deputy');
  nowMs = test.clock.now();
});
afterEach(() => test[Symbol.asyncDispose]());

const grant = async (actions: readonly ('live' | 'playback' | 'copy')[], fromMs: number, toMs: number, destination?: string) => {
  const request = await test.kernel.call(submitRequest, { cameras: ['gate'], fromMs, toMs, actions: [...actions], purpose: 'incident', reason: '核查', ...(destination !== undefined && { destination }) }, deputy);
  const approve = (asked: AccessRequest, as: string) => test.kernel.call(approveRequest, { request: asked.id, sha256: asked.sha256, minutes: 120 }, test.as(as));
  const approved = await approve(request, 'section-head');
  return approved.grant ?? (await approve(request, 'office-head')).grant!;
};
const watch = () => test.kernel.call(watchLive, { camera: 'gate' }, deputy);

describe('a grant for live view', () => {
  it('opens nothing before the range that was granted begins, and nothing after it has ended', async () => {
    await grant(['live'], nowMs + 10 * minute, nowMs + 20 * minute);
    expect(await refusals(watch())).toContain('a10-live');
    test.clock.jump(10 * minute);
    expect(await watch()).toMatchObject({ expiresMs: nowMs + 20 * minute });
    test.clock.jump(10 * minute);
    expect(await refusals(watch())).toContain('a10-live');
  });

  it('cuts what is open when the range ends, although the grant goes on', async () => {
    const { useMs } = await grant(['live'], nowMs, nowMs + 5 * minute);
    expect(useMs).toBe(120 * minute);
    const { lease } = await watch();
    await test.clock.advance(5 * minute);
    await expect(test.kernel.leases.serve(lease, deputy, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
  });

  it('for footage of yesterday shows nothing of today', async () => {
    await grant(['live', 'playback'], nowMs - 1440 * minute, nowMs - 1430 * minute);
    expect(await refusals(watch())).toContain('a10-live');
  });

  it('that lasts longest in its range is the one that is used', async () => {
    await grant(['live'], nowMs, nowMs + 10 * minute);
    await grant(['live'], nowMs, nowMs + 30 * minute);
    await grant(['live'], nowMs, nowMs + 20 * minute);
    expect(await watch()).toMatchObject({ expiresMs: nowMs + 30 * minute });
  });
});

describe('what was opened by a grant', () => {
  const revoke = (id: string) => test.kernel.call(revokeGrant, { grant: id, reason: '撤销' }, test.as('section-head'));
  const isOpen = (id: string) => test.kernel.leases.list().some(({ id: lease }) => lease === id);

  it('ends with it, and does not go on by another, whose time in use would never begin', async () => {
    const short = await grant(['live'], nowMs, nowMs + 10 * minute);
    const long = await grant(['live'], nowMs, nowMs + 30 * minute);
    const { lease } = await watch();
    await revoke(long.id);
    await test.clock.advance(0);
    expect(isOpen(lease)).toBe(false);
    // Asked for anew, the other one opens it, and its time begins.
    expect(await watch()).toMatchObject({ expiresMs: nowMs + 10 * minute });
    const { grants } = await test.kernel.call(listMyRequests, {}, deputy);
    expect(grants.find(({ id }) => id === short.id)).toMatchObject({ begunMs: nowMs });
  });

  it('stays with it when a better one comes', async () => {
    const short = await grant(['live'], nowMs, nowMs + 10 * minute);
    const { lease } = await watch();
    const long = await grant(['live'], nowMs, nowMs + 30 * minute);
    await revoke(long.id);
    await test.clock.advance(0);
    expect(isOpen(lease)).toBe(true);
    await revoke(short.id);
    await test.clock.advance(0);
    expect(isOpen(lease)).toBe(false);
  });
});

describe('a grant for a copy', () => {
  it('covers the destination that was approved and no other', async () => {
    const range = { fromMs: nowMs - 10 * minute, toMs: nowMs };
    await grant(['playback', 'copy'], range.fromMs, range.toMs, '青岛市公安局，加密硬盘');
    const copyTo = (destination: string) => test.kernel.call(exportFootage, { cameras: ['gate'], ...range, destination }, deputy);
    expect(await refusals(copyTo('我的 U 盘'))).toContain('a10-copy');
    expect(await refusals(copyTo('青岛市公安局'))).toContain('a10-copy');
    expect(await copyTo(' 青岛市公安局，加密硬盘 ')).toHaveProperty('lease');
  });

  it('without a destination, or a copy without one, is covered by nothing', () => {
    const range = { fromMs: 0, toMs: 10 };
    const scope = { cameras: ['gate'], range, actions: ['copy' as const], purpose: 'case' as const };
    expect(covers({ scope }, 'copy', { cameras: ['gate'], range }, 5)).toBe(false);
    expect(covers({ scope, destination: '派出所' }, 'copy', { cameras: ['gate'], range }, 5)).toBe(false);
    expect(covers({ scope, destination: '派出所' }, 'copy', { cameras: ['gate'], range, destination: '派出所' }, 5)).toBe(true);
  });
});
