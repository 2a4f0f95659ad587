// Exported films, made out of the simulator's own loops: bit-exact samples, exact times, ONVIF boxes, a mark that traces the copy.
import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findMarks, markPlace, markUnit } from '../src/export/hidden-mark.ts';
import { makeFilm, type FilmOptions } from '../src/export/film.ts';
import { findBox } from '../src/fmp4/box-reader.ts';
import { scanFile } from '../src/fmp4/scan-file.ts';
import type { PlannedFragment } from '../src/hls/playback-plan.ts';

const run = promisify(execFile);
const hasFfmpeg = await run('ffmpeg', ['-version']).then(() => true, () => false);
const loops = new URL('../../simulator/loops/', import.meta.url).pathname;
const startMs = Date.UTC(2026, 10, 25, 7, 0, 0, 480);
const stamp = { unit: '青岛校区', exportedMs: Date.UTC(2026, 10, 25, 8), operator: '王 (wang)', source: '东门', line: 'east-gate' };
const code = Buffer.from('000102030000000001ffffff00000300', 'hex');
const never = new AbortController().signal;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-film-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A loop as if it had been recorded. */
async function footage(name: string): Promise<Pick<FilmOptions, 'init' | 'fragments'>> {
  const file = await open(path.join(loops, name));
  const { init, fragments, timescale } = await scanFile(file).finally(() => file.close());
  let atMs = startMs;
  const planned = fragments.map(({ offset, length, durationTicks, key }): PlannedFragment => {
    const durationMs = (durationTicks * 1000) / timescale;
    const one = { root: loops, path: name, run: 'a', offset, length, startMs: atMs, endMs: atMs + durationMs, durationMs, key };
    atMs += durationMs;
    return one;
  });
  return { init, fragments: planned };
}

async function film(name: string, more: Partial<FilmOptions> = {}): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  const made = await makeFilm({ ...(await footage(name)), stamp, mark: code, ...more }, never);
  const bytes = await buffer(made.body(never));
  expect(bytes.length).toBe(made.bytes);
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return { file, bytes };
}

/** What ffmpeg decodes or copies, line by line. */
async function frames(file: string, ...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await run('ffmpeg', ['-v', 'warning', '-xerror', '-i', file, ...args, '-f', 'framemd5', '-'], { maxBuffer: 1e8 });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => /^\d/.test(line));
}

