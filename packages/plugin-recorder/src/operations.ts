// The recorder's operations: each answer that shows footage is a lease, and everything fetched is named by the lease's own playlist.
import {
  CameraError, playBack, readRecordingStatus, readTimeline, RecordingError, watchLive,
  type Call, type Gap, type MediaLease, type MediaRequest, type MediaResponse, type PluginContext, type RecordingStatus, type TimeRange,
} from '@wanglou/core';
import type { FootageTimeline, RecordedStretch } from './catalog/catalog.ts';
import { engineText } from './engine-text.ts';
import { problemText, warningText } from './errors.ts';
import { planPlayback, type FootageFile, type PlaybackPlan } from './hls/playback-plan.ts';
import { serveLive } from './live/serve-live.ts';
import { parseMediaName, playbackPlaylist, playlistName, playlistType } from './hls/playlist.ts';
import { handleExports, type ExportOptions } from './export-operations.ts';
import { areComplete, fileResponse, notFound } from './media/media-response.ts';
import type { FileRange } from './media/read-range.ts';
import { serveStill } from './media/still.ts';
import { checkRange, notRecorded, toGap } from './ranges.ts';
import type { CameraState, Recorder } from './recorder.ts';

/** What the handlers work with. */
export interface OperationsOptions extends ExportOptions {
  /** Cameras that the campus knows but that give no stream yet, with the reason. */
  readonly unavailable: () => readonly RecordingStatus[];
}

/** Cameras times days that one timeline may cover. */
const timelineCameraDays = 400;

/** Handles all operations of the recording contract. */
export function handleRecording(ctx: PluginContext, options: OperationsOptions): void {
  const { recorder } = options;
  ctx.handle(watchLive, ({ camera }, call) => openLive(recorder, camera, call, options));
  ctx.handle(playBack, async ({ camera, ...range }, call) => openPlayback(recorder, camera, checkRange(range, options.playbackHours), call));
  handleExports(ctx, options);
  ctx.handle(readTimeline, async ({ cameras, fromMs, toMs }) => {
    // One row a minute and camera: bounded, so that one question cannot read the whole index.
    const hours = Math.floor((timelineCameraDays * 24) / Math.max(1, cameras.length));
    checkRange({ fromMs, toMs }, hours);
    const timelines = await Promise.all(cameras.map(async (camera) => ({ camera, ...toContract(await recorder.timeline(camera, fromMs, toMs)) })));
    return { timelines };
  });
  ctx.handle(readRecordingStatus, () => ({ statuses: [...recorder.cameras.map(toStatus), ...options.unavailable()] }));
}

/** A camera's state as the contract tells it. */
export function toStatus(camera: CameraState): RecordingStatus {
  const { status } = camera;
  return {
    camera: camera.id,
    state: status.state,
    ...(camera.codecs !== undefined && { codec: camera.codecs }),
    ...(camera.width !== undefined && { width: camera.width }),
    ...(camera.height !== undefined && { height: camera.height }),
    ...(camera.kbps !== undefined && { kbps: camera.kbps }),
    ...(camera.newestMs !== undefined && { lastFrameMs: Math.round(camera.newestMs) }),
    ...('engine' in status && status.engine !== undefined && { engine: { id: status.engine.id, text: engineText(status.engine) } }),
    ...(status.state === 'error' && { problem: { code: status.code, text: problemText(status.code, status.message, 'advice' in status ? status.advice : undefined) } }),
    ...(status.state === 'recording' && status.warnings !== undefined && { warnings: status.warnings.map(({ code, message }) => ({ code, text: warningText(code, message) })) }),
  };
}

function toContract(timeline: FootageTimeline): { recorded: TimeRange[]; gaps: Gap[]; deleted: TimeRange[] } {
  const ranges = (stretches: readonly RecordedStretch[]): TimeRange[] => stretches.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }));
  return { recorded: ranges(timeline.recorded), gaps: timeline.gaps.map(toGap), deleted: ranges(timeline.deleted) };
}

function openLive(recorder: Recorder, id: string, call: Call, options: OperationsOptions): MediaLease {
  const camera = recorder.camera(id);
  const absent = options.unavailable().find((status) => status.camera === id);
  if (camera === undefined && absent === undefined) throw new CameraError('UNKNOWN_CAMERA', { camera: id });
  const problem = camera === undefined ? absent?.problem : toStatus(camera).problem;
  if (camera === undefined || (problem !== undefined && camera.live.segments.length === 0)) {
    throw new RecordingError('NOT_LIVE', { camera: id, reason: problem?.text ?? { zh: '正在连接', en: 'connecting' } });
  }
  const lease = call.lease({ serve: (request, signal) => serveLive({ live: camera.live, watch: () => recorder.watch(id), watchSmall: () => recorder.watchSmall(id) }, request, signal) });
  return { lease: lease.id, path: playlistName, expiresMs: lease.expiresMs };
}

async function openPlayback(recorder: Recorder, camera: string, range: TimeRange, call: Call): Promise<MediaLease & { gaps: readonly Gap[] }> {
  const files = await recorder.files(camera, range.fromMs, range.toMs);
  const plan = planPlayback(files, range.fromMs, range.toMs);
  if (plan.segments.length === 0) throw notRecorded(camera, range);
  const { gaps } = await recorder.timeline(camera, range.fromMs, range.toMs);
  const lease = call.lease({ serve: (request, signal) => servePlayback(recorder, camera, { plan, files, range }, request, signal) });
  return { lease: lease.id, path: playlistName, expiresMs: lease.expiresMs, gaps: gaps.map(toGap) };
}

/** What a playback lease may serve. */
interface PlaybackScope {
  readonly plan: PlaybackPlan;
  readonly files: readonly FootageFile[];
  readonly range: TimeRange;
}

async function servePlayback(recorder: Recorder, camera: string, { plan, files, range }: PlaybackScope, request: MediaRequest, signal: AbortSignal): Promise<MediaResponse> {
  if (request.path === playlistName) return { status: 200, headers: { 'content-type': playlistType }, body: playbackPlaylist(plan) };
  const name = parseMediaName(request.path);
  if (name?.kind === 'still') return serveStill({ files, ...range }, name.atMs, signal);
  if (name?.kind !== 'segment' && name?.kind !== 'init') return notFound;
  const init = name.kind === 'init' ? plan.inits[name.number] : undefined;
  const found: FileRange | undefined = init === undefined ? (name.kind === 'segment' ? plan.segments[name.number] : undefined) : { root: init.root, path: init.path, offset: 0, length: init.bytes };
  if (found === undefined) return notFound;
  if (!(await areComplete([found]))) throw new RecordingError('SEGMENT_CORRUPT', { camera, from: new Date(plan.segments[name.number]?.startMs ?? 0).toISOString() });
  return fileResponse([found], request.range, signal);
}
