// Sign-in at a real identity provider, through the routes that a browser takes.
import { systemClock } from '@wanglou/core';
import { updatePerson } from '@wanglou/plugin-access/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCampus, type TestCampus } from '../../plugin-access/test/harness.ts';
import { startIdentityProvider, type IdentityProvider } from '../../plugin-access/test/identity-provider.ts';
import { httpServerService } from '../src/contract.ts';
import { http } from '../src/index.ts';

describe('sign-in at an identity provider', () => {
  let provider: IdentityProvider;
  let test: TestCampus;
  let address: string;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    test = await startCampus([http({ port: 0 })], systemClock as never, { oidc: provider.oidc });
    address = test.kernel.service(httpServerService)!.address;
    provider.serve(`${address}/api/v1/session/oidc/callback`);
    await test.kernel.call(updatePerson, { person: 'operator', externalId: 'E-2019' }, test.as('administrator'));
  });
  afterAll(async () => {
    await test[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  const get = (path: string, cookie = '') => fetch(new URL(path, address), { redirect: 'manual', headers: { cookie } });
  const cookiesOf = (response: Response) => response.headers.getSetCookie();
  const pairOf = (cookies: readonly string[], name: string) => cookies.find((one) => one.startsWith(`${name}=`))?.split(';')[0] ?? '';
  const begin = async () => {
    const response = await get('/api/v1/session/oidc');
    return { response, transaction: pairOf(cookiesOf(response), 'wanglou-oidc') };
  };

  it('is offered, leads there and back, and opens a session in a cookie that no script can read', async () => {
    expect(await (await fetch(new URL('/api/v1/operations/session.options', address), { method: 'POST', headers: { 'x-wanglou': '1', 'content-type': 'application/json' }, body: '{}' })).json()).toEqual({ oidc: { name: provider.oidc.name } });
    const { response, transaction } = await begin();
    expect(response.status).toBe(303);
    expect(cookiesOf(response)[0]).toMatch(/HttpOnly; SameSite=Lax/);
    const back = await provider.visit(response.headers.get('location')!, '2019');
    const done = await get(back, transaction);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    const session = cookiesOf(done).find((one) => one.startsWith('wanglou-session='))!;
    expect(session).toMatch(/HttpOnly; SameSite=Strict/);
    expect(cookiesOf(done).find((one) => one.startsWith('wanglou-oidc='))).toMatch(/wanglou-oidc=;/);
    expect(await (await get('/api/v1/session', session.split(';')[0])).json()).toMatchObject({ person: { id: 'operator', roles: ['operator'] } });
  });

  it('opens nothing without the cookie of the browser that began it, or for somebody who is not linked', async () => {
    const { response } = await begin();
    const back = await provider.visit(response.headers.get('location')!, '2019');
    const foreign = await get(back);
    expect([foreign.headers.get('location'), pairOf(cookiesOf(foreign), 'wanglou-session')]).toEqual(['/?sign-in-error=SESSION_NEEDED', '']);
    const other = await begin();
    const mixed = await get(back, other.transaction);
    expect(mixed.headers.get('location')).toBe('/?sign-in-error=OIDC_FAILED');
    const stranger = await begin();
    const strange = await get(await provider.visit(stranger.response.headers.get('location')!, 'unlinked'), stranger.transaction);
    expect([strange.headers.get('location'), pairOf(cookiesOf(strange), 'wanglou-session')]).toEqual(['/?sign-in-error=OIDC_STRANGER', '']);
  });
});
