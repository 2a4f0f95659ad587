// The rules in force, and how others come into force: proven, approved by the Office, by two persons.
import { auditService, playBack, readCampus, sha256OfJson, storeService, watchLive, type PolicyPack } from '@wanglou/core';
import { upc2013 } from '@wanglou/policies';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvePolicy, approveRequest, beginDuty, proposePolicy, readPolicy, readRequest, rejectPolicy, submitRequest } from '../src/contract.ts';
import { isAtOrAbove } from '../src/people/units.ts';
import { accessMigrations, type AccessTables } from '../src/tables.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

let test: TestCampus;
beforeEach(async () => {
  test = await startCampus();
});
afterEach(() => test[Symbol.asyncDispose]());

const stricter = (): PolicyPack => ({ ...upc2013(), version: '3', approvals: { live: [{ unit: 'section' }, { unit: 'office' }], playback: [{ unit: 'section' }], copy: [{ unit: 'section' }, { unit: 'office' }] } });
const administrator = () => test.as('administrator');
const propose = (pack?: PolicyPack, as = administrator()) => test.kernel.call(proposePolicy, { reason: '修订', ...(pack && { pack: JSON.parse(JSON.stringify(pack)) as Record<string, unknown> }) }, as);
const approve = ({ id, pack }: { id: string; pack: { sha256: string } }, as = 'office-head') => test.kernel.call(approvePolicy, { proposal: id, sha256: pack.sha256 }, test.as(as));
const read = () => test.kernel.call(readPolicy, {}, administrator());
const lastDecision = async () => (await test.kernel.service(auditService)!.query({ limit: 20 })).find(({ entry }) => entry.kind === 'decision')!.entry.decision!;

