// Disks: which one is there, which one a camera gets, and where files of each are found.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { recorderConfig } from '../src/config.ts';
import { DiskBook } from '../src/disks/disk-book.ts';
import { diskMarkerFile, newDiskFile, parseDiskMarker } from '../src/disks/disk-marker.ts';
import { Disks, type DisksOptions } from '../src/disks/disks.ts';
import { markedFileSystem } from '../src/disks/marked-file-system.ts';
import { diskFileSystem } from '../src/segment/file-system.ts';
import type { DiskProblem } from '../src/segment/segment-writer.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until } from './support/running-recorder.ts';

let folder = '';
let store: SqliteStore;
let book: DiskBook;
let made = 0;
let warnings: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-disks-'));
  store = await SqliteStore.create(path.join(folder, 'state'));
  book = new DiskBook(await store.open<RecorderTables>('recorder', recorderMigrations));
  made = 0;
  warnings = [];
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
const gigabyte = 1e9;
/** Opens disks in the named folders, with so many free gigabytes each. */
const open = (free: Readonly<Record<string, number>>, options: Partial<DisksOptions> = {}): Promise<Disks> =>
  Disks.open({
    folders: Object.keys(free).map(at), book, newId: () => `disk${(made += 1)}`, now: () => 1_700_000_000_000, warning: (message) => void warnings.push(message),
    space: async (root) => ({ freeBytes: (free[path.basename(root)] ?? 0) * gigabyte, totalBytes: 8_000 * gigabyte }), ...options,
  });

