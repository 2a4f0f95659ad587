import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineEvent, defineExtensionPoint, defineOperation, definePlugin, defineService, type Plugin, type PluginContext, type ServiceRef } from '../src/index.ts';
import { createTestKernel, fake } from '../src/testing.ts';

const none = z.strictObject({});
const clockRef = defineService<{ now(): number }>('test.clock');
const alarmRef = defineService<{ ring(): void }>('test.alarm');
const title = { zh: '试验', en: 'Try' };

function node(id: string, needs: readonly ServiceRef<any>[], provides: readonly ServiceRef<any>[], log: string[] = []): Plugin<any> {
  return definePlugin({
    id,
    config: none,
    needs: Object.fromEntries(needs.map((ref) => [ref.id, ref])),
    provides,
    setup(ctx) {
      log.push(`+${id}`);
      ctx.defer(() => void log.push(`-${id}`));
      for (const ref of provides) ctx.provide(ref, { from: id });
    },
  });
}

describe('loading', () => {
  it('starts plugins when their needs are met, whatever the order', async () => {
    const log: string[] = [];
    await using kernel = await createTestKernel();
    await kernel.load([node('c', [alarmRef], [], log)(), node('b', [clockRef], [alarmRef], log)(), node('a', [], [clockRef], log)()]);
    expect(log).toEqual(['+a', '+b', '+c']);
  });

  it('stops dependents before their provider, and starts them again when it is back', async () => {
    const log: string[] = [];
    await using kernel = await createTestKernel();
    const a = node('a', [], [clockRef], log);
    await kernel.load([a(), node('b', [clockRef], [alarmRef], log)(), node('c', [alarmRef], [], log)()]);
    log.length = 0;
    await kernel.unload('a');
    expect(log).toEqual(['-c', '-b', '-a']);
    await kernel.load([a()]);
    expect(log.slice(3)).toEqual(['+a', '+b', '+c']);
  });

  it('refuses a wrong configuration with the key path in both languages, and starts nothing', async () => {
    const log: string[] = [];
    await using kernel = await createTestKernel();
    const picky = definePlugin({ id: 'picky', config: z.strictObject({ disk: z.strictObject({ days: z.number() }) }), setup: () => void log.push('+picky') });
    const failure = await kernel.load([node('a', [], [], log)(), { plugin: picky, config: { disk: { days: 'ten' } } }]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', params: { plugin: 'picky', path: 'disk.days' }, text: { zh: expect.stringContaining('disk.days'), en: expect.stringContaining('disk.days') } });
    expect(log).toEqual([]);
  });

  it('refuses the same plugin twice, and one made for another version of the contract', async () => {
    await using kernel = await createTestKernel();
    const a = node('a', [], []);
    await kernel.load([a()]);
    await expect(kernel.load([a()])).rejects.toMatchObject({ code: 'PLUGIN_DUPLICATE' });
    const old = Object.assign(() => undefined, { ...a, id: 'old', apiVersion: 0 }) as unknown as Plugin<any>;
    await expect(kernel.load([{ plugin: old, config: {} }])).rejects.toMatchObject({ code: 'PLUGIN_API_VERSION', params: { made: 0 } });
  });

  it('names a missing need and the plugin that waits for it', async () => {
    await using kernel = await createTestKernel();
    await kernel.load([node('b', [clockRef], [])()]);
    expect(kernel.state('b')).toBe('waiting');
    expect(kernel.problems()).toMatchObject([{ code: 'NEEDS_MISSING', params: { plugin: 'b', service: 'test.clock' } }]);
  });

  it('names a cycle by its plugins', async () => {
    await using kernel = await createTestKernel();
    await kernel.load([node('a', [alarmRef], [clockRef])(), node('b', [clockRef], [alarmRef])()]);
    expect(kernel.problems()).toMatchObject([{ code: 'NEEDS_CYCLE', params: { cycle: 'a → b → a' } }]);
  });

  it('ends a setup that takes too long, by name', async () => {
    await using kernel = await createTestKernel();
    const stuck = definePlugin({ id: 'stuck', config: none, startTimeoutMs: 2000, setup: () => new Promise<void>(() => undefined) });
    const loading = kernel.load([stuck()]);
    await kernel.clock.advance(2000);
    await loading;
    expect(kernel.problems()).toMatchObject([{ code: 'PLUGIN_START_TIMEOUT', params: { plugin: 'stuck', seconds: 2 } }]);
  });

  it('undoes a setup that fails half-way and leaves the others running', async () => {
    const log: string[] = [];
    await using kernel = await createTestKernel();
    const before = kernel.inventory();
    const half = definePlugin({
      id: 'half',
      config: none,
      provides: [clockRef],
      setup(ctx) {
        ctx.provide(clockRef, { now: () => 1 });
        ctx.defer(() => void log.push('undone'));
        throw new Error('half-way');
      },
    });
    await kernel.load([half(), node('a', [], [], log)()]);
    expect(kernel.state('half')).toBe('failed');
    expect(log).toEqual(['undone', '+a']);
    expect(kernel.inventory()).toEqual(before);
  });

  it('tells when a critical plugin fails', async () => {
    const failed: string[] = [];
    await using kernel = await createTestKernel({ onCriticalFailure: (id) => void failed.push(id) });
    const vital = definePlugin({
      id: 'vital',
      config: none,
      critical: true,
      setup() {
        throw new Error('no disk');
      },
    });
    await kernel.load([vital()]);
    expect(failed).toEqual(['vital']);
  });

  it('refuses a service that was not declared, and a second provider', async () => {
    await using kernel = await createTestKernel();
    const sly = definePlugin({ id: 'sly', config: none, setup: (ctx) => ctx.provide(clockRef, { now: () => 1 }) });
    await kernel.load([sly(), node('a', [], [clockRef])(), node('b', [], [clockRef])()]);
    expect(kernel.problems().map((problem) => problem.code)).toEqual(['SERVICE_UNDECLARED', 'SERVICE_DUPLICATE']);
  });
});

describe('unloading', () => {
  const slow = defineOperation<string>()({ id: 'slow.do', title, action: 'view', input: none, resource: () => ({}) });

  it('lets calls in flight finish, and takes no new ones', async () => {
    await using kernel = await createTestKernel();
    const { promise: gate, resolve: open } = Promise.withResolvers<string>();
    await kernel.load([definePlugin({ id: 'slow', config: none, setup: (ctx) => ctx.handle(slow, () => gate) })()]);
    const call = kernel.call(slow, {}, { kind: 'person', id: 'p' });
    await kernel.clock.advance(0);
    const unloading = kernel.unload('slow');
    await kernel.clock.advance(0);
    await expect(kernel.call(slow, {}, { kind: 'person', id: 'p' })).rejects.toMatchObject({ code: 'PLUGIN_STOPPED' });
    open('finished');
    await unloading;
    await expect(call).resolves.toBe('finished');
  });

  it('aborts calls that do not finish in time', async () => {
    await using kernel = await createTestKernel({ drainMs: 1000 });
    const stubborn = definePlugin({ id: 'slow', config: none, setup: (ctx) => ctx.handle(slow, (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))) });
    await kernel.load([stubborn()]);
    const call = kernel.call(slow, {}, { kind: 'person', id: 'p' });
    const outcome = expect(call).rejects.toThrow('aborted');
    await kernel.clock.advance(0);
    const unloading = kernel.unload('slow');
    await kernel.clock.advance(1000);
    await unloading;
    await outcome;
  });

  it('makes a context that was kept too long refuse', async () => {
    let kept: PluginContext | undefined;
    await using kernel = await createTestKernel();
    await kernel.load([definePlugin({ id: 'keeper', config: none, setup: (ctx) => void (kept = ctx) })()]);
    await kernel.unload('keeper');
    expect(() => kept!.defer(() => undefined)).toThrow(expect.objectContaining({ code: 'PLUGIN_STOPPED' }));
  });
});

