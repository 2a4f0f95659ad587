// Proving who one is and where one sits: authenticator, step-up, identity provider, workstations.
import { generateKeyPairSync, sign } from 'node:crypto';
import { auditService, sessionsService, watchLive, type Principal } from '@wanglou/core';
import { createTestClock } from '@wanglou/core/testing';
import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approveRequest, beginDuty, beginOidc, beginTotp, challengeWorkstation, confirmTotp, enrolWorkstation, finishOidc, inviteWorkstation, listWorkstations, proveWorkstation, readSession, registerWorkstation,
  removeWorkstation, resetCredentials, signIn, stepUp, submitRequest, updatePerson,
} from '../src/contract.ts';
import { totpStep } from '../src/people/totp.ts';
import { addresses, refusals, startCampus, type TestCampus } from './harness.ts';
import { startIdentityProvider, type IdentityProvider } from './identity-provider.ts';

const minute = 60_000;
const stranger: Principal = { kind: 'anonymous', id: 'anonymous', address: addresses.registered };
const password = 'a long password';

let test: TestCampus;
afterEach(() => test[Symbol.asyncDispose]());

const enter = (name: string, over: object = {}, from = stranger) => test.kernel.call(signIn, { name, password, ...over }, from);
const principalOf = async (credential: string, address = addresses.registered) => (await test.kernel.service(sessionsService)!.resolve(credential, address))!.principal;
const session = async (name: string, over: object = {}) => principalOf((await enter(name, over)).credential);

