// Important footage on other storage, with its written record: copied, read back, catalogued, proven without this system, and put back. Article 15(4).
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  adoptArchives, archiveChanged, archiveFootage, archiveTargets, auditService, cameras as cameraPoint, campusService, cancelArchive, createSignal, definePlugin, listArchives, listHolds, objectSchema, readRetention, readTimeline, restoreArchive, storeService, verifyArchive,
  type Archive, type ArchiveTarget, type Camera, type CameraState, type Principal,
} from '@wanglou/core';
import { createTestClock, createTestKernel, createTestRandom, fake, type TestClock, type TestKernel } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { SqliteStore } from '@wanglou/store-sqlite';
import { createFolderEvidence, parsePolicy, verifyEvidence } from '@wanglou/verify';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseArchiveRecord } from '../src/archive/archive-record.ts';
import { boundedTarget } from '../src/archive/bounded-target.ts';
import { FolderTarget } from '../src/archive/folder-target.ts';
import { Catalog } from '../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { initSegment } from '../src/fmp4/init-segment.ts';
import { recorder } from '../src/index.ts';
import type { RunStart } from '../src/ingest/ingest-engine.ts';
import { diskFileSystem } from '../src/segment/file-system.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';
import { SegmentWriter } from '../src/segment/segment-writer.ts';
import { parameterSets } from './support/picture-stream.ts';
import { until } from './support/running-recorder.ts';
import { syntheticFragments } from './support/synthetic-fragments.ts';

const head: Principal = { kind: 'person', id: 'section-head', session: 's-1' };
const dayMs = 86_400_000;
const minuteMs = 60_000;
const tracks = [{ kind: 'video', codec: 'h264', timescale: 90_000, width: 640, height: 360, sps: [parameterSets.large.sps], pps: [parameterSets.large.pps] }] as const;
const run: RunStart = { run: 'r1', tracks, init: initSegment(tracks), codecs: 'avc1.4d401e' };

let folder = '';
let clock: TestClock;
let store: SqliteStore;
let kernel: TestKernel;
let catalog: Catalog;
let changes: Archive[] = [];
let startedMs = 0;
/** Storage of the test's own, beside the folder. */
let odd: Omit<ArchiveTarget, 'folders'>;

const vault = (): string => path.join(folder, 'vault');
const at = (file: SegmentRecord): string => path.join(folder, 'recordings', file.path);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-archive-'));
  await mkdir(vault());
  clock = createTestClock();
  startedMs = clock.now();
  odd = new FolderTarget(vault());
  await start();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  store = await SqliteStore.create(path.join(folder, 'state'));
  catalog = new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations));
  kernel = await createTestKernel({ clock, random: createTestRandom(clock.now()), ownAudit: true, fakes: [fake(storeService, store), fake(campusService, { read: () => ({ name: { zh: '青岛校区', en: 'Qingdao Campus' } }) as never })] });
  changes = [];
  const site = definePlugin({
    id: 'site',
    config: objectSchema({}),
    setup(ctx) {
      ctx.on(archiveChanged, (archive) => void changes.push(archive));
      ctx.contribute(archiveTargets, { id: 'odd', title: { zh: '测试存储', en: 'Odd' }, target: { put: (object, read, signal) => odd.put(object, read, signal), get: (name, signal) => odd.get(name, signal), folders: (signal) => new FolderTarget(vault()).folders(signal) } });
      ctx.contribute(cameraPoint, { id: 'gate', info: { id: 'gate', name: { zh: '东门', en: 'East Gate' } }, state: createSignal<CameraState>('offline'), problem: createSignal(undefined), has: () => false, get: () => undefined as never } satisfies Camera);
    },
  });
  await kernel.load([site(), audit({ path: path.join(folder, 'audit') }), recorder({ path: path.join(folder, 'recordings'), archives: { vault: { path: vault(), title: { zh: '光盘库', en: 'Vault' } } } })]);
  if (kernel.state('recorder') !== 'active') throw new Error(String(kernel.problems()[0] ?? kernel.errors[0]));
}

