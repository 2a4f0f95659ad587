// What somebody would try who wants footage, or another's rights, without the rules.
import { createHash } from 'node:crypto';
import { auditService, systemClock } from '@wanglou/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveRequest, registerWorkstation, removeWorkstation } from '@wanglou/plugin-access/contract';
import { PasswordChecks } from '../../plugin-access/src/people/password-checks.ts';
import { startCampus, type TestCampus } from '../../plugin-access/test/harness.ts';
import { plainAddress } from '../src/address.ts';
import { httpServerService, type HttpServer } from '../src/contract.ts';
import { http } from '../src/index.ts';
import { Browser } from './browser.ts';

const certificate = Buffer.from('the DER of a certificate, for tests');
let test: TestCampus;
let server: HttpServer;

beforeAll(async () => {
  test = await startCampus([http({ port: 0, clientCertificateHeader: 'client-cert', trustedProxies: ['127.0.0.2'] })], systemClock as never);
  server = test.kernel.service(httpServerService)!;
});
afterAll(() => test[Symbol.asyncDispose]());

const browser = () => new Browser(server.address);
/** A session of its own. Sign-ins of one address are few in a minute, so that most tests share {@link shared} ones. */
const signedIn = async (name = 'operator') => {
  const one = browser();
  expect((await one.signIn(name)).status).toBe(200);
  return one;
};
const sessions = new Map<string, Promise<Browser>>();
const shared = (name = 'operator') => {
  const session = sessions.get(name) ?? signedIn(name);
  sessions.set(name, session);
  return session;
};
const onDuty = async () => {
  const one = await shared();
  await one.call('duty.begin');
  return one;
};
const isFootage = ({ headers }: { readonly headers: Headers }) => headers.get('x-footage') !== null;

describe('no route serves a byte of footage without a live lease of one’s own', () => {
  it('whoever asks, by any route that the server itself knows', async () => {
    const operator = await onDuty();
    const { lease, path } = (await operator.call('recording.live', { camera: 'gate' })).json as { lease: string; path: string };
    expect(isFootage(await operator.fetch('GET', `/media/${lease}/${path}`))).toBe(true);
    const released = (await operator.call('recording.live', { camera: 'gate' })).json as { lease: string };
    await operator.fetch('DELETE', `/media/${released.lease}`);
    // Of their own: among the routes is the one that ends a session.
    const office = await signedIn('office-head');
    const again = await signedIn();
    expect(server.routes.length).toBeGreaterThan(10);
    expect(server.routes.some((route) => route.path.startsWith('/media/'))).toBe(true);

    const leases = { forged: 'A'.repeat(22), released: released.lease, another: lease };
    let asked = 0;
    for (const { method, path: route } of server.routes) {
      if (method === 'HEAD' || method === 'OPTIONS' || route.includes('/events')) continue;
      for (const [kind, id] of Object.entries(leases)) {
        for (const who of [browser(), office, again]) {
          const target = route.replace(':lease', id).replace(':id', 'recording.live').replace('*', path);
          const answer = await who.fetch(method, target, method === 'POST' ? {} : undefined);
          asked++;
          if (isFootage(answer)) throw new Error(`${method} ${target} gave footage under a lease that is ${kind}`);
        }
      }
    }
    expect(asked).toBeGreaterThan(60);
    // The holder's own session goes on to be served.
    expect(isFootage(await operator.fetch('GET', `/media/${lease}/${path}`))).toBe(true);
  });

  it('nor with a lease swapped into another session of the same person', async () => {
    const first = await onDuty();
    const { lease, path } = (await first.call('recording.live', { camera: 'gate' })).json as { lease: string; path: string };
    const second = await signedIn();
    expect((await second.fetch('GET', `/media/${lease}/${path}`)).json).toMatchObject({ code: 'LEASE_UNKNOWN' });
  });

  it.each(['../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%2e%2e/x', '....//x', 'a/../../b', '%00', 'a%00b', '//etc/passwd', '\\..\\x', '~/.ssh', 'a?b=../..', encodeURIComponent('../audit-key.pem')])('nor along the path %s', async (path) => {
    const operator = await onDuty();
    const { lease } = (await operator.call('recording.live', { camera: 'gate' })).json as { lease: string };
    const { status, text, headers } = await operator.fetch('GET', `/media/${lease}/${path}`);
    // The stand-in echoes the path it is asked for: it may see plain names and nothing else.
    if (headers.get('x-footage') !== null) expect(text).toMatch(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/);
    else expect([400, 403, 404]).toContain(status);
    expect(text).not.toContain('root:');
  });
});

