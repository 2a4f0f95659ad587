// The recorder from camera to index, with its worker process: continuity, crash, recovery, gaps.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSamples } from './support/memory-sink.ts';
import { lengthPrefixed, picture } from './support/picture-stream.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until, type RunningRecorder } from './support/running-recorder.ts';

const camera = 'east-gate';
const samplesOf = async (running: RunningRecorder, files: readonly { path: string }[]) => {
  const samples = [];
  for (const file of files) samples.push(...readSamples(await readFile(path.join(running.root, file.path)), 1));
  return samples;
};
const frameNumbers = (samples: readonly { bytes: Buffer }[]): number[] => samples.map(({ bytes }) => {
  let at = 0;
  while (at + 4 + bytes.readUInt32BE(at) < bytes.length) at += 4 + bytes.readUInt32BE(at);
  return bytes.readUInt32BE(at + 6) - 0x01010101;
});

describe('recorder', { timeout: 30_000 }, () => {
  it('writes files that follow each other without a missing or repeated picture, and indexes them with their hash', async () => {
    await using source = await RtspSource.start({ rate: 100 });
    await using running = await startRecorder({ segmentMs: 2_000 });
    running.recorder.add({ id: camera, url: source.url });
    await until(() => running.sealed.length >= 3, 'three sealed files', 20_000);
    await running.recorder.close();
    const segments = await running.catalog.segmentsBetween(camera, 0, Date.now() + 3_600_000);
    const samples = await samplesOf(running, segments);
    expect(samples.length).toBeGreaterThan(150);
    samples.forEach((sample, index) => {
      expect(sample.bytes.equals(lengthPrefixed(picture(index).nals)), `picture ${index}`).toBe(true);
      expect(sample.decodeTicks).toBe(index * 3600);
    });
    for (const [index, segment] of segments.entries()) {
      const bytes = await readFile(path.join(running.root, segment.path));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(segment.sha256);
      expect(bytes.length).toBe(segment.bytes);
      expect(segment.path).toMatch(new RegExp(`^${camera}/\\d{4}-\\d\\d-\\d\\d/\\d\\d/${segment.startMs}-${segment.run}\\.mp4$`));
      expect(segment.fragments.reduce((sum, fragment) => sum + fragment.length, segment.initBytes)).toBe(segment.bytes);
      if (index > 0) expect(Math.abs(segment.startMs - (segments[index - 1]?.endMs ?? 0))).toBeLessThanOrEqual(1);
    }
    expect(new Set(segments.map((segment) => segment.run)).size).toBe(1);
    expect(await running.catalog.gapsBetween(camera, 0, Date.now() + 3_600_000)).toEqual([]);
  });

  it('delivers a watched camera in short fragments, whoever of several watches, and after a worker has died too', async () => {
    await using source = await RtspSource.start({ rate: 25 });
    await using running = await startRecorder();
    running.recorder.add({ id: camera, url: source.url });
    const fragments = async () => (await running.recorder.files(camera, 0, Number.MAX_SAFE_INTEGER)).flatMap((file) => file.fragments);
    const newestMs = async (): Promise<number> => ((await fragments()).at(-1)?.durationTicks ?? 0) / 90;
    await until(async () => (await newestMs()) > 300, 'an ordinary fragment');
    const stops = [running.recorder.watch(camera), running.recorder.watch(camera)];
    await until(async () => (await newestMs()) === 80, 'a short fragment');
    process.kill(running.recorder.workerProcessIds[0] ?? Number.NaN, 'SIGKILL');
    await until(() => running.gaps.some((gap) => gap.endMs !== undefined), 'the end of the gap');
    const before = (await fragments()).length;
    await until(async () => (await fragments()).length > before + 8, 'more fragments');
    expect(await newestMs()).toBe(80);
    stops[0]?.();
    stops[0]?.();
    const then = (await fragments()).length;
    await until(async () => (await fragments()).length > then + 4, 'more fragments');
    expect((await fragments()).slice(then).some(({ durationTicks }) => durationTicks === 80 * 90)).toBe(true);
    stops[1]?.();
    await until(async () => (await newestMs()) > 300, 'an ordinary fragment again');
  });

  it('after kill -9 of the worker nothing but the last fragment is lost, and the time away is a gap of cause recorder', async () => {
    await using source = await RtspSource.start({ rate: 25 });
    await using running = await startRecorder();
    running.recorder.add({ id: camera, url: source.url });
    await until(async () => (await running.recorder.files(camera, 0, Number.MAX_SAFE_INTEGER))[0]?.fragments.length === 6, 'six fragments');
    const sentAtKill = source.sent;
    process.kill(running.recorder.workerProcessIds[0] ?? Number.NaN, 'SIGKILL');
    await until(() => running.gaps.some((gap) => gap.endMs !== undefined), 'the end of the gap');
    await running.recorder.close();
    const segments = await running.catalog.segmentsBetween(camera, 0, Date.now() + 3_600_000);
    expect(segments).toHaveLength(2);
    const [first, second] = segments;
    expect(first?.flags).toBe(1);
    const kept = frameNumbers(await samplesOf(running, [first as never]));
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => index));
    // One fragment of half a second, and what was in the socket.
    expect(sentAtKill - kept.length).toBeLessThanOrEqual(12 + 8);
    expect(createHash('sha256').update(await readFile(path.join(running.root, first?.path ?? ''))).digest('hex')).toBe(first?.sha256);
    const gaps = await running.catalog.gapsBetween(camera, 0, Date.now() + 3_600_000);
    expect(gaps).toMatchObject([{ cause: 'recorder', endMs: second?.startMs }]);
    // The end that was told live and the end that was found agree but for rounding.
    expect(Math.abs((gaps[0]?.startMs ?? 0) - (first?.endMs ?? 0))).toBeLessThanOrEqual(2);
  });

  it('a restart finds the files of a process that died, and a worker does not outlive its parent', async () => {
    await using source = await RtspSource.start({ rate: 25 });
    const { fork } = await import('node:child_process');
    await using running = await startRecorder();
    const entry = new URL('./support/recorder-process.ts', import.meta.url);
    const child = fork(entry, [path.dirname(running.root), source.url], { stdio: 'inherit' });
    const workers = await new Promise<number[]>((resolve) => child.once('message', (message) => resolve(message as number[])));
    child.kill('SIGKILL');
    await until(() => workers.every((pid) => !isAlive(pid)), 'the end of the orphaned worker');
    expect(workers).toHaveLength(1);
    running.recorder.add({ id: camera, url: source.url });
    await until(() => running.gaps.some((gap) => gap.endMs !== undefined), 'recording again');
    const { recorded, gaps } = await running.recorder.timeline(camera, 0, Date.now() + 1_000);
    expect(recorded).toHaveLength(2);
    expect(gaps).toMatchObject([{ cause: 'recorder', startMs: recorded[0]?.endMs }]);
  });

  it('a camera that goes away leaves a gap of cause network from its last picture to its next', async () => {
    await using source = await RtspSource.start({ rate: 50 });
    await using running = await startRecorder();
    running.recorder.add({ id: camera, url: source.url });
    await until(() => (running.recorder.camera(camera)?.newestMs ?? 0) > 0, 'the first fragment');
    source.cut();
    await until(() => running.gaps.length >= 2, 'the end of the gap');
    const [, gap] = running.gaps;
    expect(gap).toMatchObject({ cause: 'network', startMs: running.gaps[0]?.startMs });
    expect(gap?.endMs).toBeGreaterThanOrEqual(gap?.startMs ?? 0);
    const segments = await running.catalog.segmentsBetween(camera, 0, Date.now() + 3_600_000);
    expect(segments[0]?.endMs).toBe(gap?.startMs);
  });

  it('a camera that is removed stops recording and closes its file', async () => {
    await using source = await RtspSource.start({ rate: 50 });
    await using running = await startRecorder();
    running.recorder.add({ id: camera, url: source.url });
    await until(() => (running.recorder.camera(camera)?.newestMs ?? 0) > 0, 'the first fragment');
    running.recorder.remove(camera);
    await until(() => running.sealed.length === 1, 'the sealed file');
    expect(source.methods).toContain('TEARDOWN');
    expect(await readdir(path.join(running.root, camera))).toHaveLength(1);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
