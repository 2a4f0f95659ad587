// Wires the recorder to the kernel: cameras in, operations and events out.
import { join, resolve } from 'node:path';
import { auditService, cameras, campusService, definePlugin, gapChanged, recordingChanged, segmentSealed, storeService, type Camera, type Disposer, type PluginContext } from '@wanglou/core';
import { holdFootageOfAlarms } from './alarm-holds.ts';
import { startArchives } from './archive-operations.ts';
import { ArchiveBook } from './archive/archive-book.ts';
import { CameraFollower } from './camera-follower.ts';
import { Catalog } from './catalog/catalog.ts';
import { Copies } from './catalog/copies.ts';
import { HealthBook } from './catalog/health-book.ts';
import { Seals } from './catalog/seals.ts';
import { recorderMigrations, type RecorderTables } from './catalog/tables.ts';
import { recorderConfig, type RecorderConfig } from './config.ts';
import { openDisks, removeFrom, searchDisks } from './disk-operations.ts';
import type { Disks } from './disks/disks.ts';
import { Backfill } from './edge/backfill.ts';
import { Exports } from './export/exports.ts';
import { handleRecording, toStatus } from './operations.ts';
import { toGap } from './ranges.ts';
import { watchHealth } from './health-operations.ts';
import { Recorder, type RecorderListener, type RecorderOptions } from './recorder.ts';
import { footageFacts, startRetention } from './retention-operations.ts';
import type { GapRecord } from './segment/segment-record.ts';
import { startStorage } from './storage-operations.ts';
import type { StorageWatch } from './storage/storage-watch.ts';
import { minuteBefore, minuteOf, Sealer } from './seal/sealer.ts';
import type { WorkerSettings } from './worker/messages.ts';

const minuteMs = 60_000;

/**
 * Records every camera of the campus that has a stream; live view, playback and copies of it under leases.
 *
 * @example
 * recorder({ path: './data/recordings' })
 */
export const recorder = definePlugin({
  id: 'recorder',
  config: recorderConfig,
  needs: { store: storeService, audit: auditService, campus: campusService },
  facts: footageFacts,
  async setup(ctx, { config, store, audit, campus }) {
    const database = await store.open<RecorderTables>('recorder', recorderMigrations);
    let opened: Recorder | undefined;
    let storage: StorageWatch | undefined;
    const disks = await openDisks(ctx, config, database);
    const retention = await startRetention(ctx, { database, remove: (file) => removeFrom(disks, file), needsRoom: async () => config.eraseForRoom && (await storage?.needsRoom()) === true });
    holdFootageOfAlarms(ctx, retention);
    storage = await startStorage(ctx, { config, disks, retention, recorder: () => opened });
    const watch = storage;
    const catalog = new Catalog(database);
    const random = () => Buffer.from(ctx.random.bytes(4)).readUInt32BE() / 2 ** 32;
    const seals = new Seals(database);
    // Before the recorder, so that what it closes at the end is sealed too.
    startSealing(ctx, seals);
    const followers = new Map<string, CameraFollower>();
    let backfill: Backfill | undefined;
    const health = watchHealth(ctx, { config, catalog, book: new HealthBook(database) });
    const tellGap = (gap: GapRecord): void => {
      ctx.emit(gapChanged, toGap(gap));
      health.monitor.gap(gap);
    };
    const parts = { catalog, disks, random, admits: (camera: string) => watch.admits(camera), smallStream: async (camera: string) => followers.get(camera)?.smallStream() };
    const recording = openRecorder(ctx, config, parts, {
      gap: (gap) => {
        tellGap(gap);
        backfill?.gapEnded(gap);
      },
      written: (fragment) => health.monitor.fragment(fragment),
    });
    opened = recording;
    ctx.defer(() => recording.close());
    void searchDisks(ctx, { disks, recording, catalog, beforeMs: ctx.clock.now() });
    const exportsRoot = disks.usable[0]!.root;
    backfill = startBackfill(ctx, recording, disks, tellGap);
    handleRecording(ctx, {
      recorder: recording,
      exportsRoot,
      seals,
      copies: new Copies(database),
      exports: await openExports(ctx, exportsRoot),
      audit,
      campus,
      playbackHours: config.playbackHours,
      unavailable: () => [...followers.values()].map((follower) => follower.status).filter((status) => status !== undefined),
    });
    await startArchives(ctx, { config, book: new ArchiveBook(database), recorder: recording, catalog, disks, seals, audit, campus, retention });
    ctx.defer(() => {
      for (const follower of followers.values()) follower.stop();
    });
    ctx.follow(
      cameras,
      (camera: Camera) => {
        if (camera.has('edge')) void resumeBackfill(ctx, recording, backfill, camera.id);
        void health.follow(camera);
        followers.set(camera.id, new CameraFollower({ camera, recorder: recording, reach: config.cameras[camera.id], clock: ctx.clock, random, log: ctx.log, changed: (status) => ctx.emit(recordingChanged, status) }));
      },
      (camera: Camera) => {
        followers.get(camera.id)?.stop();
        followers.delete(camera.id);
        watch.forget(camera.id);
        health.monitor.remove(camera.id);
      },
    );
  },
});