describe('path independence', () => {
  const refs = Array.from({ length: 6 }, (_, index) => defineService<object>(`graph.s${index}`));
  const point = defineExtensionPoint<string>('graph.point');
  const event = defineEvent<number>('graph.event');
  const needs = [[], [0], [0], [1, 2], [3], [1]];
  const plugins = needs.map((indexes, index) =>
    definePlugin({
      id: `g${index}`,
      config: none,
      needs: Object.fromEntries(indexes.map((need) => [`s${need}`, refs[need]!])),
      provides: [refs[index]!],
      setup(ctx) {
        ctx.provide(refs[index]!, {});
        ctx.contribute(point, `from g${index}`);
        ctx.on(event, () => undefined);
        ctx.handle(defineOperation()({ id: `graph.do-${'abcdef'[index]}`, title, action: 'view', input: none, resource: () => ({}) }), () => index);
      },
    }),
  );
  const shape = (kernel: Awaited<ReturnType<typeof createTestKernel>>) => ({
    inventory: kernel.inventory(),
    states: Object.fromEntries(plugins.map((plugin) => [plugin.id, kernel.state(plugin.id)])),
    operations: kernel.operations().map(({ operation }) => operation.id).sort(),
  });

  it('after any loads and unloads, what runs depends only on what is loaded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 5 })), { maxLength: 30 }), async (steps) => {
        await using kernel = await createTestKernel();
        const loaded = new Set<number>();
        for (const [load, index] of steps) {
          if (load && !loaded.has(index)) await kernel.load([plugins[index]!()]);
          if (!load) await kernel.unload(`g${index}`);
          if (load) loaded.add(index);
          else loaded.delete(index);
        }
        await using fresh = await createTestKernel();
        await fresh.load([...loaded].sort().map((index) => plugins[index]!()));
        expect(shape(kernel)).toEqual(shape(fresh));
      }),
      { numRuns: 300, seed: 20_131_113 },
    );
  });
});

