// Pictures as cameras encode them: what is decoded from a keyframe, and what is found in it. Needs ffmpeg, which CI installs.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SqliteStore } from '@wanglou/store-sqlite';
import { describe, expect, it } from 'vitest';
import { HealthBook } from '../src/catalog/health-book.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { isFfmpeg, openFfmpeg, type FfmpegProgram } from '../src/ffmpeg/ffmpeg-program.ts';
import { boxes } from '../src/fmp4/box-reader.ts';
import { decodeSnapshot } from '../src/health/decode-snapshot.ts';
import { edgeMapCells, meanOf, picturePoints } from '../src/health/gray-picture.ts';
import { defaultPictureLimits, PictureWatch, type PictureMemory } from '../src/health/picture-watch.ts';

const run = promisify(execFile);
const found = await openFfmpeg();
const never = new AbortController().signal;
const loops = path.join(import.meta.dirname, '../../simulator/loops');

function program(): FfmpegProgram {
  if (!isFfmpeg(found)) throw new Error(found.message);
  return found;
}

/** A film of short groups of pictures, cut into init segment + fragment for each group. */
async function keyframes(input: readonly string[], filters: string, codec: readonly string[] = ['-c:v', 'libx264', '-b:v', '1M']): Promise<Buffer[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...input, '-an', '-vf', filters, '-pix_fmt', 'yuv420p', ...codec, '-g', '5', '-bf', '0', '-t', '1.8', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-'], { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
  const views = [...boxes(stdout)];
  const init = stdout.subarray(0, views.find(({ type }) => type === 'moov')?.end);
  return views.flatMap(({ type, start }, index) => (type === 'moof' ? [Buffer.concat([init, stdout.subarray(start, views[index + 1]?.end)])] : []));
}

/** What is found when these pictures come one after the other. */
async function judge(films: readonly Buffer[], watch = new PictureWatch(defaultPictureLimits)): Promise<string[]> {
  for (const [index, film] of films.entries()) {
    const snapshot = await decodeSnapshot(program(), film, never);
    expect(snapshot.gray).toHaveLength(picturePoints);
    watch.observe(snapshot, index * 60_000);
  }
  return watch.memory.problems.map(({ code }) => code);
}

const loop = (name: string): string[] => ['-stream_loop', '-1', '-i', path.join(loops, name)];
/** What a sensor adds. */
const sensor = 'noise=alls=8:allf=t';

