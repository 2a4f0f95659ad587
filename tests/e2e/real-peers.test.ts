// Records a minute from an RTSP server that this project did not write, and from ffmpeg publishing through it.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../scripts/peers.ts';
import { unzip } from '../../packages/plugin-recorder/test/support/unzip.ts';
import { startCampus, type CampusProcess } from './support/campus-process.ts';
import { pause, root, start, until, type Child } from './support/child.ts';
import type { Client } from './support/client.ts';
import { lengthSeconds, probeFilm, steps, type Film } from './support/film.ts';
import type { StreamCamera } from './support/streams.config.ts';

const recordMs = 60_000;
const frameMs = 40;
const reorderedPictures = 3;
/** What has not come of the sound when recording ends: ffmpeg sends seven AAC frames in a packet (149 ms at 48 kHz), and of the film three pictures (120 ms). */
const soundLagSeconds = 0.3;
/** How late the first picture may be read: all sockets are read together, by default every 200 ms; and a picture lasts 40 ms. */
const startLagSeconds = 0.25;
const server = join(root, 'tests', 'e2e', 'support', 'gst-rtsp-server.py');
const credentials = { username: 'camera', password: 'a password for tests' };
const cameraIds = ['live', 'published'] as const;

const run = promisify(execFile);
// Debian's own Python: another one on the PATH does not have Debian's bindings.
const python = '/usr/bin/python3';
const hasGStreamer = await run(python, ['-c', 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import Gst, GstRtspServer; Gst.init(None); exit(not all(Gst.ElementFactory.find(name) for name in ("x264enc", "avenc_aac", "h264parse", "rtpmp4gpay")))']).then(() => true, () => false);
const hasFfmpeg = findProgram(['ffmpeg']) !== undefined && findProgram(['ffprobe']) !== undefined;
const install = 'apt-get install ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav';

/** What was recorded of one camera. */
interface Recorded {
  readonly files: readonly Film[];
  readonly copy: Film;
  readonly startMs: number;
  readonly endMs: number;
  readonly holes: number;
}

describe.skipIf(!hasGStreamer || !hasFfmpeg)(`a minute from real peers (left out without GStreamer and ffmpeg: ${install})`, () => {
  const children: Child[] = [];
  let campus: CampusProcess;
  let stoppedMs = 0;
  const recorded = new Map<string, Recorded>();

  beforeAll(async () => {
    const gstreamer = start(python, [server]);
    children.push(gstreamer);
    const [, port] = await gstreamer.said(/^port (\d+)$/m);
    const address = `rtsp://127.0.0.1:${port}`;
    const withLogin = `rtsp://${credentials.username}:${encodeURIComponent(credentials.password)}@127.0.0.1:${port}/publish`;
    // B-frames, so that the order of sending is not the order of showing.
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '50', '-c:a', 'aac'];
    children.push(start('ffmpeg', ['-v', 'warning', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', ...encode, '-f', 'rtsp', '-rtsp_transport', 'tcp', withLogin]));
    await gstreamer.said(/^publishing$/m);
    const streams: StreamCamera[] = cameraIds.map((id) => ({ id, url: `${address}/${id}`, credentials }));
    campus = await startCampus({ config: join(root, 'tests', 'e2e', 'support', 'streams.config.ts'), env: { STREAMS: JSON.stringify(streams) } });
    const operator = await campus.client().signIn('operator');
    await operator.do('duty.begin');
    await until('pictures of both peers', async () => {
      const statuses = await operator.statuses();
      return cameraIds.every((id) => statuses.get(id)?.lastFrameMs !== undefined) || undefined;
    });
    await pause(recordMs);
    const copies = new Map(await Promise.all(cameraIds.map(async (id) => [id, await takeCopy(campus, operator, id)] as const)));
    stoppedMs = Date.now();
    await campus.stop();
    // The index is read as the campus left it, by a campus without cameras.
    campus = await startCampus({ config: join(root, 'tests', 'e2e', 'support', 'streams.config.ts'), data: campus.data });
    const timelines = await operator.at(campus.address).timelines(cameraIds, stoppedMs - recordMs - 60_000, stoppedMs + 1000);
    for (const { camera, recorded: stretches } of timelines) {
      const files = await Promise.all((await filesOf(campus.data, camera)).map((file) => probeFilm(file)));
      recorded.set(camera, { files, copy: copies.get(camera as 'live')!, startMs: stretches[0]!.fromMs, endMs: stretches.at(-1)!.toMs, holes: stretches.length - 1 });
    }
  });
  afterAll(async () => {
    await campus?.stop();
    await campus?.remove();
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exited));
  });

  describe.each([
    ['GStreamer, H.264 and AAC with Digest authentication', 'live'],
    ['ffmpeg publishing through GStreamer, with B-frames', 'published'],
  ])('%s', (_name, id) => {
    it('gives files and a copy in which ffprobe and a decoder find no error', () => {
      const { files, copy } = recorded.get(id)!;
      expect(files.map((film) => film.complaints).join('')).toBe('');
      expect(copy.complaints).toBe('');
      expect(copy.video.length).toBeGreaterThan(1000);
      expect(copy.audio.length).toBeGreaterThan(1000);
    });

    it('misses no frame: pictures follow one another at 25 a second, over the border of files too', () => {
      const { files, copy, holes } = recorded.get(id)!;
      const video = files.flatMap((film) => film.video);
      expect(holes).toBe(0);
      // Pictures are sent before the B-frames that are shown before them: of the last ones, some had not come when recording ended.
      for (const pictures of [video, copy.video]) expect(steps(pictures.slice(0, -reorderedPictures)).filter((step) => Math.abs(step - frameMs) > 1)).toEqual([]);
      expect(Math.abs(video.length - (lengthSeconds(video) * 1000) / frameMs)).toBeLessThan(2);
    });

    it('lasts as long as the clock on the wall, and so does its sound', () => {
      const { files, startMs, endMs } = recorded.get(id)!;
      const film = lengthSeconds(files.flatMap((file) => file.video));
      const sound = lengthSeconds(files.flatMap((file) => file.audio));
      console.log(`${id}: film ${film.toFixed(3)} s, sound ${sound.toFixed(3)} s, index ${((endMs - startMs) / 1000).toFixed(3)} s, wall clock ${((stoppedMs - startMs) / 1000).toFixed(3)} s`);
      expect(film).toBeGreaterThan(recordMs / 1000);
      expect(Math.abs(film - (endMs - startMs) / 1000)).toBeLessThan(startLagSeconds);
      expect(Math.abs(film - (stoppedMs - startMs) / 1000)).toBeLessThan(startLagSeconds);
      expect(Math.abs(film - sound)).toBeLessThan(soundLagSeconds);
    });
  });
});

/** Asks for a copy of the last minute, has it approved by Section and Office, and fetches it. */
async function takeCopy(campus: CampusProcess, operator: Client, camera: string): Promise<Film> {
  const toMs = Date.now();
  const range = { fromMs: toMs - recordMs + 5000, toMs };
  const destination = 'evidence disc';
  const request = await operator.submit({ cameras: [camera], ...range, actions: ['copy'], reason: 'real peers', destination });
  for (const name of ['section-head', 'office-head']) await (await campus.client().signIn(name)).approve(request);
  const { lease, path } = await operator.open('recording.export', { cameras: [camera], ...range, destination });
  const bytes = await until('the package', async () => {
    const response = await fetch(`${campus.address}/media/${lease}/${path}`, { headers: { cookie: operator.cookie } });
    // 425: it is being made.
    return response.status === 425 ? undefined : Buffer.from(await response.arrayBuffer());
  });
  const folder = join(campus.data, `copy-of-${camera}`);
  const film = (await unzip(bytes, folder)).find((name) => name.startsWith('films/'));
  return probeFilm(join(folder, film!));
}

/** Recorded files of a camera, oldest first: their names begin with their time. */
async function filesOf(data: string, camera: string): Promise<string[]> {
  const folder = join(data, 'recordings', camera);
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.mp4')).sort().map((name) => join(folder, name));
}
