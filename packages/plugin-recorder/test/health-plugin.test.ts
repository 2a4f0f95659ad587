// The plugin in a kernel with cameras of the simulator and one that is received through ffmpeg: how they are, what their pictures show, and what of it outlives a restart. Needs ffmpeg, which CI installs.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  cameras, campusService, createSignal, definePlugin, healthChanged, objectSchema, readHealth, readRecordingStatus, renewReference, Secret, storeService, systemClock,
  type Camera, type CameraState, type CapabilityKey, type Principal, type RecordingHealth, type RecordingStatus, type Store,
} from '@wanglou/core';
import { createTestKernel, fake, type TestClock } from '@wanglou/core/testing';
import { createSimulatedCampus } from '@wanglou/simulator';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, expect, it, vi } from 'vitest';
import { recorder } from '../src/index.ts';
import { jpegs, startHttpCamera } from './support/http-camera.ts';
import { until } from './support/running-recorder.ts';

const viewer: Principal = { kind: 'person', id: 'operator', session: 's-1' };
const realClock: TestClock = { ...systemClock, advance: async () => {}, jump: () => {}, pending: 0 };
const login = { username: 'admin', password: 'wanglou-sim' };
const health = { snapshots: { everySeconds: 5 }, inARow: 1 };

function cameraAt(id: string, url = '', capabilities: readonly CapabilityKey[] = ['stream']): Camera {
  const stream = { list: async () => [{ id: 'main', role: 'main', codec: 'h264', width: 1, height: 1 }], resolve: async () => ({ url: new URL(url), credentials: new Secret(login) }) };
  return { id, info: { id, name: { zh: id, en: id } }, state: createSignal<CameraState>('online'), problem: createSignal(undefined), has: (capability) => capabilities.includes(capability), get: () => stream as never };
}

