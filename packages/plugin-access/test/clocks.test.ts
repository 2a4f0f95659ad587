// Two clocks of a grant, and a clock on the wall that somebody sets back.
import { alarmRaised, leaseEnded, playBack, type AccessRequest, type Grant, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, beginDuty, endGrant, extendRequest, listMyRequests, submitRequest } from '../src/contract.ts';
import { monotoneTime } from '../src/monotone-time.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;
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

const submit = () => test.kernel.call(submitRequest, { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'incident', reason: '核查' }, operator);
const approve = async (request: AccessRequest, over: { minutes?: number; beginWithinHours?: number } = {}) => (await test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256, minutes: 30, beginWithinHours: 4, ...over }, head)).grant!;
const play = () => test.kernel.call(playBack, { camera: 'gate', ...range }, operator);
const mine = async (id: string): Promise<Grant> => (await test.kernel.call(listMyRequests, {}, operator)).grants.find((grant) => grant.id === id)!;

describe('a grant', () => {
  it('has a time to use: not begun by then, it has expired', async () => {
    const grant = await approve(await submit());
    expect(grant).toMatchObject({ beginByMs: test.clock.now() + 4 * hour, useMs: 30 * minute, endsMs: test.clock.now() + 4 * hour });
    expect(grant).not.toHaveProperty('begunMs');
    test.clock.jump(4 * hour);
    expect(await refusals(play())).toContain('a10-playback');
  });

  it('has a time in use, which counts from the first use and outlasts the time to use', async () => {
    const { id } = await approve(await submit());
    test.clock.jump(4 * hour - minute);
    const begunMs = test.clock.now();
    expect(await play()).toMatchObject({ expiresMs: begunMs + 30 * minute });
    expect(await mine(id)).toMatchObject({ begunMs, endsMs: begunMs + 30 * minute });
    test.clock.jump(29 * minute);
    expect(await play()).toMatchObject({ expiresMs: begunMs + 30 * minute });
    test.clock.jump(minute);
    expect(await refusals(play())).toContain('a10-playback');
  });

  it('that was begun stays begun over a restart', async () => {
    const { id } = await approve(await submit());
    await play();
    const { endsMs } = await mine(id);
    await test.restart(10 * minute);
    expect(await play()).toMatchObject({ expiresMs: endsMs });
  });

  it('can be given back by its holder, which cuts what is open; nobody else can', async () => {
    const { id } = await approve(await submit());
    const { lease } = await play();
    const ended: string[] = [];
    test.kernel.on(leaseEnded, (event) => void ended.push(event.lease));
    await expect(test.kernel.call(endGrant, { grant: id }, test.as('operator-2'))).rejects.toMatchObject({ code: 'GRANT_UNKNOWN' });
    await test.kernel.call(endGrant, { grant: id }, operator);
    await test.clock.advance(0);
    expect(ended).toEqual([lease]);
    await expect(test.kernel.call(endGrant, { grant: id }, operator)).rejects.toMatchObject({ code: 'GRANT_ENDED' });
  });

  it('goes on with an extension: the same content, asked and judged anew', async () => {
    const first = await approve(await submit());
    await play();
    const request = await test.kernel.call(extendRequest, { grant: first.id, reason: '尚未看完' }, operator);
    expect(request).toMatchObject({ state: 'submitted', extends: first.id, scope: first.scope, reason: '尚未看完' });
    const second = await approve(request, { minutes: 60 });
    expect(second).toMatchObject({ extends: first.id, useMs: 60 * minute });
    test.clock.jump(30 * minute);
    expect(await play()).toMatchObject({ expiresMs: test.clock.now() + 60 * minute });
    await expect(test.kernel.call(extendRequest, { grant: first.id, reason: '再看' }, operator)).rejects.toMatchObject({ code: 'GRANT_ENDED' });
  });
});

describe('a clock that is set back', () => {
  it('brings no grant back to life, and raises an alarm', async () => {
    const alarms: string[] = [];
    test.kernel.on(alarmRaised, ({ source }) => void alarms.push(source));
    await approve(await submit());
    await play();
    test.clock.jump(31 * minute);
    expect(await refusals(play())).toContain('a10-playback');
    test.clock.jump(-31 * minute);
    expect(await refusals(play())).toContain('a10-playback');
    expect(alarms).toEqual(['access:clock']);
  });

  it('does not make time stand still: what was begun goes on to run out', async () => {
    await approve(await submit());
    await play();
    test.clock.jump(-24 * hour);
    expect(await play()).toHaveProperty('lease');
    await test.clock.advance(31 * minute);
    expect(await refusals(play())).toContain('a10-playback');
  });

  it('does not keep the time in use from beginning', async () => {
    const { id } = await approve(await submit());
    test.clock.jump(-hour);
    await play();
    expect(await mine(id)).toHaveProperty('begunMs');
    await test.clock.advance(31 * minute);
    expect(await refusals(play())).toContain('a10-playback');
  });

  it('is caught up with when the real clock is put right', () => {
    let wallMs = 1_000_000;
    const told: number[] = [];
    const now = monotoneTime(() => wallMs, (behindMs) => void told.push(behindMs));
    const at = (ms: number) => ((wallMs = ms), now());
    expect(at(1_100_000)).toBe(1_100_000);
    expect(at(500_000)).toBe(1_100_000);
    expect(at(560_000)).toBe(1_160_000);
    // Somebody puts it right: no hour is counted twice.
    expect(at(1_200_000)).toBe(1_200_000);
    expect(at(1_290_000)).toBe(1_290_000);
    expect(told).toEqual([600_000]);
  });

  it('also when the campus is started again after what was over had been swept', async () => {
    await approve(await submit());
    await play();
    await test.clock.advance(32 * minute);
    await test.restart(-32 * minute);
    expect(await refusals(play())).toContain('a10-playback');
  });
});
