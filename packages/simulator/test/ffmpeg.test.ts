import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSimulatedCampus } from '../src/index.ts';

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

  it('is refused to ffprobe with a wrong password', async () => {
    await using campus = await createSimulatedCampus({ devices: 1, digestAlgorithms: ['SHA-256', 'MD5'], discoveryPort: false });
    const url = campus.devices[0]?.rtspUrl ?? '';
    await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', url.replace('rtsp://', 'rtsp://admin:wrong@')])).rejects.toThrow(/401/);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', '-show_entries', 'stream=codec_name,width,r_frame_rate', '-of', 'csv=p=0', withLogin(url)]);
    expect(stdout).toContain('h264,640,25/1');
  }, 30_000);
});
