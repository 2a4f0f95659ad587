// The plugin in a kernel, recording simulated cameras: operations, leases, and what may be fetched under them.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  cameras, createSignal, definePlugin, objectSchema, playBack, readRecordingStatus, readTimeline, Secret, storeService, campusService, systemClock, watchLive,
  type Camera, type CameraState, type Leases, type MediaResponse, type Principal, type Store,
} from '@wanglou/core';
import { createTestKernel, fake, pluginChecks, type TestClock, type TestKernel } from '@wanglou/core/testing';
import { createSimulatedCampus, type SimulatedCampus } from '@wanglou/simulator';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recorder } from '../src/index.ts';
import { until } from './support/running-recorder.ts';

const run = promisify(execFile);
const hasFfprobe = await run('ffprobe', ['-version']).then(() => true, () => false);
const viewer: Principal = { kind: 'person', id: 'operator', session: 's-1' };
// The recorder's workers live in real time, so the kernel does too.
const realClock: TestClock = { ...systemClock, advance: async () => {}, jump: () => {}, pending: 0 };

/** A camera of the campus that gives the simulator's stream. */
function simulatedCamera(campus: SimulatedCampus, index: number): Camera {
  const device = campus.devices[index];
  if (device === undefined) throw new Error(`no simulated device ${index}`);
  const stream = {
    list: async () => [{ id: 'main', role: 'main', codec: 'h264', width: 1, height: 1 }] as const,
    resolve: async () => ({ url: new URL(device.rtspUrl), credentials: new Secret({ username: 'admin', password: 'wanglou-sim' }) }),
  };
  return {
    id: device.id, info: { id: device.id, name: device.name }, state: createSignal<CameraState>('online'), problem: createSignal(undefined),
    has: (capability) => capability === 'stream',
    get: () => stream as never,
  };
}

const campusFake = fake(campusService, { read: () => ({ name: { zh: '青岛校区', en: 'Qingdao Campus' } }) as never });
let folder = '';
let campus: SimulatedCampus;
let store: SqliteStore;
let kernel: TestKernel;
let leases: Leases;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-recorder-'));
  campus = await createSimulatedCampus({ devices: 2, discoveryPort: false });
  store = await SqliteStore.create(path.join(folder, 'state'));
  kernel = await createTestKernel({ clock: realClock, fakes: [fake(storeService, store as Store), campusFake] });
  const site = definePlugin({
    id: 'site',
    config: objectSchema({}),
    setup(ctx) {
      leases = ctx.leases;
      for (const index of [0, 1]) ctx.contribute(cameras, simulatedCamera(campus, index));
    },
  });
  await kernel.load([site(), recorder({ path: path.join(folder, 'recordings'), segmentSeconds: 5, tickMillis: 20 })]);
  expect(kernel.state('recorder'), String(kernel.errors[0])).toBe('active');
  await until(async () => (await kernel.call(readRecordingStatus, {}, viewer)).statuses.every((status) => status.state === 'recording' && (status.lastFrameMs ?? 0) > 0), 'both cameras recording', 15_000);
  // Enough footage for files to be closed.
  await until(async () => {
    const { timelines } = await kernel.call(readTimeline, { cameras: [cameraId()], fromMs: Date.now() - 3_600_000, toMs: Date.now() + 60_000 }, viewer);
    const [first] = timelines[0]?.recorded ?? [];
    return first !== undefined && first.toMs - first.fromMs > 8_000;
  }, 'eight seconds of footage', 30_000);
}, 60_000);

