// Erasing after retention: the entry first, then the mark, then the file; and no hold, no floor and no failure in between loses a file too early.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Hold, RetentionTerm } from '@wanglou/core';
import { SqliteStore } from '@wanglou/store-sqlite';
import fc from 'fast-check';
import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { HoldBook } from '../src/holds/hold-book.ts';
import { RetentionBook } from '../src/retention/retention-book.ts';
import { SweepClock } from '../src/retention/sweep-clock.ts';
import { Sweeper, type DeletionEntry, type SweeperOptions } from '../src/retention/sweeper.ts';
import { Turns } from '../src/turns.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
const now = Date.UTC(2026, 10, 23, 8);

let folder = '';
let store: SqliteStore;
let database: Kysely<RecorderTables>;
let catalog: Catalog;
let book: RetentionBook;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-sweeper-'));
  store = await SqliteStore.create(folder);
  database = await store.open<RecorderTables>('recorder', recorderMigrations);
  [catalog, book] = [new Catalog(database), new RetentionBook(database)];
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const hashOf = (camera: string, startMs: number): string => Buffer.from(`${camera} ${startMs}`.padEnd(32, '.')).toString('hex');
/** A file of a minute that ended so many days ago. */
const file = (daysAgo: number, minute = 0, camera = 'gate'): SegmentRecord => {
  const startMs = now - daysAgo * dayMs - minuteMs + minute * minuteMs;
  return { camera, run: 'r', path: `${camera}/${startMs}.mp4`, startMs, endMs: startMs + minuteMs, bytes: 1000, initBytes: 700, sha256: hashOf(camera, startMs), codecs: 'avc1', fragments: [{ length: 300, durationTicks: 1, key: true }], flags: 0 } as SegmentRecord;
};
const hold = (id: string, over: Partial<Hold>): Hold => ({ id, cameras: ['gate'], fromMs: 0, toMs: now, reason: '案件', placedBy: 'head', placedMs: now, state: 'in-force', ...over });

/** A sweeper over the tables, with what it did. */
async function makeSweeper(options: Partial<SweeperOptions> & { readonly term?: (camera: string) => RetentionTerm | undefined } = {}) {
  const seen = { entries: [] as DeletionEntry[], removed: [] as string[], kept: [] as string[], failed: [] as unknown[], ended: [] as string[], ahead: 0, refused: false };
  const holds = options.holds ?? (await HoldBook.load(database));
  const sweeper = new Sweeper({
    book, holds, turns: new Turns(), clock: new SweepClock({ seenMs: now, highestMs: now, wrongTimes: [] }), now: () => now, elapsed: () => 0, signal: new AbortController().signal,
    termOf: options.term ?? (() => ({ floorDays: 30, eraseAfterDays: 90 })),
    judge: async () => ({ permitted: !seen.refused, rule: 'p-erase', pack: 'p@1', packSha256: 'ab' }),
    record: async (entry) => ({ seq: seen.entries.push(entry) - 1 }),
    remove: async ({ path: name }) => void seen.removed.push(name),
    needsRoom: async () => false,
    ...options,
    events: {
      deleted: () => {},
      kept: async (_deletion, files) => void seen.kept.push(...files.map(({ path: name }) => name)),
      ended: async ({ id }) => void seen.ended.push(id),
      ahead: () => void (seen.ahead += 1),
      failed: (error) => void seen.failed.push(error),
    },
  });
  return { sweeper, holds, seen };
}
const allOf = (camera: string) => database.selectFrom('recorder_segment').select('path').where('camera', '=', camera).where('deletion', 'is', null).orderBy('start_ms').execute();

