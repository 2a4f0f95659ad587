import { describe, expect, it, vi } from 'vitest';
import { createClient, mediaUrl } from '../web/api/client.ts';
import { Problem } from '../web/api/problem.ts';

function setUp(answer: (path: string, init: RequestInit) => Response | Promise<Response>, stepUp?: () => Promise<boolean>) {
  const calls: { path: string; init: RequestInit }[] = [];
  const onSignedOut = vi.fn();
  const client = createClient({
    fetch: (async (path: string, init: RequestInit) => {
      calls.push({ path, init });
      return answer(path, init);
    }) as typeof fetch,
    language: () => 'en',
    onSignedOut,
    now: () => 1_700_000_000_000,
    ...(stepUp && { stepUp }),
  });
  return { client, calls, onSignedOut };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

describe('the API client', () => {
  it('posts an operation with its input, the language and the header against forgery', async () => {
    const { client, calls } = setUp(() => json({ lease: 'l1', path: 'index.m3u8', expiresMs: 5 }));
    expect(await client.call('recording.live', { camera: 'east-gate' })).toEqual({ lease: 'l1', path: 'index.m3u8', expiresMs: 5 });
    const { path, init } = calls[0]!;
    expect(path).toBe('/api/v1/operations/recording.live');
    expect(init).toMatchObject({ method: 'POST', body: '{"camera":"east-gate"}', credentials: 'same-origin' });
    expect(init.headers).toMatchObject({ 'x-wanglou': '1', 'accept-language': 'en', 'content-type': 'application/json' });
  });

  it('tells the call of an act, done or refused, by which its receipt is asked for', async () => {
    const done = setUp(() => json({ sinceMs: 1 }, 200, { 'wanglou-call': 'c1' }));
    expect(await done.client.act('duty.begin', {})).toEqual({ output: { sinceMs: 1 }, call: 'c1' });
    expect(await setUp(() => json({})).client.act('duty.begin', {})).toEqual({ output: {} });
    const refused = setUp(() => json({ code: 'PERMISSION_DENIED', text: { zh: '', en: '' } }, 403, { 'wanglou-call': 'c2' }));
    await expect(refused.client.act('duty.begin', {})).rejects.toMatchObject({ facts: { call: 'c2' } });
  });

  it('reads what the operations are called from the description of the API, and nothing from anything else', async () => {
    const { client, calls } = setUp(() => json({ paths: { '/a': { post: { operationId: 'a.b', summary: 'Do it' } }, '/c': { get: {} }, '/d': { post: { operationId: 7 } } } }));
    expect([...(await client.operationNames())]).toEqual([['a.b', 'Do it']]);
    expect(calls[0]!.path).toBe('/api/v1/openapi.json');
    expect((await setUp(() => json([])).client.operationNames()).size).toBe(0);
  });

  it('sends no forgery header with what changes nothing', async () => {
    const { client, calls } = setUp(() => json({}));
    await client.session();
    expect(calls[0]!.init.headers).not.toHaveProperty('x-wanglou');
  });

  it('turns a problem document into a problem', async () => {
    const { client } = setUp(() => json({ code: 'NOT_LIVE', text: { zh: '没有图像', en: 'No picture' } }, 503));
    await expect(client.call('recording.live', { camera: 'a' })).rejects.toMatchObject({ code: 'NOT_LIVE', facts: { status: 503, text: { zh: '没有图像' } } });
  });

  it('says so when nobody is signed in any more, but not for a wrong password', async () => {
    const lost = setUp(() => json({ code: 'SESSION_NEEDED', text: { zh: '', en: '' } }, 401));
    await expect(lost.client.call('camera.list', {})).rejects.toBeInstanceOf(Problem);
    expect(lost.onSignedOut).toHaveBeenCalledOnce();
    const wrong = setUp(() => json({ code: 'SIGN_IN_FAILED', text: { zh: '', en: '' } }, 401));
    await expect(wrong.client.signIn('a', 'b')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(wrong.onSignedOut).not.toHaveBeenCalled();
  });

  it('keeps the session where a second factor, a fresh proof or a visitor’s code is wrong', async () => {
    for (const code of ['CODE_NEEDED', 'LOCKED_OUT', 'PRESENCE_CODE_WRONG', 'ENROLMENT_INVALID']) {
      const { client, onSignedOut } = setUp(() => json({ code, text: { zh: '', en: '' } }, 401));
      await expect(client.call('camera.list', {})).rejects.toMatchObject({ code });
      expect(onSignedOut).not.toHaveBeenCalled();
    }
  });

  it('sends the six digits only where there are some', async () => {
    const { client, calls } = setUp(() => json({}));
    await client.signIn('operator', 'secret');
    await client.signIn('operator', 'secret', '123456');
    expect(calls.map(({ init }) => JSON.parse(String(init.body)))).toEqual([{ name: 'operator', password: 'secret' }, { name: 'operator', password: 'secret', code: '123456' }]);
  });

  describe('where nothing is missing but a fresh proof', () => {
    const denied = (...kinds: string[]) => json({ code: 'PERMISSION_DENIED', text: { zh: '', en: '' }, decision: { denials: [{ rule: 'r', article: '9', text: { zh: '', en: '' }, missing: kinds.map((kind) => ({ kind })) }] } }, 403);
    const once = (first: Response) => {
      let asked = 0;
      return () => (asked++ === 0 ? first : json({ ok: true }));
    };

    it('asks for it and does the act again', async () => {
      const stepUp = vi.fn(async () => true);
      const { client, calls } = setUp(once(denied('step-up')), stepUp);
      expect(await client.call('request.deny', { request: 'r', reason: 'no' })).toEqual({ ok: true });
      expect(stepUp).toHaveBeenCalledOnce();
      expect(calls).toHaveLength(2);
    });

    it('gives the denial back when the person does not prove it, with what was asked', async () => {
      const { client, calls } = setUp(once(denied('step-up')), async () => false);
      await expect(client.call('request.deny', { request: 'r', reason: 'no' })).rejects.toMatchObject({ facts: { asked: { operation: 'request.deny', input: { request: 'r' } } } });
      expect(calls).toHaveLength(1);
    });

    it('asks nothing for what a page reads by itself, nor where more is missing', async () => {
      const stepUp = vi.fn(async () => true);
      await expect(setUp(once(denied('step-up')), stepUp).client.read('request.list-inbox', {})).rejects.toMatchObject({ onlyStepUp: true });
      await expect(setUp(once(denied('step-up', 'duty')), stepUp).client.call('request.deny', { request: 'r', reason: 'no' })).rejects.toMatchObject({ onlyStepUp: false });
      await expect(setUp(once(denied()), stepUp).client.call('request.deny', { request: 'r', reason: 'no' })).rejects.toMatchObject({ onlyStepUp: false });
      expect(stepUp).not.toHaveBeenCalled();
    });
  });

  it('names a network that is down and an answer that is no JSON', async () => {
    await expect(setUp(() => Promise.reject(new TypeError('fetch failed'))).client.campus()).rejects.toMatchObject({ code: 'NETWORK' });
    await expect(setUp(() => new Response('<html>', { status: 502 })).client.campus()).rejects.toMatchObject({ code: 'NOT_JSON', facts: { status: 502 } });
    await expect(setUp(() => new Response('<html>', { status: 200 })).client.campus()).rejects.toMatchObject({ code: 'NOT_JSON' });
  });

  it('passes an abort on as it is', async () => {
    const controller = new AbortController();
    const { client } = setUp(() => {
      controller.abort();
      return Promise.reject(controller.signal.reason);
    });
    await expect(client.call('camera.list', {}, controller.signal)).rejects.toHaveProperty('name', 'AbortError');
  });

  it('notices a clock that is off by more than the trip explains', async () => {
    const { client } = setUp(() => json({}, 200, { date: new Date(1_700_000_030_000).toUTCString() }));
    await client.campus();
    expect(client.clockOffsetMs).toBe(30_500);
    const good = setUp(() => json({}, 200, { date: new Date(1_700_000_000_000).toUTCString() }));
    await good.client.campus();
    expect(good.client.clockOffsetMs).toBe(0);
  });

  it('gives a lease back even while the page closes', () => {
    const { client, calls } = setUp(() => json({}));
    client.release('l 1');
    expect(calls[0]).toMatchObject({ path: '/media/l%201', init: { method: 'DELETE', keepalive: true, headers: { 'x-wanglou': '1' } } });
    expect(mediaUrl('l1', 's/3.m4s')).toBe('/media/l1/s/3.m4s');
  });
});