describe('an exported film', { timeout: 60_000 }, () => {
  it.skipIf(!hasFfmpeg).each(['east-gate.mp4', 'library.mp4'])('%s: every picture and every sound, in order and at its time, begins with the tables (needs ffmpeg: apt-get install ffmpeg)', async (name) => {
    const { file, bytes } = await film(name);
    const source = path.join(loops, name);
    expect(findBox(bytes, ['moov'])!.start).toBeLessThan(findBox(bytes, ['mdat'])!.start);
    const streams = name === 'east-gate.mp4' ? ([['0:v', []], ['0:a', ['-c', 'copy']]] as const) : ([['0:v', []]] as const);
    for (const [stream, decode] of streams) {
      const [made, original] = [await frames(file, '-map', stream, ...decode), await frames(source, '-map', stream, ...decode)];
      // Time, length and hash of each frame.
      expect(made.map((line) => line.split(',').slice(3).join())).toEqual(original.map((line) => line.split(',').slice(3).join()));
    }
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_type,start_time,duration', '-of', 'json', file]);
    const shown = (JSON.parse(stdout) as { streams: { codec_type: string; start_time: string }[] }).streams;
    expect(Math.abs(Number(shown.find(({ codec_type }) => codec_type === 'video')?.start_time))).toBeLessThan(0.001);
  });

  it('says who exported it, from which camera, and when it begins, where the ONVIF Export File Format wants it', async () => {
    const { bytes } = await film('east-gate.mp4');
    // meta is a full box: its children come after version and flags.
    const meta = findBox(bytes, ['meta'])!;
    const inside = (type: string): Buffer => {
      const found = findBox(bytes, [type], meta.payload + 4, meta.end)!;
      return bytes.subarray(found.payload, found.end);
    };
    const strings = inside('suep').toString('utf8').split('\0');
    expect(inside('suep').readUInt32BE(0)).toBe(0x01000000);
    for (const text of ['青岛校区', '王 (wang)', '东门', 'east-gate']) expect(strings.some((one) => one.endsWith(text)), text).toBe(true);
    const exported = inside('suep').indexOf('王') - 8;
    expect(Number(inside('suep').readBigUInt64BE(exported)) - 2_082_844_800).toBe(stamp.exportedMs / 1000);
    expect(inside('cstb').readUInt32BE(0)).toBe(2);
    expect(Number(inside('cstb').readBigUInt64BE(8) / 10_000n - 11_644_473_600_000n)).toBe(startMs);
  });

  it('carries the mark before every keyframe, also after another program has copied its streams', async () => {
    const { file, bytes } = await film('east-gate.mp4');
    expect(findMarks(bytes)).toEqual([code]);
    if (!hasFfmpeg) return;
    for (const ending of ['mkv', 'ts', 'h264']) {
      const copied = path.join(folder, `copied.${ending}`);
      await run('ffmpeg', ['-v', 'error', '-y', '-i', file, '-map', '0:v', '-c', 'copy', copied]);
      expect(findMarks(await readFile(copied)), ending).toEqual([code]);
    }
  });

  it('has no mark where none is wanted: then its pictures are the original bytes', async () => {
    const { fragments } = await footage('east-gate.mp4');
    const plain = await makeFilm({ ...(await footage('east-gate.mp4')), stamp }, never);
    const bytes = await buffer(plain.body(never));
    expect(findMarks(bytes)).toEqual([]);
    const original = await readFile(path.join(loops, 'east-gate.mp4'));
    const first = fragments[0]!;
    const mdat = findBox(original, ['mdat'], first.offset)!;
    expect(bytes.includes(original.subarray(mdat.payload, mdat.payload + 2000))).toBe(true);
  });

  it('of damaged footage is refused by name, and of a damaged head too', async () => {
    const { init, fragments } = await footage('east-gate.mp4');
    const bytes = await readFile(path.join(loops, 'east-gate.mp4'));
    bytes.fill(0, fragments[0]!.offset, fragments[0]!.offset + 40);
    await writeFile(path.join(folder, 'east-gate.mp4'), bytes);
    await expect(makeFilm({ init, fragments: fragments.map((fragment) => ({ ...fragment, root: folder })), stamp }, never)).rejects.toThrow(/east-gate\.mp4 is damaged at \d+/);
  });
});

describe('the hidden mark', () => {
  it('holds any code, and is found again in any surroundings', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.constantFrom('h264' as const, 'h265' as const), fc.uint8Array({ maxLength: 40 }), (mark, codec, around) => {
        const unit = markUnit(codec, mark);
        expect(unit.readUInt32BE(0)).toBe(unit.length - 4);
        // No start code inside.
        expect(unit.subarray(4).includes(Buffer.from([0, 0, 1])) || unit.subarray(4).includes(Buffer.from([0, 0, 0]))).toBe(false);
        expect(findMarks(Buffer.concat([around, unit, around, unit])).map((one) => one.toString('hex'))).toEqual([Buffer.from(mark).toString('hex')]);
      }),
      { seed: 11 },
    );
  });

  it('stands before the first slice, after what must come before it', () => {
    const unit = (...bytes: number[]): Buffer => Buffer.from([0, 0, 0, bytes.length, ...bytes]);
    expect(markPlace('h264', Buffer.concat([unit(9, 0x10), unit(0x67, 1, 2), unit(0x68, 1), unit(6, 1), unit(0x65, 1)]))).toBe(6 + 7 + 6 + 6);
    expect(markPlace('h265', Buffer.concat([unit(64, 1), unit(66, 1), unit(68, 1), unit(38, 1, 5)]))).toBe(18);
    expect(markPlace('h264', Buffer.from([1, 2]))).toBe(0);
  });
});
