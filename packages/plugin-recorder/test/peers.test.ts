// Recordings from GStreamer's RTSP server, judged by ffmpeg: two programs that this project did not write.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultIngestOptions } from '../src/ingest/ingest-engine.ts';
import { nativeEngine } from '../src/ingest/native/native-engine.ts';
import { MemorySink, readSamples } from './support/memory-sink.ts';

const run = promisify(execFile);
// Debian's own Python: another one on the PATH does not have Debian's bindings.
const python = '/usr/bin/python3';
const elements = ['x264enc', 'x265enc', 'avenc_aac', 'opusenc', 'alawenc', 'mulawenc', 'rtph264pay', 'rtph265pay', 'rtpmp4gpay', 'rtpopuspay', 'rtppcmapay', 'rtppcmupay'];
const probe = `import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import Gst, GstRtspServer; Gst.init(None); exit(not all(Gst.ElementFactory.find(name) for name in ${JSON.stringify(elements)}))`;
const hasPeers = await Promise.all([run(python, ['-c', probe]), run('ffmpeg', ['-version']), run('ffprobe', ['-version'])]).then(() => true, () => false);
const credentials = { username: 'camera', password: 'a password for tests' };
const picturesWanted = 60;

describe.skipIf(!hasPeers)('recorded from GStreamer (left out without GStreamer and ffmpeg; .ci/run installs them)', { timeout: 60_000 }, () => {
  let server: ChildProcess;
  let port = '';
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-peers-'));
    server = spawn(python, [fileURLToPath(new URL('support/gst-cameras.py', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (server.stdout === null) throw new Error('the server has no output');
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    port = line.replace('port ', '');
  }, 30_000);
  afterAll(async () => {
    const gone = once(server, 'exit');
    server.stdin?.end();
    await gone;
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ['h264', 'aac', 'tcp', ['h264', 'aac']],
    ['h264', 'opus', 'udp', ['h264', 'opus']],
    ['h264', 'pcma', 'tcp', ['h264', 'flac']],
    ['h264b', 'aac', 'udp', ['h264', 'aac']],
    ['h265', 'aac', 'udp', ['hevc', 'aac']],
    ['h265', 'opus', 'tcp', ['hevc', 'opus']],
    ['h265', 'pcmu', 'udp', ['hevc', 'flac']],
  ] as const)('%s with %s over %s: decodes without a message, and no picture is missing', async (video, audio, transport, codecs) => {
    const sink = new MemorySink();
    const session = nativeEngine({ tickMs: 20 }).open({ url: `rtsp://127.0.0.1:${port}/${video}-${audio}`, credentials, transport }, sink, defaultIngestOptions);
    const frames = (): number => sink.fragments.reduce((sum, fragment) => sum + fragment.frames, 0);
    try {
      await sink.until(() => frames() >= picturesWanted, 30_000);
    } finally {
      await session.stop();
    }
    expect([sink.runs.length, sink.interruptions, sink.holes]).toEqual([1, [], []]);
    expect(session.stats()).toMatchObject({ lostPackets: 0, malformedPackets: 0 });
    const file = path.join(folder, `${video}-${audio}-${transport}.mp4`);
    await writeFile(file, Buffer.concat([sink.runs[0]?.init ?? Buffer.alloc(0), ...sink.fragments.map((fragment) => fragment.bytes)]));
    expect((await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'null', '-'])).stderr).toBe('');
    const { stdout } = await run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,nb_read_frames', '-of', 'json', file]);
    const { streams } = JSON.parse(stdout) as { streams: { codec_name: string; nb_read_frames: string }[] };
    expect(streams.map((stream) => stream.codec_name)).toEqual(codecs);
    expect(Number(streams[0]?.nb_read_frames)).toBe(frames());
    // What had not come of the sound when recording ended: a packet of each peer's size.
    const secondsOf = (track: number, rate: number): number => readSamples(Buffer.concat(sink.fragments.map((fragment) => fragment.bytes)), track).reduce((sum, sample) => sum + sample.durationTicks, 0) / rate;
    const [pictures, sound] = sink.runs[0]?.tracks ?? [];
    expect(secondsOf(2, sound?.timescale ?? 1)).toBeGreaterThan(secondsOf(1, pictures?.timescale ?? 1) - 0.6);
  });
});
