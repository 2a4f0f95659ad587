import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DeniedError, defineOperation, definePlugin, factsChanged, Kernel, leaseEnded, type MediaRequest, type Principal } from '../src/index.ts';
import { createTestKernel, permitAll } from '../src/testing.ts';

const person: Principal = { kind: 'person', id: 'p-1', session: 's-1' };
const other: Principal = { kind: 'person', id: 'p-2', session: 's-2' };
const title = { zh: '试验', en: 'Try' };
const resource = () => ({ cameras: ['gate'] });
const echo = defineOperation<{ said: string }>()({ id: 'echo.say', title, action: 'view', input: z.strictObject({ word: z.string() }), resource });
const watch = defineOperation<{ lease: string }>()({ id: 'echo.watch', title, action: 'live', input: z.strictObject({}), resource, whenAuditFails: 'spool' });
const secret = defineOperation<{ ok: boolean }>()({ id: 'echo.secret', title, action: 'sign-in', input: z.strictObject({ name: z.string(), password: z.string() }), resource: () => ({}), audited: ({ name }) => ({ name }) });
const request = (path = 'a'): MediaRequest => ({ path, query: {} });

function echoPlugin(order: string[] = []) {
  return definePlugin({
    id: 'echo',
    config: z.strictObject({}),
    setup(ctx) {
      ctx.handle(echo, ({ word }) => {
        order.push('handler');
        if (word === 'fail') throw new Error('on purpose');
        return { said: word };
      });
      ctx.handle(secret, () => ({ ok: true }));
      ctx.handle(watch, (_input, call) => ({ lease: call.lease({ maxAgeMs: 60_000, serve: (asked) => ({ status: 200, headers: {}, body: asked.path }) }).id }));
    },
  });
}

async function echoKernel(order: string[] = []) {
  const kernel = await createTestKernel();
  await kernel.load([echoPlugin(order)()]);
  return kernel;
}

describe('a call', () => {
  it('is parsed, decided, recorded, executed, and its outcome recorded', async () => {
    await using kernel = await echoKernel();
    expect(await kernel.call(echo, { word: 'hello' }, person)).toEqual({ said: 'hello' });
    expect(kernel.audited).toMatchObject([
      { kind: 'decision', operation: 'echo.say', action: 'view', principal: person, resource: { cameras: ['gate'] }, input: { word: 'hello' }, decision: { effect: 'permit', pack: 'permit-all@1', articles: ['1'] } },
      { kind: 'outcome', outcome: 'done' },
    ]);
    expect(kernel.audited[0]!.call).toBe(kernel.audited[1]!.call);
  });

  it('that is malformed is refused with the key path, recorded without the input, and never reaches the handler', async () => {
    const order: string[] = [];
    await using kernel = await echoKernel(order);
    await expect(kernel.call(secret, { name: 'a', password: 424_242_424 } as never, person)).rejects.toMatchObject({ code: 'INPUT_INVALID', params: { path: 'password' } });
    expect(kernel.audited).toMatchObject([{ kind: 'malformed', operation: 'echo.secret' }]);
    expect(JSON.stringify(kernel.audited)).not.toContain('424242424');
    expect(order).toEqual([]);
  });

  it('that the policy denies is recorded with its rules and articles, and never reaches the handler', async () => {
    const order: string[] = [];
    await using kernel = await echoKernel(order);
    kernel.denied.add('view');
    const failure = await kernel.call(echo, { word: 'x' }, person).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeniedError);
    expect(failure).toMatchObject({ code: 'PERMISSION_DENIED', text: { zh: '第2条：测试拒绝', en: 'Article 2: Denied by the test' } });
    expect(kernel.audited).toMatchObject([{ kind: 'decision', decision: { effect: 'deny', denials: [{ rule: 'test-denies', article: '2' }] } }]);
    expect(order).toEqual([]);
  });

  it('keeps what the operation names of its input and no credential', async () => {
    await using kernel = await echoKernel();
    await kernel.call(secret, { name: 'head', password: 'a very secret word' }, person);
    expect(kernel.audited[0]!.input).toEqual({ name: 'head' });
    expect(JSON.stringify(kernel.audited)).not.toContain('very secret');
  });

  it('is refused when the audit log cannot be written, before anything happens', async () => {
    const order: string[] = [];
    await using kernel = await echoKernel(order);
    kernel.auditFails = true;
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(order).toEqual([]);
  });

  it('goes on into the spool when the operation may not wait for the audit log', async () => {
    await using kernel = await echoKernel();
    kernel.auditFails = true;
    await expect(kernel.call(watch, {}, person)).resolves.toHaveProperty('lease');
    expect(kernel.spooled.map((entry) => entry.kind)).toEqual(['decision', 'outcome']);
  });

  it('that fails tells its code in the outcome and its error to the caller', async () => {
    await using kernel = await echoKernel();
    await expect(kernel.call(echo, { word: 'fail' }, person)).rejects.toThrow('on purpose');
    expect(kernel.audited.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'failed', detail: { code: 'UNEXPECTED' } });
  });

  it('is refused when no plugin provides an audit log at all', async () => {
    await using kernel = new Kernel({ pack: permitAll });
    await kernel.load([echoPlugin()()]);
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  });

  it('to an operation nobody handles is refused by name', async () => {
    await using kernel = await createTestKernel();
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'OPERATION_UNKNOWN', params: { operation: 'echo.say' } });
  });

  it('is denied, and reported, when the facts or the pack cannot be judged', async () => {
    await using kernel = await createTestKernel({
      facts: () => {
        throw new Error('the source is broken');
      },
    });
    await kernel.load([echoPlugin()()]);
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(kernel.errors).toHaveLength(1);
  });
});

