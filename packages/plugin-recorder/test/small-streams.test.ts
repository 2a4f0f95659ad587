// The small streams of cameras: received while somebody watches, once for all; the recorded one where there is none.
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SmallStreams } from '../src/live/small-streams.ts';
import { serveLive } from '../src/live/serve-live.ts';
import type { WrittenFragment } from '../src/segment/segment-record.ts';
import { parameterSets } from './support/picture-stream.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until } from './support/running-recorder.ts';

const never = new AbortController().signal;
const request = { path: 'small.mp4', query: {} };

function setUp(open: (camera: string) => Promise<boolean> = async () => true) {
  const calls: string[] = [];
  const waits: { delayMs: number; task: () => void; cancelled: boolean }[] = [];
  const streams = new SmallStreams({
    open: (camera) => (calls.push(`open ${camera}`), open(camera)),
    close: (camera) => void calls.push(`close ${camera}`),
    after(delayMs, task) {
      const wait = { delayMs, task, cancelled: false };
      waits.push(wait);
      return () => (wait.cancelled = true);
    },
  });
  return { streams, calls, waits };
}
const fragment = (camera: string, index: number): WrittenFragment => ({ camera, run: 'r', root: '/d', path: '.live/a.mp4', initBytes: 700, codecs: 'avc1', offset: 700 + index * 100, length: 100, startMs: index * 100, endMs: index * 100 + 100, durationMs: 100, key: index % 10 === 0 });

describe('small streams', { timeout: 30_000 }, () => {
  it('are opened once for all who watch, outlive a page that is turned, and end a while after the last', async () => {
    const { streams, calls, waits } = setUp();
    const one = streams.watch('gate')!;
    const two = streams.watch('gate')!;
    streams.add(fragment('gate', 0));
    streams.add(fragment('yard', 0));
    expect(await one.first(never)).toMatchObject({ startMs: 0 });
    one.stop();
    one.stop();
    expect(waits).toEqual([]);
    two.stop();
    const three = streams.watch('gate')!;
    expect([calls, waits.map(({ delayMs, cancelled }) => [delayMs, cancelled])]).toEqual([['open gate'], [[15_000, true]]]);
    three.stop();
    waits[1]!.task();
    expect(calls).toEqual(['open gate', 'close gate']);
    streams.watch('gate');
    expect(calls).toHaveLength(3);
  });

  it.each<[string, () => Promise<boolean>]>([['that a camera does not have', async () => false], ['of which it does not tell the address', () => Promise.reject(new Error('offline'))]])('%s are not asked for again for a minute', async (_name, open) => {
    const { streams, calls, waits } = setUp(open);
    expect(await streams.watch('gate')!.first(never)).toBeUndefined();
    expect([streams.watch('gate'), calls, waits[0]?.delayMs]).toEqual([undefined, ['open gate', 'close gate'], 60_000]);
    waits[0]!.task();
    expect(streams.watch('gate')).toBeDefined();
  });

  it('are forgotten with their camera', async () => {
    const { streams, calls } = setUp(async () => false);
    await streams.watch('gate')!.first(never);
    streams.forget('gate');
    streams.watch('gate');
    streams.forget('gate');
    expect(calls).toEqual(['open gate', 'close gate', 'open gate', 'close gate']);
  });

  it('come from the camera while somebody watches, in files that are removed; the recording goes on by itself', async () => {
    await using main = await RtspSource.start();
    await using sub = await RtspSource.start({ pictures: { sets: parameterSets.small } });
    await using running = await startRecorder({}, undefined, { smallStream: async (id) => ({ id, url: sub.url }) });
    const { recorder, root } = running;
    recorder.add({ id: 'gate', url: main.url });
    await until(() => (recorder.camera('gate')?.newestMs ?? 0) > 0, 'the recording');
    expect(sub.connections).toBe(0);
    const end = new AbortController();
    const source = { live: recorder.camera('gate')!.live, watch: () => recorder.watch('gate'), watchSmall: () => recorder.watchSmall('gate') };
    const answers = await Promise.all([serveLive(source, request, end.signal), serveLive(source, request, end.signal)]);
    const pieces: Buffer[] = [];
    for await (const piece of answers[0]!.body as AsyncIterable<Uint8Array>) if (pieces.push(Buffer.from(piece)) === 8) break;
    // The picture size of the init segment is that of the small stream.
    expect(pieces[0]!.includes(parameterSets.small.sps)).toBe(true);
    expect([answers[0]!.headers['content-type'], sub.connections]).toEqual(['video/mp4; codecs="avc1.4d400c"', 1]);
    expect(await readdir(path.join(root, '.live/gate'))).toHaveLength(1);
    expect((await recorder.files('gate', 0, Date.now() + 60_000)).every(({ path: file }) => file.startsWith('gate/'))).toBe(true);
    // One that stops is over for its readers, who ask again.
    sub.cut();
    await sub[Symbol.asyncDispose]();
    const rest: Uint8Array[] = [];
    for await (const piece of answers[1]!.body as AsyncIterable<Uint8Array>) rest.push(piece);
    expect(rest.length).toBeGreaterThan(3);
    recorder.remove('gate');
    await until(() => access(path.join(root, '.live')).then(() => readdir(path.join(root, '.live'), { recursive: true, withFileTypes: true }), () => []).then((files) => files.every((file) => !file.isFile())), 'the end of the files');
  });

  it('give way to the recorded stream where there is none', async () => {
    await using main = await RtspSource.start();
    await using running = await startRecorder({}, undefined, { smallStream: async () => undefined });
    const { recorder } = running;
    recorder.add({ id: 'gate', url: main.url });
    await until(() => (recorder.camera('gate')?.newestMs ?? 0) > 0, 'the recording');
    const end = new AbortController();
    const { status, headers } = await serveLive({ live: recorder.camera('gate')!.live, watch: () => recorder.watch('gate'), watchSmall: () => recorder.watchSmall('gate') }, request, end.signal);
    expect([status, headers['content-type']]).toEqual([200, 'video/mp4; codecs="avc1.4d401e"']);
    end.abort();
  });
});