describe('a session', () => {
  it('cannot be fixed: a cookie that came along is never the one that is signed in', async () => {
    const victim = browser();
    victim.cookie = `wanglou-session=${'f'.repeat(44)}`;
    await victim.signIn();
    expect(victim.cookie).not.toContain('ffff');
    const attacker = browser();
    attacker.cookie = `wanglou-session=${'f'.repeat(44)}`;
    expect((await attacker.fetch('GET', '/api/v1/session')).status).toBe(401);
  });

  it('of one browser is not that of another: what one signs out of, the other keeps', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    expect(one.cookie).not.toBe(two.cookie);
    await one.fetch('DELETE', '/api/v1/session');
    expect((await one.fetch('GET', '/api/v1/session')).status).toBe(401);
    expect((await two.fetch('GET', '/api/v1/session')).status).toBe(200);
  });

  it('is used by no other site: every changing route asks for a header and an origin that a foreign page cannot send', async () => {
    const operator = await onDuty();
    for (const { method, path } of server.routes.filter((route) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(route.method))) {
      const target = path.replace(':id', 'duty.end').replace(':lease', 'x');
      expect([target, (await operator.fetch(method, target, {}, { 'x-wanglou': '' })).status]).toEqual([target, 403]);
      expect([target, (await operator.fetch(method, target, {}, { origin: 'https://evil.example' })).status]).toEqual([target, 403]);
    }
    expect((await operator.fetch('GET', '/api/v1/session')).json).toMatchObject({ onDuty: true });
    // Safe methods change nothing: nothing but reads, streams and the way to the identity provider answers to GET.
    expect(server.routes.filter((route) => route.method === 'GET').map((route) => route.path).sort()).toEqual(
      ['/*', '/api/v1/campus', '/api/v1/events', '/api/v1/openapi.json', '/api/v1/operations/:id', '/api/v1/session', '/api/v1/session/oidc', '/api/v1/session/oidc/callback', '/healthz', '/media/:lease/*', '/media/wall'].filter((path) => path !== '/api/v1/operations/:id'),
    );
  });
});

