// What every ingest engine must do, whatever it is made of; run against the simulated campus.
import { createSimulatedCampus, type CreateSimulatedCampusOptions, type DeviceSpec, type SimulatedCampus } from '@wanglou/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultIngestOptions, type IngestEngine, type IngestOptions, type IngestSession, type IngestSource } from '../src/ingest/ingest-engine.ts';
import { initTracks } from '../src/fmp4/fragment-info.ts';
import { readFragmentSamples } from '../src/fmp4/fragment-samples.ts';
import { MemorySink, type KeptFragment } from './support/memory-sink.ts';

const credentials = { username: 'admin', password: 'wanglou-sim' };
const quick: IngestOptions = { ...defaultIngestOptions, connectMs: 2_000, requestMs: 2_000, silenceMs: 1_000, backoff: { minMs: 50, maxMs: 200, unauthorizedMinMs: 300 } };
/** Longest wait for anything; an engine may have to start a process. */
const patienceMs = 20_000;

/** What an engine cannot help. */
export interface EngineLimits {
  /** The times of so many pictures at the beginning are not known. */
  readonly untimedPictures?: number;
}

/** Runs the contract. */
export function engineContract(name: string, makeEngine: () => IngestEngine, { untimedPictures = 0 }: EngineLimits = {}): void {
  describe(`${name} engine, as every engine`, { timeout: 60_000 }, () => {
    const open: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of open.splice(0).toReversed()) await close();
    });
    const campusWith = async (device: DeviceSpec, options: CreateSimulatedCampusOptions = {}): Promise<SimulatedCampus> => {
      const campus = await createSimulatedCampus({ devices: [{ id: 'gate', ...device }], discoveryPort: false, ...options });
      open.push(() => campus.close());
      return campus;
    };
    const receive = (campus: SimulatedCampus, source: Partial<IngestSource> = {}): { sink: OrderedSink; session: IngestSession } => {
      const sink = new OrderedSink();
      const session = makeEngine().open({ url: campus.devices[0]?.rtspUrl ?? '', credentials, ...source }, sink, quick);
      open.push(() => session.stop());
      return { sink, session };
    };
    const errorOf = async (sink: OrderedSink) => {
      const find = () => sink.statuses.find((status) => status.state === 'error');
      await sink.until(() => find() !== undefined, patienceMs);
      return find();
    };

    it.each<[string, DeviceSpec, RegExp]>([
      ['H.264 with AAC', { loop: 'east-gate' }, /^avc1\.4d401f,mp4a\.40\.2$/],
      ['H.265', { loop: 'laboratory', sound: 'none' }, /^hvc1\./],
    ])('delivers %s: a run, then fragments that begin with a keyframe and follow each other without a hole', async (_name, device, codecs) => {
      const { sink, session } = receive(await campusWith(device));
      await sink.until(() => sink.frames >= 75, patienceMs);
      await session.stop();
      expect(sink.calls.slice(0, 2).filter((call) => call !== 'status')).not.toContain('fragment');
      expect(sink.runs).toHaveLength(1);
      expect(sink.runs[0]?.codecs).toMatch(codecs);
      expect(sink.runs[0]?.tracks[0]).toMatchObject({ kind: 'video', width: 640, height: 360 });
      const fragments = sink.fragments;
      expect(fragments[0]?.key).toBe(true);
      fragments.forEach((fragment, index) => {
        expect(fragment.sequence).toBe(index + 1);
        expect(fragment.endMs).toBeGreaterThan(fragment.startMs);
        if (index > 0) expect(fragment.startMs).toBe(fragments[index - 1]?.endMs);
      });
      const times = decodeTimes(fragments, sink.runs[0]?.init).slice(untimedPictures);
      const ticksPerFrame = (sink.runs[0]?.tracks[0]?.timescale ?? 0) / 25;
      expect(times).toEqual(times.map((_, index) => (times[0] ?? 0) + index * ticksPerFrame));
      expect(sink.statuses.map((status) => status.state)).toEqual(['connecting', 'recording']);
      expect(session.stats()).toMatchObject({ frames: sink.frames, connects: 1 });
    });

    it('delivers the last fragment before it has stopped, and nothing afterwards', async () => {
      const { sink, session } = receive(await campusWith({ loop: 'library' }));
      await sink.until(() => sink.fragments.length >= 1, patienceMs);
      await session.stop();
      const calls = sink.calls.length;
      expect(session.stats().frames).toBe(sink.frames);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(sink.calls).toHaveLength(calls);
      await session.stop();
    });

    it('tells an interruption, connects again by itself, and goes on with a new run', async () => {
      const campus = await campusWith({ loop: 'library' });
      const { sink } = receive(campus);
      await sink.until(() => sink.fragments.length >= 2, patienceMs);
      campus.setFault('gate', 'offline');
      await sink.until(() => sink.interruptions.length > 0 && sink.statuses.at(-1)?.state === 'error', patienceMs);
      campus.setFault('gate', undefined);
      await sink.until(() => sink.runs.length >= 2 && sink.fragments.at(-1)?.run === sink.runs[1]?.run, patienceMs);
      expect(sink.interruptions[0]?.cause).toBe('network');
      expect(sink.calls.indexOf('interrupted')).toBeLessThan(sink.calls.lastIndexOf('run'));
      expect(sink.fragments.find((fragment) => fragment.run === sink.runs[1]?.run)).toMatchObject({ key: true, sequence: 1 });
      expect(sink.statuses.at(-1)).toMatchObject({ state: 'recording' });
    });

    it('notices a camera that falls silent', async () => {
      const campus = await campusWith({ loop: 'library' });
      const { sink } = receive(campus);
      await sink.until(() => sink.fragments.length >= 1, patienceMs);
      campus.setFault('gate', 'silent');
      expect(await errorOf(sink)).toMatchObject({ code: 'TIMEOUT' });
    });

    it('names a wrong password, and never tells it', async () => {
      const { sink } = receive(await campusWith({ loop: 'library' }), { credentials: { username: 'admin', password: 'wr0ng-secret' } });
      const status = await errorOf(sink);
      expect(status).toMatchObject({ code: 'UNAUTHORIZED' });
      expect(status?.state === 'error' && status.retryMs).toBeGreaterThanOrEqual(300);
      expect(JSON.stringify([sink.statuses, sink.interruptions])).not.toContain('wr0ng-secret');
    });

    it('names a stream that is not there', async () => {
      const campus = await campusWith({ loop: 'library' });
      const { sink } = receive(campus, { url: `${campus.devices[0]?.rtspUrl ?? ''}-not` });
      expect(await errorOf(sink)).toMatchObject({ code: 'NOT_FOUND' });
    });

    it('names a camera that is not there', async () => {
      const campus = await campusWith({ loop: 'library' });
      await campus.close();
      const { sink } = receive(campus);
      expect(await errorOf(sink)).toMatchObject({ code: 'CONNECT' });
    });

    it('survives rubbish, and goes on when it ends', async () => {
      const campus = await campusWith({ loop: 'library' });
      const { sink } = receive(campus);
      await sink.until(() => sink.fragments.length >= 1, patienceMs);
      campus.setFault('gate', 'garbage');
      await sink.until(() => sink.interruptions.length > 0, patienceMs);
      const runs = sink.runs.length;
      campus.setFault('gate', undefined);
      await sink.until(() => sink.runs.length > runs, patienceMs);
    });

    it('stops while it waits for a camera', async () => {
      const campus = await campusWith({ loop: 'library' });
      campus.setFault('gate', 'silent');
      const { sink, session } = receive(campus);
      await sink.until(() => sink.statuses.length > 0, patienceMs);
      await session.stop();
      expect(sink.runs).toEqual([]);
    });

    it('says what a camera offers without recording it, and fails with a name', async () => {
      const campus = await campusWith({ loop: 'east-gate' });
      const url = campus.devices[0]?.rtspUrl ?? '';
      const tracks = await makeEngine().probe({ url, credentials }, quick);
      expect(tracks.map((track) => [track.kind, track.codec])).toEqual([['video', 'h264'], ['audio', 'aac']]);
      await expect(makeEngine().probe({ url, credentials: { ...credentials, password: 'no' } }, quick)).rejects.toMatchObject({ name: 'IngestError', code: 'UNAUTHORIZED' });
    });
  });
}

