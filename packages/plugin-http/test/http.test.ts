import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { definePlugin, objectSchema, systemClock } from '@wanglou/core';
import { submitRequest, updatePerson } from '@wanglou/plugin-access/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCampus, type TestCampus } from '../../plugin-access/test/harness.ts';
import { Browser } from './browser.ts';
import { httpServerService, staticSites } from '../src/contract.ts';
import { http } from '../src/index.ts';

const fromMs = Date.UTC(2026, 10, 22, 10);
const range = { fromMs, toMs: fromMs + 600_000 };
let test: TestCampus;
let address: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-http-'));
  await mkdir(join(folder, 'site', 'assets'), { recursive: true });
  await writeFile(join(folder, 'site', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'site', 'assets', 'app-1a2b.js'), 'export {}');
  await writeFile(join(folder, 'secret.txt'), 'outside the site');
  const site = definePlugin({ id: 'site', config: objectSchema({}), setup: (ctx) => void ctx.contribute(staticSites, { prefix: '/', directory: pathToFileURL(`${join(folder, 'site')}/`) }) });
  test = await startCampus([http({ port: 0 }), site()], systemClock as never);
  address = test.kernel.service(httpServerService)!.address;
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** A request as written: fetch() would tidy its path up. */
async function raw(path: string, cookie = ''): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
  let answer = '';
  socket.on('data', (chunk: Buffer) => void (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

const signedIn = async () => {
  const browser = new Browser(address);
  await browser.signIn();
  await browser.call('duty.begin');
  return browser;
};

describe('the session', () => {
  it('lives in a cookie that no script and no other site can use', async () => {
    const browser = new Browser(address);
    const { status, headers, json } = await browser.signIn();
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toMatch(/^wanglou-session=[\w-]{44}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(json).toMatchObject({ person: { id: 'operator' } });
    expect(json).not.toHaveProperty('credential');
    expect((await browser.fetch('GET', '/api/v1/session')).json).toMatchObject({ person: { id: 'operator' } });
  });

  it('cannot be fixed beforehand, and ends with sign-out', async () => {
    const browser = new Browser(address);
    browser.cookie = 'wanglou-session=chosen-by-an-attacker';
    await browser.signIn();
    expect(browser.cookie).not.toContain('chosen');
    const { cookie } = browser;
    await browser.fetch('DELETE', '/api/v1/session');
    browser.cookie = cookie;
    expect(await browser.fetch('GET', '/api/v1/session')).toMatchObject({ status: 401, json: { code: 'SESSION_NEEDED' } });
  });

  it('is refused for a wrong password, in the reader’s language', async () => {
    const browser = new Browser(address);
    expect((await browser.signIn('operator', 'wrong password')).json).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED', detail: 'The account name or the password is wrong' });
    browser.language = 'zh-CN,zh;q=0.9,en;q=0.8';
    expect((await browser.signIn('operator', 'wrong password')).json).toMatchObject({ detail: '账号或密码错误' });
  });
});

describe('requests from other sites', () => {
  it.each([
    ['without our header', { 'x-wanglou': '' }],
    ['with a foreign origin', { origin: 'https://evil.example' }],
  ])('are refused %s', async (_name, headers) => {
    const browser = await signedIn();
    expect(await browser.fetch('POST', '/api/v1/operations/duty.end', {}, headers)).toMatchObject({ status: 403, json: { code: 'HEADER_MISSING' } });
  });
});

describe('operations', () => {
  it('answer JSON, and problems with every reason, its article, and the next step prefilled', async () => {
    const browser = await signedIn();
    expect((await browser.call('camera.list')).json.cameras).toHaveLength(2);
    const refused = await browser.call('recording.playback', { camera: 'gate', ...range });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.json).toMatchObject({
      code: 'PERMISSION_DENIED',
      detail: 'Article 10: Playback needs the consent of the Security Section',
      decision: { denials: [{ rule: 'a10-playback', article: '10', missing: [{ kind: 'approval', unit: 'section' }] }] },
      next: { operation: 'request.submit', input: { cameras: ['gate'], ...range, actions: ['playback'] } },
    });
    expect((await browser.call(refused.json.next.operation, { ...refused.json.next.input, purpose: 'incident', reason: 'try' })).json).toMatchObject({ state: 'submitted' });
  });

  it('name their call, done or refused, so that its receipt can be taken', async () => {
    const browser = await signedIn();
    const [done, refused] = [await browser.call('camera.list'), await browser.call('recording.playback', { camera: 'gate', ...range })];
    const calls = [done, refused].map(({ headers }) => headers.get('wanglou-call'));
    expect(new Set(calls).size).toBe(2);
    const submitted = await browser.call('request.submit', { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'incident', reason: 'try' });
    expect(submitted.json.call).toBe(submitted.headers.get('wanglou-call'));
    expect(calls).not.toContain(submitted.json.call);
  });

  it('refuse malformed input, unknown operations, huge and broken bodies by name', async () => {
    const browser = await signedIn();
    expect((await browser.call('recording.playback', { camera: 'gate' })).json).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect((await browser.call('recording.playback', { camera: 'gate', ...range, isAdmin: true })).json).toMatchObject({ code: 'INPUT_INVALID', detail: expect.stringContaining('isAdmin') });
    expect((await browser.call('no.such')).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await browser.call('session.sign-in', { name: 'operator', password: 'a long password' })).status).toBe(404);
    expect((await browser.fetch('POST', '/api/v1/operations/camera.list', '{"broken')).json).toMatchObject({ code: 'BODY_INVALID' });
    expect((await browser.fetch('POST', '/api/v1/operations/camera.list', JSON.stringify('x'.repeat(300_000)))).json).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  it('ask whoever has not signed in to do so', async () => {
    const { json } = await new Browser(address).call('camera.list');
    expect(json).toMatchObject({ status: 403, decision: { denials: [{ rule: 'a9.3-sign-in', missing: [{ kind: 'sign-in' }] }] } });
    expect((await new Browser(address).fetch('GET', '/api/v1/campus')).json).toMatchObject({ name: { zh: '试验校区' } });
  });

  it('are described by a valid OpenAPI document that lists every one of them', async () => {
    const { json } = await new Browser(address).fetch('GET', '/api/v1/openapi.json');
    expect(await new Validator().validate(json)).toMatchObject({ valid: true });
    const described = Object.keys(json.paths).map((path) => path.split('/').at(-1));
    const handled = test.kernel.operations().map(({ operation }) => operation.id);
    expect([...described, 'session.sign-in', 'session.sign-out', 'session.begin-oidc', 'session.finish-oidc'].sort()).toEqual(handled.sort());
    expect(json.paths['/api/v1/operations/recording.playback'].post.requestBody.content['application/json'].schema.required).toEqual(['camera', 'fromMs', 'toMs']);
  });
});

describe('media', () => {
  const watch = async (browser: Browser) => (await browser.call('recording.live', { camera: 'gate' })).json.lease as string;

  it('is served under a lease to its holder alone, and not cached', async () => {
    const browser = await signedIn();
    const lease = await watch(browser);
    const served = await browser.fetch('GET', `/media/${lease}/s/1.m4s`);
    expect(served).toMatchObject({ status: 200, text: 's/1.m4s' });
    expect(served.headers.get('cache-control')).toBe('no-store');
    const other = await signedIn();
    expect((await other.fetch('GET', `/media/${lease}/index.m3u8`)).json).toMatchObject({ status: 404, code: 'LEASE_UNKNOWN' });
    expect((await new Browser(address).fetch('GET', `/media/${lease}/index.m3u8`)).json).toMatchObject({ status: 401 });
  });

  it.each(['../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%2e%2e/secret', 'a\\..\\b', '/etc/passwd', '.hidden', 'a%00b', '%'])('serves nothing for the path %s', async (path) => {
    const browser = await signedIn();
    const lease = await watch(browser);
    const answer = await raw(`/media/${lease}/${path}`, browser.cookie);
    // The stand-in would answer 200 with the path in text/plain.
    expect(answer).not.toMatch(/^HTTP\/1.1 200 [^]*text\/plain/);
  });

  it('is over with the lease', async () => {
    const browser = await signedIn();
    const lease = await watch(browser);
    expect((await browser.fetch('DELETE', `/media/${lease}`)).status).toBe(200);
    expect((await browser.fetch('GET', `/media/${lease}/index.m3u8`)).json).toMatchObject({ status: 410, code: 'LEASE_ENDED' });
  });
});

describe('events', () => {
  it('tell a lease’s end, to its holder, and a request to those who may know it', async () => {
    const browser = await signedIn();
    const lease = (await browser.call('recording.live', { camera: 'gate' })).json.lease as string;
    const abort = new AbortController();
    const response = await fetch(`${address}/api/v1/events`, { headers: { cookie: browser.cookie }, signal: abort.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (text: string) => {
      while (!heard.includes(text)) heard += (await reader.read()).value ?? '';
    };
    await browser.fetch('DELETE', `/media/${lease}`);
    await until(`event: lease\ndata: {"lease":"${lease}","reason":"released"}`);
    await browser.call('request.submit', { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'case', reason: 'heard' });
    await until('"reason":"heard"');
    await browser.fetch('DELETE', '/api/v1/session');
    await until('event: session');
    while (!(await reader.read()).done);
    abort.abort();
  });

  it('are refused to whoever has not signed in', async () => {
    expect((await new Browser(address).fetch('GET', '/api/v1/events')).status).toBe(401);
  });

  it('of two sessions on one connection end with their session, and harm nobody', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    const { hostname, port } = new URL(address);
    const socket = connect(Number(port), hostname);
    const ask = (cookie: string) => `GET /api/v1/events HTTP/1.1\r\nHost: ${hostname}\r\nCookie: ${cookie}\r\n\r\n`;
    socket.write(ask(first.cookie) + ask(second.cookie));
    await once(socket, 'data');
    // The second answer waits behind the first, so that its end is not its close.
    await second.fetch('DELETE', '/api/v1/session');
    for (let n = 0; n < 3; n++) await first.call('request.submit', { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'case', reason: `after ${n}` });
    await first.fetch('DELETE', '/api/v1/session');
    socket.destroy();
    expect((await new Browser(address).fetch('GET', '/healthz')).status).toBe(200);
  });

  it('show a unit only what its inbox shows', async () => {
    const office = new Browser(address);
    await office.signIn('office-head');
    const abort = new AbortController();
    const response = await fetch(`${address}/api/v1/events`, { headers: { cookie: office.cookie }, signal: abort.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const operator = await signedIn();
    await operator.call('request.submit', { cameras: ['gate'], ...range, actions: ['playback'], purpose: 'case', reason: 'for the Section alone' });
    await operator.call('request.submit', { cameras: ['gate'], ...range, actions: ['copy'], purpose: 'case', reason: 'for the Office too', destination: 'archive' });
    let heard = '';
    while (!heard.includes('for the Office too')) heard += (await reader.read()).value ?? '';
    expect(heard).not.toContain('for the Section alone');
    abort.abort();
  });

  it('follow a head who moves to another unit, on the stream that is open', async () => {
    const office = new Browser(address);
    await office.signIn('office-head');
    const abort = new AbortController();
    const response = await fetch(`${address}/api/v1/events`, { headers: { cookie: office.cookie }, signal: abort.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const move = (unit: string) => test.kernel.call(updatePerson, { person: 'office-head', unit }, test.as('office-deputy'));
    const submit = (as: string, reason: string) => test.kernel.call(submitRequest, { cameras: ['gate'], ...range, actions: ['copy'], purpose: 'case', reason, destination: 'archive' }, test.as(as));
    await move('guard-team');
    await submit('operator-2', 'for the Office, after the move');
    await submit('office-head', 'of their own');
    let heard = '';
    while (!heard.includes('of their own')) heard += (await reader.read()).value ?? '';
    expect(heard).not.toContain('after the move');
    abort.abort();
    await move('office');
  });
});

describe('pages', () => {
  it('are served with a strict content security policy', async () => {
    const { status, headers, text } = await new Browser(address).fetch('GET', '/');
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining('page') });
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('of the application answer to any path without an extension; hashed files are cached for good', async () => {
    expect((await new Browser(address).fetch('GET', '/playback?camera=gate')).text).toContain('page');
    expect((await new Browser(address).fetch('GET', '/assets/app-1a2b.js')).headers.get('cache-control')).toContain('immutable');
    expect((await new Browser(address).fetch('GET', '/assets/missing.js')).json).toMatchObject({ status: 404 });
    expect((await new Browser(address).fetch('GET', '/api/v1/nothing')).json).toMatchObject({ status: 404 });
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt'])('give nothing outside the site: %s', async (path) => {
    expect(await raw(path)).not.toContain('outside the site');
  });
});

describe('the port', () => {
  it('that is taken is named', async () => {
    const { port } = new URL(address);
    await expect(startCampus([http({ port: Number(port) })], systemClock as never)).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(port) });
  });
});

describe('whoever has not signed in', () => {
  it('is slowed down: every act is recorded for good', async () => {
    const answers = await Promise.all(Array.from({ length: 130 }, () => new Browser(address).call('camera.list')));
    expect(answers.map((answer) => answer.status)).toContain(429);
    expect(answers.find((answer) => answer.status === 429)!.json).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });
});
