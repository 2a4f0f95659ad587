// The segment writer on disks that are full, slow or read-only.
import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingDisk } from '../src/disks/recording-disk.ts';
import { boundedFileSystem } from '../src/segment/bounded-file-system.ts';
import { initSegment } from '../src/fmp4/init-segment.ts';
import { scanFile } from '../src/fmp4/scan-file.ts';
import type { Fragment, RunStart } from '../src/ingest/ingest-engine.ts';
import { diskFileSystem, type RecordingFile, type RecordingFileSystem } from '../src/segment/file-system.ts';
import { packFragmentTable, unpackFragmentTable } from '../src/segment/fragment-table.ts';
import { GapLedger } from '../src/segment/gap-ledger.ts';
import { recoverSegments } from '../src/segment/recover.ts';
import { cameraFolder, parseSegmentName, segmentPath } from '../src/segment/segment-path.ts';
import type { GapRecord, SegmentRecord, WrittenFragment } from '../src/segment/segment-record.ts';
import { SegmentWriter, type DiskProblem, type SegmentWriterOptions } from '../src/segment/segment-writer.ts';
import { MemorySink } from './support/memory-sink.ts';
import { parameterSets } from './support/picture-stream.ts';
import { until } from './support/running-recorder.ts';
import { syntheticFragments } from './support/synthetic-fragments.ts';

const startMs = Date.UTC(2026, 10, 23, 23, 59, 30);
const tracks = [{ kind: 'video', codec: 'h264', timescale: 90_000, width: 640, height: 360, sps: [parameterSets.large.sps], pps: [parameterSets.large.pps] }] as const;
const runStart: RunStart = { run: 'r1', tracks, init: initSegment(tracks), codecs: 'avc1.4d401e' };
let root = '';
let nowMs = 0;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'wanglou-segments-'));
  nowMs = startMs;
});
afterEach(() => rm(root, { recursive: true, force: true }));

function writerOn(fileSystem: RecordingFileSystem, options: Partial<SegmentWriterOptions> = {}) {
  const seen = { written: [] as WrittenFragment[], closed: [] as SegmentRecord[], lost: [] as DiskProblem[], abandoned: [] as number[], recovered: 0 };
  const writer = new SegmentWriter({
    camera: 'gate', disk: { id: 'one', root }, fileSystem, segmentMs: 60_000, sync: 'fragment', queueBytes: 1024 * 1024, retryMs: 1_000, now: () => nowMs, ...options,
    events: {
      written: (fragment) => void seen.written.push(fragment), closed: (segment) => void seen.closed.push(segment),
      lost: (problem) => void seen.lost.push(problem), recovered: () => void (seen.recovered += 1), abandoned: (_disk, fromMs) => void seen.abandoned.push(fromMs),
    },
  });
  writer.run(runStart);
  return { writer, seen };
}

/** A disk that breaks when told, possibly in the middle of a write. */
function brittleDisk(): RecordingFileSystem & { fault: string | undefined; hold: Promise<void> | undefined; readonly waiting: number } {
  const disk = {
    fault: undefined as string | undefined,
    hold: undefined as Promise<void> | undefined,
    waiting: 0,
    async create(base: RecordingDisk, relative: string): Promise<RecordingFile> {
      if (disk.fault !== undefined) throw Object.assign(new Error(disk.fault), { code: disk.fault });
      const file = await diskFileSystem.create(base, relative);
      return {
        async append(chunks, bytes) {
          disk.waiting += 1;
          await disk.hold;
          disk.waiting -= 1;
          if (disk.fault === undefined) return file.append(chunks, bytes);
          const half = Buffer.concat(chunks as Uint8Array[]).subarray(0, bytes >> 1);
          await file.append([half], half.length);
          throw Object.assign(new Error(disk.fault), { code: disk.fault });
        },
        sync: () => file.sync(), truncate: (bytes) => file.truncate(bytes), close: () => file.close(),
      };
    },
    remove: (base: RecordingDisk, relative: string) => diskFileSystem.remove(base, relative),
  };
  return disk;
}

