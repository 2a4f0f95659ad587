import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '../src/index.ts';
import { createG711Tone } from '../src/media/g711-tone.ts';

const run = promisify(execFile);
const hasFfmpeg = ['ffmpeg', 'ffprobe'].every((tool) => spawnSync(tool, ['-version']).status === 0);

describe.skipIf(!hasFfmpeg)('recorded by ffmpeg (install it with: apt-get install ffmpeg)', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-simulator-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const withLogin = (url: string): string => url.replace('rtsp://', 'rtsp://admin:wanglou-sim@');

  it('gives H.264 and AAC that decode without an error, every frame exactly once across the loop point', async () => {
    // The clock is set so that the stream starts one second before the end of the loop.
    const offsetMs = (11_000 - (Date.now() % 12_000) + 12_000) % 12_000;
    const clock = { now: () => Date.now() + offsetMs };
    await using campus = await createSimulatedCampus({ devices: [{ loop: 'east-gate' }], clock, discoveryPort: false });
    const file = path.join(folder, 'recorded.mp4');
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', withLogin(campus.devices[0]?.rtspUrl ?? ''), '-map', '0', '-c', 'copy', '-frames:v', '75', file]);
    const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-f', 'null', '-']);
    expect(stderr).toBe('');
    const { stdout } = await run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_name,profile,nb_read_frames', '-of', 'json', file]);
    const { streams } = JSON.parse(stdout) as { streams: { codec_name: string; profile: string; nb_read_frames: string }[] };
    const video = streams.find((stream) => stream.codec_name === 'h264');
    expect([video?.profile, video?.nb_read_frames]).toEqual(['Main', '75']);
    expect(streams.find((stream) => stream.codec_name === 'aac')?.profile).toBe('LC');
    const { stdout: times } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts', '-of', 'csv=p=0', file]);
    const pts = times.trim().split('\n').map((line) => Number.parseInt(line, 10));
    // ffmpeg itself puts the first picture at no time at all, so the steps are counted from the second.
    expect(new Set(pts.slice(2).map((value, index) => value - (pts[index + 1] ?? 0)))).toEqual(new Set([3600]));
  }, 30_000);

  it.each([
    ['H.265 and Opus over UDP', 'udp', { loop: 'laboratory' }, ['hevc', 'opus']],
    ['H.264 and A-law over UDP', 'udp', { loop: 'library', sound: 'pcma' }, ['h264', 'pcm_alaw']],
    ['H.264 and mu-law over TCP', 'tcp', { loop: 'library', sound: 'pcmu' }, ['h264', 'pcm_mulaw']],
  ] as const)('gives %s that decode without an error', async (_name, transport, device, codecs) => {
    await using campus = await createSimulatedCampus({ devices: [device], discoveryPort: false });
    const file = path.join(folder, 'recorded.mkv');
    await run('ffmpeg', ['-nostdin', '-loglevel', 'fatal', '-rtsp_transport', transport, '-i', withLogin(campus.devices[0]?.rtspUrl ?? ''), '-map', '0', '-c', 'copy', '-frames:v', '50', file]);
    const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, '-f', 'null', '-']);
    expect(stderr).toBe('');
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file]);
    expect(stdout.trim().split('\n').toSorted()).toEqual(codecs.toSorted());
  }, 30_000);

  it('is a beep in G.711, silent every other half second', async () => {
    for (const sound of ['pcma', 'pcmu'] as const) {
      const { samples } = createG711Tone(sound, 2);
      const raw = path.join(folder, 'tone.raw');
      await writeFile(raw, Buffer.concat(samples.map(({ data }) => data)));
      const decoded = path.join(folder, 'tone.pcm');
      await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', sound === 'pcma' ? 'alaw' : 'mulaw', '-ar', '8000', '-i', raw, '-f', 's16le', decoded]);
      const pcm = await readFile(decoded);
      const values = Array.from({ length: 8_000 }, (_, index) => pcm.readInt16LE(index * 2));
      const worst = Math.max(...values.map((value, index) => Math.abs(value - (index < 4_000 ? 9_000 * Math.sin((2 * Math.PI * 440 * index) / 8_000) : 0))));
      // Half a step of the coarsest segment that a tone of this size reaches.
      expect(worst).toBeLessThan(270);
    }
  });

  it('is refused to ffprobe with a wrong password', async () => {
    await using campus = await createSimulatedCampus({ devices: 1, digestAlgorithms: ['SHA-256', 'MD5'], discoveryPort: false });
    const url = campus.devices[0]?.rtspUrl ?? '';
    await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', url.replace('rtsp://', 'rtsp://admin:wrong@')])).rejects.toThrow(/401/);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', '-show_entries', 'stream=codec_name,width,r_frame_rate', '-of', 'csv=p=0', withLogin(url)]);
    expect(stdout).toContain('h264,640,25/1');
  }, 30_000);
});
