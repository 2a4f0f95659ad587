// Full, read-only and damaged disks under the running system.
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RecordingStatus } from '../../packages/core/src/index.ts';
import { describe, expect, it } from 'vitest';
import { cameraIds, startCameras } from './support/cameras.ts';
import { disposableFolder, startCampus } from './support/campus-process.ts';
import { until } from './support/child.ts';
import type { Client } from './support/client.ts';
import { canMount, mountDisk } from './support/mount.ts';
import { wanglou } from './support/wanglou.ts';

/** Waits until all these cameras have a newer picture than now. */
async function recorded(operator: Client, cameras: readonly string[]): Promise<void> {
  const nowMs = Date.now();
  await until(`newer pictures of ${cameras.join(', ')}`, async () => {
    const statuses = await operator.statuses();
    return cameras.every((id) => (statuses.get(id)?.lastFrameMs ?? 0) > nowMs) || undefined;
  });
}

const troubleOf = (operator: Client, camera: string, code: string): Promise<NonNullable<RecordingStatus['problem']>> =>
  until(`${camera} to report ${code}`, async () => {
    const problem = (await operator.statuses()).get(camera)?.problem;
    return problem?.code === code ? problem : undefined;
  });

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mp4')).sort().map((name) => join(folder, name));
}

describe.skipIf(!(await canMount()))('disks (left out where disks cannot be mounted: run as root on Linux)', () => {
  it('that are full or read-only stop their own camera alone, with the fix; recording goes on when there is room', async () => {
    await using folder = await disposableFolder();
    const data = folder.path;
    await using cameras = await startCameras();
    const full = join(data, 'recordings', 'dormitory-entrance');
    await using _small = await mountDisk(full, 'size=64k');
    await using _fixed = await mountDisk(join(data, 'recordings', 'car-park'), 'ro');
    const campus = await startCampus({ data, env: cameras.environment });
    try {
      const operator = await campus.client().signIn('operator');
      const others = cameraIds.filter((id) => id !== 'dormitory-entrance' && id !== 'car-park');
      await recorded(operator, others);
      const fullProblem = await troubleOf(operator, 'dormitory-entrance', 'DISK_FULL');
      expect(fullProblem.text).toMatchObject({ en: expect.stringMatching(/no space left below .*recordings.*; free space/i), zh: expect.stringMatching(/磁盘已满.*请释放空间/) });
      const fixedProblem = await troubleOf(operator, 'car-park', 'DISK_READ_ONLY');
      expect(fixedProblem.text).toMatchObject({ en: expect.stringMatching(/cannot write below .*recordings.*; check the mount/i), zh: expect.stringMatching(/无法写入.*请检查挂载/) });
      await recorded(operator, others);
      for (const file of await filesBelow(full)) await rm(file);
      await recorded(operator, ['dormitory-entrance']);
      const [timeline] = await operator.timelines(['dormitory-entrance'], Date.now() - 60_000, Date.now());
      expect(timeline?.gaps).toContainEqual(expect.objectContaining({ cause: 'disk' }));
    } finally {
      await campus.stop();
    }
  });

  it('that are full under the database refuse acts that cannot be audited, and nothing that was acknowledged is lost', async () => {
    await using folder = await disposableFolder();
    const data = folder.path;
    await using cameras = await startCameras();
    await using _small = await mountDisk(data, 'size=6m');
    await using _footage = await mountDisk(join(data, 'recordings'), 'size=200m');
    const campus = await startCampus({ data, env: cameras.environment });
    try {
      const operator = await campus.client().signIn('operator');
      await operator.do('duty.begin');
      await recorded(operator, cameraIds);
      const filler = join(data, 'filler');
      await writeFile(filler, new Uint8Array(2 ** 23)).catch((error: NodeJS.ErrnoException) => expect(error.code).toBe('ENOSPC'));
      // Pages that were used before may still take a few entries.
      const refusal = await until('a refusal', async () => {
        const answer = await operator.call('request.submit', { cameras: ['library'], fromMs: 1, toMs: 2, actions: ['playback'], purpose: 'incident', reason: 'x'.repeat(400) });
        return answer.status === 200 ? undefined : answer;
      });
      expect(refusal).toMatchObject({ status: 503, json: { code: 'AUDIT_UNAVAILABLE', text: { zh: expect.stringContaining('审计日志无法写入'), en: expect.stringContaining('audit log cannot be written') } } });
      await rm(filler);
      await until('acts to be possible again', async () => (await operator.call('recording.status')).status === 200 || undefined);
      await recorded(operator, cameraIds);
      const timelines = await operator.timelines(cameraIds, Date.now() - 60_000, Date.now());
      expect(timelines.flatMap((timeline) => timeline.gaps)).toEqual([]);
      expect(await wanglou(['audit', 'verify', '--data', data])).toMatchObject({ code: 0 });
    } finally {
      await campus.stop();
    }
  });
});

describe('damaged footage', () => {
  it('is told by camera and time when it is played; the rest plays, and recording goes on beside it', async () => {
    await using cameras = await startCameras();
    const env = cameras.environment;
    let campus = await startCampus({ env });
    try {
      let operator = await campus.client().signIn('operator');
      await operator.do('duty.begin');
      await recorded(operator, cameraIds);
      const fromMs = Date.now();
      await recorded(operator, cameraIds);
      await recorded(operator, cameraIds);
      const toMs = Date.now();
      await campus.stop();
      const [cut] = await filesBelow(join(campus.data, 'recordings', 'library'));
      await truncate(cut!, 3000);
      const [sound] = await filesBelow(join(campus.data, 'recordings', 'canteen'));
      const garbage = join(dirname(sound!), `${toMs}-garbage.mp4`);
      await writeFile(garbage, Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251));
      campus = await startCampus({ data: campus.data, env });
      operator = operator.at(campus.address);
      await recorded(operator, cameraIds);
      const head = await campus.client().signIn('section-head');
      await head.approve(await operator.submit({ cameras: ['library', 'east-gate'], fromMs, toMs, actions: ['playback'], reason: 'what happened' }));
      const segmentOf = async (camera: string) => {
        const { lease, path } = await operator.open('recording.playback', { camera, fromMs, toMs });
        const playlist = await operator.fetch('GET', `/media/${lease}/${path}`);
        const last = playlist.text.split('\n').findLast((line) => line !== '' && !line.startsWith('#'));
        return operator.fetch('GET', `/media/${lease}/${last}`);
      };
      expect((await segmentOf('east-gate')).status).toBe(200);
      expect(await segmentOf('library')).toMatchObject({ status: 500, json: { code: 'SEGMENT_CORRUPT', text: { en: expect.stringMatching(/camera library from 20\S+ is shorter than its index says/), zh: expect.stringMatching(/library.*损坏/) } } });
      // What cannot be read may still be evidence: it is set aside and told, never deleted.
      expect(await readdir(dirname(garbage))).toContain(`${toMs}-garbage.mp4.damaged`);
      expect(campus.child.output()).toMatch(/canteen.*garbage\.mp4 cannot be recovered: it holds no whole fragment, and was set aside/);
    } finally {
      await campus.stop();
      await campus.remove();
    }
  });
});
