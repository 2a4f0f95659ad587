// Holds and retention in a kernel: the operations, the facts, the entries in the log, and a restart in between.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  alarmChanged, alarmRaised, alarmRestored, campusService, confirmClock, confirmLift, createSignal, definePlugin, extendHold, cameras, footageDeleted, keepHold, listHolds, objectSchema, placeHold, proposeLift, readRetention, readStorage, readTimeline, storeService,
  type Alarm, type Camera, type CameraState, type FootageDeletion, type Hold, type PolicyPack, type Principal,
} from '@wanglou/core';
import { createTestClock, createTestKernel, fake, permitAll, type TestClock, type TestKernel } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../src/catalog/tables.ts';
import { recorder } from '../src/index.ts';
import type { SegmentRecord } from '../src/segment/segment-record.ts';
import { until } from './support/running-recorder.ts';

const dayMs = 24 * 3_600_000;
const minuteMs = 60_000;
const head: Principal = { kind: 'person', id: 'head', session: 's-1' };
const other: Principal = { kind: 'person', id: 'other', session: 's-2' };

const text = { zh: '试', en: 'try' };
/** Gates are kept for 90 days, everything else for 30. */
const pack: PolicyPack = {
  ...permitAll,
  retention: { floorDays: 30, eraseAfterDays: 30, groups: [{ id: 'gates', name: text, places: ['gate'], floorDays: 90, eraseAfterDays: 90 }] },
  rules: [
    ...permitAll.rules,
    { id: 'held', article: '12(3)', text, effect: 'forbid', actions: ['erase'], unless: { 'footage.held': false } },
    { id: 'floor', article: '12(2)', text, effect: 'forbid', actions: ['erase'], unless: { 'footage.ageDays': { gte: 30 } } },
    { id: 'by-hand', article: '12(2)', text, effect: 'forbid', actions: ['erase'], unless: { 'actor.kind': 'plugin' } },
  ],
};

let folder = '';
let clock: TestClock;
let campus: Awaited<ReturnType<typeof startCampus>>;
let startedMs = 0;

