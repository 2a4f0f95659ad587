// What only ffmpeg receives, from real peers. Needs ffmpeg, which CI installs.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createSimulatedCampus } from '@wanglou/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { autoEngine } from '../src/ingest/auto-engine.ts';
import { ffmpegEngine } from '../src/ingest/ffmpeg/ffmpeg-engine.ts';
import { defaultIngestOptions, type IngestEngine, type IngestOptions, type IngestSession, type IngestSource } from '../src/ingest/ingest-engine.ts';
import { nativeEngine } from '../src/ingest/native/native-engine.ts';
import { film, jpegs, startHttpCamera } from './support/http-camera.ts';
import { MemorySink } from './support/memory-sink.ts';

const run = promisify(execFile);
const quick: IngestOptions = { ...defaultIngestOptions, silenceMs: 2_000, backoff: { minMs: 50, maxMs: 200, unauthorizedMinMs: 300 } };
const patienceMs = 30_000;
const credentials = { username: 'admin', password: `s3cret'@:/%x` };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

function receive(source: IngestSource, engine: IngestEngine = ffmpegEngine()): { sink: MemorySink; session: IngestSession } {
  const sink = new MemorySink();
  const session = engine.open(source, sink, quick);
  open.push(() => session.stop());
  return { sink, session };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-ffmpeg-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Decodes what a sink holds: the number of pictures, after a decoder has found nothing to say. */
async function decode(sink: MemorySink): Promise<number> {
  const file = path.join(await temporaryFolder(), 'film.mp4');
  await writeFile(file, Buffer.concat([sink.runs[0]?.init ?? Buffer.alloc(0), ...sink.fragments.map(({ bytes }) => bytes)]));
  const decoded = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'null', '-']);
  expect(decoded.stderr).toBe('');
  const { stdout } = await run('ffprobe', ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', file]);
  return Number(stdout.trim());
}

/** Arguments of every process on the computer, as any of its users may read them. */
async function allArguments(): Promise<string> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')))).join('\n');
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('MJPEG over HTTP', { timeout: 60_000 }, () => {
  const pictures = async () => ({ list: await jpegs('testsrc=size=320x180:rate=10:duration=1'), rate: 10 });

  it('is encoded as H.264 at the pace of its arrival, and the status says so', async () => {
    await using camera = await startHttpCamera({ pictures: await pictures(), login: credentials });
    const engine = autoEngine({ native: nativeEngine(), ffmpeg: ffmpegEngine() });
    const { sink, session } = receive({ url: `${camera.url}/video`, credentials }, engine);
    await sink.until(() => sink.fragments.length >= 8, patienceMs);
    if (process.platform === 'linux') {
      const seen = await allArguments();
      expect(seen).toContain('frag_keyframe');
      expect(seen).not.toContain('s3cret');
    }
    await session.stop();
    expect(sink.runs[0]?.codecs).toMatch(/^avc1\./);
    expect(sink.runs[0]?.tracks).toMatchObject([{ codec: 'h264', width: 320, height: 180 }]);
    expect(sink.fragments[0]?.key).toBe(true);
    expect(await decode(sink)).toBe(sink.fragments.reduce((sum, { frames }) => sum + frames, 0));
    // Media time runs as the pictures came, not at the 25 a second that would be guessed.
    const total = sink.fragments.reduce((sum, { frames, durationMs }) => ({ frames: sum.frames + frames, durationMs: sum.durationMs + durationMs }), { frames: 0, durationMs: 0 });
    expect(total.durationMs / total.frames).toBeGreaterThan(70);
    expect(sink.statuses.at(-1)).toMatchObject({ state: 'recording', engine: { id: 'ffmpeg', reason: 'address' }, warnings: [{ code: 'PICTURE_ENCODED' }] });
  });

  it('is missed when it falls silent, and refused with a wrong password that nobody is told', async () => {
    await using camera = await startHttpCamera({ pictures: await pictures(), login: credentials });
    const { sink } = receive({ url: `${camera.url}/video`, credentials });
    await sink.until(() => sink.fragments.length >= 1, patienceMs);
    camera.fallSilent();
    await sink.until(() => sink.statuses.at(-1)?.state === 'error', patienceMs);
    expect(sink.statuses.at(-1)).toMatchObject({ code: 'TIMEOUT' });
    const wrong = receive({ url: `${camera.url}/video?token=t0ken`, credentials: { ...credentials, password: 'wr0ng' } });
    await wrong.sink.until(() => wrong.sink.statuses.at(-1)?.state === 'error', patienceMs);
    expect(wrong.sink.statuses.at(-1)).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(JSON.stringify(wrong.sink.statuses)).not.toMatch(/wr0ng|t0ken/);
    expect(camera.refused()).toBeGreaterThan(0);
  });
});

