// Emergency access: off by default; at once, told, bounded, and answered for.
import { alarmRaised, emergencyBegun, exportFootage, playBack, watchLive, type Principal } from '@wanglou/core';
import { upc2013 } from '@wanglou/policies';
import { afterEach, describe, expect, it } from 'vitest';
import { beginDuty, beginEmergency, createDelegation, listEmergencies, readSession, reviewEmergency, revokeGrant, submitRequest } from '../src/contract.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const hour = 60 * minute;

let test: TestCampus;
let operator: Principal;
afterEach(() => test[Symbol.asyncDispose]());

const start = async (emergency = true) => {
  test = await startCampus([], undefined, {}, upc2013({ emergency }));
  operator = test.as('operator');
  await test.kernel.call(beginDuty, {}, operator);
};
const kind = () => Object.keys(upc2013({ emergency: true }).emergency!.reasons)[0]!;
const begin = (as = operator, over: object = {}) => test.kernel.call(beginEmergency, { cameras: ['gate'], kind: kind(), reason: '有人落水', ...over }, as);
const review = (grant: string, as: string, verdict: 'upheld' | 'violated' = 'upheld') => test.kernel.call(reviewEmergency, { grant, verdict, reason: '核实' }, test.as(as));
const play = (fromMs: number, toMs: number) => test.kernel.call(playBack, { camera: 'gate', fromMs, toMs }, operator);

describe('emergency access', () => {
  it('is off unless the pack switches it on', async () => {
    await start(false);
    expect((await refusals(begin())).length).toBeGreaterThan(0);
  });

  it('opens live view and the last hour at once, for 30 minutes, on the cameras named, and never a copy', async () => {
    await start();
    const nowMs = test.clock.now();
    expect(await refusals(play(nowMs - 30 * minute, nowMs))).toContain('a10-playback');
    const grant = await begin();
    expect(grant).toMatchObject({ approvals: [], useMs: 30 * minute, scope: { actions: ['live', 'playback'] }, emergency: { reviewers: 2, reviewByMs: nowMs + 24 * hour } });
    expect(await play(nowMs - 30 * minute, nowMs)).toMatchObject({ expiresMs: nowMs + 30 * minute });
    expect(await refusals(play(nowMs - 61 * minute, nowMs))).toContain('a10-playback');
    expect(await refusals(test.kernel.call(playBack, { camera: 'library', fromMs: nowMs - minute, toMs: nowMs }, operator))).toContain('a10-playback');
    expect(await refusals(test.kernel.call(exportFootage, { cameras: ['gate'], fromMs: nowMs - minute, toMs: nowMs, destination: 'U 盘' }, operator))).toContain('a10-copy');
    test.clock.jump(30 * minute);
    expect(await refusals(play(nowMs - 30 * minute, nowMs))).toContain('a10-playback');
  });

  it('is for duty roles on duty alone', async () => {
    await start();
    for (const as of ['operator-2', 'section-head', 'administrator', 'student']) expect((await refusals(begin(test.as(as)))).length).toBeGreaterThan(0);
  });

  it('is told to the Office and the Section at once, with an alarm', async () => {
    await start();
    const told: string[] = [];
    test.kernel.on(emergencyBegun, (grant) => void told.push(grant.holder));
    test.kernel.on(alarmRaised, ({ source }) => void told.push(source));
    const { id } = await begin();
    expect(told).toEqual(['operator', `access:emergency-${id}`]);
    expect((await test.kernel.call(listEmergencies, {}, test.as('office-head'))).grants).toMatchObject([{ id }]);
  });

  it('happens once until it was reviewed, by two different persons who are not its holder', async () => {
    await start();
    const { id } = await begin();
    expect(await refusals(begin())).not.toEqual([]);
    expect(await refusals(review(id, 'operator'))).not.toEqual([]);
    await review(id, 'section-head');
    await expect(review(id, 'section-head')).rejects.toMatchObject({ code: 'EMERGENCY_REVIEWED' });
    expect((await test.kernel.call(readSession, {}, operator)).suspended).toBe(false);
    expect((await review(id, 'office-head')).emergency!.reviews).toHaveLength(2);
    await expect(review(id, 'section-deputy')).rejects.toMatchObject({ code: 'EMERGENCY_REVIEWED' });
    await test.restart();
    expect(await begin()).toHaveProperty('emergency');
  });

  it('counts a lender and who borrows from them as one voice, also at the same moment', async () => {
    await start();
    const { id } = await begin();
    const nowMs = test.clock.now();
    await test.kernel.call(createDelegation, { to: 'clerk', role: 'section-head', fromMs: nowMs, toMs: nowMs + hour, reason: '出差' }, test.as('section-head'));
    const outcomes = await Promise.allSettled([review(id, 'clerk'), review(id, 'section-head')]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'EMERGENCY_REVIEWED' } }]);
    await test.restart();
    await expect(review(id, 'section-head')).rejects.toMatchObject({ code: 'EMERGENCY_REVIEWED' });
    const [kept] = (await test.kernel.call(listEmergencies, {}, test.as('office-head'))).grants;
    expect(kept!.emergency!.reviews).toMatchObject([{ reviewer: 'clerk', onBehalfOf: 'section-head' }]);
    expect((await review(id, 'office-head')).emergency!.reviews).toHaveLength(2);
  });

  it('of two at the same moment one is refused', async () => {
    await start();
    const outcomes = await Promise.allSettled([begin(), begin()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('that is not reviewed in 24 hours suspends the account, by the clock, until it is', async () => {
    await start();
    const { id } = await begin();
    await review(id, 'section-head');
    test.clock.jump(24 * hour - 1);
    expect(await test.kernel.call(watchLive, { camera: 'gate' }, operator)).toHaveProperty('lease');
    test.clock.jump(1);
    const ask = () => test.kernel.call(submitRequest, { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['playback'], purpose: 'incident', reason: '核查' }, operator);
    expect(await refusals(test.kernel.call(watchLive, { camera: 'gate' }, operator))).toContain('a10-suspended');
    expect(await refusals(ask())).toContain('a10-suspended');
    await test.restart();
    expect(await refusals(ask())).toContain('a10-suspended');
    await review(id, 'office-head');
    expect(await ask()).toMatchObject({ state: 'submitted' });
  });

  it('that was a violation closes the account', async () => {
    await start();
    const { id } = await begin();
    await review(id, 'section-head', 'violated');
    expect((await refusals(test.kernel.call(watchLive, { camera: 'gate' }, operator))).length).toBeGreaterThan(0);
  });

  it('can be revoked while it is open', async () => {
    await start();
    const nowMs = test.clock.now();
    const { id } = await begin();
    await test.kernel.call(revokeGrant, { grant: id, reason: '并非紧急' }, test.as('section-head'));
    expect(await refusals(play(nowMs - minute, nowMs))).toContain('a10-playback');
  });
});