async function startCampus() {
  const store = await SqliteStore.create(path.join(folder, 'state'));
  const kernel = await createTestKernel({ clock, pack, fakes: [fake(storeService, store), fake(campusService, { read: () => ({}) as never })] });
  const deleted: FootageDeletion[] = [];
  const alarms: string[] = [];
  let tell: (alarm: Alarm) => void = () => {};
  const site = definePlugin({
    id: 'site',
    config: objectSchema({}),
    setup(ctx) {
      tell = (alarm) => ctx.emit(alarmChanged, alarm);
      ctx.on(footageDeleted, (deletion) => void deleted.push(deletion));
      ctx.on(alarmRaised, ({ source }) => void alarms.push(`raised ${source}`));
      ctx.on(alarmRestored, ({ source }) => void alarms.push(`restored ${source}`));
      for (const [id, place] of [['gate', 'gate'], ['yard', undefined]] as const) ctx.contribute(cameras, silentCamera(id, place));
    },
  });
  await kernel.load([site(), recorder({ path: path.join(folder, 'recordings') })]);
  expect(kernel.state('recorder'), String(kernel.errors[0])).toBe('active');
  return {
    kernel, deleted, alarms, tell: (alarm: Alarm) => tell(alarm), catalog: new Catalog(await store.open<RecorderTables>('recorder', recorderMigrations)),
    async [Symbol.asyncDispose]() {
      await kernel[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** One that gives no stream. */
function silentCamera(id: string, place: string | undefined): Camera {
  const name = { zh: id, en: id };
  return { id, info: { id, name, ...(place !== undefined && { place }) }, state: createSignal<CameraState>('online'), problem: createSignal(undefined), has: () => false, get: () => undefined as never };
}

/** A file of a minute, on disk and in the index. */
async function footage(camera: string, daysAgo: number): Promise<SegmentRecord> {
  const startMs = startedMs - daysAgo * dayMs;
  const name = `${camera}/2026-01-01/00/${startMs}-r.mp4`;
  await mkdir(path.join(folder, 'recordings', path.dirname(name)), { recursive: true });
  await writeFile(path.join(folder, 'recordings', name), 'footage');
  const segment = { camera, run: 'r', path: name, startMs, endMs: startMs + minuteMs, bytes: 7, initBytes: 3, sha256: Buffer.from(`${camera} ${daysAgo}`.padEnd(32, '.')).toString('hex'), codecs: 'avc1', fragments: [], flags: 0 } as SegmentRecord;
  await campus.catalog.save([segment], []);
  return segment;
}

const newHold = (over: Partial<Hold> = {}, as = head): Promise<Hold> => campus.kernel.call(placeHold, { cameras: ['gate'], fromMs: startedMs - 200 * dayMs, toMs: startedMs, reason: '立案侦查', ...over }, as);
const entries = (kind: string, kernel: TestKernel = campus.kernel) => kernel.audited.filter((entry) => entry.kind === kind);
/** Time passes until a sweep that began now has come to its end. */
async function sweep(): Promise<void> {
  const beganMs = clock.now();
  await until(async () => {
    await clock.advance(10 * minuteMs);
    return ((await campus.kernel.call(readRetention, {}, head)).sweptMs ?? 0) > beganMs;
  }, 'a sweep');
}
/** Minutes pass until the clock is not believed. */
const pause = (): Promise<void> =>
  until(async () => {
    await clock.advance(minuteMs);
    return (await campus.kernel.call(readRetention, {}, head)).pause !== undefined;
  }, 'the pause');
const filesOnDisk = async (): Promise<string[]> => (await readdir(path.join(folder, 'recordings'), { recursive: true })).filter((name) => name.endsWith('.mp4')).sort();

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wanglou-holds-'));
  clock = createTestClock();
  startedMs = clock.now();
  campus = await startCampus();
});
afterEach(async () => {
  await campus[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('a hold', { timeout: 20_000 }, () => {
  it('is placed, listed, extended, and lifted by two persons; each step is on record with who took it', async () => {
    const placed = await newHold({ caseNumber: 'A-7', endsMs: startedMs + dayMs });
    expect(placed).toMatchObject({ cameras: ['gate'], placedBy: 'head', placedMs: startedMs, state: 'in-force', caseNumber: 'A-7', endsMs: startedMs + dayMs });
    const hold = placed.id;
    expect(await campus.kernel.call(extendHold, { hold, reason: '延期', endsMs: startedMs + 2 * dayMs }, head)).toMatchObject({ endsMs: startedMs + 2 * dayMs });
    await expect(campus.kernel.call(extendHold, { hold, reason: '缩短', endsMs: startedMs + dayMs }, head)).rejects.toMatchObject({ code: 'HOLD_SHORTENED' });
    expect(await campus.kernel.call(extendHold, { hold, reason: '不限期' }, head)).not.toHaveProperty('endsMs');
    await expect(campus.kernel.call(confirmLift, { hold }, other)).rejects.toMatchObject({ code: 'LIFT_NOT_PROPOSED' });
    await expect(campus.kernel.call(keepHold, { hold, reason: '-' }, other)).rejects.toMatchObject({ code: 'LIFT_NOT_PROPOSED' });
    expect(await campus.kernel.call(proposeLift, { hold, reason: '结案' }, head)).toMatchObject({ state: 'in-force', lift: { proposedBy: 'head', reason: '结案' } });
    await expect(campus.kernel.call(proposeLift, { hold, reason: '结案' }, other)).rejects.toMatchObject({ code: 'LIFT_OPEN' });
    await expect(campus.kernel.call(confirmLift, { hold }, head)).rejects.toMatchObject({ code: 'LIFT_OWN' });
    await expect(campus.kernel.call(confirmLift, { hold }, { kind: 'plugin', id: 'robot' })).rejects.toMatchObject({ code: 'LIFT_OWN' });
    expect(await campus.kernel.call(keepHold, { hold, reason: '另案' }, other)).not.toHaveProperty('lift');
    await campus.kernel.call(proposeLift, { hold, reason: '结案' }, head);
    // Two at the same moment: one lifts it, the other finds it lifted.
    const both = await Promise.allSettled([campus.kernel.call(confirmLift, { hold }, other), campus.kernel.call(confirmLift, { hold }, other)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await campus.kernel.call(listHolds, {}, head)).toEqual({ holds: [] });
    const { holds } = await campus.kernel.call(listHolds, { all: true }, head);
    expect(holds).toMatchObject([{ id: hold, state: 'lifted', lift: { proposedBy: 'head', confirmedBy: 'other' } }]);
    for (const work of [campus.kernel.call(proposeLift, { hold, reason: '-' }, head), campus.kernel.call(extendHold, { hold, reason: '-' }, head)]) await expect(work).rejects.toMatchObject({ code: 'HOLD_OVER' });
    const confirmed = entries('decision').find(({ operation }) => operation === 'recording.confirm-lift');
    expect(confirmed).toMatchObject({ principal: { id: 'other' }, action: 'review', resource: { subject: `hold:${hold}` } });
  });

  it.each([
    ['no camera', { cameras: [] }], ['a camera without a name', { cameras: [''] }], ['an empty range', { fromMs: 5, toMs: 5 }], ['an end in the past', { endsMs: 1 }],
  ])('is refused with %s', async (_name, over) => {
    await expect(newHold(over)).rejects.toMatchObject({ code: 'HOLD_INVALID' });
  });

  it('that nobody knows is not found', async () => {
    for (const work of [campus.kernel.call(confirmLift, { hold: 'x' }, other), campus.kernel.call(extendHold, { hold: 'x', reason: '-' }, head), campus.kernel.call(keepHold, { hold: 'x', reason: '-' }, head)]) {
      await expect(work).rejects.toMatchObject({ code: 'HOLD_UNKNOWN' });
    }
  });

  it('is not placed while the log cannot be written, and is there after a restart once it is', async () => {
    campus.kernel.auditFails = true;
    await expect(newHold()).rejects.toThrow();
    campus.kernel.auditFails = false;
    const { id } = await newHold({ endsMs: startedMs + 400 * dayMs });
    await campus[Symbol.asyncDispose]();
    campus = await startCampus();
    const { holds } = await campus.kernel.call(listHolds, {}, head);
    expect(holds).toMatchObject([{ id, placedBy: 'head', reason: '立案侦查', endsMs: startedMs + 400 * dayMs }]);
  });
});

describe('retention', { timeout: 20_000 }, () => {
  it('erases by group, with hashes in the log first, keeps what is held, and shows both in the timeline', async () => {
    const old = await footage('yard', 40);
    const young = await footage('yard', 20);
    const gate = await footage('gate', 40);
    const held = await footage('yard', 35);
    await newHold({ cameras: ['yard'], fromMs: held.startMs, toMs: held.endMs });
    await sweep();
    expect(await filesOnDisk()).toEqual([young, gate, held].map(({ path: name }) => name).sort());
    expect(entries('recording.deleted')).toMatchObject([{ principal: { kind: 'plugin', id: 'recorder' }, action: 'erase', resource: { cameras: ['yard'], range: { fromMs: old.startMs, toMs: old.endMs } }, open: { files: 1, bytes: 7, sha256: [old.sha256], reason: 'duty', rule: 'permit', pack: 'permit-all@1' } }]);
    expect(campus.deleted).toMatchObject([{ camera: 'yard', files: 1, reason: 'duty' }]);
    const { timelines } = await campus.kernel.call(readTimeline, { cameras: ['yard'], fromMs: startedMs - 41 * dayMs, toMs: startedMs - 34 * dayMs }, head);
    expect(timelines).toEqual([{ camera: 'yard', recorded: [{ fromMs: held.startMs, toMs: held.endMs }], gaps: [], deleted: [{ fromMs: old.startMs, toMs: old.endMs }] }]);
  });

  it('says how much room there is', async () => {
    const storage = await campus.kernel.call(readStorage, {}, head);
    const room = { freeBytes: expect.any(Number), totalBytes: expect.any(Number) };
    expect(storage).toEqual({ state: expect.stringMatching(/^(room|tight|full)$/), ...room, reserveBytes: Math.min(2e9, storage.totalBytes / 10), bytesPerDay: 0, stopped: [], disks: [{ id: expect.stringMatching(/^[0-9a-f]{16}$/), path: path.join(folder, 'recordings'), state: 'healthy', ...room, cameras: [] }] });
    expect(storage.totalBytes).toBeGreaterThan(storage.freeBytes);
  });

  it('erases nothing while the log cannot be written', async () => {
    await footage('yard', 40);
    campus.kernel.auditFails = true;
    await clock.advance(10 * minuteMs);
    campus.kernel.auditFails = false;
    expect(await filesOnDisk()).toHaveLength(1);
    await sweep();
    expect(await filesOnDisk()).toEqual([]);
    expect(entries('recording.deleted')).toHaveLength(1);
  });

  it('stops when the clock goes ahead, and goes on when a person confirms the time', async () => {
    await footage('yard', 10);
    await sweep();
    clock.jump(30 * dayMs);
    await pause();
    expect(campus.alarms).toEqual(['raised recorder:clock']);
    expect(await filesOnDisk()).toHaveLength(1);
    await expect(campus.kernel.call(confirmClock, { nowMs: startedMs }, head)).rejects.toMatchObject({ code: 'CLOCK_DIFFERS' });
    await campus.kernel.call(confirmClock, { nowMs: clock.now() }, head);
    expect(campus.alarms).toEqual(['raised recorder:clock', 'restored recorder:clock']);
    await sweep();
    expect(await filesOnDisk()).toEqual([]);
  });

  it('a restart does not make a clock right, and ends what was half done before anybody can hold it', async () => {
    const file = await footage('yard', 31);
    await campus.kernel.call(readRetention, {}, head);
    await clock.advance(minuteMs);
    await campus[Symbol.asyncDispose]();
    clock.jump(5 * dayMs);
    campus = await startCampus();
    await pause();
    expect(await filesOnDisk()).toHaveLength(1);
    await campus[Symbol.asyncDispose]();
    // The entry and the mark were there when the power went, the file was not gone yet.
    const store = await SqliteStore.create(path.join(folder, 'state'));
    const database = await store.open<RecorderTables>('recorder', recorderMigrations);
    await database.insertInto('recorder_deletion').values({ id: 1, seq: 3, camera: 'yard', from_ms: file.startMs, to_ms: file.endMs, files: 1, bytes: 7, reason: 'duty', at_ms: 1, done: 0 }).execute();
    await database.updateTable('recorder_segment').set({ deletion: 1 }).execute();
    await store[Symbol.asyncDispose]();
    campus = await startCampus();
    expect(await filesOnDisk()).toEqual([]);
  });
});

describe('footage of an alarm', { timeout: 20_000 }, () => {
  const alarm = (over: Partial<Alarm> = {}): Alarm => ({ id: 'a1', source: 'fire:1', priority: 'fire', title: { zh: '图书馆火警', en: 'Fire in the library' }, state: 'received', cameras: ['yard'], raisedMs: startedMs, receivedMs: startedMs, newestMs: startedMs, count: 1, steps: [{ kind: 'received', atMs: startedMs }], ...over });
  const closed = (verdict: 'confirmed' | 'false', afterMs: number): Alarm => alarm({ state: 'closed', verdict, steps: [{ kind: 'received', atMs: startedMs }, { kind: 'closed', atMs: startedMs + afterMs }] });
  const holds = async () => (await campus.kernel.call(listHolds, { all: true }, head)).holds;
  const settled = (count: number, state: Hold['state'] = 'in-force') => until(async () => (await holds()).filter((hold) => hold.state === state).length === count, 'the holds');
  /** Whatever was told before has been dealt with: holds take turns. */
  const heard = async () => {
    campus.tell(alarm({ id: 'last' }));
    await until(async () => (await holds()).some(({ id }) => id === 'alarm:last'), 'the last alarm');
  };

  it('is held from a minute before it, once, also when the event comes again after a restart', async () => {
    campus.tell(alarm());
    campus.tell(alarm({ state: 'acknowledged' }));
    await settled(1);
    expect(await holds()).toMatchObject([{ id: 'alarm:a1', cameras: ['yard'], fromMs: startedMs - minuteMs, toMs: startedMs + 30 * minuteMs, reason: '图书馆火警 / Fire in the library', placedBy: 'recorder' }]);
    await campus[Symbol.asyncDispose]();
    campus = await startCampus();
    campus.tell(alarm({ state: 'verifying' }));
    await heard();
    expect(await holds()).toHaveLength(2);
  });

  it('stays after a real one, up to ten minutes after it was closed; two persons let it go', async () => {
    campus.tell(alarm());
    campus.tell(closed('confirmed', 90 * minuteMs));
    await settled(2);
    expect((await holds()).map(({ fromMs, toMs }) => [fromMs, toMs])).toContainEqual([startedMs + 30 * minuteMs, startedMs + 100 * minuteMs]);
    await campus.kernel.call(proposeLift, { hold: 'alarm:a1', reason: '结案' }, head);
    expect(await campus.kernel.call(confirmLift, { hold: 'alarm:a1' }, other)).toMatchObject({ state: 'lifted' });
    // Told again, what persons let go is not held anew.
    campus.tell(closed('confirmed', 90 * minuteMs));
    await heard();
    expect((await holds()).find(({ id }) => id === 'alarm:a1')?.state).toBe('lifted');
  });

  it('is held no longer when the alarm was closed as none; small alarms and those without cameras hold nothing', async () => {
    campus.tell(alarm());
    await settled(1);
    campus.tell(closed('false', 5 * minuteMs));
    await settled(1, 'ended');
    campus.tell(alarm({ id: 'a2', priority: 'medium' }));
    campus.tell(alarm({ id: 'a3', cameras: [] }));
    await heard();
    expect(await holds()).toHaveLength(2);
  });
});