describe('sign-in', () => {
  it('takes the work of one password check for an unknown account as for a wrong password', async () => {
    // Counted, not timed: a check is what costs the time.
    const checked: (string | undefined)[] = [];
    const checks = new PasswordChecks({ atOnce: 2, waiting: 24 }, async (_password, hash) => (checked.push(hash), false));
    await checks.check('guess', undefined);
    await checks.check('guess', 'scrypt$…');
    expect(checked).toHaveLength(2);
    const [unknown, wrong] = [await browser().signIn('nobody-here', 'guess guess'), await browser().signIn('operator-2', 'guess guess')];
    expect([unknown.status, unknown.json.code, unknown.json.detail]).toEqual([wrong.status, wrong.json.code, wrong.json.detail]);
  });

  it('takes no look-alike of an account name', async () => {
    for (const name of ['оperator', 'ｏperator', 'operator\u200b', 'OPERATOR']) expect((await browser().signIn(name)).status).not.toBe(200);
  });

  it('takes no field beyond its own, and no role', async () => {
    expect((await browser().fetch('POST', '/api/v1/session', { name: 'operator', password: 'a long password', roles: ['office-head'] })).json).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('at an identity provider that is not configured leads back to the page with a code', async () => {
    const answer = await browser().fetch('GET', '/api/v1/session/oidc');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?sign-in-error=OIDC_OFF']);
    const forged = await browser().fetch('GET', '/api/v1/session/oidc/callback?code=x&state=y');
    expect([forged.status, forged.headers.get('location')]).toEqual([303, '/?sign-in-error=SESSION_NEEDED']);
  });
});

describe('an approval', () => {
  it('that is replayed, or sent for another request, changes nothing', async () => {
    const operator = await shared();
    const submit = async (reason: string) => (await operator.call('request.submit', { cameras: ['gate'], fromMs: 1, toMs: 2, actions: ['copy'], purpose: 'incident', reason, destination: '派出所' })).json as { id: string; sha256: string };
    const [one, two] = [await submit('甲'), await submit('乙')];
    for (const request of [one, two]) await test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as('section-head'));
    const office = await shared('office-head');
    const approve = (request: string, sha256: string) => office.call('request.approve', { request, sha256 });
    expect((await approve(one.id, two.sha256)).json).toMatchObject({ code: 'REQUEST_CHANGED' });
    expect((await approve(one.id, one.sha256)).status).toBe(200);
    expect((await approve(one.id, one.sha256)).json).toMatchObject({ code: 'REQUEST_SETTLED' });
    expect(((await operator.call('request.list-mine')).json.grants as unknown[]).length).toBe(1);
  });
});

describe('a client certificate in a header', () => {
  it('is believed from a trusted proxy alone', async () => {
    const value = `:${certificate.toString('base64')}:`;
    const administrator = test.as('administrator');
    await test.kernel.call(registerWorkstation, { id: 'certified', name: '证书终端', addresses: [], certificateSha256: createHash('sha256').update(certificate).digest('hex') }, administrator);
    await test.kernel.call(removeWorkstation, { workstation: 'w', reason: '试' }, administrator);
    const operator = await onDuty();
    const live = (headers: Record<string, string>) => operator.fetch('POST', '/api/v1/operations/recording.live', { camera: 'gate' }, headers);
    // We are 127.0.0.1, and the proxy would be 127.0.0.2.
    expect((await live({ 'client-cert': value })).json).toMatchObject({ decision: { articles: ['9(4)'] } });
  });
});

describe('an address', () => {
  it('is the same in the form that a socket for both families gives it, and no other is taken for it', () => {
    expect(['::ffff:10.0.0.7', '::FFFF:10.0.0.7', '10.0.0.7'].map(plainAddress)).toEqual(['10.0.0.7', '10.0.0.7', '10.0.0.7']);
    for (const other of ['::ffff:1', 'fe80::ffff:10.0.0.7', '::1', '::ffff:10.0.0.7:1']) expect(plainAddress(other)).toBe(other);
  });

  it('is not what a header claims', async () => {
    const operator = await onDuty();
    const live = await operator.fetch('POST', '/api/v1/operations/recording.live', { camera: 'gate' }, { 'x-forwarded-for': '10.0.0.7', forwarded: 'for=10.0.0.7', 'x-real-ip': '10.0.0.7' });
    expect(JSON.stringify(live.json)).not.toContain('10.0.0.7');
    const [last] = await test.kernel.service(auditService)!.query({ operation: 'recording.live', limit: 1 });
    expect(last!.entry.principal.address).toBe('127.0.0.1');
  });
});

describe('a large body', () => {
  it('is read only from whoever has signed in, and only by the operation that takes it', async () => {
    const large = { kind: 'certificate', mediaType: 'application/pdf', base64: Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(1_000_000)]).toString('base64') };
    expect((await browser().call('document.store', large)).status).toBe(401);
    const operator = await shared();
    expect((await operator.call('document.store', large)).json).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await operator.call('camera.list', { noise: large.base64 })).json).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect((await operator.call('document.store', { ...large, base64: 'A'.repeat(8_000_000) })).json).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });
});
