import { afterEach, describe, expect, it } from 'vitest';
import { cameras, definePlugin } from '@wanglou/core';
import { createTestKernel, pluginChecks } from '@wanglou/core/testing';
import { createSimulatedCampus } from '@wanglou/simulator';
import { z } from 'zod';
import { deviceFinder, onvif } from '../src/index.ts';
import type { Camera, CameraState } from '@wanglou/core';
import type { FoundDevice } from '../src/index.ts';
import type { SimulatedCampus } from '@wanglou/simulator';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const nowhere = { id: 'nowhere', name: { zh: '无', en: 'Nowhere' }, address: '127.0.0.1:1' };

describe('plugin-onvif', () => {
  for (const check of pluginChecks(onvif({ cameras: [nowhere] }))) it(check.name, () => check.run());

  it.each([
    [{ cameras: [nowhere, nowhere] }, /cameras.*id/],
    [{ cameras: [{ ...nowhere, address: 'http://user:secret@10.0.0.1' }] }, /address/],
    [{ cameras: [{ ...nowhere, id: 'East Gate' }] }, /id/],
  ])('refuses a wrong configuration and names the key, without the value', async (config, key) => {
    await using kernel = await createTestKernel();
    const failure = await kernel.load([onvif(config)]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(key) });
    expect(String(failure)).not.toContain('secret');
  });
});

async function startKernel(campus: SimulatedCampus, login: { username?: string; password?: string } = {}) {
  const kernel = await createTestKernel();
  open.push(() => kernel[Symbol.asyncDispose]());
  const seen: Camera[] = [];
  const found: FoundDevice[] = [];
  const observer = definePlugin({
    id: 'observer',
    config: z.strictObject({}),
    needs: { finder: deviceFinder },
    async setup(ctx, { finder }) {
      ctx.follow(cameras, (camera) => void seen.push(camera));
      for await (const device of finder.scan()) found.push(device);
    },
  });
  const [device] = campus.devices;
  const camera = { id: 'east-gate', name: { zh: '东门', en: 'East Gate' }, place: 'gate', address: device?.onvifAddress ?? '', username: 'admin', password: 'wanglou-sim', ...login };
  const discovery = { interfaces: ['127.0.0.1'], multicast: false, unicast: [{ host: '127.0.0.1', port: campus.discoveryPort ?? 0 }], timeoutMs: 300 };
  await kernel.load([onvif({ cameras: [camera], deadlineSeconds: 2, discovery }), observer({})]);
  const [only] = seen;
  if (!only) throw new Error('no camera was contributed');
  return { kernel, camera: only, found };
}

async function createCampus(): Promise<SimulatedCampus> {
  const campus = await createSimulatedCampus({ devices: 1 });
  open.push(() => campus.close());
  return campus;
}

function stateOf(camera: Camera, wanted: CameraState): Promise<void> {
  return new Promise((resolve) => {
    if (camera.state.value === wanted) resolve();
    const stop = camera.state.subscribe((state) => {
      if (state !== wanted) return;
      void stop();
      resolve();
    });
  });
}

describe('a camera of plugin-onvif', () => {
  it('lists its profiles, gives the stream address without the password and knows its device', async () => {
    const campus = await createCampus();
    const { camera, found } = await startKernel(campus);
    await stateOf(camera, 'online');
    const stream = camera.get('stream');
    expect(await stream.list()).toEqual([{ id: 'main', role: 'main', codec: 'h264', width: 640, height: 360, fps: 25, kbps: 512, audio: 'MP4A-LATM' }]);
    const { url, credentials } = await stream.resolve('main', { transport: 'tcp' });
    expect(url.href).toBe(campus.devices[0]?.rtspUrl);
    expect([JSON.stringify({ credentials }), credentials?.reveal()]).toEqual(['{"credentials":"[secret]"}', { username: 'admin', password: 'wanglou-sim' }]);
    expect(camera.info).toMatchObject({ id: 'east-gate', place: 'gate', manufacturer: 'Wanglou', serial: campus.devices[0]?.serial });
    expect([camera.has('stream'), camera.has('ptz'), camera.problem.value]).toEqual([true, false, undefined]);
    expect(() => camera.get('ptz')).toThrow(expect.objectContaining({ code: 'NOT_SUPPORTED' }));
    await expect(stream.resolve('other')).rejects.toMatchObject({ code: 'DEVICE_FAULT', params: { camera: 'east-gate' } });
    expect(found.map((device) => device.addresses[0]?.href)).toEqual([campus.devices[0]?.onvifAddress]);
  });

  it('is there while its device is off, and comes up by itself when it is switched on', async () => {
    const campus = await createCampus();
    campus.setFault('east-gate', 'offline');
    const { kernel, camera } = await startKernel(campus);
    await expect(camera.get('stream').list()).rejects.toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('east-gate') });
    expect([camera.state.value, camera.problem.value?.code]).toEqual(['offline', 'UNREACHABLE']);
    campus.setFault('east-gate', undefined);
    await kernel.clock.advance(2000);
    await stateOf(camera, 'online');
    expect(camera.problem.value).toBeUndefined();
    campus.setFault('east-gate', 'offline');
    await kernel.clock.advance(31_000);
    await stateOf(camera, 'offline');
  });

  it('with a wrong password is unauthorized, and does not hammer the device', async () => {
    const campus = await createCampus();
    const { kernel, camera } = await startKernel(campus, { password: 'wrong' });
    await stateOf(camera, 'unauthorized');
    expect(camera.problem.value?.text.zh).toContain('密码');
    for (let minute = 0; minute < 4; minute += 1) await kernel.clock.advance(60_000);
    expect(campus.stats().total.refusedSoapLogins).toBeLessThanOrEqual(2);
  });

  it('tells its health step by step, with a hint in both languages for the one that failed', async () => {
    const campus = await createCampus();
    const { camera } = await startKernel(campus);
    await stateOf(camera, 'online');
    const good = await camera.get('health').probe('media');
    expect([good.ok, good.steps.map((step) => step.name)]).toEqual([true, ['tcp', 'time', 'services', 'auth', 'media']]);
    campus.setFault('east-gate', 'wrong-auth');
    const bad = await camera.get('health').probe('media');
    expect(bad.ok).toBe(false);
    expect(bad.steps.at(-1)).toMatchObject({ name: 'auth', ok: false, code: 'BAD_CREDENTIALS', hint: { zh: expect.stringContaining('east-gate') } });
    expect((await camera.get('health').probe('service')).ok).toBe(true);
  });
});