describe('films over HTTP', { timeout: 60_000 }, () => {
  it('takes MPEG-TS: AAC loses its headers, not a picture', async () => {
    const stream = await film(['-c:a', 'aac', '-f', 'mpegts']);
    await using camera = await startHttpCamera({ files: { '/live.ts': stream } });
    const { sink } = receive({ url: `${camera.url}/live.ts` });
    await sink.until(() => sink.statuses.at(-1)?.state === 'error', patienceMs);
    expect(sink.runs[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
    expect(sink.statuses.at(-1)).toMatchObject({ code: 'CLOSED' });
    const first = sink.runs[0]?.run;
    expect(sink.fragments.filter(({ run: name }) => name === first).reduce((sum, { frames }) => sum + frames, 0)).toBe(50);
  });

  it('takes HLS, and encodes sound that a recording cannot hold', async () => {
    const stream = await film(['-c:a', 'mp2', '-f', 'mpegts']);
    const playlist = Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\npart.ts\n#EXT-X-ENDLIST\n');
    await using camera = await startHttpCamera({ files: { '/live.m3u8': playlist, '/part.ts': stream } });
    const { sink } = receive({ url: `${camera.url}/live.m3u8` });
    await sink.until(() => sink.fragments.length >= 3, patienceMs);
    expect(sink.runs[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
  });

  it('does not let a playlist read files of the computer', async () => {
    const file = path.join(await temporaryFolder(), 'film.ts');
    await writeFile(file, await film(['-c:a', 'aac', '-f', 'mpegts'], 1));
    const playlist = Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:2,\n${pathToFileURL(file).href}\n#EXT-X-ENDLIST\n`);
    await using camera = await startHttpCamera({ files: { '/live.m3u8': playlist } });
    const { sink } = receive({ url: `${camera.url}/live.m3u8` });
    await sink.until(() => sink.statuses.at(-1)?.state === 'error', patienceMs);
    expect(sink.runs).toEqual([]);
  });
});

describe('files', { timeout: 60_000 }, () => {
  it('plays a film in a loop, without a break where it begins again', async () => {
    const filesFolder = await temporaryFolder();
    const file = path.join(filesFolder, '演示 film.mp4');
    await writeFile(file, await film(['-c:a', 'aac', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov'], 1));
    const { sink } = receive({ url: pathToFileURL(file).href }, ffmpegEngine({ filesFolder }));
    await sink.until(() => sink.fragments.reduce((sum, { frames }) => sum + frames, 0) > 60, patienceMs);
    expect(sink.runs).toHaveLength(1);
    expect(sink.interruptions).toEqual([]);
  });

  it('opens nothing outside of its folder, not even through a link, and nothing where no folder is named', async () => {
    const [filesFolder, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    const outside = path.join(elsewhere, 'film.mp4');
    await writeFile(outside, '');
    await symlink(outside, path.join(filesFolder, 'link.mp4'));
    for (const [engine, file] of [[ffmpegEngine({ filesFolder }), outside], [ffmpegEngine({ filesFolder }), path.join(filesFolder, 'link.mp4')], [ffmpegEngine(), outside]] as const) {
      await expect(engine.probe({ url: pathToFileURL(file).href }, quick)).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
    }
    await expect(ffmpegEngine({ filesFolder }).probe({ url: pathToFileURL(path.join(filesFolder, 'none.mp4')).href }, quick)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('other peers', { timeout: 60_000 }, () => {
  it('takes RTMP', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'film.flv');
    await writeFile(file, await film(['-c:a', 'aac', '-f', 'flv'], 4));
    const port = await freePort();
    const url = `rtmp://127.0.0.1:${port}/live/gate`;
    const server = spawn('ffmpeg', ['-v', 'error', '-re', '-i', file, '-c', 'copy', '-f', 'flv', '-listen', '1', url], { stdio: 'ignore' });
    open.push(async () => {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    });
    const { sink } = receive({ url });
    await sink.until(() => sink.fragments.length >= 3, patienceMs);
    expect(sink.runs[0]?.codecs).toMatch(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
  });

  it('signs in to RTSP with a password of all kinds of characters', async () => {
    const campus = await createSimulatedCampus({ devices: [{ id: 'gate', loop: 'library' }], discoveryPort: false, ...credentials });
    open.push(() => campus.close());
    const tracks = await ffmpegEngine().probe({ url: campus.devices[0]?.rtspUrl ?? '', credentials }, quick);
    expect(tracks[0]).toMatchObject({ codec: 'h264', width: 640 });
  });

  it('refuses TLS that it could not check', async () => {
    await expect(ffmpegEngine().probe({ url: 'rtsps://127.0.0.1/camera' }, quick)).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
    await expect(ffmpegEngine().probe({ url: 'https://127.0.0.1/camera', tls: { fingerprint: 'aa' } }, quick)).rejects.toMatchObject({ code: 'UNSUPPORTED_ADDRESS' });
  });
});
