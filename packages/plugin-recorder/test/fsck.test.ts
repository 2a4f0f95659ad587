// Disk and index held against each other: every difference is found, named and put right where it can be; a lost index comes back.
import { appendFile, mkdtemp, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteStore } from '@wanglou/store-sqlite';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import type { CheckSummary } from '../src/fsck/check-recordings.ts';
import type { Finding } from '../src/fsck/finding.ts';
import { fsck, type FsckOptions } from '../src/fsck.ts';
import { initSegment } from '../src/fmp4/init-segment.ts';
import type { RunStart } from '../src/ingest/ingest-engine.ts';
import { diskFileSystem } from '../src/segment/file-system.ts';
import { segmentPath } from '../src/segment/segment-path.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';
import { SegmentWriter } from '../src/segment/segment-writer.ts';
import { parameterSets } from './support/picture-stream.ts';
import { syntheticFragments } from './support/synthetic-fragments.ts';

const startMs = Date.parse('2026-11-23T23:59:30Z');
const tracks = [{ kind: 'video', codec: 'h264', timescale: 90_000, width: 640, height: 360, sps: [parameterSets.large.sps], pps: [parameterSets.large.pps] }] as const;
const run: RunStart = { run: 'r1', tracks, init: initSegment(tracks), codecs: 'avc1.4d401e' };

let folder = '';
let root = '';
let store: SqliteStore;
let database: Kysely<RecorderTables>;
let catalog: Catalog;
let disk = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-fsck-'));
  root = path.join(folder, 'recordings');
  await openStore();
  // Makes the folder a disk.
  await check();
  disk = JSON.parse(await readFile(path.join(root, '.wanglou-disk.json'), 'utf8')).id;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function openStore(): Promise<void> {
  store = await SqliteStore.create(path.join(folder, 'state'));
  database = await store.open<RecorderTables>('recorder', recorderMigrations);
  catalog = new Catalog(database);
}

async function check(options: Partial<FsckOptions> = {}): Promise<CheckSummary & { readonly found: readonly Finding[]; readonly kinds: readonly string[] }> {
  const found: Finding[] = [];
  const summary = await fsck({ store, config: { path: root }, found: (finding) => void found.push(finding), ...options });
  return { ...summary, found, kinds: found.map(({ kind, repaired }) => `${kind}${repaired ? ' repaired' : ''}`) };
}

/** Footage of a camera in files of two seconds each, in the index and on the disk; changed an hour ago. */
async function record(camera: string, seconds = 60, fromMs = startMs): Promise<SegmentRecord[]> {
  const closed: SegmentRecord[] = [];
  const writer = new SegmentWriter({
    camera, disk: { id: disk, root }, fileSystem: diskFileSystem, segmentMs: 2_000, sync: 'none', queueBytes: 1e8, retryMs: 1_000, now: () => fromMs,
    events: { written: () => {}, closed: (segment) => void closed.push(segment), lost: () => {}, recovered: () => {}, abandoned: () => {} },
  });
  writer.run(run);
  for (const fragment of syntheticFragments({ startMs: fromMs, count: seconds * 2, group: 4 })) await writer.fragment(fragment);
  await writer.close();
  for (const file of closed) await age(file);
  await catalog.save(closed, []);
  return closed;
}

const at = (file: SegmentRecord): string => path.join(root, file.path);
const age = (file: SegmentRecord): Promise<void> => utimes(at(file), new Date(startMs), new Date(startMs));