/** A kernel that records these cameras. */
async function record(folder: string, list: readonly Camera[], particular: NonNullable<Parameters<typeof recorder>[0]>['cameras'] = {}) {
  const store = await SqliteStore.create(path.join(folder, 'state'));
  const told: RecordingHealth[] = [];
  const taken = new Map<string, () => unknown>();
  const site = definePlugin({
    id: 'site', config: objectSchema({}),
    setup(ctx) {
      ctx.on(healthChanged, (camera) => void told.push(camera));
      for (const camera of list) taken.set(camera.id, ctx.contribute(cameras, camera));
    },
  });
  const kernel = await createTestKernel({ clock: realClock, fakes: [fake(storeService, store as Store), fake(campusService, { read: () => ({ name: { zh: '校区', en: 'Campus' } }) as never })] });
  await kernel.load([site(), recorder({ path: path.join(folder, 'recordings'), tickMillis: 20, health, cameras: particular })]);
  expect(kernel.state('recorder'), String(kernel.errors[0])).toBe('active');
  return {
    told,
    kernel,
    takeAway: (id: string) => void taken.get(id)?.(),
    healthOf: async (id: string): Promise<RecordingHealth | undefined> => (await kernel.call(readHealth, {}, viewer)).healths.find(({ camera }) => camera === id),
    statusOf: async (id: string): Promise<RecordingStatus | undefined> => (await kernel.call(readRecordingStatus, {}, viewer)).statuses.find(({ camera }) => camera === id),
    /** Whether the newest that was told of a camera has this problem. */
    tells: (id: string, code: string): boolean => told.findLast(({ camera }) => camera === id)?.problems.some((problem) => problem.code === code) === true,
    async [Symbol.asyncDispose]() {
      await kernel[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

const folders: string[] = [];
async function temporary(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-health-'));
  folders.push(folder);
  return folder;
}
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

it('tells how cameras are, however they are received, and knows them again after a restart', { timeout: 180_000 }, async () => {
  const folder = await temporary();
  await using campus = await createSimulatedCampus({ devices: [{ id: 'gate', loop: 'library' }, { id: 'other', loop: 'stadium' }], discoveryPort: false });
  await using dark = await startHttpCamera({ pictures: { list: await jpegs('color=black:size=320x180:rate=10:duration=1'), rate: 10 }, login });
  const [gate, other] = campus.devices;
  {
    await using site = await record(folder, [cameraAt('gate', gate?.rtspUrl), cameraAt('cellar', `${dark.url}/video`), cameraAt('clinic', other?.rtspUrl)], { clinic: { health: { snapshots: false } } });
    await until(async () => (await site.statusOf('cellar'))?.state === 'recording' && (await site.statusOf('gate'))?.state === 'recording', 'both cameras recording', 30_000);
    expect((await site.statusOf('gate'))?.engine).toEqual({ id: 'native', text: { en: 'Received natively', zh: '由内置引擎接入' } });
    expect(await site.statusOf('cellar')).toMatchObject({ engine: { id: 'ffmpeg', text: { en: 'Received through ffmpeg, since its address is not RTSP' } }, warnings: [{ code: 'PICTURE_ENCODED' }] });

    await until(() => site.tells('cellar', 'PICTURE_BLACK'), 'the dark cellar', 60_000);
    await until(async () => (await site.healthOf('gate'))?.snapshotMs !== undefined, 'a look at the gate', 30_000);
    const well = await site.healthOf('gate');
    expect(well).toMatchObject({ fps: 25, problems: [] });
    expect(Math.abs((well?.keyframeIntervalMs ?? 0) - 1000)).toBeLessThan(100);
    expect(Math.abs(well?.clock?.offsetMs ?? Number.NaN)).toBeLessThan(2_000);
    expect((await site.healthOf('clinic'))?.snapshotProblem?.code).toBe('SNAPSHOTS_OFF');

    campus.setFault('gate', 'frozen');
    await until(() => site.tells('gate', 'PICTURE_FROZEN'), 'the frozen gate', 60_000);
    campus.setFault('gate', undefined);
    await until(() => !site.tells('gate', 'PICTURE_FROZEN'), 'the gate that goes on', 60_000);

    await expect(site.kernel.call(renewReference, { camera: 'cellar' }, viewer)).rejects.toMatchObject({ code: 'NO_SNAPSHOT' });
    await expect(site.kernel.call(renewReference, { camera: 'nobody' }, viewer)).rejects.toMatchObject({ code: 'UNKNOWN_CAMERA' });
    site.takeAway('cellar');
    await until(async () => (await site.healthOf('cellar')) === undefined, 'the cellar to be forgotten');
  }
  // While nobody looked, somebody turned the gate; the cellar was dark all the time; the dome turns by itself.
  {
    await using site = await record(folder, [cameraAt('gate', other?.rtspUrl), cameraAt('cellar', `${dark.url}/video`), cameraAt('dome', other?.rtspUrl, ['stream', 'ptz'])]);
    await until(() => site.tells('gate', 'PICTURE_MOVED'), 'the turned gate', 60_000);
    expect((await site.healthOf('gate'))?.lastGap).toMatchObject({ camera: 'gate', cause: 'recorder' });
    await until(async () => (await site.healthOf('cellar'))?.snapshotMs !== undefined, 'a look at the cellar', 60_000);
    const black = (await site.healthOf('cellar'))?.problems.find(({ code }) => code === 'PICTURE_BLACK');
    expect(black?.sinceMs).toBeLessThan((await site.healthOf('gate'))?.lastGap?.toMs ?? 0); // Known from before.
    await site.kernel.call(renewReference, { camera: 'gate' }, viewer);
    expect(site.tells('gate', 'PICTURE_MOVED')).toBe(false);
  }
  // What is left of the pictures is footage, and nothing beside it.
  const files = (await readdir(path.join(folder, 'recordings'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && path.extname(entry.name) !== '.mp4');
  expect(files.map(({ name }) => name)).toEqual(['.wanglou-disk.json']);
});

it('says what is missing where ffmpeg is', { timeout: 60_000 }, async () => {
  vi.stubEnv('FFMPEG_PATH', '/nowhere/ffmpeg');
  await using campus = await createSimulatedCampus({ devices: [{ id: 'gate', loop: 'library' }], discoveryPort: false });
  await using site = await record(await temporary(), [cameraAt('gate', campus.devices[0]?.rtspUrl)]);
  await until(() => site.told.some(({ snapshotProblem }) => snapshotProblem?.code === 'SNAPSHOTS_NEED_FFMPEG'), 'the reason', 30_000);
  expect((await site.healthOf('gate'))?.snapshotProblem?.text.zh).toMatch(/^画面分析未运行：请安装 ffmpeg 5\.0 或更新版本/);
  vi.unstubAllEnvs();
  await until(async () => (await site.healthOf('gate'))?.snapshotMs !== undefined, 'a look once it is there', 30_000);
});