describe('handlers', () => {
  it('cannot be reached from outside the gate, by whatever is reachable from a kernel and a plugin context', async () => {
    const order: string[] = [];
    await using kernel = await echoKernel(order);
    let context: object | undefined;
    await kernel.load([definePlugin({ id: 'thief', config: z.strictObject({}), setup: (ctx) => void (context = ctx) })()]);
    kernel.denied.add('view').add('live').add('sign-in');
    const seen = new Set<unknown>();
    const functions: ((...args: unknown[]) => unknown)[] = [];
    const walk = (value: unknown, depth: number): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 8) return;
      seen.add(value);
      if (typeof value === 'function') functions.push(value as never);
      // Own data properties, contents of collections, and prototypes: everything but getters, which would run code.
      for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(value))) walk(descriptor.value, depth + 1);
      if (value instanceof Map || value instanceof Set) for (const item of value.values()) walk(item, depth + 1);
      walk(Object.getPrototypeOf(value), depth + 1);
    };
    walk(kernel.operations(), 0);
    walk((context as { operations(): unknown }).operations(), 0);
    walk(kernel, 0);
    walk(context, 0);
    // Whatever has the shape of a handler would answer the input; the operation's own functions do not execute it.
    const handlers = functions.filter((candidate) => /order\.push|said/.test(Function.prototype.toString.call(candidate)));
    expect(functions.length).toBeGreaterThan(10);
    expect(handlers).toEqual([]);
    expect(order).toEqual([]);
  });

  it('cannot be taken over by a second plugin', async () => {
    await using kernel = await echoKernel();
    await kernel.load([definePlugin({ id: 'usurper', config: z.strictObject({}), setup: (ctx) => ctx.handle(echo, () => ({ said: 'mine' })) })()]);
    expect(kernel.state('usurper')).toBe('failed');
    expect(kernel.problems()).toMatchObject([{ code: 'OPERATION_DUPLICATE', params: { operation: 'echo.say', owner: 'echo' } }]);
  });
});