/** Decode times of all pictures, in ticks: each fragment begins where the one before it ends. */
function decodeTimes(fragments: readonly KeptFragment[], init: Uint8Array = new Uint8Array(0)): number[] {
  return fragments.flatMap(({ bytes }) => {
    const video = readFragmentSamples(bytes, initTracks(Buffer.from(init)))?.find(({ id }) => id === 1);
    let ticks = video?.decodeTicks ?? 0;
    return (video?.samples ?? []).map(({ durationTicks }) => (ticks += durationTicks) - durationTicks);
  });
}

/** Remembers the order of calls beside what they brought. */
class OrderedSink extends MemorySink {
  readonly calls: string[] = [];

  get frames(): number {
    return this.fragments.reduce((sum, fragment) => sum + fragment.frames, 0);
  }

  override run(...given: Parameters<MemorySink['run']>): void {
    this.calls.push('run');
    super.run(...given);
  }

  override fragment(...given: Parameters<MemorySink['fragment']>): Promise<void> {
    this.calls.push('fragment');
    return super.fragment(...given);
  }

  override interrupted(...given: Parameters<MemorySink['interrupted']>): void {
    this.calls.push('interrupted');
    super.interrupted(...given);
  }

  override status(...given: Parameters<MemorySink['status']>): void {
    this.calls.push('status');
    super.status(...given);
  }
}