describe('a check of recordings', { timeout: 30_000 }, () => {
  it('finds nothing where nothing is wrong, over midnight and several cameras; files say that they go on where the one before ended', async () => {
    const files = [...(await record('gate')), ...(await record('东门 1', 10))];
    await writeFile(path.join(root, 'lost+found'), '');
    expect(await check({ hashes: true })).toEqual({ cameras: 2, files: 35, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), findings: 0, repaired: 0, away: 0, recent: 0, found: [], kinds: [] });
    expect(files.map(({ flags }) => flags)).toEqual(files.map(({ startMs: fileMs }) => (fileMs === startMs ? 0 : 8)));
  });

  it('is nothing where nothing was recorded', async () => {
    expect(await check()).toMatchObject({ cameras: 0, files: 0, findings: 0 });
  });

  it('names a file that is gone, shorter, longer or changed, and leaves each as it is', async () => {
    const [gone, short, long, changed] = (await record('gate', 8)) as [SegmentRecord, SegmentRecord, SegmentRecord, SegmentRecord];
    await rm(at(gone));
    await truncate(at(short), short.bytes - 1);
    await appendFile(at(long), 'x');
    const bytes = await readFile(at(changed));
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(at(changed), bytes);
    expect((await check()).kinds).toEqual(['file-missing', 'file-short', 'file-long']);
    const { found, kinds } = await check({ hashes: true, repair: true });
    expect(kinds).toEqual(['file-missing', 'file-short', 'file-long', 'file-changed']);
    expect(found[1]).toMatchObject({ camera: 'gate', root, path: short.path, startMs: short.startMs, detail: `${short.bytes - 1} bytes instead of ${short.bytes}` });
    expect((await readFile(at(changed))).equals(bytes)).toBe(true);
    expect(await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER)).toHaveLength(4);
  });

  it('gives a row to a file that has none, cut back to its whole fragments; one without any is set aside, and one that is being written left alone', async () => {
    const files = await record('gate', 10);
    await database.deleteFrom('recorder_segment').where('start_ms', 'in', [files[1]!.startMs, files[2]!.startMs, files[4]!.startMs]).execute();
    await truncate(at(files[2]!), files[2]!.bytes - 10);
    await age(files[2]!);
    await utimes(at(files[4]!), new Date(), new Date());
    const noise = path.join(path.dirname(at(files[0]!)), `${startMs - 5_000}-r0.mp4`);
    await writeFile(noise, Buffer.alloc(20_000, 7));
    await utimes(noise, new Date(startMs), new Date(startMs));
    const before = await check();
    expect(before.kinds).toEqual(['file-damaged', 'row-missing', 'row-missing', 'time-unexplained']);
    expect(before.found.map(({ detail }) => detail)).toEqual([undefined, '4 whole fragments', expect.stringMatching(/^3 whole fragments, and \d+ bytes of a torn one$/), 'a file is missing: the next one went on where it ended']);
    expect(before.recent).toBe(1);
    const after = await check({ repair: true, hashes: true });
    expect(after.kinds).toEqual(['file-damaged', 'row-missing repaired', 'row-missing repaired', 'time-unexplained repaired']);
    const { fragments: _, ...file } = files[1]!;
    expect((await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER))[1]).toMatchObject({ ...file, flags: 1 });
    expect(await catalog.gapsBetween('gate', 0, Number.MAX_SAFE_INTEGER)).toEqual([{ camera: 'gate', startMs: files[2]!.startMs + 1_500, endMs: files[3]!.startMs, cause: 'unknown', detail: expect.stringContaining('found by fsck') }]);
    // What was set aside is a stranger from then on.
    expect((await check({ hashes: true })).kinds).toEqual(['leftover']);
  });

  it('finds time that nothing explains, and not that which a gap or a deletion does', async () => {
    await record('gate', 4);
    await record('gate', 4, startMs + 10_000);
    await record('gate', 4, startMs + 20_000);
    await catalog.save([], [{ camera: 'gate', startMs: startMs + 4_000, endMs: startMs + 10_000, cause: 'network', detail: 'cut' }, { camera: 'gate', startMs: startMs + 16_000, endMs: startMs + 17_000, cause: 'camera', detail: 'reboot' }]);
    expect((await check()).found).toEqual([
      { kind: 'time-unexplained', camera: 'gate', startMs: startMs + 14_000, endMs: startMs + 16_000, detail: 'nothing is known of this time', repaired: false },
      { kind: 'time-unexplained', camera: 'gate', startMs: startMs + 17_000, endMs: startMs + 20_000, detail: 'nothing is known of this time', repaired: false },
    ]);
    expect((await check({ repair: true })).repaired).toBe(2);
    expect((await check()).kinds).toEqual([]);
  });

  it('knows files that were erased, and tells of those that are there nevertheless', async () => {
    const [first, second, third] = (await record('gate', 6)) as [SegmentRecord, SegmentRecord, SegmentRecord];
    for (const [id, file, done] of [[1, first, 1], [2, second, 1], [3, third, 0]] as const) {
      await database.insertInto('recorder_deletion').values({ id, seq: id, camera: 'gate', from_ms: file.startMs, to_ms: file.endMs, files: 1, bytes: file.bytes, reason: 'duty', at_ms: startMs, done }).execute();
      await database.updateTable('recorder_segment').set({ deletion: id }).where('start_ms', '=', file.startMs).execute();
    }
    await rm(at(first));
    const { found } = await check({ repair: true });
    expect(found).toMatchObject([{ kind: 'erased-present', path: second.path, repaired: false }]);
  });

  it('mends a row whose fragments are wrong, and gives a file without a leaf its place in the next seal', async () => {
    const [first, second] = await record('gate', 4);
    await database.updateTable('recorder_segment').set({ fragments: Buffer.alloc(8) }).where('start_ms', '=', first!.startMs).execute();
    await database.deleteFrom('recorder_leaf').where('start_ms', '=', second!.startMs).execute();
    expect((await check({ repair: true })).kinds).toEqual(['row-damaged repaired', 'never-sealed repaired']);
    expect((await check({ hashes: true })).kinds).toEqual([]);
    expect((await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER))[0]).toEqual(first);
  });

  it('makes a lost index anew from the disk alone', async () => {
    const files = [...(await record('gate')), ...(await record('yard', 10))];
    await store[Symbol.asyncDispose]();
    await rm(path.join(folder, 'state'), { recursive: true });
    await openStore();
    const { kinds, findings, repaired } = await check({ repair: true });
    expect([new Set(kinds), findings, repaired]).toEqual([new Set(['row-missing repaired']), files.length, files.length]);
    const rows = [...(await catalog.segmentsBetween('gate', 0, Number.MAX_SAFE_INTEGER)), ...(await catalog.segmentsBetween('yard', 0, Number.MAX_SAFE_INTEGER))];
    expect(rows.map(({ flags: _, ...row }) => row)).toEqual(files.map(({ flags: _, ...file }) => file));
    expect((await check({ hashes: true })).kinds).toEqual([]);
  });

  it('counts what is on a disk that is not mounted, and calls nothing of it lost', async () => {
    await record('gate', 4);
    const other = path.join(folder, 'other');
    await rename(root, `${root}-pulled`);
    const warnings: string[] = [];
    expect(await check({ config: { disks: [{ path: root }, { path: other }] }, repair: true, warning: (message) => void warnings.push(message) })).toMatchObject({ files: 0, away: 2, findings: 0 });
    expect(warnings).toEqual([expect.stringContaining('is not there now')]);
  });

  it('ends at once when it is told to', async () => {
    await record('gate', 4);
    await expect(check({ signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('files whose names are rounded into the next day are still theirs', async () => {
    const files = await record('gate', 2, Date.parse('2026-11-24T00:00:00Z') - 0.4);
    expect(files[0]?.path).toBe(segmentPath('gate', Date.parse('2026-11-24T00:00:00Z') - 0.4, 'r1'));
    expect((await check({ hashes: true })).kinds).toEqual([]);
  });
});