describe('events and extension points', () => {
  it('isolate a failing listener', async () => {
    const event = defineEvent<number>('test.event');
    const heard: number[] = [];
    await using kernel = await createTestKernel();
    kernel.on(event, () => {
      throw new Error('bad listener');
    });
    kernel.on(event, async () => {
      throw new Error('bad async listener');
    });
    kernel.on(event, (value) => void heard.push(value));
    await kernel.load([definePlugin({ id: 'speaker', config: none, setup: (ctx) => ctx.emit(event, 7) })()]);
    await kernel.clock.advance(0);
    expect(heard).toEqual([7]);
    expect(kernel.errors).toHaveLength(2);
  });

  it('tell a follower of what is there, what comes and what goes', async () => {
    const point = defineExtensionPoint<string>('test.point');
    const log: string[] = [];
    const giver = (id: string) => definePlugin({ id, config: none, setup: (ctx) => void ctx.contribute(point, id) });
    await using kernel = await createTestKernel();
    await kernel.load([giver('before')()]);
    await kernel.load([definePlugin({ id: 'follower', config: none, setup: (ctx) => ctx.follow(point, (value) => log.push(`+${value}`), (value) => log.push(`-${value}`)) })()]);
    await kernel.load([giver('after')()]);
    await kernel.unload('before');
    expect(log).toEqual(['+before', '+after', '-before']);
  });
});

describe('types', () => {
  it('infer configuration, needs and outputs', () => {
    definePlugin({
      id: 'typed',
      config: z.strictObject({ days: z.number().default(30) }),
      needs: { clock: clockRef },
      setup(_ctx, { config, clock }) {
        expectTypeOf(config).toEqualTypeOf<{ days: number }>();
        expectTypeOf(clock).toEqualTypeOf<{ now(): number }>();
      },
    });
    // @ts-expect-error an operation without an action does not compile
    defineOperation()({ id: 'no.action', title, input: none, resource: () => ({}) });
    // @ts-expect-error a fake must fit its service
    fake(clockRef, { now: 'late' });
  });
});