describe('a lease', () => {
  it('serves its holder, and nobody else', async () => {
    await using kernel = await echoKernel();
    const { lease } = await kernel.call(watch, {}, person);
    expect((await kernel.leases.serve(lease, person, request('index.m3u8'))).body).toBe('index.m3u8');
    await expect(kernel.leases.serve(lease, other, request())).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
    await expect(kernel.leases.serve(lease, { ...person, session: 's-9' }, request())).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
    await expect(kernel.leases.serve('guessed', person, request())).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
  });

  it('ends by the clock', async () => {
    await using kernel = await echoKernel();
    const { lease } = await kernel.call(watch, {}, person);
    await kernel.clock.advance(59_999);
    await kernel.leases.serve(lease, person, request());
    await kernel.clock.advance(1);
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED', params: { reason: 'expired' } });
  });

  it('ends by the clock also when the timer is late', async () => {
    await using kernel = await echoKernel();
    const { lease } = await kernel.call(watch, {}, person);
    kernel.clock.jump(60_000);
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED' });
  });

  it('is cut at once when facts change and the policy says no, with an audit entry and an event', async () => {
    await using kernel = await echoKernel();
    const ended: unknown[] = [];
    kernel.on(leaseEnded, (event) => void ended.push(event));
    const { lease } = await kernel.call(watch, {}, person);
    kernel.denied.add('live');
    await kernel.load([definePlugin({ id: 'teller', config: z.strictObject({}), setup: (ctx) => ctx.emit(factsChanged, { principals: [person.id] }) })()]);
    await kernel.clock.advance(0);
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED', params: { reason: 'revoked' } });
    expect(ended).toEqual([{ lease, principal: person, reason: 'revoked' }]);
    expect(kernel.audited.at(-1)).toMatchObject({ kind: 'lease', outcome: 'revoked', detail: { lease } });
  });

  it('is judged again every 5 s, without being told', async () => {
    await using kernel = await echoKernel();
    await kernel.call(watch, {}, person);
    kernel.denied.add('live');
    await kernel.clock.advance(4999);
    expect(kernel.leases.list()).toHaveLength(1);
    await kernel.clock.advance(1);
    expect(kernel.leases.list()).toEqual([]);
  });

  it('cuts what is being served when it ends', async () => {
    await using kernel = await createTestKernel();
    let cut = false;
    const slow = definePlugin({
      id: 'slow',
      config: z.strictObject({}),
      setup(ctx) {
        ctx.handle(watch, (_input, call) => ({
          lease: call.lease({ serve: (_asked, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(((cut = true), signal.reason)))) }).id,
        }));
      },
    });
    await kernel.load([slow()]);
    const { lease } = await kernel.call(watch, {}, person);
    const serving = kernel.leases.serve(lease, person, request());
    kernel.leases.release(lease, person);
    await expect(serving).rejects.toMatchObject({ code: 'LEASE_ENDED', params: { reason: 'released' } });
    expect(cut).toBe(true);
  });

  it('ends when the plugin behind it is unloaded', async () => {
    await using kernel = await echoKernel();
    const { lease } = await kernel.call(watch, {}, person);
    await kernel.unload('echo');
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED', params: { reason: 'unloaded' } });
  });

  it('never outlives the right that a fact source knows the end of', async () => {
    let endsMs = 0;
    await using kernel = await createTestKernel({ facts: () => ({ 'lease.endsMs': endsMs }) });
    endsMs = kernel.clock.now() + 10_000;
    await kernel.load([echoPlugin()()]);
    await kernel.call(watch, {}, person);
    expect(kernel.leases.list()[0]!.expiresMs).toBe(endsMs);
  });

  it('opened by a call that then fails is closed with it', async () => {
    await using kernel = await createTestKernel();
    const failing = definePlugin({
      id: 'failing',
      config: z.strictObject({}),
      setup(ctx) {
        ctx.handle(watch, (_input, call) => {
          call.lease({ serve: () => ({ status: 200, headers: {}, body: '' }) });
          throw new Error('on purpose');
        });
      },
    });
    await kernel.load([failing()]);
    await expect(kernel.call(watch, {}, person)).rejects.toThrow('on purpose');
    expect(kernel.leases.list()).toEqual([]);
  });
});
