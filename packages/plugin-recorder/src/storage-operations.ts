// Wires the room for footage to the kernel: what is measured, who matters, the alarms, and the operation that tells.
import { alarmRaised, alarmRestored, readStorage, storageLow, type AlarmPriority, type PluginContext, type StorageLevel, type Text } from '@wanglou/core';
import type { RecorderConfig } from './config.ts';
import { toDiskStatus } from './disk-operations.ts';
import type { Disks } from './disks/disks.ts';
import type { Recorder } from './recorder.ts';
import type { Retention } from './retention-operations.ts';
import type { CameraDemand } from './storage/days-left.ts';
import { StorageWatch } from './storage/storage-watch.ts';

/** What the watch works with. */
export interface StorageOptions {
  readonly config: Pick<RecorderConfig, 'cameras' | 'placePriorities' | 'reserveGigabytes' | 'eraseForRoom'>;
  readonly disks: Disks;
  readonly retention: Retention;
  /** Made after the watch, which it asks for every camera. */
  readonly recorder: () => Recorder | undefined;
}

const lookEveryMs = 10_000;
const forecastEveryMs = 300_000;
const dayMs = 86_400_000;
const gigabyte = 1e9;
const usualPriority = 5;
const alarmSource = 'recorder:storage';

/** Starts watching, with a first look. */
export async function startStorage(ctx: PluginContext, { config, disks, retention, recorder }: StorageOptions): Promise<StorageWatch> {
  const { sweeper, placeOf } = retention;
  const known = new Set(await retention.book.cameras());
  const watch = new StorageWatch({
    reserveBytes: () => config.reserveGigabytes * gigabyte * disks.usable.length,
    cameras: () => (recorder()?.cameras ?? []).map(({ id, kbps, status }) => ({ id, kbps, isRecording: status.state === 'recording' })),
    priorityOf: (camera) => config.cameras[camera]?.priority ?? config.placePriorities[placeOf(camera) ?? ''] ?? usualPriority,
    hasFootage: (camera) => known.has(camera),
    async measure(reserveBytes) {
      const room = await disks.look(reserveBytes / Math.max(1, disks.usable.length));
      recorder()?.relieve();
      return room;
    },
    keeping: (camera) => keeping(retention, camera, config.eraseForRoom, ctx.clock.now()),
    park: (camera, detail) => recorder()?.park(camera, detail),
    resume: (camera) => recorder()?.resume(camera),
    makeRoom: () => (config.eraseForRoom ? sweeper.makeRoom() : Promise.resolve()),
    events: {
      low: (status, level) => {
        ctx.emit(storageLow, { ...status, level });
        ctx.emit(alarmRaised, { source: alarmSource, priority: priorityOf(level), title: titleOf(level, status.daysLeft), cameras: status.stopped, raisedMs: ctx.clock.now() });
      },
      well: () => ctx.emit(alarmRestored, { source: alarmSource, atMs: ctx.clock.now() }),
      failed: (error) => ctx.log.warn({ err: error }, 'the room for recordings could not be looked after; it is tried again'),
    },
  });
  ctx.handle(readStorage, () => ({ ...watch.status, disks: disks.states.map(toDiskStatus) }));
  await watch.look();
  ctx.defer(ctx.clock.every(lookEveryMs, () => void watch.look()));
  ctx.defer(ctx.clock.every(forecastEveryMs, () => void watch.forecast()));
  return watch;
}

/** How far the footage of a camera reaches back, from which age it may go, and what of the older is held. */
async function keeping({ book, holds, termOf }: Retention, camera: string, eraseForRoom: boolean, nowMs: number): Promise<Omit<CameraDemand, 'bytesPerDay'>> {
  const [oldest] = await book.filesEndedBy(camera, await book.sweptMs(camera), nowMs, 1);
  const term = termOf(camera);
  const keptDays = eraseForRoom ? term?.floorDays : term?.eraseAfterDays;
  const fromMs = oldest?.startMs ?? nowMs;
  if (keptDays === undefined) return { spanDays: Math.max(0, nowMs - fromMs) / dayMs };
  return { spanDays: Math.max(0, nowMs - fromMs) / dayMs, keptDays, heldDays: holds.heldMs(camera, fromMs, nowMs - keptDays * dayMs) / dayMs };
}

function priorityOf(level: StorageLevel): AlarmPriority {
  return level === 7 ? 'medium' : 'high';
}

function titleOf(level: StorageLevel, days: number | undefined): Text {
  if (level === 'full') return { zh: '录像磁盘已满，仅剩预留空间；留存期限内的录像不会被删除，请立即扩容', en: 'The recording disk is full but for its reserve; footage within its retention is not erased, so add space now' };
  return { zh: `录像磁盘按当前码率还可使用约 ${days} 天，不足以满足留存期限，请尽快扩容`, en: `The recording disk lasts about ${days} days at what comes in now, which is less than the retention needs; add space` };
}
