// What a lent role is good for, and what not: whoever lends and whoever borrows have one voice. Article 8.
import { upc2013 } from '@wanglou/policies';
import type { AccessRequest } from '@wanglou/core';
import { afterEach, describe, expect, it } from 'vitest';
import { approvePolicy, approveRequest, assignRoles, beginDuty, beginEmergency, createDelegation, listInbox, proposePolicy, resetCredentials, reviewEmergency, setPersonActive, submitRequest, updatePerson } from '../src/contract.ts';
import { people, refusals, startCampus, type TestCampus } from './harness.ts';

const hour = 3_600_000;
let test: TestCampus;
afterEach(() => test[Symbol.asyncDispose]());

const lend = (from: string, role: string, to = 'clerk', toMs = test.clock.now() + hour) => test.kernel.call(createDelegation, { to, role, fromMs: test.clock.now(), toMs, reason: '出差' }, test.as(from));
const submit = (as = 'operator') => test.kernel.call(submitRequest, { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['playback'], purpose: 'incident', reason: '核查' }, test.as(as));
const approve = (request: Pick<AccessRequest, 'id' | 'sha256'>, as: string) => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as(as));

describe('a lent role', () => {
  it('puts its borrower’s account out of the administrator’s reach, before it begins and while it lasts', async () => {
    test = await startCampus();
    const reset = () => test.kernel.call(resetCredentials, { person: 'clerk', password: 'known to others', reason: '忘记' }, test.as('administrator'));
    await reset();
    const toMs = test.clock.now() + 2 * hour;
    await test.kernel.call(createDelegation, { to: 'clerk', role: 'section-head', fromMs: test.clock.now() + hour, toMs, reason: '出差' }, test.as('section-head'));
    expect(await refusals(reset())).toContain('a8-judges');
    expect(await refusals(test.kernel.call(updatePerson, { person: 'clerk', externalId: 'mine' }, test.as('administrator')))).toContain('a8-judges');
    test.clock.jump(2 * hour);
    await reset();
  });

  it('is one voice with its lender’s own, where the rules ask for two', async () => {
    const pack = upc2013();
    test = await startCampus([], undefined, {}, { ...pack, approvals: { ...pack.approvals, playback: [{ unit: 'section', count: 2 }] } });
    await lend('section-head', 'section-head');
    const [first, second] = [await submit(), await submit()];
    await approve(first, 'section-head');
    expect(await refusals(approve(first, 'clerk'))).toContain('a8-unit');
    await approve(second, 'clerk');
    expect(await refusals(approve(second, 'section-head'))).toContain('a8-unit');
    for (const request of [first, second]) expect((await approve(request, 'section-deputy')).grant).toBeDefined();
  });

  it('approves no rules that its lender proposed, and appoints not its lender', async () => {
    test = await startCampus();
    await lend('office-head', 'office-head');
    const pack = { ...upc2013(), version: '3' };
    const proposal = await test.kernel.call(proposePolicy, { pack: JSON.parse(JSON.stringify(pack)) as Record<string, unknown>, reason: '修订' }, test.as('office-head'));
    const settle = (as: string) => test.kernel.call(approvePolicy, { proposal: proposal.id, sha256: proposal.pack.sha256 }, test.as(as));
    expect(await refusals(settle('clerk'))).toContain('a8-policy-own');
    expect(await refusals(test.kernel.call(assignRoles, { person: 'office-head', roles: ['office-head', 'operator'], reason: '兼任' }, test.as('clerk')))).toContain('a8-appoint-self');
    expect((await settle('office-deputy')).state).toBe('approved');
  });

  it('reviews no emergency of its lender', async () => {
    test = await startCampus([], undefined, { people: [...people, { id: 'chief', name: '带班科长', unit: 'section', roles: ['section-head', 'operator'], trainedUntil: '2027-12-31' }] }, upc2013({ emergency: true }));
    await test.kernel.call(beginDuty, {}, test.as('chief'));
    await lend('chief', 'section-head');
    const { id } = await test.kernel.call(beginEmergency, { cameras: ['gate'], kind: 'fire', reason: '冒烟' }, test.as('chief'));
    const review = (as: string) => test.kernel.call(reviewEmergency, { grant: id, verdict: 'upheld', reason: '核实' }, test.as(as));
    for (const as of ['chief', 'clerk']) expect(await refusals(review(as))).toContain('a10-own');
    expect((await review('section-head')).emergency!.reviews).toHaveLength(1);
  });

  it('ends when its lender’s account is closed, or when either is of the staff no more', async () => {
    test = await startCampus();
    await lend('section-head', 'section-head');
    const request = await submit();
    const office = test.as('office-head');
    const standing = (person: string, to: 'staff' | 'outside') => test.kernel.call(updatePerson, { person, standing: to }, office);
    const active = (on: boolean) => test.kernel.call(setPersonActive, { person: 'section-head', active: on, reason: '调动' }, office);
    await active(false);
    expect(await refusals(approve(request, 'clerk'))).toEqual(['a8-unit']);
    await active(true);
    for (const person of ['section-head', 'clerk']) {
      await standing(person, 'outside');
      expect(await refusals(approve(request, 'clerk'))).toEqual(['a8-unit']);
      await standing(person, 'staff');
    }
    expect((await approve(request, 'clerk')).grant).toBeDefined();
  });

  it('shows the inbox of its lender’s unit, and not that of its borrower’s own', async () => {
    test = await startCampus();
    await submit();
    await lend('office-head', 'office-head');
    expect((await test.kernel.call(listInbox, {}, test.as('clerk'))).requests).toEqual([]);
  });

  it('is lent for a year at the most', async () => {
    test = await startCampus();
    await expect(lend('section-head', 'section-head', 'clerk', test.clock.now() + 367 * 24 * hour)).rejects.toMatchObject({ code: 'DELEGATION_INVALID', text: { zh: expect.stringContaining('366') } });
  });
});
