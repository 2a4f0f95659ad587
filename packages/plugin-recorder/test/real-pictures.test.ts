// Real H.264 and H.265 out of an encoder, through RTP and our muxer: what ffprobe and a decoder say of the file.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode, nalType, type Codec } from './support/encoded-pictures.ts';
import { lengthPrefixed } from './support/picture-stream.ts';
import { IngestPipeline, sections } from './support/ingest-pipeline.ts';
import { readSamples } from './support/memory-sink.ts';
import { RtpPacker } from './support/rtp-packer.ts';

const run = promisify(execFile);
const hasFfmpeg = await Promise.all([run('ffmpeg', ['-version']), run('ffprobe', ['-version'])]).then(() => true, () => false);

/** Repeats the parameter sets before every slice of a keyframe, as GStreamer's payloader does when it is told to send them often. */
function repeatParameterSets(units: Buffer[][]): Buffer[][] {
  const typeOf = (nal: Buffer) => (nal[0] ?? 0) & 31;
  const sets = units[0]?.filter((nal) => typeOf(nal) === 7 || typeOf(nal) === 8) ?? [];
  return units.map((unit) => unit.flatMap((nal) => (typeOf(nal) === 5 ? [...sets, nal] : [nal])));
}

function record(codec: Codec, units: readonly (readonly Buffer[])[], presentation: readonly number[]): IngestPipeline {
  const pipeline = new IngestPipeline(sections[codec]);
  const packer = new RtpPacker(0, 96, undefined, undefined, codec);
  units.forEach((unit, index) => {
    pipeline.nowMs += 40;
    pipeline.feed(packer.picture(unit, 0xffff_0000 + (presentation[index] ?? 0) * 3600, 1200));
  });
  pipeline.writer.finish();
  return pipeline;
}

/** Packets of a file as ffprobe reads them, after a decoder has found nothing to say. */
async function inspect(file: string): Promise<{ pts: number; dts: number }[]> {
  const decoded = await run('ffmpeg', ['-v', 'warning', '-xerror', '-i', file, '-f', 'null', '-']);
  expect(decoded.stderr).toBe('');
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time,dts_time', '-of', 'csv=p=0', file]);
  return stdout.trim().split('\n').map((line) => line.split(',').map(Number)).map(([pts = 0, dts = 0]) => ({ pts, dts }));
}

describe.skipIf(!hasFfmpeg)('recorded files (needs ffmpeg: apt-get install ffmpeg)', { timeout: 30_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wanglou-pictures-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const quiet = 'log-level=none';
  it.each<[Codec, string, readonly string[], ((units: Buffer[][]) => Buffer[][])?]>([
    ['h264', 'without B-frames', ['-bf', '0', '-profile:v', 'baseline']],
    ['h264', 'with B-frames that the parameter sets declare', ['-bf', '2']],
    ['h264', 'with three B-frames over pyramids', ['-bf', '3', '-b_strategy', '0', '-x264opts', 'b-pyramid=normal']],
    ['h264', 'with several slices a picture', ['-bf', '0', '-x264opts', 'slices=4']],
    ['h264', 'with parameter sets before every slice', ['-bf', '0', '-x264opts', 'slices=4'], repeatParameterSets],
    ['h265', 'without B-frames', ['-x265-params', `${quiet}:bframes=0`]],
    ['h265', 'with B-frames and closed groups', ['-x265-params', `${quiet}:bframes=4:b-pyramid=1:open-gop=0`]],
    ['h265', 'with B-frames over clean random access pictures', ['-x265-params', `${quiet}:bframes=4:b-pyramid=1:open-gop=1:keyint=25:min-keyint=25:b-adapt=0`]],
    ['h265', 'with several slices a picture', ['-x265-params', `${quiet}:bframes=0:slices=3`]],
  ])('%s %s: every picture decodes, in order, at its time', async (codec, name, options, change = (units: Buffer[][]): Buffer[][] => units) => {
    const { units: encoded, presentation } = await encode(folder, codec, `${codec}-${name.replaceAll(' ', '-')}`, options);
    const units = change(encoded);
    expect(units).toHaveLength(100);
    const { sink, film } = record(codec, units, presentation);
    expect(sink.runs).toHaveLength(1);
    expect(readSamples(film, 1).map((sample) => sample.bytes)).toEqual(units.map(lengthPrefixed));
    const file = path.join(folder, 'film.mp4');
    await writeFile(file, film);
    const packets = await inspect(file);
    const first = Math.min(...packets.map(({ pts }) => pts));
    expect(packets.map(({ pts }) => Math.round((pts - first) * 25))).toEqual(presentation.map((order) => order - Math.min(...presentation)));
    packets.forEach(({ pts, dts }, index) => {
      expect(dts).toBeLessThanOrEqual(pts);
      if (index > 0) expect(dts).toBeGreaterThan(packets[index - 1]?.dts ?? 0);
    });
  });

  it('h265 from a clean random access picture on: pictures that refer back over it are left out, nothing else', async () => {
    const { units, presentation } = await encode(folder, 'h265', 'open', ['-x265-params', `${quiet}:bframes=4:b-pyramid=1:open-gop=1:keyint=25:min-keyint=25:b-adapt=0`]);
    const types = units.map((unit) => nalType('h265', unit.find((nal) => nalType('h265', nal) < 32) ?? Buffer.alloc(1)));
    const start = types.indexOf(21);
    const end = types.indexOf(21, start + 1);
    const leading = types.slice(start, end).filter((type) => type === 8 || type === 9).length;
    expect(start).toBeGreaterThan(0);
    expect(leading).toBeGreaterThan(0);
    const { sink, film } = record('h265', units.slice(start), presentation.slice(start));
    const file = path.join(folder, 'open-film.mp4');
    await writeFile(file, film);
    expect(sink.fragments.reduce((sum, fragment) => sum + fragment.frames, 0)).toBe(units.length - start - leading);
    expect(await inspect(file)).toHaveLength(units.length - start - leading);
  });

  it('says of H.265 what ffprobe says', async () => {
    const { units, presentation } = await encode(folder, 'h265', 'probe', ['-x265-params', quiet]);
    const { sink, film } = record('h265', units, presentation);
    const file = path.join(folder, 'probe-film.mp4');
    await writeFile(file, film);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,codec_tag_string,profile,level,width,height,pix_fmt', '-of', 'json', file]);
    expect((JSON.parse(stdout) as { streams: unknown[] }).streams).toEqual([{ codec_name: 'hevc', codec_tag_string: 'hvc1', profile: 'Main', level: 60, width: 320, height: 240, pix_fmt: 'yuv420p' }]);
    expect(sink.runs[0]?.codecs).toBe('hvc1.1.6.L60.90');
  });
});
