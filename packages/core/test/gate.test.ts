import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alarmRaised, auditService, DeniedError, factSources, type Facts, defineEvent, defineOperation, definePlugin, factsChanged, Kernel, leaseEnded, leasePaused, packChanged, packKeeperService, sha256OfJson, type MediaRequest, type PolicyPack, type Principal, type Question } from '../src/index.ts';
import { createTestKernel, fake, permitAll } from '../src/testing.ts';

const person: Principal = { kind: 'person', id: 'p-1', session: 's-1' };
const other: Principal = { kind: 'person', id: 'p-2', session: 's-2' };
const title = { zh: '试验', en: 'Try' };
const resource = () => ({ cameras: ['gate'] });
const echo = defineOperation<{ said: string }>()({ id: 'echo.say', title, action: 'view', input: z.strictObject({ word: z.string() }), resource });
const watch = defineOperation<{ lease: string }>()({ id: 'echo.watch', title, action: 'live', input: z.strictObject({}), resource, whenAuditFails: 'spool' });
const secret = defineOperation<{ ok: boolean }>()({ id: 'echo.secret', title, action: 'sign-in', input: z.strictObject({ name: z.string(), password: z.string() }), resource: () => ({}), audited: ({ name }) => ({ name }) });
const deny = defineEvent<object>('echo.deny');
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

  it('tells its id to the plugin that asks for somebody, also when it is refused', async () => {
    await using kernel = await echoKernel();
    const told: string[] = [];
    const asking = definePlugin({
      id: 'asking',
      config: z.strictObject({}),
      async setup(ctx) {
        const as = { principal: person, onCall: (call: string) => void told.push(call) };
        await ctx.call(echo, { word: 'hello' }, as);
        kernel.denied.add('view');
        await ctx.call(echo, { word: 'hello' }, as).catch(() => undefined);
      },
    });
    await kernel.load([asking()]);
    expect(told).toHaveLength(2);
    expect(told).toEqual(kernel.audited.filter(({ kind }) => kind === 'decision').map(({ call }) => call));
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

  it('that is opened while facts change is judged before anybody learns of it', async () => {
    await using kernel = await createTestKernel();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const waiting = definePlugin({
      id: 'waiting',
      config: z.strictObject({}),
      setup(ctx) {
        ctx.handle(watch, async (_input, call) => {
          await gate;
          return { lease: call.lease({ serve: () => ({ status: 200, headers: {}, body: '' }) }).id };
        });
        ctx.on(deny, () => ctx.emit(factsChanged, {}));
      },
    });
    await kernel.load([waiting(), definePlugin({ id: 'denier', config: z.strictObject({}), setup: (ctx) => void ctx.handle(echo, () => (ctx.emit(deny, {}), { said: '' })) })()]);
    const call = kernel.call(watch, {}, person).then(
      () => 'opened',
      (error: { code: string }) => error.code,
    );
    await kernel.clock.advance(0);
    kernel.denied.add('live');
    await kernel.call(echo, { word: 'x' }, other);
    open();
    expect(await call).toBe('PERMISSION_DENIED');
    expect(kernel.leases.list()).toEqual([]);
    expect(kernel.audited.filter((entry) => entry.kind === 'decision' && entry.operation === watch.id).map((entry) => entry.decision?.effect)).toEqual(['permit', 'deny']);
  });

  it('cannot be opened by a handler that outlives its plugin', async () => {
    await using kernel = await createTestKernel({ drainMs: 1000 });
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow = definePlugin({
      id: 'slow',
      config: z.strictObject({}),
      setup: (ctx) => ctx.handle(watch, async (_input, call) => (await gate, { lease: call.lease({ serve: () => ({ status: 200, headers: {}, body: '' }) }).id })),
    });
    await kernel.load([slow()]);
    const call = kernel.call(watch, {}, person).catch((error: { code: string }) => error.code);
    await kernel.clock.advance(0);
    const unloading = kernel.unload('slow');
    await kernel.clock.advance(1000);
    await unloading;
    open();
    expect(await call).toBe('PLUGIN_STOPPED');
    expect(kernel.leases.list()).toEqual([]);
  });

  it('is good only at the place where it was opened', async () => {
    await using kernel = await echoKernel();
    const { lease } = await kernel.call(watch, {}, { ...person, address: '192.0.2.1' });
    await expect(kernel.leases.serve(lease, { ...person, address: '192.0.2.2' }, request())).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
  });

  it('ends in the middle of a stream, also when the plugin behind it does not look at its signal', async () => {
    await using kernel = await createTestKernel();
    async function* endless() {
      for (;;) yield Uint8Array.of(1);
    }
    await kernel.load([definePlugin({ id: 'endless', config: z.strictObject({}), setup: (ctx) => ctx.handle(watch, (_input, call) => ({ lease: call.lease({ serve: () => ({ status: 200, headers: {}, body: endless() }) }).id })) })()]);
    const { lease } = await kernel.call(watch, {}, person);
    const body = (await kernel.leases.serve(lease, person, request())).body as AsyncIterable<Uint8Array>;
    const reading = (async () => {
      let bytes = 0;
      for await (const chunk of body) if ((bytes += chunk.length) === 3) kernel.leases.release(lease, person);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'LEASE_ENDED' });
  });

  it('beyond the 64th of a session takes the place of the oldest', async () => {
    await using kernel = await echoKernel();
    const first = await kernel.call(watch, {}, person);
    for (let n = 1; n < 65; n++) await kernel.call(watch, {}, person);
    expect(kernel.leases.list()).toHaveLength(64);
    await expect(kernel.leases.serve(first.lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED' });
  });

  it('can be neither opened nor ended through what plugins and applications get', async () => {
    await using kernel = await echoKernel();
    expect(Object.keys(kernel.leases).sort()).toEqual(['list', 'release', 'serve']);
    expect(Object.isFrozen(kernel.leases)).toBe(true);
  });
});

describe('hostile input', () => {
  it('with half a surrogate pair is refused by its place, and harms no later call', async () => {
    await using kernel = await echoKernel();
    for (const input of [{ word: 'a\ud800' }, { '\ud800': 1 }, { word: { deep: ['\udfff'] } }]) await expect(kernel.call(echo, input as never, person)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await kernel.call(echo, { word: 'fine' }, person)).toEqual({ said: 'fine' });
  });

  it('leaves a short record, however long its keys are', async () => {
    await using kernel = await echoKernel();
    await expect(kernel.call(echo, { word: 'x', ['k'.repeat(100_000)]: 1 } as never, person)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(JSON.stringify(kernel.audited).length).toBeLessThan(2000);
  });
});

describe('facts', () => {
  it('that no plugin declared, or of another type than declared, are dropped and reported', async () => {
    let facts: Record<string, never> = {};
    await using kernel = await createTestKernel({ facts: () => facts });
    await kernel.load([echoPlugin()()]);
    facts = { 'test.denied': 'false', 'made.up': true, 'actor.kind': 'system' } as never;
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(kernel.audited.at(-1)!.decision!.facts).toEqual({ 'actor.kind': 'person', 'actor.session': true, 'subject.kind': 'none' });
    expect(kernel.errors).toHaveLength(1);
  });

  it('on which two sources contradict each other are not known, whichever comes last', async () => {
    const pack: PolicyPack = { ...permitAll, facts: [{ path: 'test.duty', type: 'boolean', text: title }, { path: 'test.roles', type: 'strings', text: title }] };
    await using kernel = await createTestKernel({ pack, facts: () => ({ 'test.duty': true, 'test.roles': ['a', 'b'] }) });
    const other = (id: string, facts: Facts) => definePlugin({ id, config: z.strictObject({}), setup: (ctx) => void ctx.contribute(factSources, { id, read: () => facts }) })();
    await kernel.load([echoPlugin()(), other('agrees', { 'test.duty': undefined, 'test.roles': ['b', 'a'] })]);
    await kernel.call(echo, { word: 'x' }, person);
    expect(kernel.audited[0]!.decision!.facts).toMatchObject({ 'test.duty': true, 'test.roles': ['b', 'a'] });
    await kernel.load([other('contradicts', { 'test.duty': false })]);
    await kernel.call(echo, { word: 'x' }, person);
    expect(kernel.audited.findLast(({ kind }) => kind === 'decision')!.decision!.facts).not.toHaveProperty(['test.duty']);
    expect(String(kernel.errors.at(-1))).toContain('test.duty');
  });

  it('with a value outside their closed list are dropped too: the proofs trust these lists', async () => {
    const pack: PolicyPack = { ...permitAll, facts: [{ path: 'test.standing', type: 'string', values: ['staff', 'individual'], text: title }] };
    await using kernel = await createTestKernel({ pack, facts: () => ({ 'test.standing': 'visitor' }) });
    await kernel.load([echoPlugin()()]);
    await kernel.call(echo, { word: 'x' }, person);
    expect(kernel.audited[0]!.decision!.facts).not.toHaveProperty(['test.standing']);
    expect(kernel.errors.length).toBeGreaterThan(0);
  });
});

describe('an audit log that hangs', () => {
  it('refuses the act, or spools it, after 10 s', async () => {
    const spooled: string[] = [];
    const hanging = fake(auditService, { append: () => new Promise<never>(() => undefined), spool: async (entry) => void spooled.push(entry.kind) });
    await using kernel = await createTestKernel({ fakes: [hanging], ownAudit: true });
    await kernel.load([echoPlugin()()]);
    const refused = kernel.call(echo, { word: 'x' }, person).catch((error: { code: string }) => error.code);
    const watching = kernel.call(watch, {}, person);
    await kernel.clock.advance(10_000);
    expect(await refused).toBe('AUDIT_UNAVAILABLE');
    await kernel.clock.advance(10_000);
    await expect(watching).resolves.toHaveProperty('lease');
    expect(spooled).toEqual(['decision', 'outcome']);
  });
});

describe('a lease that lacks the presence of somebody', () => {
  const present: PolicyPack = {
    ...permitAll,
    facts: [{ path: 'test.present', type: 'boolean', text: title }],
    rules: [...permitAll.rules, { id: 'presence', article: '13', text: title, effect: 'forbid', actions: ['live'], unless: { 'test.present': true }, missing: [{ kind: 'presence', count: 2 }] }],
  };

  it('pauses, serves nothing, cuts what is being served, and goes on by itself', async () => {
    let here = true;
    await using kernel = await createTestKernel({ pack: present, facts: () => ({ 'test.present': here }) });
    const film = defineOperation<{ lease: string }>()({ id: 'film.watch', title, action: 'live', input: z.strictObject({}), resource });
    await kernel.load([
      definePlugin({
        id: 'film',
        config: z.strictObject({}),
        setup(ctx) {
          const endless = async function* () {
            for (;;) yield await new Promise<Uint8Array>((resolve) => setImmediate(() => resolve(new Uint8Array(1))));
          };
          ctx.handle(film, (_input, call) => ({ lease: call.lease({ serve: () => ({ status: 200, headers: {}, body: endless() }) }).id }));
        },
      })(),
    ]);
    const told: boolean[] = [];
    kernel.on(leasePaused, ({ paused }) => void told.push(paused));
    const { lease } = await kernel.call(film, {}, person);
    const { body } = await kernel.leases.serve(lease, person, request());
    const reading = (async () => {
      for await (const _ of body as AsyncIterable<Uint8Array>);
    })();
    here = false;
    const cut = expect(reading).rejects.toMatchObject({ code: 'LEASE_PAUSED' });
    await kernel.clock.advance(5000);
    await cut;
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_PAUSED', status: 423 });
    here = true;
    await kernel.clock.advance(5000);
    expect(await kernel.leases.serve(lease, person, request())).toMatchObject({ status: 200 });
    expect(told).toEqual([true, false]);
    expect(kernel.audited.filter(({ kind }) => kind === 'lease').map(({ outcome }) => outcome)).toEqual(['paused', 'resumed']);
  });

  it('ends when more than presence is missing', async () => {
    let here = true;
    await using kernel = await createTestKernel({ pack: present, facts: () => ({ 'test.present': here }) });
    await kernel.load([echoPlugin()()]);
    const { lease } = await kernel.call(watch, {}, person);
    here = false;
    kernel.denied.add('live');
    await kernel.clock.advance(5000);
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED' });
  });
});

describe('what a handler notes', () => {
  it('stands in the record of the outcome, whether it succeeds or fails', async () => {
    await using kernel = await createTestKernel();
    const note = defineOperation<object>()({ id: 'note.take', title, action: 'view', input: z.strictObject({ fail: z.boolean() }), resource: () => ({}) });
    await kernel.load([
      definePlugin({
        id: 'note',
        config: z.strictObject({}),
        setup: (ctx) =>
          void ctx.handle(note, ({ fail }, call) => {
            call.note({ files: ['a'] });
            if (fail) throw new Error('on purpose');
            return {};
          }),
      })(),
    ]);
    await kernel.call(note, { fail: false }, person);
    await expect(kernel.call(note, { fail: true }, person)).rejects.toThrow();
    expect(kernel.audited.filter(({ kind }) => kind === 'outcome').map(({ detail }) => detail)).toEqual([{ files: ['a'] }, { files: ['a'], code: 'UNEXPECTED' }]);
  });
});

describe('the pack in force', () => {
  const closed: PolicyPack = { ...permitAll, version: '2', rules: [{ id: 'closed', article: '3', text: title, effect: 'forbid', actions: ['live'] }, ...permitAll.rules] };

  it('is the one that is kept, from the moment it comes into force: leases are judged by it, decisions name its hash', async () => {
    await using kernel = await createTestKernel();
    let kept: PolicyPack | undefined;
    const keeper = definePlugin({
      id: 'keeper',
      config: z.strictObject({}),
      provides: [packKeeperService],
      setup(ctx) {
        ctx.provide(packKeeperService, { inForce: () => kept });
        ctx.on(deny, () => ctx.emit(packChanged, { packSha256: '' }));
        ctx.handle(secret, () => ((kept = closed), ctx.emit(deny, {}), { ok: true }));
      },
    });
    await kernel.load([definePlugin({ id: 'watch', config: z.strictObject({}), setup: (ctx) => void ctx.handle(watch, (_input, call) => ({ lease: call.lease({ serve: () => ({ status: 200, headers: {}, body: '' }) }).id })) })(), keeper()]);
    const { lease } = await kernel.call(watch, {}, person);
    expect(kernel.audited[0]!.decision!.packSha256).toBe(sha256OfJson(permitAll));
    await kernel.call(secret, { name: 'a', password: 'b' }, person);
    await kernel.clock.advance(0);
    await expect(kernel.leases.serve(lease, person, request())).rejects.toMatchObject({ code: 'LEASE_ENDED' });
    await expect(kernel.call(watch, {}, person)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(kernel.audited.findLast(({ kind }) => kind === 'decision')!.decision).toMatchObject({ packSha256: sha256OfJson(closed), articles: ['3'] });
    await kernel.unload('keeper');
    expect(await kernel.call(watch, {}, person)).toHaveProperty('lease');
  });

  it('that cannot be judged refuses everything and raises an alarm', async () => {
    const alarms: string[] = [];
    await using kernel = await createTestKernel({ pack: { ...permitAll, rules: [{ id: 'r', article: '1', text: title, effect: 'permit', when: { 'no.such': true } }] } });
    kernel.on(alarmRaised, ({ source }) => void alarms.push(source));
    await kernel.load([echoPlugin()()]);
    await expect(kernel.call(echo, { word: 'x' }, person)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(alarms).toEqual(['core:policy']);
  });
});

describe('the kind of record that is touched', () => {
  it('is a fact of the kernel that no source can speak for', async () => {
    const asked: Question[] = [];
    await using kernel = await createTestKernel({ facts: (question) => (asked.push(question), { 'subject.kind': 'none' }) });
    const touch = defineOperation<object>()({ id: 'record.touch', title, action: 'review', input: z.strictObject({}), resource: () => ({ subject: 'request:r-1' }) });
    await kernel.load([definePlugin({ id: 'record', config: z.strictObject({}), setup: (ctx) => void ctx.handle(touch, () => ({})) })()]);
    await kernel.call(touch, {}, person);
    expect(asked.at(-1)!.resource).toEqual({ subject: 'request:r-1' });
    expect(kernel.audited[0]!.decision!.facts['subject.kind']).toBe('request');
  });
});
