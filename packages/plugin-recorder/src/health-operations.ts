// Watches the health of the cameras, tells it, and looks at their pictures where that is configured.
import { CameraError, healthChanged, readHealth, renewReference, RecordingError, type Camera, type PluginContext } from '@wanglou/core';
import type { Catalog } from './catalog/catalog.ts';
import type { HealthBook } from './catalog/health-book.ts';
import type { RecorderConfig } from './config.ts';
import { findFfmpeg } from './ffmpeg/find-ffmpeg.ts';
import { isFfmpeg, openFfmpeg, type FfmpegAbsence, type FfmpegProgram } from './ffmpeg/ffmpeg-program.ts';
import { installHint } from './ffmpeg/install-hint.ts';
import { decodeSnapshot } from './health/decode-snapshot.ts';
import { defaultHealthLimits, HealthMonitor, type HealthLimits } from './health/health-monitor.ts';
import { SnapshotRound } from './health/snapshot-round.ts';
import { toHealth } from './health-text.ts';
import { readWhole } from './media/read-range.ts';
import type { WrittenFragment } from './segment/segment-record.ts';

/** What the watch works with. */
export interface HealthOptions {
  readonly config: RecorderConfig;
  readonly catalog: Catalog;
  readonly book: HealthBook;
}

/** The health of all cameras, for the plugin. */
export interface HealthWatch {
  readonly monitor: HealthMonitor;
  /** Watches a camera from now on, with what is known of it from before. */
  follow(camera: Camera): Promise<void>;
}

const evaluateEveryMs = 5_000;
/** For one camera, from its disk to its picture. */
const deadlineMs = 10_000;
/** Init segment and keyframe: the recorder takes pictures of up to 16 MiB. */
const mostFilmBytes = 32 * 1024 * 1024;

/** Watches until the plugin is unloaded. */
export function watchHealth(ctx: PluginContext, { config: { health, cameras: particular }, catalog, book }: HealthOptions): HealthWatch {
  const { snapshots, ...common } = health;
  const monitor = new HealthMonitor({ now: () => ctx.clock.now(), changed: (camera) => ctx.emit(healthChanged, toHealth(camera)) });
  ctx.defer(ctx.clock.every(evaluateEveryMs, () => monitor.evaluate()));
  ctx.handle(readHealth, () => ({ healths: monitor.read().map(toHealth) }));
  ctx.handle(renewReference, async ({ camera }) => {
    if (!monitor.has(camera)) throw new CameraError('UNKNOWN_CAMERA', { camera });
    if (!monitor.renew(camera)) throw new RecordingError('NO_SNAPSHOT', { camera });
    await keepMemory(monitor, book, camera);
    return {};
  });
  if (snapshots !== undefined) {
    const round = new SnapshotRound({
      everyMs: snapshots.everySeconds * 1000, now: () => ctx.clock.now(), after: (delayMs, task) => ctx.clock.after(delayMs, task),
      keyframes: () => monitor.keyframes,
      look: lookWith(ctx, monitor, book),
    });
    ctx.defer(() => round.stop());
  }
  return {
    monitor,
    follow: async (camera) => {
      const { snapshots: own, ...differing } = particular[camera.id]?.health ?? {};
      // A camera that can turn shows what its operators look at.
      const limits: HealthLimits = { ...defaultHealthLimits, ...common, ...(camera.has('ptz') && { movedBelow: 0 }), ...differing };
      monitor.add(camera.id, limits, snapshots === undefined || own === false ? { code: 'SNAPSHOTS_OFF' } : undefined);
      try {
        const gap = await catalog.lastGap(camera.id);
        if (gap !== undefined) monitor.recallGap(gap);
      } catch (error) {
        ctx.log.warn({ camera: camera.id, err: error }, 'the last gap could not be read; it is told when there is another');
      }
    },
  };
}

/** Stores what is new of it. */
async function keepMemory(monitor: HealthMonitor, book: HealthBook, camera: string): Promise<void> {
  const memory = monitor.memory(camera);
  if (memory !== undefined) await book.write(camera, memory);
}

/** Decodes a keyframe with ffmpeg, once it is there, and has it judged. */
function lookWith(ctx: PluginContext, monitor: HealthMonitor, book: HealthBook): (fragment: WrittenFragment, signal: AbortSignal) => Promise<void> {
  const program = rememberFfmpeg();
  return async (fragment, signal) => {
    const { camera } = fragment;
    try {
      const ffmpeg = await program();
      if (!isFfmpeg(ffmpeg)) {
        const command = await installHint();
        monitor.missed(camera, { code: 'SNAPSHOTS_NEED_FFMPEG', ...(command !== undefined && { command }) });
        return;
      }
      const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const snapshot = await decodeSnapshot(ffmpeg, await readFilm(fragment, ended), ended);
      if (!monitor.isRecalled(camera)) monitor.recall(camera, await book.read(camera));
      monitor.snapshot(camera, snapshot, fragment.startMs);
      await keepMemory(monitor, book, camera).catch((error: unknown) => ctx.log.warn({ camera, err: error }, 'what a camera should show could not be stored; it is tried again at the next snapshot'));
    } catch (error) {
      if (!signal.aborted && monitor.missed(camera, { code: 'SNAPSHOT_FAILED' })) ctx.log.warn({ camera, err: error }, 'three pictures of a camera in a row could not be looked at');
    }
  };
}

/** Init segment and keyframe. Rejects when the signal is aborted, whatever the disk does: one that hangs must not stop the round. */
function readFilm(fragment: WrittenFragment, signal: AbortSignal): Promise<Buffer> {
  if (fragment.initBytes + fragment.length > mostFilmBytes) throw new Error(`the keyframe has ${fragment.length} bytes`);
  const pieces = [{ ...fragment, offset: 0, length: fragment.initBytes }, fragment].map((range) => readWhole(range, signal));
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  return Promise.race([Promise.all(pieces).then((read) => Buffer.concat(read)), aborted]);
}

/** One search for all cameras, until a program appears or goes. */
function rememberFfmpeg(): () => Promise<FfmpegProgram | FfmpegAbsence> {
  let file: string | undefined;
  let found: FfmpegProgram | FfmpegAbsence | undefined;
  return async () => {
    const newest = await findFfmpeg();
    if (found === undefined || newest !== file) {
      file = newest;
      found = await openFfmpeg();
    }
    return found;
  };
}