async function stop(): Promise<void> {
  await kernel[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
}

/** Twenty seconds of footage in files of two, some days old, sealed. */
async function record(daysAgo = 1): Promise<SegmentRecord[]> {
  const disk = JSON.parse(await readFile(path.join(folder, 'recordings', '.wanglou-disk.json'), 'utf8')).id as string;
  const closed: SegmentRecord[] = [];
  const fromMs = startedMs - daysAgo * dayMs;
  const writer = new SegmentWriter({
    camera: 'gate', disk: { id: disk, root: path.join(folder, 'recordings') }, fileSystem: diskFileSystem, segmentMs: 2_000, sync: 'none', queueBytes: 1e8, retryMs: 1_000, now: () => fromMs,
    events: { written: () => {}, closed: (segment) => void closed.push(segment), lost: () => {}, recovered: () => {}, abandoned: () => {} },
  });
  writer.run(run);
  for (const fragment of syntheticFragments({ startMs: fromMs, count: 40, group: 4 })) await writer.fragment(fragment);
  await writer.close();
  await catalog.save(closed, [{ camera: 'gate', startMs: fromMs + 20_000, endMs: fromMs + 30_000, cause: 'network', detail: 'cut' }]);
  await clock.advance(2 * minuteMs);
  return closed;
}

const rangeOf = (files: readonly SegmentRecord[]) => ({ fromMs: files[0]!.startMs, toMs: files.at(-1)!.endMs + 10_000 });
const order = (files: readonly SegmentRecord[], more: Record<string, unknown> = {}): Promise<Archive> =>
  kernel.call(archiveFootage, { cameras: ['gate'], ...rangeOf(files), target: 'vault', title: '失窃案', record: '09:00 嫌疑人进入东门', caseNumber: '2026-117', ...more }, head);
async function settled(id: string): Promise<Archive> {
  await until(async () => {
    const { archives } = await kernel.call(listArchives, {}, head);
    return ['stored', 'damaged', 'cancelled'].includes(archives.find((archive) => archive.id === id)?.state ?? '');
  }, 'the archive');
  return (await kernel.call(listArchives, {}, head)).archives.find((archive) => archive.id === id)!;
}
const holds = async () => (await kernel.call(listHolds, { all: true }, head)).holds.map(({ state, reason }) => `${state} ${reason.split(' (')[0]}`);
const filesThere = async (files: readonly SegmentRecord[]): Promise<readonly SegmentRecord[]> => {
  const sizes = await Promise.all(files.map((file) => stat(at(file)).then(({ size }) => size, () => 0)));
  return files.filter((file, index) => sizes[index] === file.bytes);
};
const entries = async (kind: string) => (await kernel.service(auditService)!.query({ kind, limit: 10 })).map(({ entry }) => entry);

describe('an archive', { timeout: 60_000 }, () => {
  it('holds the footage until it is stored, has every file bit for bit with its written record, says what is missing, and is proven without this system', async () => {
    const files = await record();
    const ordered = await order(files);
    expect(ordered).toMatchObject({ state: 'waiting', target: 'vault', title: '失窃案', orderedBy: 'section-head', caseNumber: '2026-117' });
    expect(await holds()).toEqual(['in-force 失窃案']);
    const stored = await settled(ordered.id);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    expect(stored).toMatchObject({ state: 'stored', files: 10, totalBytes: bytes * 2, doneBytes: bytes * 2, missingMs: 10_000, verifiedMs: clock.now() });
    expect(stored).not.toHaveProperty('hold');
    expect(changes.at(-1)).toEqual(stored);
    expect(await holds()).toEqual(['ended 失窃案']);
    const place = path.join(vault(), ordered.id);
    for (const file of files) expect((await readFile(path.join(place, file.path))).equals(await readFile(at(file)))).toBe(true);
    const document = parseArchiveRecord(await readFile(path.join(place, 'record.json')));
    expect(document).toMatchObject({ archive: ordered.id, campus: { zh: '青岛校区' }, record: '09:00 嫌疑人进入东门', cameras: [{ id: 'gate', zh: '东门', en: 'East Gate' }], orderedBy: 'section-head', missing: [{ camera: 'gate', cause: 'network' }] });
    expect(document?.files.map(({ sha256 }) => sha256)).toEqual(files.map(({ sha256 }) => sha256));
    const result = await verifyEvidence(createFolderEvidence(place), parsePolicy(await readFile(path.join(place, 'policy.txt'), 'utf8')));
    expect(result).toMatchObject({ ok: true, unlisted: [] });
    expect([result.files.length, result.listed.map(({ name }) => name)]).toEqual([10, ['README.txt', 'policy.txt', 'verify.html', 'record.json']]);
    const [entry] = await entries('recording.archived');
    expect(entry).toMatchObject({ open: { archive: ordered.id, files: 10 }, detail: { person: 'section-head', target: 'vault' } });
    expect(JSON.stringify(entry?.open)).not.toContain('失窃案');
    // Only what was changed since is found.
    await truncate(path.join(place, files[3]!.path), 100);
    expect(await kernel.call(verifyArchive, { archive: ordered.id }, head)).toMatchObject({ state: 'waiting' });
    expect(await settled(ordered.id)).toMatchObject({ state: 'damaged', reason: { en: expect.stringContaining(files[3]!.path) } });
    expect(await holds()).toEqual(['ended 失窃案']);
  });

  it('leaves a file out that is not what was recorded, and names the time', async () => {
    const files = await record();
    const bytes = await readFile(at(files[2]!));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(at(files[2]!), bytes);
    await rm(at(files[5]!));
    const { id } = await order(files);
    expect(await settled(id)).toMatchObject({ state: 'stored', files: 8, missingMs: 14_000 });
    const document = parseArchiveRecord(await readFile(path.join(vault(), id, 'record.json')));
    expect(document?.missing.filter(({ cause }) => cause === 'damaged').map(({ fromMs }) => fromMs)).toEqual([files[2]!.startMs, files[5]!.startMs]);
    expect(await stat(path.join(vault(), id, files[2]!.path)).then(() => true, () => false)).toBe(false);
  });

  it('waits while the disk of the recordings is away, and where nothing can be read: neither is an archive of nothing', async () => {
    const files = await record();
    const marker = path.join(folder, 'recordings', '.wanglou-disk.json');
    const place = path.join(folder, 'recordings');
    await stop();
    // The disk is pulled while the campus is down; another one goes on.
    await rename(place, `${place}-pulled`);
    await mkdir(place);
    await writeFile(marker, (await readFile(path.join(`${place}-pulled`, '.wanglou-disk.json'), 'utf8')).replace(/"id":\s*"[^"]*"/, '"id":"another"'));
    await start();
    const { id } = await order(files);
    const waits = async (): Promise<string | undefined> => (await kernel.call(listArchives, {}, head)).archives.find((archive) => archive.id === id)?.reason?.en;
    await until(async () => (await waits()) !== undefined, 'the wait');
    expect(await waits()).toMatch(/the disk of gate.*is away/);
    expect(await holds()).toEqual(['in-force 失窃案']);
    await stop();
    await rm(place, { recursive: true });
    await rename(`${place}-pulled`, place);
    for (const file of files) await truncate(at(file), 10);
    await start();
    await until(async () => /no file of the range/.test((await waits()) ?? ''), 'the next wait');
    expect(await holds()).toEqual(['in-force 失窃案']);
  });

  it('waits while its storage is away and goes on by itself; never replaces what is there', async () => {
    const files = await record();
    await rename(vault(), `${vault()}-away`);
    const { id } = await order(files);
    await until(() => changes.some(({ reason }) => reason !== undefined), 'the wait');
    expect(changes.at(-1)).toMatchObject({ state: 'waiting', reason: { zh: expect.stringContaining('稍后自动重试') } });
    await expect(readdir(vault())).rejects.toMatchObject({ code: 'ENOENT' });
    await rename(`${vault()}-away`, vault());
    await mkdir(path.dirname(path.join(vault(), id, files[0]!.path)), { recursive: true });
    await writeFile(path.join(vault(), id, files[0]!.path), 'somebody else');
    await clock.advance(minuteMs);
    expect(await settled(id)).toMatchObject({ state: 'damaged', reason: { en: expect.stringContaining('1 files differ') } });
    expect(await readFile(path.join(vault(), id, files[0]!.path), 'utf8')).toBe('somebody else');
  });

  it('is damaged when storage gives back other bytes than it got, and nothing of it is believed', async () => {
    const files = await record();
    const real = new FolderTarget(vault());
    odd = {
      put: (object, read, signal) => real.put(object, read, signal),
      async *get(name, signal) {
        for await (const piece of real.get(name, signal)) {
          const given = Buffer.from(piece);
          if (name.endsWith(files[1]!.path)) given[100]! ^= 1;
          yield given;
        }
      },
    };
    const { id } = await order(files, { target: 'odd' });
    expect(await settled(id)).toMatchObject({ state: 'damaged', reason: { en: expect.stringContaining(files[1]!.path) } });
  });

  it('goes on after a stop at any step, and ends as if there had been none', async () => {
    const files = await record();
    const real = new FolderTarget(vault());
    let stops = 0;
    const { id } = await (async () => {
      odd = { put: () => Promise.reject(new Error('not yet')), get: (name, signal) => real.get(name, signal) };
      return order(files, { target: 'odd' });
    })();
    for (let step = 0; step < 16; step += 1) {
      let calls = 0;
      const reached = Promise.withResolvers<void>();
      const pass = (): boolean => calls++ < step;
      const hang = (signal: AbortSignal): Promise<never> => {
        stops += 1;
        reached.resolve();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
      };
      odd = {
        put: (object, read, signal) => (pass() ? real.put(object, read, signal) : hang(signal)),
        async *get(name, signal) {
          if (!pass()) await hang(signal);
          yield* real.get(name, signal);
        },
      };
      await clock.advance(2 * 3_600_000);
      await reached.promise;
      await stop();
      await start();
    }
    odd = real;
    await clock.advance(2 * 3_600_000);
    expect([await settled(id), stops]).toMatchObject([{ state: 'stored', files: 10 }, 16]);
    expect(await holds()).toEqual(['ended 失窃案']);
  });

  it('is cancelled while it waits and while it runs, and not afterwards; what was copied stays', async () => {
    const files = await record();
    const copying = Promise.withResolvers<void>();
    const real = new FolderTarget(vault());
    let puts = 0;
    odd = {
      async put(object, read, signal) {
        if (puts++ < 2) return real.put(object, read, signal);
        copying.resolve();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
      },
      get: (name, signal) => real.get(name, signal),
    };
    const first = await order(files, { target: 'odd' });
    const second = await order(files);
    await copying.promise;
    expect(await kernel.call(cancelArchive, { archive: first.id }, head)).toMatchObject({ state: 'cancelled' });
    expect(await settled(second.id)).toMatchObject({ state: 'stored' });
    await expect(kernel.call(cancelArchive, { archive: second.id }, head)).rejects.toMatchObject({ code: 'ARCHIVE_OVER' });
    expect(await holds()).toEqual(['ended 失窃案', 'ended 失窃案']);
    const left = await readdir(path.join(vault(), first.id), { recursive: true });
    expect([left.filter((name) => name.endsWith('.mp4')).length, left.filter((name) => name.endsWith('.part'))]).toEqual([2, []]);
    const half = new FolderTarget(vault());
    await expect(half.put({ name: 'x/y/z', bytes: 2, sha256: '' }, async function* () { yield Buffer.from('a'); throw new Error('the disk failed'); }, new AbortController().signal)).rejects.toThrow('the disk failed');
    expect(await readdir(path.join(vault(), 'x', 'y'))).toEqual([]);
  });

  it('is put back after its retention: playable again under the same leave, held for so long, and then gone again', async () => {
    const files = await record(40);
    const { id } = await order(files);
    await settled(id);
    const lost = [files[0]!, files[4]!];
    await database((db) => db.insertInto('recorder_deletion').values({ id: 1, seq: 1, camera: 'gate', from_ms: lost[0]!.startMs, to_ms: lost[1]!.endMs, files: 2, bytes: 1, reason: 'duty', at_ms: startedMs, done: 1 }));
    for (const file of lost) {
      await database((db) => db.updateTable('recorder_segment').set({ deletion: 1, fragments: Buffer.alloc(0) }).where('start_ms', '=', file.startMs));
      await rm(at(file));
    }
    await truncate(at(files[7]!), 50);
    const timeline = async () => (await kernel.call(readTimeline, { cameras: ['gate'], ...rangeOf(files) }, head)).timelines[0]!;
    expect((await timeline()).deleted).toHaveLength(2);
    const restored = await kernel.call(restoreArchive, { archive: id, days: 7, reason: '复核' }, head);
    expect(restored).toMatchObject({ files: 3, present: 7, endsMs: clock.now() + 7 * dayMs });
    await expect(kernel.call(restoreArchive, { archive: id, days: 7, reason: '复核' }, head)).rejects.toMatchObject({ code: 'ARCHIVE_NOT_STORED' });
    // A stop in the middle changes nothing.
    await stop();
    await start();
    expect(await settled(id)).toMatchObject({ state: 'stored', restoredMs: clock.now() });
    expect(await timeline()).toMatchObject({ recorded: [{ fromMs: files[0]!.startMs, toMs: files.at(-1)!.endMs }], deleted: [] });
    expect(await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER)).toEqual(files);
    for (const file of files) expect((await readFile(at(file))).length).toBe(file.bytes);
    // What was there, damaged, is kept for whoever asks how that came.
    expect((await readFile(`${at(files[7]!)}.damaged`)).length).toBe(50);
    expect((await holds()).sort()).toEqual(['ended 失窃案', 'in-force 复核']);
    const [entry] = await entries('recording.restored');
    expect(entry).toMatchObject({ open: { archive: id, files: 3, sha256: [files[0], files[4], files[7]].map((file) => file!.sha256) }, detail: { person: 'section-head', reason: '复核' } });
    expect(await kernel.call(restoreArchive, { archive: id, days: 1, reason: '复核' }, head)).toMatchObject({ files: 0, present: 10 });
    await expect(kernel.call(restoreArchive, { archive: id, days: 0, reason: '复核' }, head)).rejects.toMatchObject({ code: 'RESTORE_INVALID' });
    await expect(kernel.call(restoreArchive, { archive: 'nowhere', days: 1, reason: '复核' }, head)).rejects.toMatchObject({ code: 'ARCHIVE_UNKNOWN' });
  });

  it('alone gives back the catalogue and the footage on a machine that knows nothing', async () => {
    const files = await record();
    const { id } = await order(files);
    const known = await settled(id);
    for (const [name, content] of [['notes', undefined], ['A'.repeat(22), '{"format":"wanglou.archive/1"}'], ['B'.repeat(22), await readFile(path.join(vault(), id, 'record.json'))], ['C'.repeat(22), undefined]] as const) {
      await mkdir(path.join(vault(), name));
      if (content !== undefined) await writeFile(path.join(vault(), name, 'record.json'), content);
    }
    await stop();
    for (const place of ['state', 'recordings', 'audit']) await rm(path.join(folder, place), { recursive: true });
    await start();
    const found = await kernel.call(adoptArchives, { target: 'vault' }, head);
    expect(found).toMatchObject({ adopted: [{ id, state: 'waiting' }], refused: ['A'.repeat(22), 'B'.repeat(22)] });
    // Stored is what was read back here, not what a record says.
    const { verifiedMs: _, ...same } = known;
    expect(await settled(id)).toMatchObject({ ...same, state: 'stored' });
    expect(await kernel.call(adoptArchives, { target: 'vault' }, head)).toMatchObject({ adopted: [], refused: ['A'.repeat(22), 'B'.repeat(22)] });
    expect(await kernel.call(restoreArchive, { archive: id, days: 1, reason: '重建' }, head)).toMatchObject({ files: 10, present: 0 });
    expect(await settled(id)).toMatchObject({ state: 'stored', restoredMs: expect.any(Number) });
    expect((await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER)).map(({ sha256, startMs, endMs, fragments }) => [sha256, startMs, endMs, fragments])).toEqual(files.map(({ sha256, startMs, endMs, fragments }) => [sha256, startMs, endMs, fragments]));
    await rename(vault(), `${vault()}-away`);
    await expect(kernel.call(adoptArchives, { target: 'vault' }, head)).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
  });

  it('is damaged when one of its documents is changed or gone', async () => {
    const files = await record();
    const { id } = await order(files);
    await settled(id);
    for (const [name, content] of [['verify.html', undefined], ['policy.txt', 'log other'], ['evidence.json', '{}'], ['evidence.json', undefined]] as const) {
      const document = path.join(vault(), id, name);
      const kept = await readFile(document);
      if (content === undefined) await rm(document);
      else await writeFile(document, content);
      await kernel.call(verifyArchive, { archive: id }, head);
      expect(await settled(id)).toMatchObject({ state: 'damaged', reason: { en: expect.stringContaining(name) } });
      await writeFile(document, kept);
    }
    await kernel.call(verifyArchive, { archive: id }, head);
    expect(await settled(id)).toMatchObject({ state: 'stored' });
  });

  it('says in the log of every file that is there again, also where the restoring was cut off', async () => {
    const files = await record();
    const real = new FolderTarget(vault());
    odd = real;
    const { id } = await order(files, { target: 'odd' });
    await settled(id);
    for (const file of files) await rm(at(file));
    for (let step = 0; step <= files.length; step += 1) {
      let reads = 0;
      const reached = Promise.withResolvers<void>();
      odd = {
        put: (object, read, signal) => real.put(object, read, signal),
        async *get(name, signal) {
          if (name.endsWith('.mp4') && reads++ === step) {
            reached.resolve();
            await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
          }
          yield* real.get(name, signal);
        },
      };
      if (step === 0) await kernel.call(restoreArchive, { archive: id, days: 1, reason: '复核' }, head);
      else await clock.advance(minuteMs);
      await Promise.race([reached.promise, settled(id)]);
      const there = await filesThere(files);
      const told = (await entries('recording.restored')).flatMap(({ open }) => open?.['sha256'] as string[]);
      expect(there.filter(({ sha256 }) => !told.includes(sha256))).toEqual([]);
      await stop();
      await start();
    }
    expect(await filesThere(files)).toHaveLength(10);
    expect((await readdir(path.join(folder, 'recordings'), { recursive: true })).filter((name) => name.endsWith('.restoring'))).toEqual([]);
  });

  it('that was changed on its storage puts nothing back', async () => {
    const files = await record();
    const { id } = await order(files);
    await settled(id);
    await rm(at(files[0]!));
    const archived = path.join(vault(), id, files[0]!.path);
    await cp(archived, `${archived}.copy`);
    await writeFile(archived, Buffer.alloc(files[0]!.bytes, 7));
    const restore = (): Promise<unknown> => kernel.call(restoreArchive, { archive: id, days: 1, reason: '复核' }, head);
    await restore();
    expect(await settled(id)).toMatchObject({ state: 'damaged', reason: { en: expect.stringContaining(files[0]!.path) } });
    expect(await readdir(path.dirname(at(files[0]!)))).toHaveLength(9);
    await rename(`${archived}.copy`, archived);
    const document = path.join(vault(), id, 'record.json');
    await writeFile(document, (await readFile(document, 'utf8')).replace('嫌疑人', '无人'));
    await expect(restore()).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
    await rename(vault(), `${vault()}-away`);
    await expect(restore()).rejects.toMatchObject({ code: 'ARCHIVE_UNREADABLE' });
  });

  it('is found by camera, time and words; storage is named; what cannot be archived is refused by name', async () => {
    const files = await record();
    const { id } = await order(files);
    await settled(id);
    const found = async (query: Record<string, unknown>) => (await kernel.call(listArchives, query, head)).archives.map((archive) => archive.id);
    expect(await Promise.all([found({}), found({ camera: 'gate', text: '嫌疑人' }), found({ text: '2026-117', fromMs: files[3]!.startMs, toMs: files[4]!.startMs })])).toEqual([[id], [id], [id]]);
    expect(await Promise.all([found({ camera: 'yard' }), found({ text: '50%' }), found({ fromMs: startedMs })])).toEqual([[], [], []]);
    expect((await kernel.call(listArchives, {}, head)).targets).toEqual([{ id: 'odd', title: { zh: '测试存储', en: 'Odd' } }, { id: 'vault', title: { zh: '光盘库', en: 'Vault' } }]);
    await expect(order(files, { target: 'moon' })).rejects.toMatchObject({ code: 'ARCHIVE_TARGET_UNKNOWN', params: { target: 'moon', known: 'odd, vault' } });
    await expect(order(files, { cameras: ['yard'] })).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await expect(order(files, { toMs: files[0]!.startMs + 600 * 3_600_000 })).rejects.toMatchObject({ code: 'RANGE_INVALID' });
    expect((await kernel.call(readRetention, {}, head))).toBeDefined();
  });
});

