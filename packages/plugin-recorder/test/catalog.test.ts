// The index on the embedded store.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { segmentFlags, type SegmentRecord } from '../src/segment/segment-record.ts';

let folder = '';
let store: SqliteStore;
let catalog: Catalog;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-catalog-'));
  store = await SqliteStore.create(folder);
  catalog = new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations));
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const minute = (start: number, camera = 'gate'): SegmentRecord => ({
  camera, run: 'r', path: `${camera}/${start}.mp4`, startMs: start * 60_000, endMs: (start + 1) * 60_000, bytes: 1000, initBytes: 700, sha256: 'ab'.repeat(32), codecs: 'avc1.4d401e',
  fragments: [{ length: 300, durationTicks: 45_000, key: true }], flags: 0, ...(start === 1 && { cameraOffsetMs: -1_500 }),
});

describe('catalog', () => {
  it('gives back what it was given, by camera and range', async () => {
    await catalog.save([minute(0), minute(1), minute(2), minute(1, 'library')], []);
    expect(await catalog.segmentsBetween('gate', 60_000, 120_000)).toEqual([minute(1)]);
    expect((await catalog.segmentsBetween('gate', 59_999, 120_001)).map((segment) => segment.startMs)).toEqual([0, 60_000, 120_000]);
    expect(await catalog.endOfFootage('gate')).toEqual({ startMs: 120_000, endMs: 180_000 });
    expect(await catalog.endOfFootage('nowhere')).toBeUndefined();
  });

  it('finds a long file that began before the range, also where the clock was set back since', async () => {
    const long = { ...minute(0), endMs: 90 * 60_000 };
    await catalog.save([long, ...Array.from({ length: 14 }, (_, index) => minute(20 + index)), minute(100)], [{ camera: 'gate', startMs: 10, endMs: 5_000_000, cause: 'network', detail: 'cut' }]);
    expect(await catalog.segmentsBetween('gate', 60 * 60_000, 61 * 60_000)).toEqual([long]);
    expect((await catalog.timeline('gate', 60 * 60_000, 61 * 60_000)).recorded).toEqual([{ startMs: 60 * 60_000, endMs: 61 * 60_000 }]);
    expect(await catalog.gapsBetween('gate', 4_000_000, 4_000_001)).toHaveLength(1);
    expect(await catalog.segmentsBetween('gate', 95 * 60_000, 96 * 60_000)).toEqual([]);
  });

  it('saving again changes nothing', async () => {
    await catalog.save([minute(0)], []);
    await catalog.save([{ ...minute(0), sha256: '00'.repeat(32) }], []);
    expect(await catalog.segmentsBetween('gate', 0, 60_000)).toEqual([minute(0)]);
  });

  it('joins files that touch into stretches, cut to the range', async () => {
    await catalog.save([minute(0), minute(1), minute(5)], []);
    expect((await catalog.timeline('gate', 30_000, 330_000)).recorded).toEqual([{ startMs: 30_000, endMs: 120_000 }, { startMs: 300_000, endMs: 330_000 }]);
  });

  it('a gap gets its end under its start', async () => {
    await catalog.save([minute(0)], [{ camera: 'gate', startMs: 60_000, cause: 'network', detail: 'cut' }]);
    expect(await catalog.gapsBetween('gate', 90_000, 91_000)).toEqual([{ camera: 'gate', startMs: 60_000, cause: 'network', detail: 'cut' }]);
    await catalog.save([], [{ camera: 'gate', startMs: 60_000, endMs: 80_000, cause: 'network', detail: 'cut' }]);
    expect(await catalog.gapsBetween('gate', 0, 100_000)).toEqual([{ camera: 'gate', startMs: 60_000, endMs: 80_000, cause: 'network', detail: 'cut' }]);
    expect(await catalog.gapsBetween('gate', 80_000, 100_000)).toEqual([]);
  });

  it('knows the newest gap, however old, and what of it was filled', async () => {
    const gap = { camera: 'gate', startMs: 60_000, endMs: 180_000, cause: 'network' as const, detail: 'cut' };
    await catalog.save([minute(0), { ...minute(2), flags: segmentFlags.edge }, minute(3), minute(99)], [{ ...gap, startMs: 0, endMs: 10 }, gap]);
    expect(await catalog.lastGap('gate')).toEqual({ ...gap, filled: [{ startMs: 120_000, endMs: 180_000 }] });
    await catalog.save([], [{ camera: 'gate', startMs: 6_000_000, cause: 'camera', detail: 'off' }]);
    expect(await catalog.lastGap('gate')).toEqual({ camera: 'gate', startMs: 6_000_000, cause: 'camera', detail: 'off' });
    expect(await catalog.lastGap('nowhere')).toBeUndefined();
  });

  it('a gap whose end a crash took with it ends where footage begins again, or goes on as the new one with its first cause', async () => {
    await catalog.save([minute(0)], [{ camera: 'gate', startMs: 60_000, cause: 'network', detail: 'cut' }]);
    await catalog.save([], [{ camera: 'gate', startMs: 60_003, cause: 'recorder', detail: 'died' }]);
    expect(await catalog.gapsBetween('gate', 0, 1e9)).toEqual([{ camera: 'gate', startMs: 60_003, cause: 'network', detail: 'cut' }]);
    await catalog.save([minute(3)], [{ camera: 'gate', startMs: 240_000, cause: 'recorder', detail: 'died' }]);
    expect(await catalog.gapsBetween('gate', 0, 1e9)).toEqual([
      { camera: 'gate', startMs: 60_003, endMs: 180_000, cause: 'network', detail: 'cut' },
      { camera: 'gate', startMs: 240_000, cause: 'recorder', detail: 'died' },
    ]);
  });

  it('a camera that was never recorded has the start of its open gap for the end of its footage', async () => {
    await catalog.save([], [{ camera: 'gate', startMs: 5_000, cause: 'network', detail: 'off' }]);
    expect(await catalog.endOfFootage('gate')).toEqual({ endMs: 5_000 });
  });
});