describe('disks', () => {
  it('get an id once, and keep it at another mount point and in another order', async () => {
    expect((await open({ a: 10, b: 10 })).usable).toEqual([expect.objectContaining({ id: 'disk1', root: at('a') }), expect.objectContaining({ id: 'disk2', root: at('b') })]);
    const marker = await readFile(path.join(at('a'), diskMarkerFile), 'utf8');
    await rm(at('b'), { recursive: true });
    await mkdir(at('c'));
    await writeFile(path.join(at('c'), diskMarkerFile), marker);
    const moved = await open({ c: 10 });
    expect(moved.usable).toMatchObject([{ id: 'disk1', root: at('c') }]);
    expect([moved.rootOf('disk1'), moved.rootOf(undefined)]).toEqual([at('c'), at('c')]);
  });

  it('that are known and not there are not recorded to, and not made anew on the disk below', async () => {
    const before = await open({ a: 10, b: 20 });
    expect(before.assign('gate')?.id).toBe('disk2');
    await rm(at('b'), { recursive: true });
    await mkdir(at('b'));
    const after = await open({ a: 10, b: 20 });
    expect(after.states).toMatchObject([{ id: 'disk1' }, { id: 'disk2', condition: 'missing', problem: { code: 'DISK_GONE' } }]);
    expect(warnings).toEqual([expect.stringContaining(`disk disk2 was at ${at('b')} before`)]);
    expect(after.assign('gate')?.id).toBe('disk1');
    expect(after.isPresent('disk2')).toBe(false);
    expect(await readdir(at('b'))).toEqual([]);
    // The disk is back: so is its camera.
    await writeFile(path.join(at('b'), diskMarkerFile), '{"format":"wanglou.disk/1","id":"disk2"}');
    expect((await open({ a: 10, b: 20 })).assign('gate')?.id).toBe('disk2');
  });

  it('are replaced when a person says so', async () => {
    await open({ a: 10 });
    await rm(at('a'), { recursive: true });
    await mkdir(at('a'));
    expect((await open({ a: 10 })).usable).toEqual([]);
    await writeFile(path.join(at('a'), newDiskFile), '');
    const disks = await open({ a: 10 });
    expect(disks.usable).toMatchObject([{ id: 'disk2' }]);
    expect(await readdir(at('a'))).toEqual([diskMarkerFile]);
    // Files that say no disk were on the one that is gone, and files of the new one are its own.
    expect(disks.isPresent(undefined)).toBe(false);
    expect(disks.rootOf('disk2')).toBe(at('a'));
  });

  it('that are one disk twice count once, and a damaged mark is left alone', async () => {
    await open({ a: 10 });
    await mkdir(at('copy'));
    await writeFile(path.join(at('copy'), diskMarkerFile), await readFile(path.join(at('a'), diskMarkerFile)));
    await mkdir(at('odd'));
    await writeFile(path.join(at('odd'), diskMarkerFile), '{"format":"wanglou.disk/1","id":"../x"}');
    const disks = await open({ a: 10, copy: 10, odd: 10 });
    expect(disks.states).toMatchObject([{ id: 'disk1' }, { condition: 'failed', problem: { code: 'DISK_TWICE' } }, { condition: 'failed', problem: { code: 'DISK_FAILED', message: expect.stringContaining('EBADMSG') } }]);
    expect(await readFile(path.join(at('odd'), diskMarkerFile), 'utf8')).toContain('../x');
  });

  it('get cameras by the room that each would have, and keep them', async () => {
    const disks = await open({ small: 100, large: 300 });
    const given = Array.from({ length: 8 }, (_, index) => disks.assign(`camera-${index}`)?.root);
    expect(given.filter((root) => root === at('large'))).toHaveLength(6);
    expect(disks.assign('camera-0')?.root).toBe(given[0]);
    // Room changed; homes did not.
    const again = await open({ small: 900, large: 1 });
    expect(Array.from({ length: 8 }, (_, index) => again.assign(`camera-${index}`)?.root)).toEqual(given);
    expect(again.assign('new')?.root).toBe(at('small'));
  });

  it('hold the files of a time with one disk where that disk is', async () => {
    await open({ a: 10 });
    const disks = await open({ b: 10, a: 10 });
    expect(disks.rootOf(undefined)).toBe(at('a'));
    expect(disks.rootOf('never-seen')).toBe(path.join(at('b'), '.no-disk-never-seen'));
  });

  const problem = (code: DiskProblem['code']): DiskProblem => ({ code, message: code });

  it('that fail or are gone give all their cameras to others until the next start; a full one gives the camera that it refused, for good', async () => {
    const changes: unknown[] = [];
    const free = { a: 30, b: 10, c: 10 };
    const disks = await open(free, { changed: ({ id, condition }, moves) => void changes.push([id, condition, moves.map(({ camera, disk }) => `${camera}>${disk.id}`)]) });
    for (const camera of ['1', '2', '3', '4', '5']) disks.assign(camera);
    const [first] = disks.states;
    expect(first?.cameras).toEqual(['1', '2', '3']);
    expect(disks.refused('disk1', '1', problem('DISK_SLOW'))).toEqual([]);
    expect(disks.refused('disk1', '2', problem('DISK_FAILED')).map(({ camera, disk }) => [camera, disk.id])).toEqual([['1', 'disk2'], ['2', 'disk3'], ['3', 'disk2']]);
    expect(disks.refused('disk1', '1', problem('DISK_FAILED'))).toEqual([]);
    expect(disks.assign('new')?.id).not.toBe('disk1');
    expect(disks.refused('disk2', '1', problem('DISK_FULL')).map(({ camera, disk }) => [camera, disk.id])).toEqual([['1', 'disk3']]);
    expect(changes).toEqual([['disk1', 'failed', ['1>disk2', '2>disk3', '3>disk2']], ['disk2', 'full', ['1>disk3']]]);
    await until(async () => (await book.homes()).get('1') === 'disk3', 'the new home');
    const again = await open(free);
    expect([again.assign('1')?.id, again.assign('2')?.id]).toEqual(['disk3', 'disk1']);
  });

  it('without another that takes data keep their cameras, and are well again when they take data', async () => {
    const disks = await open({ a: 10 });
    disks.assign('gate');
    expect(disks.refused('disk1', 'gate', problem('DISK_READ_ONLY'))).toEqual([]);
    expect([disks.states[0]?.condition, disks.assign('gate')?.id]).toEqual(['failed', 'disk1']);
    disks.accepted('disk1');
    expect(disks.states).toMatchObject([{ condition: 'healthy', cameras: ['gate'] }]);
  });

  it('on which only the reserve is left give a few cameras at a time to those with more, and none when all are so', async () => {
    const free = { a: 100, b: 99 };
    const disks = await open(free);
    for (let camera = 0; camera < 20; camera += 1) disks.assign(`c${camera}`);
    await disks.look(10 * gigabyte);
    expect(disks.relieve()).toEqual([]);
    free.a = 9;
    expect(await disks.look(10 * gigabyte)).toEqual({ freeBytes: 108 * gigabyte, totalBytes: 16_000 * gigabyte });
    expect(disks.relieve()).toHaveLength(2);
    expect(disks.states.map(({ cameras }) => cameras.length)).toEqual([8, 12]);
    expect(disks.relieve().map(({ disk }) => disk.id)).toEqual(['disk2']);
    free.b = 19;
    await disks.look(10 * gigabyte);
    expect(disks.relieve()).toEqual([]);
  });

  it('that are mounted again are used again; one that does not answer keeps its last word, and none at all is an error', async () => {
    let answers = true;
    const changes: string[] = [];
    const disks = await open({ a: 10, b: 10 }, { changed: ({ id, condition }) => void changes.push(`${id} ${condition}`), space: async () => (answers ? { freeBytes: gigabyte, totalBytes: 2 * gigabyte } : Promise.reject(new Error('EIO'))) });
    disks.assign('gate');
    disks.refused('disk1', 'gate', problem('DISK_GONE'));
    expect([disks.isPresent('disk1'), disks.usable.map(({ id }) => id)]).toEqual([false, ['disk2']]);
    answers = false;
    expect(await disks.look(1)).toEqual({ freeBytes: gigabyte, totalBytes: 2 * gigabyte });
    expect(changes).toEqual(['disk1 missing', 'disk1 healthy']);
    await disks.look(1);
    expect(warnings).toHaveLength(2);
    disks.refused('disk1', 'x', problem('DISK_HANGS'));
    disks.refused('disk2', 'x', problem('DISK_HANGS'));
    await expect(disks.look(1)).rejects.toThrow(`none of the disks at ${at('a')}, ${at('b')} answers`);
  });

  it('that kept files to themselves are searched at the next start', async () => {
    const disks = await open({ a: 10 });
    disks.leftBehind('disk1', 2_000);
    disks.leftBehind('disk1', 1_000);
    await until(async () => (await book.disks())[0]?.searchMs === 1_000, 'the note');
    const again = await open({ a: 10 });
    expect(again.unsearched).toEqual([{ id: 'disk1', root: at('a'), searchMs: 1_000 }]);
    await again.searched(again.unsearched[0]!);
    expect([again.unsearched, (await open({ a: 10 })).unsearched]).toEqual([[], []]);
  });

  it('are one folder or several, never both and never none', () => {
    expect(recorderConfig.parse({ path: '/r' }).path).toBe('/r');
    expect(recorderConfig.parse({ disks: [{ path: '/a' }, { path: '/b' }] }).disks).toHaveLength(2);
    for (const wrong of [{}, { path: '/r', disks: [{ path: '/a' }] }, { disks: [] }, { disks: [{ path: '/a', id: 'x' }] }]) expect(recorderConfig.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});

describe('the mark of a disk', () => {
  it('is looked for before each new file: below a mount point nothing is written', async () => {
    await open({ a: 10 });
    const files = markedFileSystem(diskFileSystem);
    const disk = { id: 'disk1', root: at('a') };
    await (await files.create(disk, 'gate/one.mp4')).close();
    await rename(at('a'), at('pulled'));
    await mkdir(at('a'));
    await expect(files.create(disk, 'gate/two.mp4')).rejects.toMatchObject({ code: 'ENODEV' });
    await expect(files.create({ ...disk, id: 'other', root: at('pulled') }, 'gate/two.mp4')).rejects.toMatchObject({ code: 'ENODEV' });
    expect(await readdir(at('a'))).toEqual([]);
  });

  it('is read only as it was written', () => {
    expect(parseDiskMarker('{"format":"wanglou.disk/1","id":"0a1b"}')).toBe('0a1b');
    for (const text of ['', 'null', '[]', '{', '{"format":"wanglou.disk/2","id":"a"}', '{"format":"wanglou.disk/1","id":7}', '{"format":"wanglou.disk/1","id":"A B"}', `{"format":"wanglou.disk/1","id":"${'a'.repeat(33)}"}`]) {
      expect(parseDiskMarker(text), text).toBeUndefined();
    }
  });
});

describe('a recorder with two disks', { timeout: 60_000 }, () => {
  it('goes on with the other one when one is pulled, within seconds and with a gap that says so; plays what is on both; uses it again when it is back', async () => {
    await using gate = await RtspSource.start();
    await using yard = await RtspSource.start();
    await using running = await startRecorder({ segmentMs: 1_000 }, undefined, { folders: [at('a'), at('b')] });
    const { recorder, disks, catalog } = running;
    recorder.add({ id: 'gate', url: gate.url });
    recorder.add({ id: 'yard', url: yard.url });
    const diskOf = (camera: string): string | undefined => disks.states.find(({ cameras }) => cameras.includes(camera))?.root;
    expect(new Set([diskOf('gate'), diskOf('yard')])).toEqual(new Set([at('a'), at('b')]));
    await until(() => ['gate', 'yard'].every((id) => running.sealed.some(({ camera }) => camera === id)), 'a file of each');
    // Another folder is there all of a sudden, as when a disk is pulled out from under its mount point.
    const [pulled, left] = diskOf('gate') === at('a') ? [at('a'), at('b')] : [at('b'), at('a')];
    await rename(pulled, `${pulled}-pulled`);
    await mkdir(pulled);
    const before = running.sealed.length;
    await until(() => running.sealed.slice(before).filter(({ camera }) => camera === 'gate').length > 1 && diskOf('gate') === left, 'the other disk', 20_000);
    await recorder.flush();
    const files = await recorder.files('gate', 0, Date.now() + 60_000);
    expect(new Set(files.map(({ root }) => path.basename(root)))).toContain(path.basename(left));
    expect(await readdir(pulled)).toEqual([]);
    // The camera on the disk that stayed missed nothing, and that of the other one no more than some groups of pictures.
    expect(await catalog.gapsBetween('yard', 0, Date.now() + 60_000)).toEqual([]);
    const gaps = await catalog.gapsBetween('gate', 0, Date.now() + 60_000);
    expect(gaps.map(({ cause, detail }) => [cause, detail])).toEqual(gaps.length === 0 ? [] : [['disk', expect.stringContaining(pulled)]]);
    for (const { startMs, endMs = Number.POSITIVE_INFINITY } of gaps) expect(endMs - startMs).toBeLessThan(5_000);
    expect(disks.states.find(({ root }) => root === pulled)).toMatchObject({ condition: 'missing', problem: { code: 'DISK_GONE' }, cameras: [] });
    await rm(pulled, { recursive: true });
    await rename(`${pulled}-pulled`, pulled);
    await disks.look(0);
    expect(disks.states.map(({ condition }) => condition)).toEqual(['healthy', 'healthy']);
    expect(new Set((await recorder.files('gate', 0, Date.now() + 60_000)).map(({ root }) => root))).toEqual(new Set([at('a'), at('b')]));
  });
});