describe('segment writer', { timeout: 20_000 }, () => {
  it('names files by UTC day and hour, begins a new one at the first keyframe after the time, and hashes what is in them', async () => {
    const { writer, seen } = writerOn(diskFileSystem);
    for (const fragment of syntheticFragments({ startMs, count: 140, group: 4 })) await writer.fragment(fragment);
    await writer.close();
    expect(seen.closed.map((segment) => [segment.path, segment.endMs - segment.startMs, segment.fragments.length])).toEqual([
      [`gate/2026-11-23/23/${startMs}-r1.mp4`, 60_000, 120],
      [`gate/2026-11-24/00/${startMs + 60_000}-r1.mp4`, 10_000, 20],
    ]);
    for (const segment of seen.closed) {
      const bytes = await readFile(path.join(root, segment.path));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(segment.sha256);
    }
  });

  it.each([['ENOSPC', 'DISK_FULL'], ['EROFS', 'DISK_READ_ONLY'], ['EIO', 'DISK_FAILED']])('%s: the file keeps its whole fragments, the loss is told as %s, and recording goes on when the disk does', async (fault, code) => {
    const disk = brittleDisk();
    const { writer, seen } = writerOn(disk);
    const fragments = [...syntheticFragments({ startMs, count: 24, group: 4 })];
    for (const fragment of fragments.slice(0, 6)) await writer.fragment(fragment);
    disk.fault = fault;
    for (const fragment of fragments.slice(6, 14)) {
      nowMs += 500;
      await writer.fragment(fragment);
    }
    expect(seen.lost[0]).toMatchObject({ code });
    expect(seen.closed).toHaveLength(1);
    const bytes = await readFile(path.join(root, seen.closed[0]?.path ?? ''));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(seen.closed[0]?.sha256);
    disk.fault = undefined;
    for (const fragment of fragments.slice(14)) {
      nowMs += 500;
      await writer.fragment(fragment);
    }
    await writer.close();
    expect(seen.recovered).toBe(1);
    expect(seen.written.map((fragment) => fragment.startMs)).toEqual([...fragments.slice(0, 6), ...fragments.slice(16)].map((fragment) => fragment.startMs));
    expect(seen.written[6]?.key).toBe(true);
  });

  it('where another disk may take over, what waits is kept for it, and goes on there at the next keyframe', async () => {
    const disk = brittleDisk();
    const other = path.join(root, 'other');
    const { writer, seen } = writerOn(disk, { mayMove: true });
    const fragments = [...syntheticFragments({ startMs, count: 16, group: 4 })];
    for (const fragment of fragments.slice(0, 6)) await writer.fragment(fragment);
    disk.fault = 'EIO';
    await writer.fragment(fragments[6]!);
    const waiting = fragments.slice(7, 12).map((fragment) => writer.fragment(fragment));
    disk.fault = undefined;
    writer.move({ id: 'two', root: other });
    await Promise.all(waiting);
    for (const fragment of fragments.slice(12)) await writer.fragment(fragment);
    await writer.close();
    expect([seen.lost.map(({ code }) => code), seen.recovered]).toEqual([['DISK_FAILED'], 1]);
    expect(seen.written.map((fragment) => [(fragment.startMs - startMs) / 500, fragment.root])).toEqual([...[0, 1, 2, 3, 4, 5].map((index) => [index, root]), ...[8, 9, 10, 11, 12, 13, 14, 15].map((index) => [index, other])]);
    expect(seen.closed.map((segment) => [segment.disk, segment.fragments.length])).toEqual([['one', 6], ['two', 8]]);
  });

  it('where no other disk takes over, nothing piles up while all are full', async () => {
    const disk = brittleDisk();
    const { writer, seen } = writerOn(disk, { mayMove: true });
    const fragments = [...syntheticFragments({ startMs, count: 60, group: 4 })];
    await writer.fragment(fragments[0]!);
    disk.fault = 'ENOSPC';
    const settled: Promise<void>[] = [];
    for (const fragment of fragments.slice(1, 40)) {
      settled.push(writer.fragment(fragment));
      // Until the second attempt has failed there is hope.
      await until(() => (nowMs - startMs < 2_000 ? seen.lost.length > 0 : writer.queuedBytes === 0), 'the queue');
      nowMs += 500;
    }
    await Promise.all(settled);
    expect([writer.queuedBytes, new Set(seen.lost.map(({ code }) => code))]).toEqual([0, new Set(['DISK_FULL'])]);
    disk.fault = undefined;
    for (const fragment of fragments.slice(40)) await writer.fragment(fragment);
    await writer.close();
    expect(seen.written.at(-1)?.startMs).toBe(fragments.at(-1)?.startMs);
  });

  it('a disk that hangs is left at once; its file comes into the index when it answers again', async () => {
    const disk = brittleDisk();
    const time = { nowMs: 0, tick: (): void => {} };
    const { writer, seen } = writerOn(boundedFileSystem(disk, { deadlineMs: 10_000, elapsed: () => time.nowMs, every: (_periodMs, task) => ((time.tick = task), () => {}) }), { mayMove: true });
    const fragments = [...syntheticFragments({ startMs, count: 12, group: 4 })];
    for (const fragment of fragments.slice(0, 4)) await writer.fragment(fragment);
    let answer = (): void => {};
    disk.hold = new Promise((resolve) => (answer = resolve));
    const waiting = fragments.slice(4).map((fragment) => writer.fragment(fragment));
    await until(() => disk.waiting === 1, 'the write that hangs');
    time.nowMs = 11_000;
    time.tick();
    await until(() => seen.lost.length === 1, 'the loss');
    expect([seen.lost[0]?.code, seen.abandoned, seen.closed]).toEqual(['DISK_HANGS', [startMs], []]);
    disk.hold = undefined;
    writer.move({ id: 'two', root: path.join(root, 'other') });
    await Promise.all(waiting.slice(1));
    // Its memory is still the kernel's.
    expect(await Promise.race([waiting[0]!.then(() => 'settled'), Promise.resolve('held')])).toBe('held');
    answer();
    await waiting[0];
    await writer.close();
    await until(() => seen.closed.length === 2, 'the file that was left');
    expect(seen.closed.map((segment) => [segment.disk, segment.fragments.length])).toEqual(expect.arrayContaining([['one', 4], ['two', 4]]));
    for (const segment of seen.closed) expect(createHash('sha256').update(await readFile(path.join(segment.disk === 'one' ? root : path.join(root, 'other'), segment.path))).digest('hex')).toBe(segment.sha256);
  });

  it('a slow disk costs whole groups of pictures, never more memory than allowed', async () => {
    const disk = brittleDisk();
    let release = (): void => {};
    disk.hold = new Promise((resolve) => {
      release = resolve;
    });
    const fragments = [...syntheticFragments({ startMs, count: 40, group: 4, bytes: 10_000 })];
    const size = fragments[0]?.bytes ?? 0;
    const { writer, seen } = writerOn(disk, { queueBytes: size * 6 });
    const settled = fragments.slice(0, 30).map((fragment) => writer.fragment(fragment));
    expect(writer.queuedBytes).toBeLessThanOrEqual(size * 6);
    release();
    await Promise.all(settled);
    for (const fragment of fragments.slice(30)) await writer.fragment(fragment);
    await writer.close();
    expect(seen.lost.map((problem) => problem.code)).toEqual(['DISK_SLOW']);
    expect(seen.written.map((fragment) => (fragment.startMs - startMs) / 500)).toEqual([0, 1, 2, 3, 4, 5, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(seen.closed).toHaveLength(2);
  });

  it('a fragment that does not start with a keyframe opens no file', async () => {
    const { writer, seen } = writerOn(diskFileSystem);
    const [, second] = [...syntheticFragments({ startMs, count: 2, group: 4 })];
    await writer.fragment(second as Fragment);
    await writer.close();
    expect(seen.written).toEqual([]);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('recovery', { timeout: 20_000 }, () => {
  it('cuts a torn tail at any byte, and gives the row with hash, times and fragments', async () => {
    const { writer, seen } = writerOn(diskFileSystem);
    for (const fragment of syntheticFragments({ startMs, count: 8, group: 4 })) await writer.fragment(fragment);
    await writer.close();
    const [whole] = seen.closed;
    if (whole === undefined) throw new Error('nothing was written');
    const file = path.join(root, whole.path);
    const bytes = await readFile(file);
    const ends = [whole.initBytes];
    for (const fragment of whole.fragments) ends.push((ends.at(-1) ?? 0) + fragment.length);
    for (const length of [bytes.length, bytes.length - 1, (ends[5] ?? 0) + 3, (ends[5] ?? 0) + 200, ends[4] ?? 0, (ends[1] ?? 0) + 7]) {
      await writeFile(file, bytes.subarray(0, length));
      const found = await recoverSegments({ disk: { id: 'one', root }, camera: 'gate', afterMs: -1 });
      const kept = ends.filter((end) => end <= length).length - 1;
      expect(found.segments).toMatchObject([{ run: 'r1', startMs, endMs: startMs + kept * 500, flags: 1, codecs: 'avc1.4d401e', bytes: ends[kept] }]);
      expect(found.segments[0]?.fragments).toEqual(whole.fragments.slice(0, kept));
      expect(found.tornBytes).toBe(length - (ends[kept] ?? 0));
      const after = await readFile(file);
      expect(createHash('sha256').update(after).digest('hex')).toBe(found.segments[0]?.sha256);
    }
    await truncate(file, whole.initBytes - 1);
    expect(await recoverSegments({ disk: { id: 'one', root }, camera: 'gate', afterMs: -1 })).toMatchObject({ segments: [], removed: [whole.path] });
  });

  it('leaves alone what the index knows, and files that are not recordings', async () => {
    const { writer } = writerOn(diskFileSystem, { segmentMs: 2_000 });
    for (const fragment of syntheticFragments({ startMs, count: 12, group: 4 })) await writer.fragment(fragment);
    await writer.close();
    await mkdir(path.join(root, 'gate/2026-11-23/23'), { recursive: true });
    await writeFile(path.join(root, 'gate/2026-11-23/23/notes.mp4'), 'x');
    const found = await recoverSegments({ disk: { id: 'one', root }, camera: 'gate', afterMs: startMs });
    expect(found.segments.map((segment) => segment.startMs)).toEqual([startMs + 2_000, startMs + 4_000]);
    expect(await recoverSegments({ disk: { id: 'one', root }, camera: 'nobody', afterMs: -1 })).toMatchObject({ segments: [] });
  });

  it('files of noise, and files with one wrong byte, never disturb the scan', async () => {
    const sink = new MemorySink();
    for (const fragment of syntheticFragments({ startMs, count: 4, group: 4, bytes: 300 })) await sink.fragment(fragment);
    const good = Buffer.concat([runStart.init, ...sink.fragments.map((fragment) => fragment.bytes)]);
    const file = path.join(root, 'noise.mp4');
    for (let seed = 0; seed < 80; seed += 1) {
      const bytes = Buffer.from(good);
      bytes[(seed * 7919) % bytes.length] = (seed * 31) & 0xff;
      await writeFile(file, bytes);
      const handle = await open(file, 'r');
      const scan = await scanFile(handle);
      await handle.close();
      expect(scan.validBytes + scan.tornBytes).toBe(bytes.length);
      expect(scan.fragments.every((fragment) => fragment.offset + fragment.length <= bytes.length)).toBe(true);
    }
  });
});

describe('names and tables', () => {
  it('no camera id leaves the root', () => {
    expect(cameraFolder('east-gate')).toBe('east-gate');
    expect(cameraFolder('../../etc')).toBe('~2e~2e~2f~2e~2e~2fetc');
    expect(cameraFolder('东门')).toBe('~e4~b8~9c~e9~97~a8');
    expect(segmentPath('a/b', startMs, 'r1')).toBe(`a~2fb/2026-11-23/23/${startMs}-r1.mp4`);
    expect(parseSegmentName(`${startMs}-r1.mp4`)).toEqual({ startMs, run: 'r1' });
    expect(parseSegmentName('../1-r.mp4')).toBeUndefined();
  });

  it('the fragment table comes back as it was, whatever is in it, and takes some four bytes a fragment', () => {
    const entry = fc.record({ length: fc.integer({ min: 0, max: 0xffffffff }), durationTicks: fc.integer({ min: 0, max: 0x7fffffff }), key: fc.boolean() });
    fc.assert(fc.property(fc.array(entry, { maxLength: 50 }), fc.nat({ max: 40 }), (table, cut) => {
      const packed = packFragmentTable(table);
      expect(unpackFragmentTable(packed)).toEqual(table);
      // What is cut off costs whole entries, and the others stay.
      const left = unpackFragmentTable(packed.subarray(0, Math.max(0, packed.length - cut)));
      expect(left).toEqual(table.slice(0, left.length));
    }));
    const usual = Array.from({ length: 120 }, (_, index) => ({ length: 180_000 + index * 100, durationTicks: 44_999 + (index % 3), key: index % 4 === 0 }));
    expect(packFragmentTable(usual).length).toBeLessThan(120 * 4 + 4);
  });
});

describe('gap ledger', () => {
  it('every moment without footage has one cause: the first', () => {
    const gaps: GapRecord[] = [];
    const ledger = new GapLedger('gate', 1_000, (gap) => void gaps.push(gap));
    ledger.interrupt('recorder', 'was not running', 9_999);
    ledger.interrupt('network', 'no connection', 9_999);
    ledger.covered(5_000, 5_500);
    ledger.covered(5_500, 6_000);
    ledger.covered(6_900, 7_400);
    expect(gaps).toEqual([
      { camera: 'gate', startMs: 1_000, cause: 'recorder', detail: 'was not running' },
      { camera: 'gate', startMs: 1_000, endMs: 5_000, cause: 'recorder', detail: 'was not running' },
      { camera: 'gate', startMs: 6_000, endMs: 6_900, cause: 'unknown', detail: 'no frames arrived' },
    ]);
  });

  it('joins losses that follow each other', () => {
    const gaps: GapRecord[] = [];
    const ledger = new GapLedger('gate', undefined, (gap) => void gaps.push(gap));
    ledger.missing(1_000, 1_500, 'network', '1 packet');
    ledger.missing(1_500, 2_000, 'network', '2 packets');
    ledger.missing(9_000, 9_500, 'network', '1 packet');
    expect(gaps.map((gap) => [gap.startMs, gap.endMs])).toEqual([[1_000, 1_500], [1_000, 2_000], [9_000, 9_500]]);
  });
});