afterAll(async () => {
  await kernel[Symbol.asyncDispose]();
  await campus.close();
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const cameraId = (): string => campus.devices[0]?.id ?? '';
const fetchUnder = (lease: string, target: string, range?: { start: number; end?: number }): Promise<MediaResponse> => leases.serve(lease, viewer, { path: target, query: {}, ...(range && { range }) });
async function bytesOf(response: MediaResponse): Promise<Buffer> {
  if (typeof response.body === 'string') return Buffer.from(response.body);
  if (response.body instanceof Uint8Array) return Buffer.from(response.body);
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  return Buffer.concat(pieces);
}
const textOf = async (lease: string, target: string): Promise<string> => (await bytesOf(await fetchUnder(lease, target))).toString('utf8');
const segmentNames = (playlist: string): string[] => playlist.split('\n').filter((line) => line.startsWith('s/'));
async function newestRange(): Promise<{ fromMs: number; toMs: number }> {
  const { timelines } = await kernel.call(readTimeline, { cameras: [cameraId()], fromMs: Date.now() - 3_600_000, toMs: Date.now() + 60_000 }, viewer);
  const first = timelines[0]?.recorded[0];
  if (first === undefined) throw new Error('nothing is recorded');
  return { fromMs: first.fromMs, toMs: first.toMs };
}

describe('recorder plugin', { timeout: 20_000 }, () => {
  it('live: a playlist of the newest segments, each with init and bytes that decode', async () => {
    const lease = await kernel.call(watchLive, { camera: cameraId() }, viewer);
    const playlist = await textOf(lease.lease, lease.path);
    expect(playlist).toMatch(/^#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:\d\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,\S+\n#EXT-X-PART-INF:PART-TARGET=0.50000\n#EXT-X-MEDIA-SEQUENCE:\d+\n/);
    expect(playlist).toContain('#EXT-X-MAP:URI="i/1.mp4"');
    expect(playlist).not.toContain('ENDLIST');
    const names = segmentNames(playlist);
    expect(names.length).toBeGreaterThan(2);
    const init = await bytesOf(await fetchUnder(lease.lease, 'i/1.mp4'));
    const media = await Promise.all(names.map(async (name) => bytesOf(await fetchUnder(lease.lease, name))));
    expect(init.toString('latin1', 4, 8)).toBe('ftyp');
    for (const bytes of media) expect(bytes.toString('latin1', 4, 8)).toBe('moof');
    const programTimes = [...playlist.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map((match) => Date.parse(match[1] ?? ''));
    expect(Math.abs((programTimes.at(-1) ?? 0) - Date.now())).toBeLessThan(10_000);
    expect((await fetchUnder(lease.lease, 's/999999.m4s')).status).toBe(404);
  });

  it('live: a player that waits for the part it was told of gets the next playlist and the part as soon as they are there', async () => {
    const lease = await kernel.call(watchLive, { camera: cameraId() }, viewer);
    const serve = (target: string, query = {}): Promise<MediaResponse> => leases.serve(lease.lease, viewer, { path: target, query });
    const [, segment, part] = /PRELOAD-HINT:TYPE=PART,URI="p\/(\d+)\.(\d+)\.m4s"/.exec(await textOf(lease.lease, lease.path)) ?? [];
    const [bytes, playlist] = await Promise.all([serve(`p/${segment}.${part}.m4s`).then(bytesOf), serve(lease.path, { _HLS_msn: segment, _HLS_part: part }).then(bytesOf)]);
    expect(bytes.toString('latin1', 4, 8)).toBe('moof');
    expect(playlist.toString()).toContain(`URI="p/${segment}.${part}.m4s"`);
    expect((await serve(lease.path, { _HLS_msn: String(Number(segment) + 100) })).status).toBe(400);
    expect((await serve(lease.path, { _HLS_part: '1' })).status).toBe(400);
    expect((await serve(`p/${segment}.${Number(part) + 50}.m4s`)).status).toBe(404);
  });

  it('live: the stream begins with init and a keyframe, goes on with whole fragments, and ends with the lease', async () => {
    const lease = await kernel.call(watchLive, { camera: cameraId() }, viewer);
    const { body } = await fetchUnder(lease.lease, 'stream.mp4');
    const pieces: Buffer[] = [];
    for await (const piece of body as AsyncIterable<Uint8Array>) if (pieces.push(Buffer.from(piece)) === 4) leases.release(lease.lease, viewer);
    expect(pieces.map((piece) => piece.toString('latin1', 4, 8))).toEqual(['ftyp', 'moof', 'moof', 'moof']);
  });

  it('playback: a still of any moment that is granted, and none of another', async () => {
    const all = await newestRange();
    const range = { fromMs: all.fromMs + 2_000, toMs: all.fromMs + 7_000 };
    const lease = await kernel.call(playBack, { camera: cameraId(), ...range }, viewer);
    const still = await bytesOf(await fetchUnder(lease.lease, `t/${range.fromMs + 2_500}.mp4`));
    expect(still.toString('latin1', 4, 8)).toBe('ftyp');
    if (hasFfprobe) {
      const file = path.join(folder, 'still.mp4');
      await writeFile(file, still);
      const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=start_time', '-select_streams', 'v', '-of', 'csv=p=0', file]);
      expect([Number(stdout), stderr]).toEqual([0, '']);
    }
    expect((await fetchUnder(lease.lease, `t/${range.toMs + 60_000}.mp4`)).status).toBe(404);
    expect((await fetchUnder(lease.lease, `t/${range.fromMs - 60_000}.mp4`)).status).toBe(404);
  });

  it('playback: only whole fragments of the granted range, at most one group of pictures early, and never later', async () => {
    const all = await newestRange();
    const range = { fromMs: all.fromMs + 3_000, toMs: all.fromMs + 6_500 };
    const lease = await kernel.call(playBack, { camera: cameraId(), ...range }, viewer);
    const playlist = await textOf(lease.lease, lease.path);
    const starts = [...playlist.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map((match) => Date.parse(match[1] ?? ''));
    const lengths = [...playlist.matchAll(/EXTINF:([\d.]+)/g)].map((match) => Number(match[1]) * 1000);
    expect(playlist).toContain('#EXT-X-ENDLIST');
    expect(starts[0]).toBeLessThanOrEqual(range.fromMs);
    expect(starts[0]).toBeGreaterThan(range.fromMs - 2_500);
    expect((starts.at(-1) ?? 0) + (lengths.at(-1) ?? 0)).toBeLessThanOrEqual(range.toMs + 1);
    expect(lease.gaps).toEqual([]);
    for (const target of ['../../state/recorder.db', 's/../../x', 's/9.m4s', 'i/9.mp4', 'index.html']) expect((await fetchUnder(lease.lease, target)).status, target).toBe(404);
  });

  it('a byte range is answered with 206 and the same bytes, one beyond the end with 416', async () => {
    const lease = await kernel.call(playBack, { camera: cameraId(), ...(await newestRange()) }, viewer);
    const whole = await bytesOf(await fetchUnder(lease.lease, 's/0.m4s'));
    const part = await fetchUnder(lease.lease, 's/0.m4s', { start: 100, end: 299 });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-299/${whole.length}`);
    expect((await bytesOf(part)).equals(whole.subarray(100, 300))).toBe(true);
    expect((await fetchUnder(lease.lease, 's/0.m4s', { start: whole.length })).status).toBe(416);
  });

  it('a range without footage, a wrong range and an unknown camera are refused by name', async () => {
    await expect(kernel.call(playBack, { camera: cameraId(), fromMs: 1_000, toMs: 2_000 }, viewer)).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await expect(kernel.call(playBack, { camera: cameraId(), fromMs: 2_000, toMs: 1_000 }, viewer)).rejects.toMatchObject({ code: 'RANGE_INVALID' });
    await expect(kernel.call(readTimeline, { cameras: [cameraId()], fromMs: 0, toMs: Date.now() }, viewer)).rejects.toMatchObject({ code: 'RANGE_INVALID' });
    await expect(kernel.call(watchLive, { camera: 'nowhere' }, viewer)).rejects.toMatchObject({ code: 'UNKNOWN_CAMERA' });
  });

  it.skipIf(!hasFfprobe)('live and playback: an independent player reads every segment of the playlists without an error (needs ffmpeg: apt-get install ffmpeg)', async () => {
    for (const lease of [await kernel.call(watchLive, { camera: cameraId() }, viewer), await kernel.call(playBack, { camera: cameraId(), ...(await newestRange()) }, viewer)]) {
      const playlist = await textOf(lease.lease, lease.path);
      const site = await mkdtemp(path.join(folder, 'player-'));
      for (const name of playlist.match(/(?:s|i)\/\d+\.(?:m4s|mp4)/g) ?? []) {
        await mkdir(path.join(site, path.dirname(name)), { recursive: true });
        await writeFile(path.join(site, name), await bytesOf(await fetchUnder(lease.lease, name)));
      }
      await writeFile(path.join(site, 'index.m3u8'), `${playlist.replace('#EXT-X-ENDLIST\n', '')}#EXT-X-ENDLIST\n`);
      const { stderr } = await run('ffmpeg', ['-v', 'warning', '-allowed_extensions', 'ALL', '-i', path.join(site, 'index.m3u8'), '-map', '0:v', '-f', 'null', '-']);
      expect(stderr).toBe('');
    }
  });

  it('a camera that is cut off leaves a gap with its cause, and the playlist goes on after it', async () => {
    const before = await newestRange();
    campus.setFault(cameraId(), 'offline');
    await until(async () => (await kernel.call(readRecordingStatus, {}, viewer)).statuses.find((status) => status.camera === cameraId())?.problem !== undefined, 'the problem');
    campus.setFault(cameraId(), undefined);
    await until(async () => {
      const { timelines } = await kernel.call(readTimeline, { cameras: [cameraId()], fromMs: Date.now() - 3_600_000, toMs: Date.now() + 1_000 }, viewer);
      return timelines[0]?.gaps[0]?.toMs !== undefined && timelines[0].recorded.length > 1;
    }, 'recording again', 20_000);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const lease = await kernel.call(playBack, { camera: cameraId(), fromMs: before.fromMs, toMs: Date.now() }, viewer);
    expect(lease.gaps).toMatchObject([{ cause: 'network' }]);
    const playlist = await textOf(lease.lease, lease.path);
    expect(playlist.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(playlist.match(/#EXT-X-MAP/g)).toHaveLength(2);
    const live = await kernel.call(watchLive, { camera: cameraId() }, viewer);
    expect(await textOf(live.lease, live.path)).toContain('#EXT-X-DISCONTINUITY');
  }, 40_000);

  it('a recording file that was cut from outside is refused by name, before the first byte', async () => {
    const lease = await kernel.call(playBack, { camera: cameraId(), ...(await newestRange()) }, viewer);
    await until(async () => (await fetchUnder(lease.lease, 's/0.m4s')).status === 200, 'the whole file');
    const { glob } = await import('node:fs/promises');
    const files: string[] = [];
    for await (const file of glob(`${cameraId()}/*/*/*.mp4`, { cwd: path.join(folder, 'recordings') })) files.push(file);
    const oldest = files.sort()[0] ?? '';
    await truncate(path.join(folder, 'recordings', oldest), 3_000);
    await expect(fetchUnder(lease.lease, 's/0.m4s')).rejects.toMatchObject({ code: 'SEGMENT_CORRUPT' });
    expect(kernel.state('recorder')).toBe('active');
  });
});

describe('plugin conformance', () => {
  let checked: SqliteStore;
  let place = '';
  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'wanglou-recorder-checks-'));
    checked = await SqliteStore.create(path.join(place, 'state'));
  });
  afterAll(async () => {
    await checked[Symbol.asyncDispose]();
    await rm(place, { recursive: true });
  });
  const checks = pluginChecks(recorder({ path: path.join(tmpdir(), 'wanglou-recorder-checks') }), [fake(storeService, { open: (namespace, migrations) => checked.open(namespace, migrations) }), campusFake]);
  it.each(checks.map((check) => [check.name, check] as const))('%s', (_name, check) => check.run());
});
