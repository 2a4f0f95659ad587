// Real H.264 out of an encoder, through RTP and our muxer: what ffprobe and a decoder say of the file.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlabPool } from '../src/fmp4/slab-pool.ts';
import { defaultIngestOptions } from '../src/ingest/ingest-engine.ts';
import { AccessUnitAssembler } from '../src/ingest/native/access-unit-assembler.ts';
import { H264Depacketizer } from '../src/ingest/native/h264-depacketizer.ts';
import { ParameterSets } from '../src/ingest/native/h264-parameter-sets.ts';
import { MediaClock } from '../src/ingest/native/media-clock.ts';
import { RtpReceiver } from '../src/ingest/native/rtp/rtp-receiver.ts';
import { RunWriter } from '../src/ingest/native/run-writer.ts';
import { MemorySink } from './support/memory-sink.ts';
import { RtpPacker } from './support/rtp-packer.ts';

const run = promisify(execFile);
const hasFfmpeg = await Promise.all([run('ffmpeg', ['-version']), run('ffprobe', ['-version'])]).then(() => true, () => false);

/** Repeats the parameter sets before every slice of a keyframe, as GStreamer's payloader does when it is told to send them often. */
function repeatParameterSets(units: Buffer[][]): Buffer[][] {
  const typeOf = (nal: Buffer) => (nal[0] ?? 0) & 31;
  const sets = units[0]?.filter((nal) => typeOf(nal) === 7 || typeOf(nal) === 8) ?? [];
  return units.map((unit) => unit.flatMap((nal) => (typeOf(nal) === 5 ? [...sets, nal] : [nal])));
}

/** Access units of an Annex B stream with their presentation order, as the encoder's container tells it. */
async function encode(folder: string, name: string, options: readonly string[]): Promise<{ units: Buffer[][]; presentation: number[] }> {
  const container = path.join(folder, `${name}.mp4`);
  await run('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-t', '4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '50', ...options, container]);
  const raw = path.join(folder, `${name}.h264`);
  await run('ffmpeg', ['-v', 'error', '-y', '-i', container, '-c', 'copy', '-bsf:v', 'h264_mp4toannexb,h264_metadata=aud=insert', '-f', 'h264', raw]);
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', container]);
  const nals: Buffer[] = [];
  const stream = await readFile(raw);
  for (let at = stream.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; ) {
    const next = stream.indexOf('\0\0\x01', at + 3, 'latin1');
    let end = next < 0 ? stream.length : next;
    while (end > at && stream[end - 1] === 0) end -= 1;
    nals.push(stream.subarray(at + 3, end));
    at = next;
  }
  const units: Buffer[][] = [];
  for (const nal of nals) {
    if (((nal[0] ?? 0) & 31) === 9) units.push([]);
    units.at(-1)?.push(nal);
  }
  return { units, presentation: stdout.trim().split('\n').map((line) => Math.round(Number.parseFloat(line) * 25)) };
}

function record(units: readonly (readonly Buffer[])[], presentation: readonly number[]): { sink: MemorySink; film: Buffer } {
  const sink = new MemorySink();
  const sets = new ParameterSets();
  let nowMs = 1_700_000_000_000;
  const writer = new RunWriter({ sink, sets, pool: new SlabPool(), ingest: { ...defaultIngestOptions, now: () => nowMs }, videoClock: new MediaClock(90_000), audioClock: new MediaClock(1), audio: undefined, fragmentMs: () => 500, lostPackets: () => 0 });
  const receiver = new RtpReceiver(96, new H264Depacketizer(new AccessUnitAssembler(writer, sets)));
  const packer = new RtpPacker(0, 96);
  units.forEach((unit, index) => {
    nowMs += 40;
    for (const packet of packer.picture(unit, 0xffff_0000 + (presentation[index] ?? 0) * 3600, 1200)) receiver.packet(packet, 4, packet.length);
  });
  writer.finish();
  return { sink, film: Buffer.concat([sink.runs[0]?.init ?? Buffer.alloc(0), ...sink.fragments.map((fragment) => fragment.bytes)]) };
}

describe.skipIf(!hasFfmpeg)('recorded files (needs ffmpeg: apt-get install ffmpeg)', { timeout: 30_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-pictures-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['without B-frames', ['-bf', '0', '-profile:v', 'baseline']],
    ['with B-frames that the parameter sets declare', ['-bf', '2']],
    ['with B-frames over pyramids', ['-bf', '3', '-b_strategy', '0', '-x264opts', 'b-pyramid=normal']],
    ['with several slices a picture', ['-bf', '0', '-x264opts', 'slices=4']],
    ['with parameter sets before every slice', ['-bf', '0', '-x264opts', 'slices=4'], repeatParameterSets],
  ])('%s: every picture decodes, in order, at its time', async (name, options, change = (units: Buffer[][]): Buffer[][] => units) => {
    const { units: encoded, presentation } = await encode(folder, name.replaceAll(' ', '-'), options);
    const units = change(encoded);
    expect(units).toHaveLength(100);
    const { sink, film } = record(units, presentation);
    expect(sink.runs).toHaveLength(1);
    const file = path.join(folder, 'film.mp4');
    await writeFile(file, film);
    const decoded = await run('ffmpeg', ['-v', 'warning', '-xerror', '-i', file, '-f', 'null', '-']);
    expect(decoded.stderr).toBe('');
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=pts_time,dts_time', '-of', 'csv=p=0', file]);
    const times = stdout.trim().split('\n').map((line) => line.split(',').map(Number));
    const first = Math.min(...times.map(([pts]) => pts ?? 0));
    expect(times.map(([pts]) => Math.round(((pts ?? 0) - first) * 25))).toEqual(presentation.map((order) => order - Math.min(...presentation)));
    times.forEach(([pts, dts], index) => {
      expect(dts ?? 0).toBeLessThanOrEqual(pts ?? 0);
      if (index > 0) expect(dts ?? 0).toBeGreaterThan(times[index - 1]?.[1] ?? 0);
    });
  });
});