describe('the second factor', () => {
  beforeEach(async () => {
    test = await startCampus();
  });
  const code = (secret: string, steps = 0) => new TOTP({ secret }).generate({ timestamp: test.clock.now() + steps * 30_000 });
  const setUp = async () => {
    const principal = await session('operator');
    const { secret, address } = await test.kernel.call(beginTotp, { password }, principal);
    expect(address).toMatch(/^otpauth:\/\/totp\/.*operator\?/);
    const view = await test.kernel.call(confirmTotp, { code: code(secret) }, principal);
    expect(view.hasTotp).toBe(true);
    test.clock.jump(minute);
    return secret;
  };

  it('follows the vectors of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    for (const [seconds, digits] of [[59, '287082'], [1_111_111_109, '081804'], [1_234_567_890, '005924'], [20_000_000_000, '353130']] as const) {
      expect(totpStep(secret, digits, seconds * 1000)).toBe(Math.floor(seconds / 30));
    }
    expect(totpStep(secret, '287082', 200_000)).toBeUndefined();
  });

  it('is asked for only once the password fits, opens once each, and survives a restart', async () => {
    const secret = await setUp();
    await expect(enter('operator', { password: 'wrong password' })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await expect(enter('operator')).rejects.toMatchObject({ code: 'CODE_NEEDED' });
    await expect(enter('operator', { code: code(secret) === '000000' ? '111111' : '000000' })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    const used = code(secret);
    expect(await enter('operator', { code: used })).toHaveProperty('credential');
    await expect(enter('operator', { code: used })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await test.restart(minute);
    expect(await enter('operator', { code: code(secret) })).toHaveProperty('credential');
  });

  it('forgives a clock that is one step off, and no more', async () => {
    const secret = await setUp();
    await expect(enter('operator', { code: code(secret, 3) })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await enter('operator', { code: code(secret, 1) })).toHaveProperty('credential');
  });

  it('is taken away only by a reset, which is on record, and its secret is nowhere in clear', async () => {
    const secret = await setUp();
    const log = JSON.stringify(await test.kernel.service(auditService)!.read(0, 500));
    expect(log).not.toContain(secret);
    await test.kernel.call(resetCredentials, { person: 'operator', password: 'temporary one', totp: true, reason: '手机丢失' }, test.as('administrator'));
    expect(await enter('operator', { password: 'temporary one' })).toMatchObject({ mustChangePassword: true, hasTotp: false });
  });

  it('cannot be guessed by whoever has the password: to ask for the code forgets no wrong one', async () => {
    const secret = await setUp();
    const wrong = code(secret) === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n++) {
      await expect(enter('operator', { code: wrong })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
      if (n < 4) await expect(enter('operator')).rejects.toMatchObject({ code: 'CODE_NEEDED' });
    }
    await expect(enter('operator', { code: code(secret) })).rejects.toMatchObject({ code: 'LOCKED_OUT' });
  });

  it('takes each code once, also the one that confirmed it', async () => {
    const principal = await session('operator');
    const { secret } = await test.kernel.call(beginTotp, { password }, principal);
    const used = code(secret);
    await test.kernel.call(confirmTotp, { code: used }, principal);
    await expect(enter('operator', { code: used })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  });

  it('agrees with the clock on the wall, also when that was set back', async () => {
    const secret = await setUp();
    test.clock.jump(24 * 60 * minute);
    await expect(enter('operator')).rejects.toMatchObject({ code: 'CODE_NEEDED' });
    test.clock.jump(-24 * 60 * minute);
    expect(await enter('operator', { code: code(secret) })).toHaveProperty('credential');
  });

  it('is replaced only after a fresh proof, in the session in which that was begun, within 10 minutes', async () => {
    const secret = await setUp();
    const principal = await session('operator', { code: code(secret) });
    test.clock.jump(15 * minute);
    await expect(test.kernel.call(beginTotp, { password }, principal)).rejects.toMatchObject({ code: 'STEP_UP_NEEDED' });
    await test.kernel.call(stepUp, { password, code: code(secret) }, principal);
    const next = await test.kernel.call(beginTotp, { password }, principal);
    test.clock.jump(minute);
    const other = await session('operator', { code: code(secret) });
    await expect(test.kernel.call(confirmTotp, { code: code(next.secret) }, other)).rejects.toMatchObject({ code: 'TOTP_NOT_BEGUN' });
    test.clock.jump(10 * minute);
    await expect(test.kernel.call(confirmTotp, { code: code(next.secret) }, principal)).rejects.toMatchObject({ code: 'TOTP_NOT_BEGUN' });
  });

  it('cannot be confirmed before it was begun, nor with a wrong code', async () => {
    const principal = await session('operator');
    await expect(test.kernel.call(confirmTotp, { code: '123456' }, principal)).rejects.toMatchObject({ code: 'TOTP_NOT_BEGUN' });
    const { secret } = await test.kernel.call(beginTotp, { password }, principal);
    await expect(test.kernel.call(confirmTotp, { code: code(secret) === '000000' ? '111111' : '000000' }, principal)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
  });
});

describe('step-up', () => {
  it('is needed for a review when the last proof is older than 15 minutes', async () => {
    test = await startCampus();
    const office = await session('office-head');
    const request = await test.kernel.call(submitRequest, { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['copy'], purpose: 'incident', reason: '核查', destination: '派出所' }, test.as('operator'));
    await test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as('section-head'));
    const approve = () => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, office);
    test.clock.jump(15 * minute);
    expect(await refusals(approve())).toEqual(['a9-step-up-review']);
    await expect(test.kernel.call(stepUp, { password: 'wrong password' }, office)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await test.kernel.call(stepUp, { password }, office)).toMatchObject({ stepUpUntilMs: test.clock.now() + 15 * minute });
    expect((await approve()).grant).toBeDefined();
  });
});

describe('whoever locks an account from outside', () => {
  it('keeps nobody who has signed in from proving again who they are', async () => {
    test = await startCampus();
    const office = await session('office-head');
    for (let n = 0; n < 5; n++) await expect(enter('office-head', { password: 'wrong password' })).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await expect(enter('office-head')).rejects.toMatchObject({ code: 'LOCKED_OUT' });
    expect(await test.kernel.call(stepUp, { password }, office)).toMatchObject({ stepUpUntilMs: test.clock.now() + 15 * minute });
    for (let n = 0; n < 5; n++) await expect(test.kernel.call(stepUp, { password: 'wrong password' }, office)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await expect(test.kernel.call(stepUp, { password }, office)).rejects.toMatchObject({ code: 'LOCKED_OUT' });
  });
});

describe('a workstation', () => {
  const administrator = () => test.as('administrator');
  const elsewhere = () => principalOfElsewhere;
  let principalOfElsewhere: Principal;
  const watch = (as: Principal) => test.kernel.call(watchLive, { camera: 'gate' }, as);
  beforeEach(async () => {
    test = await startCampus();
    const { credential } = await enter('operator', {}, { ...stranger, address: addresses.other });
    principalOfElsewhere = await principalOf(credential, addresses.other);
    await test.kernel.call(beginDuty, {}, principalOfElsewhere);
    await test.kernel.call(registerWorkstation, { id: 'desk-2', name: '监控室 2 号', addresses: [] }, administrator());
  });
  const enrol = async () => {
    const { code } = await test.kernel.call(inviteWorkstation, { workstation: 'desk-2' }, administrator());
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    return { code, spki, privateKey, done: await test.kernel.call(enrolWorkstation, { code, publicKey: spki }, elsewhere()) };
  };
  const prove = async (privateKey: Parameters<typeof sign>[2], as = elsewhere()) => {
    const { nonce } = await test.kernel.call(challengeWorkstation, {}, as);
    const signature = sign('sha256', Buffer.from(`wanglou-workstation\ndesk-2\n${nonce}\n`), { key: privateKey as never, dsaEncoding: 'ieee-p1363' }).toString('base64');
    return test.kernel.call(proveWorkstation, { workstation: 'desk-2', nonce, signature }, as);
  };

  it('is known by a key that was enrolled with a one-time code and never leaves it', async () => {
    expect(await refusals(watch(elsewhere()))).toEqual(['a9.4']);
    const { code, spki, privateKey, done } = await enrol();
    expect(done).toEqual({ workstation: 'desk-2' });
    await expect(test.kernel.call(enrolWorkstation, { code, publicKey: spki }, elsewhere())).rejects.toMatchObject({ code: 'ENROLMENT_INVALID' });
    expect(await refusals(watch(elsewhere()))).toEqual(['a9.4']);
    expect(await prove(privateKey)).toMatchObject({ workstation: { id: 'desk-2', by: 'device-key' } });
    expect(await watch(elsewhere())).toHaveProperty('lease');
    await test.restart();
    expect(await watch(elsewhere())).toHaveProperty('lease');
    // The same session from another place is not at the workstation.
    expect(await refusals(watch({ ...elsewhere(), address: '127.0.0.77' }))).toEqual(['a9.4']);
  });

  it('is not proven by another key, a replayed or stale challenge, or another session’s', async () => {
    const { privateKey } = await enrol();
    const invalid = { code: 'ENROLMENT_INVALID' };
    await expect(prove(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).rejects.toMatchObject(invalid);
    const { nonce } = await test.kernel.call(challengeWorkstation, {}, elsewhere());
    const signature = sign('sha256', Buffer.from(`wanglou-workstation\ndesk-2\n${nonce}\n`), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    await expect(test.kernel.call(proveWorkstation, { workstation: 'desk-2', nonce, signature }, await session('office-head'))).rejects.toMatchObject(invalid);
    await test.kernel.call(proveWorkstation, { workstation: 'desk-2', nonce, signature }, elsewhere());
    await expect(test.kernel.call(proveWorkstation, { workstation: 'desk-2', nonce, signature }, elsewhere())).rejects.toMatchObject(invalid);
    const late = await test.kernel.call(challengeWorkstation, {}, elsewhere());
    test.clock.jump(minute);
    const lateSignature = sign('sha256', Buffer.from(`wanglou-workstation\ndesk-2\n${late.nonce}\n`), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
    await expect(test.kernel.call(proveWorkstation, { workstation: 'desk-2', nonce: late.nonce, signature: lateSignature }, elsewhere())).rejects.toMatchObject(invalid);
  });

  it('that is removed shows nothing more, at once', async () => {
    const { privateKey } = await enrol();
    await prove(privateKey);
    const { lease } = await watch(elsewhere());
    await test.kernel.call(removeWorkstation, { workstation: 'desk-2', reason: '报废' }, administrator());
    await test.clock.advance(0);
    await expect(test.kernel.leases.serve(lease, elsewhere(), { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    expect((await test.kernel.call(listWorkstations, {}, administrator())).workstations.find(({ id }) => id === 'desk-2')).toMatchObject({ enrolled: false, removedMs: expect.any(Number) });
  });

  it('that comes back, or gets another key, is proven anew: who had the old key sits nowhere', async () => {
    const first = await enrol();
    await prove(first.privateKey);
    await test.kernel.call(removeWorkstation, { workstation: 'desk-2', reason: '送修' }, administrator());
    await test.kernel.call(registerWorkstation, { id: 'desk-2', name: '监控室 2 号', addresses: [] }, administrator());
    expect(await refusals(watch(elsewhere()))).toEqual(['a9.4']);
    await test.restart();
    expect(await refusals(watch(elsewhere()))).toEqual(['a9.4']);
    const second = await enrol();
    await prove(second.privateKey);
    expect(await watch(elsewhere())).toHaveProperty('lease');
    await enrol();
    expect(await refusals(watch(elsewhere()))).toEqual(['a9.4']);
  });

  it('that is removed while it is invited stays removed, and one that is changed keeps its key', async () => {
    const { privateKey } = await enrol();
    const register = () => test.kernel.call(registerWorkstation, { id: 'desk-2', name: '新名', addresses: [] }, administrator());
    expect(await register()).toMatchObject({ name: '新名', enrolled: true });
    await prove(privateKey);
    await Promise.allSettled([test.kernel.call(removeWorkstation, { workstation: 'desk-2', reason: '报废' }, administrator()), test.kernel.call(inviteWorkstation, { workstation: 'desk-2' }, administrator())]);
    const listed = async () => (await test.kernel.call(listWorkstations, {}, administrator())).workstations.find(({ id }) => id === 'desk-2')!;
    const before = await listed();
    expect(before).toHaveProperty('removedMs');
    await test.restart();
    expect(await listed()).toEqual(before);
  });

  it('is known by its client certificate, which binds the lease as well', async () => {
    const certificateSha256 = 'ab'.repeat(32);
    await test.kernel.call(registerWorkstation, { id: 'desk-3', name: '监控室 3 号', addresses: [], certificateSha256 }, administrator());
    const { lease } = await watch({ ...elsewhere(), certificateSha256 });
    expect(await refusals(watch({ ...elsewhere(), certificateSha256: 'cd'.repeat(32) }))).toEqual(['a9.4']);
    await expect(test.kernel.leases.serve(lease, elsewhere(), { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
  });

  it('is registered by administrators alone', async () => {
    expect((await refusals(test.kernel.call(registerWorkstation, { id: 'mine', name: '我的', addresses: ['127.0.0.9'] }, elsewhere()))).length).toBeGreaterThan(0);
  });
});

describe('an identity provider', () => {
  const redirectAddress = 'http://127.0.0.1:9/api/v1/session/oidc/callback';
  let provider: IdentityProvider;

  beforeEach(async () => {
    provider = await startIdentityProvider();
    provider.serve(redirectAddress);
    test = await startCampus([], undefined, { oidc: provider.oidc });
    await test.kernel.call(updatePerson, { person: 'operator', externalId: 'E-2019' }, test.as('administrator'));
  });
  afterEach(() => provider[Symbol.asyncDispose]());

  const begin = (over: object = {}) => test.kernel.call(beginOidc, { redirectAddress, ...over }, stranger);
  const finish = (callbackAddress: string, transaction: string) => test.kernel.call(finishOidc, { callbackAddress, transaction }, stranger);
  const visit = (address: string, account: string) => provider.visit(address, account);

  it('says who somebody is, and roles stay local', async () => {
    const { address, transaction } = await begin();
    expect(new URL(address).searchParams.get('code_challenge_method')).toBe('S256');
    const view = await finish(await visit(address, '2019'), transaction);
    expect(view.person).toMatchObject({ id: 'operator', roles: ['operator'] });
    const log = JSON.stringify(await test.kernel.service(auditService)!.read(0, 500));
    expect(log).not.toContain(transaction);
    expect(log).not.toContain(provider.oidc.clientSecret);
    expect(await test.kernel.call(readSession, {}, await principalOf(view.credential))).toMatchObject({ person: { id: 'operator' } });
  });

  it('whose answer is replayed, forged, or meant for another browser opens nothing', async () => {
    const first = await begin();
    const back = await visit(first.address, '2019');
    const other = await begin();
    await expect(finish(back, other.transaction)).rejects.toMatchObject({ code: 'OIDC_FAILED' });
    await expect(finish(back, `${first.transaction.slice(0, -4)}AAAA`)).rejects.toMatchObject({ code: 'OIDC_FAILED' });
    await expect(finish(`${redirectAddress}?code=forged&state=x`, first.transaction)).rejects.toMatchObject({ code: 'OIDC_FAILED' });
    await finish(back, first.transaction);
    await expect(finish(back, first.transaction)).rejects.toMatchObject({ code: 'OIDC_FAILED' });
  });

  it('that knows somebody whom the campus does not, opens nothing', async () => {
    const { address, transaction } = await begin();
    await expect(finish(await visit(address, 'unlinked'), transaction)).rejects.toMatchObject({ code: 'OIDC_STRANGER' });
  });

  it('whose own sign-in is hours old is no fresh proof for a review', async () => {
    await test[Symbol.asyncDispose]();
    // The provider goes by the clock of this computer; the campus is an hour ahead of it.
    test = await startCampus([], createTestClock(Date.now() + 60 * minute), { oidc: provider.oidc });
    await test.kernel.call(updatePerson, { person: 'operator', externalId: 'E-2019' }, test.as('administrator'));
    const { address, transaction } = await begin();
    const { stepUpUntilMs } = await finish(await visit(address, '2019'), transaction);
    expect(stepUpUntilMs).toBeLessThan(test.clock.now());
  });

  it('that is away is told as that, and the campus goes on', async () => {
    await provider[Symbol.asyncDispose]();
    await expect(begin()).rejects.toMatchObject({ code: 'OIDC_UNREACHABLE' });
    expect(await enter('operator')).toHaveProperty('credential');
  });
});