/** Seals the footage of each minute of the clock when it is over, and what is left when the plugin stops. */
function startSealing(ctx: PluginContext, seals: Seals): void {
  const sealer = new Sealer({
    seals,
    record: (open) => ctx.record({ kind: 'recording.sealed', principal: { kind: 'plugin', id: ctx.pluginId }, open: { ...open } }),
    failed: (error) => ctx.log.warn({ err: error }, 'footage could not be sealed in the audit log; it waits, and is sealed later'),
  });
  ctx.defer(() => sealer.seal(minuteOf(ctx.clock.now())));
  let cancel: Disposer = () => undefined;
  const wait = (): void => {
    const nowMs = ctx.clock.now();
    cancel = ctx.clock.after(minuteBefore(nowMs).toMs + minuteMs - nowMs, () => {
      void sealer.seal(minuteBefore(ctx.clock.now()));
      wait();
    });
  };
  wait();
  ctx.defer(() => cancel());
}

/** Packages in the making lie beside the recordings, where there is room. */
async function openExports(ctx: PluginContext, root: string): Promise<Exports> {
  const failed = (error: unknown): void => ctx.log.warn({ err: error }, 'the folder of an old copy could not be removed; it is tried again at the next start');
  const exports = new Exports({ folder: join(root, '.exports'), now: () => ctx.clock.now(), randomBytes: (length) => ctx.random.bytes(length), after: (delayMs, task) => ctx.clock.after(delayMs, task), failed });
  ctx.defer(() => exports.close());
  await exports.sweep().catch(failed);
  return exports;
}

/** Cards keep a few days at most. */
const cardMs = 3 * 86_400_000;

/** Gaps of the last days that nobody filled before the last stop. */
async function resumeBackfill(ctx: PluginContext, recording: Recorder, backfill: Backfill | undefined, camera: string): Promise<void> {
  const nowMs = ctx.clock.now();
  try {
    const { gaps } = await recording.timeline(camera, nowMs - cardMs, nowMs);
    for (const gap of gaps) if (gap.filled === undefined) backfill?.gapEnded(gap);
  } catch (error) {
    ctx.log.warn({ camera, err: error }, 'the gaps of the last days could not be read, so that the storage of the camera is not asked for them');
  }
}

/** Asks the cameras' own storage for what was missed. */
function startBackfill(ctx: PluginContext, recording: Recorder, disks: Disks, filled: (gap: GapRecord) => void): Backfill {
  const backfill = new Backfill({
    diskOf: (camera) => disks.assign(camera),
    storageOf: (id) => {
      const camera = ctx.contributions(cameras).find((one) => one.id === id);
      return camera?.has('edge') === true ? camera.get('edge') : undefined;
    },
    isRecording: (id) => recording.camera(id)?.status.state === 'recording',
    take: (segment) => recording.take(segment),
    after: (delayMs, task) => ctx.clock.after(delayMs, task),
    filled,
    warning: (camera, message) => ctx.log.warn({ camera }, message),
  });
  ctx.defer(() => backfill.close());
  return backfill;
}

function openRecorder(ctx: PluginContext, config: RecorderConfig, parts: Pick<RecorderOptions, 'catalog' | 'disks' | 'random' | 'admits' | 'smallStream'>, listener: Pick<RecorderListener, 'gap' | 'written'>): Recorder {
  return new Recorder({
    ...parts, settings: workerSettings(config), workers: config.workers,
    now: () => ctx.clock.now(),
    after: (delayMs, task) => ctx.clock.after(delayMs, task),
    listener: {
      status: (camera) => ctx.emit(recordingChanged, toStatus(camera)),
      sealed: (segment) => ctx.emit(segmentSealed, { camera: segment.camera, run: segment.run, fromMs: segment.startMs, toMs: segment.endMs, bytes: segment.bytes, sha256: segment.sha256 }),
      ...listener,
      warning: (camera, message, cause) => ctx.log.warn({ ...(camera !== undefined && { camera }), ...(cause !== undefined && { err: cause }) }, message),
    },
  });
}

function workerSettings(config: RecorderConfig): Omit<WorkerSettings, 'disks'> {
  return {
    fragmentMs: config.fragmentMillis,
    segmentMs: config.segmentSeconds * 1000,
    sync: typeof config.sync === 'string' ? config.sync : { intervalMs: config.sync.everySeconds * 1000 },
    queueBytes: config.queueMegabytes * 1024 * 1024,
    tickMs: config.tickMillis,
    silenceMs: config.silenceSeconds * 1000,
    engine: config.engine,
    ...(config.filesFolder !== undefined && { filesFolder: resolve(config.filesFolder) }),
  };
}