describe('the sweeper', () => {
  it('erases what is due by the duty to delete, with the hash of each file in the log, and leaves the rest', async () => {
    const files = [file(91), file(90), file(89), file(31), file(1)];
    await catalog.save(files, []);
    const { sweeper, seen } = await makeSweeper();
    await sweeper.sweep();
    expect(seen.failed).toEqual([]);
    expect(seen.removed).toEqual([files[0]!.path, files[1]!.path]);
    expect(seen.entries).toMatchObject([{ camera: 'gate', reason: 'duty', rule: 'p-erase', pack: 'p@1', files: [{ sha256: files[0]!.sha256 }, { sha256: files[1]!.sha256 }] }]);
    expect(await allOf('gate')).toHaveLength(3);
    // The row stays, and the time is neither recorded nor a gap.
    const { recorded, gaps, deleted } = await catalog.timeline('gate', now - 100 * dayMs, now - 89.5 * dayMs);
    expect({ recorded, gaps }).toEqual({ recorded: [], gaps: [] });
    expect(deleted).toEqual([{ startMs: files[0]!.startMs, endMs: files[0]!.endMs }, { startMs: files[1]!.startMs, endMs: files[1]!.endMs }]);
  });

  it('erases nothing where the pack has no duty, no retention, or forbids it', async () => {
    await catalog.save([file(400)], []);
    for (const term of [() => ({ floorDays: 30 }), () => undefined]) {
      const { sweeper, seen } = await makeSweeper({ term });
      await sweeper.sweep();
      expect(seen.entries).toEqual([]);
    }
    const { sweeper, seen } = await makeSweeper();
    seen.refused = true;
    await sweeper.sweep();
    expect([seen.entries, seen.removed, seen.failed]).toEqual([[], [], []]);
  });

  it('keeps cameras apart: each by its own term', async () => {
    await catalog.save([file(50, 0, 'gate'), file(50, 0, 'yard')], []);
    const { sweeper, seen } = await makeSweeper({ term: (camera) => (camera === 'gate' ? { floorDays: 30, eraseAfterDays: 60 } : { floorDays: 30, eraseAfterDays: 45 }) });
    await sweeper.sweep();
    expect(seen.entries.map(({ camera }) => camera)).toEqual(['yard']);
  });

  it('makes room with the oldest footage past its floor, over all cameras, and never within it', async () => {
    const files = [file(60, 0, 'yard'), file(59), file(58, 0, 'yard'), file(29), file(2, 0, 'yard')];
    await catalog.save(files, []);
    let room = 0;
    const first = await makeSweeper({ term: () => ({ floorDays: 30 }), needsRoom: async () => room++ < 1 });
    await first.sweeper.sweep();
    // Fifteen files of the camera with the oldest one.
    expect(first.seen.removed).toEqual([files[0]!.path, files[2]!.path]);
    const second = await makeSweeper({ term: () => ({ floorDays: 30 }), needsRoom: async () => true });
    await second.sweeper.sweep();
    expect(second.seen.removed).toEqual([files[1]!.path]);
    expect(second.seen.entries).toMatchObject([{ reason: 'room' }]);
  });

  it('keeps what is held, whatever touches it, and erases it in the sweep after the hold is over', async () => {
    const files = [file(100), file(99), file(98)];
    await catalog.save(files, []);
    const { sweeper, holds, seen } = await makeSweeper();
    await holds.place(hold('h', { fromMs: files[1]!.endMs - 1, toMs: files[1]!.endMs }));
    await sweeper.sweep();
    expect(seen.removed).toEqual([files[0]!.path, files[2]!.path]);
    await book.lookAgain(['gate'], files[1]!.endMs - 1);
    await holds.change(holds.get('h')!, { state: 'lifted' });
    await sweeper.sweep();
    expect(seen.removed).toEqual([files[0]!.path, files[2]!.path, files[1]!.path]);
  });

  it('a hold that comes while the entry is written waits for it, and one that came before is seen', async () => {
    await catalog.save([file(100), file(99)], []);
    const turns = new Turns();
    const order: string[] = [];
    const { sweeper, holds, seen } = await makeSweeper({
      turns,
      record: async () => {
        void turns.take(async () => holds.place(hold('late', {}))).then(() => order.push('held'));
        return { seq: 7 };
      },
      remove: async () => void order.push('removed'),
    });
    await sweeper.sweep();
    await turns.take(async () => {});
    expect(order).toEqual(['removed', 'removed', 'held']);
    expect(seen.failed).toEqual([]);
  });

  it('knows how much is held, whatever overlaps', async () => {
    const { holds } = await makeSweeper();
    for (const [id, fromMs, toMs] of [['a', 10, 20], ['b', 15, 30], ['c', 40, 50], ['d', 90, 95]] as const) await holds.place(hold(id, { fromMs, toMs }));
    expect([holds.heldMs('gate', 0, 100), holds.heldMs('gate', 18, 45), holds.heldMs('gate', 30, 40), holds.heldMs('yard', 0, 100), holds.heldMs('gate', 50, 10)]).toEqual([35, 17, 0, 0, 0]);
  });

  it('ends holds by their end, and erases then', async () => {
    await catalog.save([file(100)], []);
    const { sweeper, holds, seen } = await makeSweeper();
    await holds.place(hold('over', { endsMs: now }));
    await holds.place(hold('later', { cameras: ['yard'], endsMs: now + 1 }));
    await sweeper.sweep();
    expect(seen.ended).toEqual(['over']);
    expect(seen.removed).toHaveLength(1);
    expect((await HoldBook.load(database)).all.map(({ id, state }) => [id, state]).sort()).toEqual([['later', 'in-force'], ['over', 'ended']]);
  });

  it('erases nothing and ends no hold while the clock is ahead, and says so once', async () => {
    await catalog.save([file(91)], []);
    const clock = new SweepClock({ seenMs: now - 2 * dayMs, highestMs: now - 2 * dayMs, wrongTimes: [] });
    const { sweeper, holds, seen } = await makeSweeper({ clock });
    await holds.place(hold('over', { cameras: ['yard'], endsMs: now - dayMs }));
    await sweeper.sweep();
    await sweeper.sweep();
    expect([seen.ahead, seen.entries, seen.ended, sweeper.aheadSinceMs]).toEqual([1, [], [], now]);
    await sweeper.confirmClock(undefined);
    await sweeper.sweep();
    expect([seen.entries.length, seen.ended, sweeper.aheadSinceMs]).toEqual([1, ['over'], undefined]);
    expect((await book.readClock())?.highestMs).toBe(now);
  });

  it('reckons with one time to its end: a clock that goes ahead in the middle makes nothing old', async () => {
    await catalog.save([file(91), file(50)], []);
    let nowMs = now;
    const { sweeper, holds, seen } = await makeSweeper({
      now: () => nowMs,
      judge: async () => {
        nowMs = now + 100 * dayMs;
        return { permitted: true, rule: 'r', pack: 'p', packSha256: '' };
      },
    });
    await holds.place(hold('h', { cameras: ['yard'], endsMs: now + 5 }));
    await sweeper.sweep();
    expect([seen.removed.length, seen.ended]).toEqual([1, []]);
    await sweeper.sweep();
    expect([seen.removed.length, seen.ahead]).toEqual([1, 1]);
  });

  it('stops when it is told to, and goes on where it was', async () => {
    await catalog.save(Array.from({ length: 600 }, (_, minute) => file(120, minute)), []);
    const stop = new AbortController();
    const first = await makeSweeper({ signal: stop.signal, remove: async () => stop.abort() });
    await first.sweeper.sweep();
    expect(first.seen.entries.map(({ files }) => files.length)).toEqual([240]);
    const second = await makeSweeper();
    await second.sweeper.sweep();
    expect(second.seen.entries.map(({ files }) => files.length)).toEqual([240, 120]);
    expect(await allOf('gate')).toEqual([]);
    // A look that finds nothing begins after what is gone.
    expect(await book.sweptMs('gate')).toBe(file(120, 599).startMs + 1);
  });

  it('keeps files that a hold reached between the entry and the file, and says so', async () => {
    const files = [file(100), file(99)];
    await catalog.save(files, []);
    let isAway = true;
    const { sweeper, holds, seen } = await makeSweeper({
      remove: async () => {
        if (isAway) throw Object.assign(new Error('gone'), { code: 'EIO' });
      },
    });
    await sweeper.sweep();
    expect(seen.failed).toHaveLength(1);
    expect(await allOf('gate')).toEqual([]);
    await holds.place(hold('h', { fromMs: files[1]!.startMs, toMs: files[1]!.endMs }));
    isAway = false;
    await sweeper.resume();
    expect(seen.kept).toEqual([files[1]!.path]);
    expect(await catalog.segmentsBetween('gate', files[1]!.startMs, files[1]!.endMs)).toEqual([files[1]]);
    expect(await catalog.segmentsBetween('gate', files[0]!.startMs, files[0]!.endMs)).toEqual([]);
    expect(await book.unfinished()).toEqual([]);
  });

  it('whatever fails and whenever it starts anew, a file goes only after its hash is in the log, and never while it is held or within the floor', async () => {
    const failures = fc.array(fc.constantFrom('', 'record', 'remove', 'mark', 'finish', 'judge', 'crash-after-record'), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(failures, fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 4 }), async (plan, heldDays) => {
        await database.deleteFrom('recorder_segment').execute();
        await database.deleteFrom('recorder_deletion').execute();
        await database.deleteFrom('recorder_hold').execute();
        await database.deleteFrom('recorder_sweep').execute();
        // From 80 to 99 days old; 90 and older is due.
        const files = Array.from({ length: 20 }, (_, day) => file(80 + day));
        await catalog.save(files, []);
        const logged = new Set<string>();
        const gone = new Set<string>();
        let seq = 0;
        const log = async (entry: DeletionEntry) => {
          for (const { sha256 } of entry.files) logged.add(sha256);
          return { seq: seq++ };
        };
        for (const [round, failure] of [...plan, '', ''].entries()) {
          const broken: RetentionBook = Object.create(book, {
            mark: { value: failure === 'mark' ? async () => Promise.reject(new Error('mark')) : book.mark.bind(book) },
            finish: { value: failure === 'finish' ? async () => Promise.reject(new Error('finish')) : book.finish.bind(book) },
            ...Object.fromEntries((['cameras', 'filesEndedBy', 'restore', 'unfinished', 'sweptMs', 'setSwept', 'lookAgain', 'writeClock'] as const).map((name) => [name, { value: (book[name] as (...given: unknown[]) => unknown).bind(book) }])),
          });
          let removals = 0;
          const { sweeper, holds } = await makeSweeper({
            book: broken,
            judge: async () => (failure === 'judge' ? Promise.reject(new Error('judge')) : { permitted: true, rule: 'r', pack: 'p', packSha256: '' }),
            record: async (entry) => {
              if (failure === 'record') throw new Error('record');
              const place = await log(entry);
              if (failure === 'crash-after-record') throw new Error('crash');
              return place;
            },
            remove: async ({ path: name, sha256, startMs, endMs }) => {
              if (failure === 'remove' && removals++ === 1) throw new Error('remove');
              expect(logged).toContain(sha256);
              expect(endMs).toBeLessThanOrEqual(now - 90 * dayMs);
              expect(holds.isHeld('gate', startMs, endMs)).toBe(false);
              gone.add(name);
            },
          });
          if (round === 0) for (const [index, day] of heldDays.entries()) await holds.place(hold(`h${index}`, { fromMs: files[day]!.startMs, toMs: files[day]!.endMs }));
          await sweeper.resume();
          await sweeper.sweep();
        }
        const due = files.filter((_, day) => day >= 10 && !heldDays.includes(day)).map(({ path: name }) => name);
        expect([...gone].sort()).toEqual(due.sort());
        expect((await allOf('gate')).length).toBe(20 - due.length);
        expect(await book.unfinished()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('finds the oldest footage by a key, also behind many files that are gone', async () => {
    await catalog.save(Array.from({ length: 2000 }, (_, minute) => file(120, minute)), []);
    await database.updateTable('recorder_segment').set({ deletion: 1 }).where('start_ms', '<', file(120, 1990).startMs).execute();
    await book.setSwept('gate', file(120, 1990).startMs);
    const { rows } = await sql<{ detail: string }>`explain query plan select path from recorder_segment where camera = 'gate' and start_ms >= 1 and start_ms < 9 and end_ms <= 9 and deletion is null order by start_ms limit 240`.execute(database);
    expect(rows.map(({ detail }) => detail)).toEqual([expect.stringContaining('USING PRIMARY KEY (camera=? AND start_ms>? AND start_ms<?)')]);
    expect(await book.filesEndedBy('gate', await book.sweptMs('gate'), now, 240)).toHaveLength(10);
  });
});
