// Bad input against the running system: a clear error each, the process lives, other cameras do not notice.
import type { RecordingStatus } from '../../packages/core/src/index.ts';
import type { DeviceFault } from '../../packages/simulator/src/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCampus, type CampusProcess } from './support/campus-process.ts';
import { until } from './support/child.ts';
import type { Client } from './support/client.ts';
import { startFaultyCameras, type FaultyCameras } from './support/simulator.ts';

const healthy = ['east-gate', 'west-gate'];
const chinese = /\p{Script=Han}/u;

describe('a campus whose cameras misbehave', () => {
  let cameras: FaultyCameras;
  let campus: CampusProcess;
  let operator: Client;
  let sinceMs = 0;

  const troubleOf = (camera: string, codes: readonly string[]): Promise<NonNullable<RecordingStatus['problem']>> =>
    until(`${camera} to report ${codes.join(' or ')}`, async () => {
      const problem = (await operator.statuses()).get(camera)?.problem;
      return problem && codes.includes(problem.code) ? problem : undefined;
    });

  beforeAll(async () => {
    // The ninth camera of the campus stands at a port where nobody listens.
    cameras = await startFaultyCameras(8);
    campus = await startCampus({ env: cameras.environment });
    operator = await campus.client().signIn('operator');
    await until('pictures of eight cameras', async () => [...(await operator.statuses()).values()].filter((status) => status.lastFrameMs).length === 8 || undefined);
    sinceMs = Date.now();
  });
  afterAll(async () => {
    await campus?.stop();
    await campus?.remove();
    await cameras?.[Symbol.asyncDispose]();
  });

  it('says of a closed port which camera it is, where, and what to check', async () => {
    const { code, text } = await troubleOf('car-park', ['UNREACHABLE']);
    expect({ code, text }).toMatchObject({ text: { en: expect.stringMatching(/car-park cannot be reached at 127\.0\.0\.1:\d+; check/), zh: expect.stringMatching(/car-park（127\.0\.0\.1:\d+）.*请检查/) } });
  });

  const faults: readonly (readonly [name: string, camera: string, fault: DeviceFault, codes: readonly string[], en: RegExp])[] = [
    ['a wrong password', 'library', 'wrong-auth', ['UNAUTHORIZED'], /refuses the user name or password; correct them/],
    ['RTSP that ends in the middle', 'dormitory-entrance', 'truncated', ['CLOSED', 'PROTOCOL'], /127\.0\.0\.1:\d+.*;/],
    ['garbage on the interleaved channel', 'canteen', 'garbage', ['PROTOCOL'], /neither RTSP nor interleaved media.*; check/],
    ['a camera that is gone', 'teaching-building', 'offline', ['CLOSED', 'CONNECT'], /127\.0\.0\.1:\d+.*;/],
  ];
  it.each(faults)('tells %s by a code, in both languages, with what to do', async (_name, camera, fault, codes, en) => {
    cameras.simulator.setFault(camera, fault);
    const { text } = await troubleOf(camera, codes);
    expect(text.en).toMatch(en);
    expect(text.zh).toMatch(chinese);
  });

  it('refuses a head of 10 MB after its first 64 KiB', async () => {
    // Gone first: the camera shows its head to whoever connects.
    cameras.simulator.setFault('fire-control-room', 'offline');
    await troubleOf('fire-control-room', ['CLOSED', 'CONNECT']);
    cameras.simulator.setFault('fire-control-room', 'big-header');
    const { text } = await troubleOf('fire-control-room', ['PROTOCOL']);
    expect(text.en).toMatch(/head of more than 65536 bytes; check/);
    expect(text.zh).toMatch(chinese);
  });

  it('records a camera again by itself when it comes back, and keeps the gap with its cause', async () => {
    cameras.simulator.setFault('teaching-building', undefined);
    const backMs = Date.now();
    await until('the camera to be recorded again', async () => ((await operator.statuses()).get('teaching-building')?.lastFrameMs ?? 0) > backMs || undefined, 40_000);
    const [timeline] = await operator.timelines(['teaching-building'], sinceMs, Date.now());
    expect(timeline?.gaps.filter((gap) => gap.toMs !== undefined)).toEqual([expect.objectContaining({ cause: 'network' })]);
  });

  it('goes on with the other cameras as if nothing had happened, and keeps the password to itself', async () => {
    const nowMs = Date.now();
    await until('newer pictures', async () => {
      const statuses = await operator.statuses();
      return healthy.every((id) => (statuses.get(id)?.lastFrameMs ?? 0) > nowMs) || undefined;
    });
    for (const { camera, recorded, gaps } of await operator.timelines(healthy, sinceMs, nowMs)) {
      expect({ camera, gaps, stretches: recorded.length }).toEqual({ camera, gaps: [], stretches: 1 });
      expect(recorded[0]).toMatchObject({ fromMs: sinceMs });
    }
    expect(campus.child.output()).not.toContain('wanglou-sim');
    expect(campus.child.output()).not.toMatch(/^\s+at /m);
  });
});
