// The plugin in a kernel: events, alarms, other protocols, and its configuration.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmRaised, alarmRestored, definePlugin, isCodedError, objectSchema, storeService } from '@wanglou/core';
import { createTestKernel, fake, pluginChecks, type TestKernel } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fireSignal, fireSignalSources, type FireSignal, type FireSignalSource, type FireSourceContext } from '../src/contract.ts';
import { fire, FireServer } from '../src/index.ts';
import { component, deviceState, SimulatedDevice } from './support/simulated-device.ts';
import { until } from './support/until.ts';

let folder = '';
let store: SqliteStore;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-fire-'));
  store = await SqliteStore.create(folder);
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const devices = [{ id: 'library', address: '0x379', peers: ['127.0.0.1'], title: { zh: '图书馆', en: 'Library' } }];
const gb26875 = { tcpPort: 0, devices };

async function startKernel(config: Parameters<typeof fire>[0] = {}, sources: readonly FireSignalSource[] = []) {
  const kernel: TestKernel = await createTestKernel({ fakes: [fake(storeService, store)] });
  const signals: FireSignal[] = [];
  const alarms: string[] = [];
  let server: FireServer | undefined;
  const site = definePlugin({
    id: 'site',
    config: objectSchema({}),
    setup(ctx) {
      ctx.on(fireSignal, (signal) => void signals.push(signal));
      ctx.on(alarmRaised, ({ source, priority, title }) => void alarms.push(`${priority} ${source} ${title.zh} | ${title.en}`));
      ctx.on(alarmRestored, ({ source }) => void alarms.push(`restored ${source}`));
      ctx.follow(fireSignalSources, (source) => void (source instanceof FireServer && (server = source)));
      for (const source of sources) ctx.contribute(fireSignalSources, source);
    },
  });
  await kernel.load([site(), fire(config)]);
  expect(kernel.state('fire'), String(kernel.errors[0])).toBe('active');
  closers.push(() => kernel[Symbol.asyncDispose]());
  return { kernel, signals, alarms, port: () => server!.tcpPort! };
}