describe('snapshots of real encodes', { timeout: 120_000 }, () => {
  it('finds nothing in the cameras of the simulated campus', async () => {
    const names = (await readdir(loops)).filter((name) => name.endsWith('.mp4'));
    expect(names.length).toBeGreaterThan(8);
    for (const name of names.slice(0, 4)) expect([name, await judge(await keyframes(loop(name), sensor))]).toEqual([name, []]);
  });

  it.each<[string, readonly string[], string, string[]]>([
    ['a black picture', ['-f', 'lavfi', '-i', 'color=black:size=640x360:rate=25'], 'noise=alls=4:allf=t', ['PICTURE_BLACK']],
    ['a covered lens', ['-f', 'lavfi', '-i', 'color=0x6a5040:size=640x360:rate=25'], `${sensor},vignette`, ['PICTURE_COVERED']],
    ['an encoder that hangs', ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=25:duration=1,loop=-1:1:0'], 'null', ['PICTURE_FROZEN']],
  ])('finds %s', async (_name, input, filters, codes) => {
    expect(await judge(await keyframes(input, filters))).toEqual(codes);
  });

  it('finds a camera that was turned, and takes the new scene when it is told to', async () => {
    const watch = new PictureWatch(defaultPictureLimits);
    expect(await judge(await keyframes(loop('east-gate.mp4'), sensor), watch)).toEqual([]);
    const turned = await keyframes(loop('east-gate.mp4'), `${sensor},crop=iw/2:ih/2:iw/2:ih/2,scale=640:360`);
    expect(await judge(turned, watch)).toEqual(['PICTURE_MOVED']);
    watch.renew();
    expect(await judge(turned, watch)).toEqual([]);
  });

  it('is not deceived by a time in the picture that goes on', async () => {
    const caption = (size: string): string => `drawbox=x=8:y=8:w=250:h=22:color=white:t=fill:enable=lt(mod(t\\,0.4)\\,0.2),drawbox=x=w-200:y=h-30:w=180:h=${size}:color=white:t=fill`;
    expect(await judge(await keyframes(['-f', 'lavfi', '-i', 'color=black:size=640x360:rate=25'], `noise=alls=4:allf=t,${caption('22')}`))).toEqual(['PICTURE_BLACK']);
    expect(await judge(await keyframes(['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=25:duration=1,loop=-1:1:0'], caption('22')))).toEqual(['PICTURE_FROZEN']);
  });

  it('takes the light of the night for what it is', async () => {
    const watch = new PictureWatch(defaultPictureLimits);
    const day = await keyframes(loop('east-gate.mp4'), sensor);
    const infrared = await keyframes(loop('east-gate.mp4'), "hue=s=0,eq=brightness=-0.25:contrast=0.6,noise=alls=14:allf=t,vignette=angle=PI/3");
    for (const film of [day, infrared, day, infrared]) expect(await judge(film, watch)).toEqual([]);
    expect(watch.memory.references.map(({ night }) => night)).toEqual([false, true]);
  });

  it('decodes H.265, and says what is wrong with what is no picture', async () => {
    const [film = Buffer.alloc(0)] = await keyframes(['-f', 'lavfi', '-i', 'color=white:size=320x180:rate=25'], 'null', ['-c:v', 'libx265', '-x265-params', 'log-level=none', '-tag:v', 'hvc1']);
    const { gray, monochrome } = await decodeSnapshot(program(), film, never);
    expect([meanOf(gray) > 250, monochrome]).toEqual([true, true]);
    await expect(decodeSnapshot(program(), Buffer.alloc(5_000, 1), never)).rejects.toThrow(/^ffmpeg decoded no picture: .*Invalid data/);
    await expect(decodeSnapshot(program(), film, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    await expect(decodeSnapshot({ ...program(), file: '/nowhere/ffmpeg', launcher: [] }, film, never)).rejects.toThrow(/^ffmpeg decoded no picture: .*nowhere/);
  });

  it('gives no memory to a picture that is larger than pictures are', async () => {
    const [film = Buffer.alloc(0)] = await keyframes(['-f', 'lavfi', '-i', 'color=gray:size=8192x5120:rate=5'], 'null', ['-c:v', 'libx264', '-preset', 'ultrafast', '-frames:v', '1']);
    await expect(decodeSnapshot(program(), film, never)).rejects.toThrow(/^ffmpeg decoded no picture/);
  });
});

describe('HealthBook', () => {
  it('keeps edges and problems across restarts, no picture, and forgives what it does not understand', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-health-'));
    try {
      const memory: PictureMemory = { references: [{ edges: new Uint8Array(edgeMapCells).map((_, index) => index), night: true }], problems: [{ code: 'PICTURE_MOVED', sinceMs: 5 }] };
      {
        await using store = await SqliteStore.create(folder);
        const database = await store.open<RecorderTables>('recorder', recorderMigrations);
        const book = new HealthBook(database);
        await book.write('东门/../1', { references: [], problems: [] });
        await book.write('东门/../1', memory);
        await database.insertInto('recorder_health').values([{ camera: 'newer', memory: '{"references":[{"edges":"AAAA","night":false}],"problems":[]}' }]).execute();
      }
      await using store = await SqliteStore.create(folder);
      const book = new HealthBook(await store.open<RecorderTables>('recorder', recorderMigrations));
      expect(await book.read('东门/../1')).toEqual(memory);
      expect(await Promise.all(['newer', 'none'].map((camera) => book.read(camera)))).toEqual([undefined, undefined]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
