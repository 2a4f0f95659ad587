// Who runs the campus's people: administrators make accounts, the Office appoints, nobody appoints themselves. Article 8.
import { playBack, sessionsService, watchLive, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approveRequest, assignRoles, beginDuty, changePassword, createPerson, listPeople, qualifyPerson, readSession, resetCredentials, setPersonActive, signIn, submitRequest, updatePerson } from '../src/contract.ts';
import { addresses, refusals, startCampus, type TestCampus } from './harness.ts';

let test: TestCampus;
let administrator: Principal;
let office: Principal;
beforeEach(async () => {
  test = await startCampus();
  administrator = test.as('administrator');
  office = test.as('office-head');
});
afterEach(() => test[Symbol.asyncDispose]());

const create = (over: object = {}) => test.kernel.call(createPerson, { id: 'zhao', name: '赵', unit: 'guard-team', password: 'first password', ...over }, administrator);
const enter = async (name: string, password: string) => {
  const { credential, ...view } = await test.kernel.call(signIn, { name, password }, { kind: 'anonymous', id: 'anonymous', address: addresses.registered });
  const { principal } = (await test.kernel.service(sessionsService)!.resolve(credential, addresses.registered))!;
  return { credential, view, principal };
};

describe('people', () => {
  it('are created without roles by the administrator, and appointed by the Office', async () => {
    expect(await create()).toMatchObject({ id: 'zhao', roles: [], mustChangePassword: true, active: true });
    await expect(create()).rejects.toMatchObject({ code: 'PERSON_EXISTS' });
    await expect(create({ id: 'qian', unit: 'no-such' })).rejects.toMatchObject({ code: 'UNIT_UNKNOWN' });
    const appoint = (as: Principal, roles = ['operator'], person = 'zhao') => test.kernel.call(assignRoles, { person, roles, reason: '新聘' }, as);
    expect(await refusals(appoint(administrator))).toContain('a8-appoint');
    expect(await refusals(appoint(office, ['office-head', 'operator'], 'office-head'))).not.toEqual([]);
    await expect(appoint(office, ['no-such'])).rejects.toMatchObject({ code: 'ROLE_UNKNOWN' });
    expect(await appoint(office)).toMatchObject({ roles: ['operator'] });
    await test.restart();
    expect((await test.kernel.call(listPeople, { search: 'zhao' }, administrator)).people).toMatchObject([{ id: 'zhao', roles: ['operator'] }]);
  });

  it('are appointed with the identity at the provider that the Office read, not with one that was swapped meanwhile', async () => {
    await create({ externalId: 'zhao@campus' });
    const appoint = (externalId?: string) => test.kernel.call(assignRoles, { person: 'zhao', roles: ['section-head'], reason: '新聘', ...(externalId !== undefined && { externalId }) }, office);
    await expect(appoint()).rejects.toMatchObject({ code: 'EXTERNAL_ID_DIFFERS', message: expect.stringContaining('zhao@campus') });
    await test.kernel.call(updatePerson, { person: 'zhao', externalId: 'administrator@campus' }, administrator);
    await expect(appoint('zhao@campus')).rejects.toMatchObject({ code: 'EXTERNAL_ID_DIFFERS', message: expect.stringContaining('administrator@campus') });
    await test.kernel.call(updatePerson, { person: 'zhao', externalId: 'zhao@campus' }, administrator);
    expect(await appoint('zhao@campus')).toMatchObject({ roles: ['section-head'] });
    expect((await refusals(test.kernel.call(updatePerson, { person: 'zhao', externalId: 'administrator@campus' }, administrator))).length).toBeGreaterThan(0);
  });

  it('can do nothing with the first password but change it', async () => {
    await create();
    await test.kernel.call(assignRoles, { person: 'zhao', roles: ['operator'], reason: '新聘' }, office);
    for (const kind of ['post', 'confidentiality'] as const) await test.kernel.call(qualifyPerson, { person: 'zhao', kind, untilMs: test.clock.now() + 86_400_000 }, administrator);
    const { principal, view } = await enter('zhao', 'first password');
    expect(view).toMatchObject({ mustChangePassword: true, actions: ['sign-in'] });
    expect(await refusals(test.kernel.call(beginDuty, {}, principal))).not.toEqual([]);
    const change = (current: string, next: string) => test.kernel.call(changePassword, { current, next }, principal);
    await expect(change('first password', 'first password')).rejects.toMatchObject({ code: 'PASSWORD_WEAK' });
    await expect(change('first password', 'I am zhao, hello')).rejects.toMatchObject({ code: 'PASSWORD_WEAK' });
    await expect(change('wrong password', 'another password')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await change('first password', 'another password')).toMatchObject({ mustChangePassword: false });
    await test.kernel.call(beginDuty, {}, principal);
    expect(await test.kernel.call(watchLive, { camera: 'gate' }, principal)).toHaveProperty('lease');
  });

  it('of the reviewing units are touched by the Office alone: nobody resets a head’s password to judge as them', async () => {
    const reset = (person: string, as: Principal) => test.kernel.call(resetCredentials, { person, password: 'a new password', reason: '忘记' }, as);
    expect(await refusals(reset('section-head', administrator))).toContain('a8-judges');
    expect(await reset('section-head', office)).toMatchObject({ mustChangePassword: true });
    expect(await reset('operator', administrator)).toMatchObject({ mustChangePassword: true });
  });

  it('are linked to the identity provider one to one, also when two are linked at the same moment; an empty link is none', async () => {
    for (const id of ['qian', 'sun']) expect(await create({ id, externalId: ' ' })).not.toHaveProperty('externalId');
    const outcomes = await Promise.allSettled(['li-1', 'li-2'].map((id) => create({ id, externalId: 'E-1' })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')!.reason).toMatchObject({ code: 'EXTERNAL_ID_TAKEN' });
    const linked = await Promise.allSettled(['qian', 'sun'].map((person) => test.kernel.call(updatePerson, { person, externalId: 'E-2' }, administrator)));
    expect(linked.find((outcome) => outcome.status === 'rejected')!.reason).toMatchObject({ code: 'EXTERNAL_ID_TAKEN' });
    expect((await test.kernel.call(listPeople, {}, administrator)).people.filter(({ externalId }) => externalId === 'E-2')).toHaveLength(1);
  });

  it('keep every change that is made at the same moment, in the table as in the mirror', async () => {
    await create();
    const day = test.clock.now() + 86_400_000;
    await Promise.all([
      test.kernel.call(updatePerson, { person: 'zhao', name: '赵六' }, administrator),
      test.kernel.call(qualifyPerson, { person: 'zhao', kind: 'post', untilMs: day }, administrator),
      test.kernel.call(assignRoles, { person: 'zhao', roles: ['patrol'], reason: '新聘' }, office),
      test.kernel.call(setPersonActive, { person: 'zhao', active: false, reason: '待岗' }, administrator),
    ]);
    const listed = async () => (await test.kernel.call(listPeople, { search: '赵六' }, administrator)).people;
    const before = await listed();
    expect(before).toMatchObject([{ roles: ['patrol'], active: false, qualifications: { post: day } }]);
    await test.restart();
    expect(await listed()).toEqual(before);
  });

  it('that are closed lose what is open at once, also under a grant, and find it again when they come back', async () => {
    const range = { fromMs: 1, toMs: 2 };
    const clerk = test.as('clerk');
    const request = await test.kernel.call(submitRequest, { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'incident', reason: '核查' }, clerk);
    await test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as('section-head'));
    const play = () => test.kernel.call(playBack, { camera: 'gate', ...range }, clerk);
    const { lease } = await play();
    const active = (on: boolean) => test.kernel.call(setPersonActive, { person: 'clerk', active: on, reason: '调动' }, administrator);
    await active(false);
    await test.clock.advance(0);
    await expect(test.kernel.leases.serve(lease, clerk, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect((await refusals(play())).length).toBeGreaterThan(0);
    await active(true);
    expect(await play()).toHaveProperty('lease');
  });

  it('that are closed lose their sessions at once', async () => {
    const { credential } = await enter('operator', 'a long password');
    await test.kernel.call(setPersonActive, { person: 'operator', active: false, reason: '离职' }, administrator);
    expect(await test.kernel.service(sessionsService)!.resolve(credential, addresses.registered)).toBeUndefined();
    await expect(enter('operator', 'a long password')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect((await refusals(test.kernel.call(watchLive, { camera: 'gate' }, test.as('operator')))).length).toBeGreaterThan(0);
    await test.kernel.call(setPersonActive, { person: 'operator', active: true, reason: '返聘' }, administrator);
    expect(await enter('operator', 'a long password')).toHaveProperty('credential');
  });

  it('whose qualification runs out stop watching, and go on when it is renewed', async () => {
    const operator = test.as('operator');
    await test.kernel.call(beginDuty, {}, operator);
    await test.kernel.call(qualifyPerson, { person: 'operator', kind: 'confidentiality', untilMs: test.clock.now() + 1000 }, administrator);
    expect(await test.kernel.call(watchLive, { camera: 'gate' }, operator)).toHaveProperty('lease');
    test.clock.jump(1000);
    expect(await refusals(test.kernel.call(watchLive, { camera: 'gate' }, operator))).toEqual(['a9.2-confidentiality']);
    await test.kernel.call(qualifyPerson, { person: 'operator', kind: 'confidentiality', untilMs: test.clock.now() + 1000 }, administrator);
    expect(await test.kernel.call(watchLive, { camera: 'gate' }, operator)).toHaveProperty('lease');
  });

  it('take no field that is not theirs to give (mass assignment)', async () => {
    for (const field of ['roles', 'active', 'passwordHash', 'qualifications']) {
      await expect(test.kernel.call(updatePerson, { person: 'operator', name: '甲', [field]: ['office-head'] } as never, administrator)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
      await expect(create({ [field]: ['office-head'] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    expect(await test.kernel.call(updatePerson, { person: 'operator', name: '甲' }, administrator)).toMatchObject({ name: '甲', roles: ['operator'] });
    expect((await test.kernel.call(readSession, {}, test.as('operator'))).person.roles).toEqual(['operator']);
  });

  it('have names of plain letters alone: no look-alike can be made', async () => {
    for (const id of ['ореrator', 'operator​', 'ｏｐｅｒａｔｏｒ', 'Operator', 'operator ', 'opérator']) await expect(create({ id })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
