// The room for footage: how long it lasts, who goes without, and what is told of it.
import fc from 'fast-check';
import type { StorageLevel, StorageStatus } from '@wanglou/core';
import { describe, expect, it } from 'vitest';
import { daysLeft, type CameraDemand } from '../src/storage/days-left.ts';
import { isAccepted, stopNext } from '../src/storage/priority.ts';
import { reserveOf, roomOf } from '../src/storage/room.ts';
import { StorageWatch, type StorageWatchOptions, type WatchedCamera } from '../src/storage/storage-watch.ts';
import { RtspSource } from './support/rtsp-source.ts';
import { startRecorder, until } from './support/running-recorder.ts';

const gigabyte = 1e9;

describe('the days that are left', () => {
  it.each<[string, CameraDemand[], number, number | undefined]>([
    ['of a new camera that is kept for ever', [{ bytesPerDay: 10, spanDays: 0 }], 100, 10],
    ['of one whose floor fits', [{ bytesPerDay: 10, spanDays: 0, keptDays: 10 }], 100, undefined],
    ['of one whose floor does not', [{ bytesPerDay: 10, spanDays: 0, keptDays: 11 }], 100, 10],
    ['of one that has reached its floor', [{ bytesPerDay: 10, spanDays: 30, keptDays: 30 }], 0, undefined],
    ['where old footage is room', [{ bytesPerDay: 10, spanDays: 40, keptDays: 30 }, { bytesPerDay: 10, spanDays: 0, keptDays: 30 }], 50, 15],
    ['where old footage is held', [{ bytesPerDay: 10, spanDays: 40, keptDays: 30, heldDays: 4 }, { bytesPerDay: 10, spanDays: 0, keptDays: 30 }], 50, 11],
    ['of two that reach their floors one after the other', [{ bytesPerDay: 10, spanDays: 25, keptDays: 30 }, { bytesPerDay: 10, spanDays: 0, keptDays: 30 }], 200, 15],
    ['where there is no room at all', [{ bytesPerDay: 10, spanDays: 0, keptDays: 30 }], -5, 0],
    ['where nothing comes in', [{ bytesPerDay: 0, spanDays: 0, keptDays: 30 }], 100, undefined],
    ['without cameras', [], 100, undefined],
  ])('%s', (_name, cameras, room, days) => {
    expect(daysLeft(cameras, room)).toBe(days);
  });

  it('are those of a disk that is filled day by day, and swept', () => {
    const camera = fc.record({ bytesPerDay: fc.integer({ min: 1, max: 50 }), spanDays: fc.integer({ min: 0, max: 60 }), keptDays: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(camera, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 3000 }), (drawn, room) => {
        const cameras = drawn.map(({ keptDays, ...rest }) => ({ ...rest, ...(keptDays !== undefined && { keptDays }) }));
        const kept = (day: number): number => cameras.reduce((sum, { bytesPerDay, spanDays, keptDays = Infinity }) => sum + bytesPerDay * Math.min(spanDays + day, keptDays), 0);
        const total = room + cameras.reduce((sum, { bytesPerDay, spanDays }) => sum + bytesPerDay * spanDays, 0);
        const days = daysLeft(cameras, room);
        // Just before there is room, just after there is not; or there is always.
        if (days === undefined) expect(kept(3000)).toBeLessThanOrEqual(total);
        else {
          if (days > 0) expect(kept(days - 1e-6)).toBeLessThanOrEqual(total);
          expect(kept(days + 1e-3)).toBeGreaterThan(total);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('room', () => {
  it('is kept for five minutes of recording at least', () => {
    expect(reserveOf(2 * gigabyte, 0, 100 * gigabyte)).toBe(2 * gigabyte);
    expect(reserveOf(0, 86_400 * 1000, gigabyte)).toBe(300_000);
    // On a small disk the reserve would be all there is.
    expect(reserveOf(2 * gigabyte, 86_400 * gigabyte, gigabyte)).toBe(gigabyte / 10);
  });

  it('comes back with a margin', () => {
    const at = (freeBytes: number, before: 'room' | 'tight' | 'full' | 'away') => roomOf({ freeBytes, totalBytes: 1000 }, 100, before);
    expect([at(101, 'room'), at(100, 'room'), at(101, 'tight'), at(126, 'tight'), at(25, 'tight'), at(26, 'full'), at(32, 'full'), at(26, 'tight'), at(101, 'away')]).toEqual(['room', 'tight', 'tight', 'room', 'full', 'full', 'tight', 'tight', 'room']);
  });

  it('goes to the more important', () => {
    const ranked = (...priorities: number[]) => priorities.map((priority, index) => ({ id: `c${index}`, priority }));
    expect(isAccepted({ id: 'n', priority: 5 }, ranked(5, 5))).toBe(false);
    expect(isAccepted({ id: 'n', priority: 6 }, ranked(5, 9))).toBe(true);
    expect(isAccepted({ id: 'n', priority: 9 }, [])).toBe(false);
    expect(stopNext(ranked(5, 2, 9, 2))).toEqual(['c1', 'c3']);
    expect(stopNext(ranked(5, 5))).toEqual([]);
    expect(stopNext([])).toEqual([]);
  });
});

/** A watch over a disk that the test fills. */
function makeWatch(options: Partial<StorageWatchOptions> = {}) {
  const world = {
    freeBytes: 500, isAway: false, erased: 0, erasable: 0, cameras: [] as WatchedCamera[], known: new Set<string>(), priorities: {} as Record<string, number>,
    parked: [] as string[], resumed: [] as string[], told: [] as (StorageLevel | 'well')[], statuses: [] as StorageStatus[], failures: [] as unknown[],
  };
  const watch = new StorageWatch({
    reserveBytes: () => 100,
    cameras: () => world.cameras,
    priorityOf: (camera) => world.priorities[camera] ?? 5,
    hasFootage: (camera) => world.known.has(camera),
    measure: async () => {
      if (world.isAway) throw new Error('does not answer');
      return { freeBytes: world.freeBytes, totalBytes: 1000 };
    },
    keeping: async () => ({ spanDays: 0, keptDays: 30 }),
    park: (camera) => void world.parked.push(camera),
    resume: (camera) => void world.resumed.push(camera),
    makeRoom: async () => {
      while (world.erasable > 0 && (await watch.needsRoom())) {
        world.erasable -= 10;
        world.erased += 10;
        world.freeBytes += 10;
      }
    },
    events: {
      low: (status, level) => {
        world.told.push(level);
        world.statuses.push(status);
      },
      well: () => void world.told.push('well'),
      failed: (error) => void world.failures.push(error),
    },
    ...options,
  });
  return { watch, world };
}
const camera = (id: string, kbps = 0): WatchedCamera => ({ id, kbps, isRecording: true });
/** One byte a day. */
const byteADay = 8 / 1000 / 86_400;

describe('the watch', () => {
  it('makes room at the reserve with what may go, and with no more', async () => {
    const { watch, world } = makeWatch();
    Object.assign(world, { freeBytes: 90, erasable: 1000 });
    await watch.look();
    expect([world.erased, watch.status.state, world.told]).toEqual([40, 'room', []]);
  });

  it('at the reserve new cameras are refused unless they matter more; those that were recorded before go on', async () => {
    const { watch, world } = makeWatch();
    Object.assign(world, { freeBytes: 90, cameras: [camera('a'), camera('b')], known: new Set(['a', 'b', 'old']), priorities: { fire: 9 } });
    await watch.look();
    expect(['old', 'fire', 'new'].map((id) => watch.admits(id))).toEqual([true, true, false]);
    expect(watch.status).toMatchObject({ state: 'tight', stopped: ['new'] });
    expect([world.parked, world.told]).toEqual([[], ['full']]);
    // Not by asking again, but when there is room.
    expect(watch.admits('new')).toBe(false);
    world.freeBytes = 130;
    await watch.look();
    expect([world.resumed, watch.admits('new'), watch.status.stopped, world.told]).toEqual([['new'], true, [], ['full', 'well']]);
  });

  it('when it is full the less important stop, tier by tier, and the most important never; all come back when there is room', async () => {
    const { watch, world } = makeWatch();
    Object.assign(world, { freeBytes: 20, cameras: [camera('low'), camera('mid'), camera('top')], priorities: { low: 1, top: 9 } });
    await watch.look();
    expect(world.parked).toEqual(['low']);
    await watch.look();
    await watch.look();
    expect([world.parked, watch.status.stopped]).toEqual([['low', 'mid'], ['low', 'mid']]);
    world.freeBytes = 60;
    await watch.look();
    expect([watch.status.state, world.resumed]).toEqual(['tight', []]);
    world.freeBytes = 200;
    await watch.look();
    expect(world.resumed).toEqual(['low', 'mid']);
  });

  it('tells 7 days, 2 days and full once each, and that all is well with a margin', async () => {
    const { watch, world } = makeWatch();
    world.cameras = [camera('a', 10 * byteADay)];
    const at = async (freeBytes: number): Promise<unknown[]> => {
      world.freeBytes = freeBytes;
      await watch.look();
      await watch.forecast();
      return [watch.status.daysLeft, ...world.told];
    };
    expect(await at(300)).toEqual([20]);
    expect(await at(171)).toEqual([7.1]);
    expect(await at(169)).toEqual([6.9, 7]);
    expect(await at(150)).toEqual([5, 7]);
    expect(await at(119)).toEqual([1.9, 7, 2]);
    expect(await at(90)).toEqual([0, 7, 2, 'full']);
    expect(await at(175)).toEqual([7.5, 7, 2, 'full']);
    expect(await at(185)).toEqual([8.5, 7, 2, 'full', 'well']);
    expect(await at(160)).toEqual([6, 7, 2, 'full', 'well', 7]);
    // The floor of thirty days fits.
    expect(await at(420)).toEqual([undefined, 7, 2, 'full', 'well', 7, 'well']);
    expect(world.statuses[0]).toMatchObject({ freeBytes: 169, totalBytes: 1000, reserveBytes: 100, bytesPerDay: 10 });
  });

  it('a disk that does not answer neither refuses nor stops anybody, and is told of once', async () => {
    const { watch, world } = makeWatch();
    Object.assign(world, { freeBytes: 20, isAway: true, cameras: [camera('a'), camera('b')], priorities: { a: 1 } });
    await watch.look();
    await watch.look();
    expect([watch.status.state, watch.admits('new'), world.parked, world.told, world.failures.length]).toEqual(['away', true, [], [], 1]);
    world.isAway = false;
    await watch.look();
    expect([watch.status.state, world.parked]).toEqual(['full', ['a']]);
  });

  it('forgets a camera that is gone', async () => {
    const { watch, world } = makeWatch();
    Object.assign(world, { freeBytes: 90, cameras: [camera('a', byteADay)] });
    await watch.look();
    expect(watch.admits('new')).toBe(false);
    watch.forget('new');
    watch.forget('a');
    expect(watch.status).toMatchObject({ stopped: [], bytesPerDay: 0 });
  });
});

describe('a camera that is parked', { timeout: 30_000 }, () => {
  it('leaves a gap of cause disk from its last picture to its next', async () => {
    await using source = await RtspSource.start({ rate: 50 });
    await using running = await startRecorder();
    const { recorder } = running;
    recorder.add({ id: 'gate', url: source.url });
    await until(() => (recorder.camera('gate')?.newestMs ?? 0) > 0, 'the first fragment');
    recorder.park('gate', 'the disk is full');
    recorder.park('gate', 'again');
    await until(() => running.gaps.length === 1, 'the gap');
    expect(recorder.camera('gate')?.status).toEqual({ state: 'error', code: 'DISK_FULL', message: 'the disk is full' });
    // An address that changes meanwhile does not record it again.
    recorder.add({ id: 'gate', url: source.url });
    const [file] = await running.catalog.segmentsBetween('gate', 0, Date.now() + 60_000);
    expect(running.gaps).toMatchObject([{ camera: 'gate', cause: 'disk', startMs: file?.endMs }]);
    recorder.resume('gate');
    recorder.resume('gate');
    await until(() => running.gaps.some(({ endMs }) => endMs !== undefined), 'the end of the gap');
    await recorder.flush();
    const gaps = await running.catalog.gapsBetween('gate', 0, Date.now() + 60_000);
    expect(gaps).toMatchObject([{ cause: 'disk', startMs: file?.endMs, endMs: expect.any(Number) }]);
  });

  it('that was never recorded is not even connected to, until there is room', async () => {
    await using source = await RtspSource.start({ rate: 50 });
    let hasRoom = false;
    await using running = await startRecorder({}, undefined, { admits: () => hasRoom });
    running.recorder.add({ id: 'gate', url: source.url });
    await until(() => running.gaps.length === 1, 'the gap');
    expect(running.gaps).toMatchObject([{ cause: 'disk' }]);
    expect(source.methods).toEqual([]);
    hasRoom = true;
    running.recorder.resume('gate');
    await until(() => (running.recorder.camera('gate')?.newestMs ?? 0) > 0, 'the first fragment');
  });
});