describe('the plugin', () => {
  for (const name of ['has a kebab-case id', 'leaves nothing behind after 5 loads and unloads', 'refuses an unknown configuration key and names it', 'waits, and starts nothing, while its needs are missing']) {
    it(name, async () => {
      const check = pluginChecks(fire({ gb26875 }), [fake(storeService, store)]).find((one) => one.name === name);
      await check!.run();
    });
  }

  it('raises an alarm for a fire and for each fault, in both languages, and tells their ends', async () => {
    const { alarms, signals, port } = await startKernel({ gb26875, points: { 'uitd/library/sys/1-3/comp/11': { zh: '一层大厅', en: 'Hall' } } });
    const device = await SimulatedDevice.tcp(port());
    closers.push(() => device.close());
    // One after the other, as devices do: fires would overtake the rest.
    for (const [serial, unit] of [component(131_082, 6, '三楼走廊'), component(131_082, 2), component(131_082, 0), component(11, 2), deviceState(0x08)].entries()) {
      device.send(unit, { serial });
      await device.confirmation(serial);
    }
    await until(() => alarms.length === 6, 'the alarms');
    const key = 'fire:uitd/library/sys/1-3/comp/131082';
    expect(alarms).toEqual([
      `fire ${key} 火警：图书馆 系统 1-3 部件 0x0002000A 感烟火灾探测器 三楼走廊 | Fire: Library, system 1-3, component 0x0002000A, smoke detector, 三楼走廊`,
      `medium ${key}/fault 故障：图书馆 系统 1-3 部件 0x0002000A 感烟火灾探测器 三楼走廊 | Fault: Library, system 1-3, component 0x0002000A, smoke detector, 三楼走廊`,
      `restored ${key}/fault`,
      `restored ${key}`,
      'fire fire:uitd/library/sys/1-3/comp/11 火警：图书馆 一层大厅 感烟火灾探测器 | Fire: Library, Hall, smoke detector',
      'medium fire:uitd/library/mainPowerFault 主电故障：图书馆 | Mains fault: Library',
    ]);
    expect(signals.map(({ condition, active }) => [condition, active])).toEqual([['fire', true], ['fault', true], ['fault', false], ['fire', false], ['fire', true], ['powerFault', true]]);
  });

  it('raises alarms for a lost link, a wrong clock and messages that nobody can read', async () => {
    const { kernel, alarms, port } = await startKernel({ gb26875 });
    const device = await SimulatedDevice.tcp(port(), { time: () => '2026-11-23T16:05:00' });
    closers.push(() => device.close());
    device.send({ appHex: 'c80101' }, { serial: 1 });
    await device.confirmation(1);
    await kernel.clock.advance(100_000);
    await until(() => alarms.length >= 3, 'the alarms');
    expect(alarms).toEqual([
      'low fire:uitd/library/clock 图书馆：设备时钟相差 300 秒 | Library: the clock of the device is off by 300 s',
      'medium fire:uitd/library/unrecognised-200 图书馆：收到无法识别的报文（类型 200），已存储，请核对协议配置 | Library: a message of unknown type 200 was stored; check the profile of the device',
      'medium fire:uitd/library/link/linkFault 通信中断：图书馆 | Link lost: Library',
    ]);
  });

  it('starts and stops other protocols, and keeps their messages apart', async () => {
    let context: FireSourceContext | undefined;
    let stopped = 0;
    const source: FireSignalSource = { kind: 'relay', start: async (given) => void (context = given), stop: async () => void (stopped += 1), health: () => [] };
    const { kernel, signals, alarms } = await startKernel({}, [source]);
    const stored = await context!.journal.store({ source: 'relay-1', receivedMs: kernel.clock.now(), peer: 'line 3', bytes: Uint8Array.of(1) }, true);
    expect(await context!.journal.unsettled()).toEqual([stored]);
    context!.emit({ source: 'relay-1', pointKey: 'relay/relay-1/3', condition: 'fire', active: true, deviceTime: null, sentTime: null, receivedMs: stored.receivedMs, frame: stored.id, quality: 'live' });
    context!.journal.settle(stored.id, [{ pointKey: 'relay/relay-1/3', source: 'relay-1', flags: ['fire'], frame: stored.id }]);
    await until(async () => (await context!.journal.unsettled()).length === 0, 'the message to be settled');
    expect(await context!.journal.levels()).toMatchObject([{ flags: ['fire'] }]);
    expect(signals.length).toBe(1);
    expect(alarms).toEqual(['fire fire:relay/relay-1/3 火警：relay-1 | Fire: relay-1']);
    await kernel.unload('fire');
    expect(stopped).toBe(1);
  });

  it('fails with the port and the reason when it cannot listen', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    closers.push(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    const kernel = await createTestKernel({ fakes: [fake(storeService, store)] });
    closers.push(() => kernel[Symbol.asyncDispose]());
    await kernel.load([fire({ gb26875: { ...gb26875, tcpPort: port } })]).catch(() => undefined);
    expect(kernel.state('fire')).not.toBe('active');
    expect(kernel.errors.concat(kernel.problems()).map((error) => String((error as Error).message ?? error)).join()).toContain(`TCP 127.0.0.1:${port}`);
  });
});

describe('the configuration', () => {
  const issueOf = async (config: unknown): Promise<string> => {
    const kernel = await createTestKernel({ fakes: [fake(storeService, store)] });
    closers.push(() => kernel[Symbol.asyncDispose]());
    return kernel.load([fire(config as Parameters<typeof fire>[0])]).then(() => 'accepted', (error: unknown) => (isCodedError(error) ? error.message : String(error)));
  };

  it.each([
    [{ devices }, 'tcpPort'],
    [{ ...gb26875, devices: [devices[0], { ...devices[0], address: 5 }] }, 'id'],
    [{ ...gb26875, devices: [devices[0], { ...devices[0], id: 'gym', address: 889 }] }, 'address'],
    [{ ...gb26875, devices: [{ ...devices[0], peers: ['10.1.2.3/33'] }] }, 'IP address or a network'],
    [{ ...gb26875, devices: [{ ...devices[0], address: '7903000000zz' }] }, '0x'],
    [{ ...gb26875, devices: [{ ...devices[0], profile: 'nobody' }] }, 'profile'],
    [{ ...gb26875, host: 'localhost' }, 'IP address'],
  ])('%j is refused', async (wrong, word) => {
    const issue = await issueOf({ gb26875: wrong });
    expect(issue).toContain('configuration of fire is wrong');
    expect(issue).toContain(word);
  });
});