describe('the record of an archive', () => {
  it('is read only as it was written, whatever it holds', () => {
    const file = { name: 'gate/2026-11-23/08/1795420800000-r1.mp4', camera: 'gate', fromMs: 1, toMs: 2, bytes: 3, sha256: 'ab'.repeat(32) };
    const good = { format: 'wanglou.archive/1', archive: 'a', campus: { zh: '校', en: 'C' }, title: 't', record: 'r', cameras: [], fromMs: 1, toMs: 2, orderedBy: 'p', orderedMs: 1, files: [file], missing: [] };
    const read = (value: unknown) => parseArchiveRecord(Buffer.from(JSON.stringify(value)));
    expect(read(good)).toEqual(good);
    for (const name of ['../../etc/passwd', '/etc/passwd', 'gate/../x/08/1-r.mp4', 'gate/2026-11-23/08/1-r.mp4/x', 'gate/2026-11-23/08/record.json', 'yard/2026-11-23/08/1-r.mp4']) expect(read({ ...good, files: [{ ...file, name }] }), name).toBeUndefined();
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map((text) => Buffer.from(text))), (bytes) => parseArchiveRecord(bytes) === undefined));
  });
});

describe('storage that hangs', () => {
  it('ends when its own signal does', async () => {
    const controller = new AbortController();
    const hanging = (signal: AbortSignal): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const target = boundedTarget({ put: (_object, _read, signal) => hanging(signal), async *get(_name, signal) { yield await hanging(signal); }, async *folders(signal) { yield await hanging(signal); } });
    const put = target.put({ name: 'a', bytes: 1, sha256: '' }, async function* () {}, controller.signal);
    const got = target.get('a', controller.signal)[Symbol.asyncIterator]().next();
    controller.abort(new Error('stopped'));
    await expect(put).rejects.toThrow('stopped');
    await expect(got).rejects.toThrow('stopped');
  });

  it('and listens to no signal is left behind: its archive is cancelled, the next one is stored, and the recorder stops', async () => {
    const files = await record();
    const reached = Promise.withResolvers<void>();
    const never = (): Promise<never> => (reached.resolve(), new Promise(() => {}));
    odd = { put: never, async *get() { yield await never(); } };
    const stuck = await order(files, { target: 'odd' });
    await reached.promise;
    expect(await kernel.call(cancelArchive, { archive: stuck.id }, head)).toMatchObject({ state: 'cancelled' });
    const { id } = await order(files);
    expect(await settled(id)).toMatchObject({ state: 'stored' });
    await order(files, { target: 'odd' });
    await stop();
    await start();
  });
});

async function database(change: (db: Awaited<ReturnType<typeof store.open<RecorderTables>>>) => { execute(): Promise<unknown> }): Promise<void> {
  await change(await store.open<RecorderTables>('recorder', recorderMigrations)).execute();
}