describe('other rules', () => {
  it('come into force when the Office approves what another proposed, and every decision says which were in force', async () => {
    const before = sha256OfJson(upc2013());
    expect((await read()).inForce).toMatchObject({ id: 'upc-2013', sha256: before });
    expect((await lastDecision()).packSha256).toBe(before);
    const proposal = await propose(stricter());
    expect(proposal).toMatchObject({ state: 'open', proposedBy: 'administrator', verdict: { ok: true, problems: [] }, differences: [] });
    const approved = await approve(proposal);
    expect(approved).toMatchObject({ state: 'approved', settledBy: 'office-head' });
    expect((await read()).inForce.sha256).toBe(approved.pack.sha256);
    expect((await lastDecision()).packSha256).toBe(approved.pack.sha256);
    expect((await read()).rules).toEqual(stricter().rules.map(({ id, article, text }) => ({ id, article, text })));
    expect((await test.kernel.call(readCampus, {}, administrator())).approvals.live).toEqual([{ unit: 'section' }, { unit: 'office' }]);
    expect((await test.kernel.call(submitRequest, { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['live'], purpose: 'incident', reason: '看' }, administrator())).needs).toEqual([{ unit: 'section' }, { unit: 'office' }]);
    await test.restart();
    expect((await read()).inForce.sha256).toBe(approved.pack.sha256);
    expect(JSON.stringify(await test.kernel.service(auditService)!.query({ operation: 'policy.approve', limit: 5 }))).toContain(`"before":"${before}"`);
  });

  it('are not approved by whoever proposed them, by the Section, twice, or as something else than was read', async () => {
    const own = await propose(stricter(), test.as('office-head'));
    expect(await refusals(approve(own))).not.toEqual([]);
    expect(await refusals(approve(own, 'section-head'))).not.toEqual([]);
    await expect(test.kernel.call(approvePolicy, { proposal: own.id, sha256: '0'.repeat(64) }, test.as('office-deputy'))).rejects.toMatchObject({ code: 'PROPOSAL_CHANGED' });
    await approve(own, 'office-deputy');
    await expect(approve(own, 'office-deputy')).rejects.toMatchObject({ code: 'PROPOSAL_SETTLED' });
    await expect(propose(stricter())).rejects.toMatchObject({ code: 'PACK_SAME' });
  });

  it('that are no pack, or that the proof finds wanting, never come into force', async () => {
    const rules = upc2013().rules.filter(({ id }) => id !== 'a14');
    const proposal = await propose({ ...upc2013(), version: '3', rules });
    expect(proposal.verdict).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.stringContaining('property')]) });
    expect(proposal.differences).toEqual(expect.arrayContaining([expect.objectContaining({ before: 'deny', after: 'permit' })]));
    await expect(approve(proposal)).rejects.toMatchObject({ code: 'PACK_UNPROVEN' });
    await expect(propose({ ...upc2013(), rules: [{ ...rules[0]!, when: { 'no.such': true } }] })).rejects.toMatchObject({ code: 'PACK_INVALID' });
    await expect(test.kernel.call(proposePolicy, { reason: '试', pack: { id: 'x' } }, administrator())).rejects.toMatchObject({ code: 'PACK_INVALID' });
    expect(await test.kernel.call(rejectPolicy, { proposal: proposal.id, reason: '不可' }, test.as('office-head'))).toMatchObject({ state: 'rejected' });
  });

  it('of the configuration wait for approval, and are in force after it', async () => {
    await test.restart(0, stricter());
    const seen = await read();
    expect(seen).toMatchObject({ inForce: { version: upc2013().version }, configured: { version: '3' } });
    await approve(await propose());
    expect(await read()).toMatchObject({ inForce: { version: '3' } });
    expect(await read()).not.toHaveProperty('configured');
  });

  it('of the configuration take over, on record, from an approved pack that speaks of facts which are gone', async () => {
    const database = await test.kernel.service(storeService)!.open<AccessTables>('access', accessMigrations);
    const outdated = { ...upc2013(), version: '1', rules: [{ ...upc2013().rules[0]!, when: { 'actor.trained': true } }] };
    await database.updateTable('pack').set({ content: JSON.stringify(outdated) }).execute();
    await test.restart();
    expect(await read()).toMatchObject({ inForce: { version: upc2013().version } });
    expect(JSON.stringify(await test.kernel.service(auditService)!.read(0, 100))).toContain('unknown fact \\"actor.trained\\"');
  });

  it('are not approved when others came into force since they were proposed', async () => {
    const [first, second] = [await propose(stricter()), await propose({ ...upc2013(), version: '5' })];
    test.clock.jump(1);
    await approve(second);
    await expect(approve(first)).rejects.toMatchObject({ code: 'PROPOSAL_OUTDATED', text: { zh: expect.stringContaining('重新提请') } });
    await approve(await propose(stricter()));
  });

  it('send what waits on their own way: no approval of before counts under them', async () => {
    const operator = test.as('operator');
    const ask = { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['live' as const, 'copy' as const], purpose: 'incident' as const, reason: '看', destination: '派出所' };
    const request = await test.kernel.call(submitRequest, { ...ask, actions: ['live'] }, operator);
    const copy = await test.kernel.call(submitRequest, ask, operator);
    const judge = (one: { id: string; sha256: string }, as: string) => test.kernel.call(approveRequest, { request: one.id, sha256: one.sha256 }, test.as(as));
    await judge(copy, 'section-head');
    await approve(await propose(stricter()));
    const now = async (id: string) => (await test.kernel.call(readRequest, { request: id }, operator)).request;
    expect(await now(request.id)).toMatchObject({ needs: [{ unit: 'section' }, { unit: 'office' }], reviews: [] });
    // Its way is the same, and so is its approval.
    expect(await now(copy.id)).toMatchObject({ sha256: copy.sha256, reviews: [{ unit: 'section' }] });
    await expect(judge(request, 'section-head')).rejects.toMatchObject({ code: 'REQUEST_CHANGED' });
    expect((await judge(await now(request.id), 'section-head')).grant).toBeUndefined();
    await test.restart();
    expect((await judge(await now(request.id), 'office-head')).grant).toMatchObject({ approvals: ['section', 'office'] });
  });

  it('that know a unit no more leave what it approved for the other units to revoke', () => {
    const units = [{ id: 'office' }, { id: 'section', above: 'office' }, { id: 'guard-team', above: 'section' }];
    expect(isAtOrAbove(units, 'office', 'guard-team')).toBe(true);
    expect(isAtOrAbove(units, 'guard-team', 'section')).toBe(false);
    expect(isAtOrAbove(units, 'guard-team', 'dissolved')).toBe(true);
  });

  it('cut what is open under the old ones and no longer permitted', async () => {
    const operator = test.as('operator');
    await test.kernel.call(beginDuty, {}, operator);
    const { lease } = await test.kernel.call(watchLive, { camera: 'gate' }, operator);
    const closed: PolicyPack['rules'][number] = { id: 'closed', article: '16', text: { zh: '监控室停用', en: 'The control room is closed' }, effect: 'forbid', actions: ['live'], keptBecause: { zh: '试', en: 'a test' } };
    // Its own tests must say so, or the proof refuses it.
    const pack = { ...upc2013(), version: '4', rules: [...upc2013().rules, closed] };
    const tests = pack.tests.filter(({ action, effect }) => !(action === 'live' && effect === 'permit'));
    const properties = pack.properties.filter(({ actions, expect: wanted }) => !(wanted === 'permit' && actions.includes('live')));
    const proposal = await propose({ ...pack, tests, properties, rules: pack.rules.map((rule) => (rule.keptBecause ? rule : { ...rule, keptBecause: { zh: '试', en: 'a test' } })) });
    await approve(proposal);
    await test.clock.advance(0);
    await expect(test.kernel.leases.serve(lease, operator, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect(await refusals(test.kernel.call(playBack, { camera: 'gate', fromMs: 1, toMs: 2 }, operator))).toContain('a10-playback');
  });
});
