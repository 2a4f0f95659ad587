// The recorder's operations: each answer that shows footage is a lease, and everything fetched is named by the lease's own playlist.
import {
  CameraError, exportFootage, playBack, readRecordingStatus, readTimeline, RecordingError, watchLive,
  type AuditLog, type Call, type Gap, type MediaLease, type MediaRequest, type MediaResponse, type PluginContext, type RecordingStatus, type TimeRange,
} from '@wanglou/core';
import type { FootageTimeline } from './catalog/catalog.ts';
import type { Seals } from './catalog/seals.ts';
import { problemText, warningText } from './errors.ts';
import { listEvidence, wholeFiles, type EvidenceScope, type EvidenceSources } from './evidence/evidence.ts';
import { zipEvidence } from './evidence/evidence-zip.ts';
import { planPlayback, type FootageFile, type PlaybackPlan } from './hls/playback-plan.ts';
import { serveLive } from './live/serve-live.ts';
import { parseMediaName, playbackPlaylist, playlistName, playlistType } from './hls/playlist.ts';
import { exportRange, planExport, type ExportPlan } from './media/export-range.ts';
import { areComplete, fileResponse, mediaType, notFound } from './media/media-response.ts';
import type { FileRange } from './media/read-range.ts';
import { serveStill } from './media/still.ts';
import type { CameraState, Recorder } from './recorder.ts';
import type { GapRecord } from './segment/segment-record.ts';

/** What the handlers work with. */
export interface OperationsOptions {
  readonly recorder: Recorder;
  readonly seals: Seals;
  readonly audit: AuditLog;
  readonly playbackHours: number;
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
  ctx.handle(exportFootage, async ({ camera, fromMs, toMs }, call) => openExport(options, camera, checkRange({ fromMs, toMs }, options.playbackHours), call));
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
    ...(status.state === 'error' && { problem: { code: status.code, text: problemText(status.code, status.message) } }),
    ...(status.state === 'recording' && status.warnings !== undefined && { warnings: status.warnings.map(({ code, message }) => ({ code, text: warningText(code, message) })) }),
  };
}

/** A gap as the contract tells it. */
export function toGap(gap: GapRecord): Gap {
  return { camera: gap.camera, fromMs: gap.startMs, cause: gap.cause, detail: gap.detail, ...(gap.endMs !== undefined && { toMs: gap.endMs }) };
}

function toContract(timeline: FootageTimeline): { recorded: TimeRange[]; gaps: Gap[] } {
  return { recorded: timeline.recorded.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })), gaps: timeline.gaps.map(toGap) };
}

function checkRange(range: TimeRange, hours: number): TimeRange {
  if (range.fromMs >= range.toMs || range.toMs - range.fromMs > hours * 3_600_000) throw new RecordingError('RANGE_INVALID', { hours });
  return range;
}

function openLive(recorder: Recorder, id: string, call: Call, options: OperationsOptions): MediaLease {
  const camera = recorder.camera(id);
  const absent = options.unavailable().find((status) => status.camera === id);
  if (camera === undefined && absent === undefined) throw new CameraError('UNKNOWN_CAMERA', { camera: id });
  const problem = camera === undefined ? absent?.problem : toStatus(camera).problem;
  if (camera === undefined || (problem !== undefined && camera.live.segments.length === 0)) {
    throw new RecordingError('NOT_LIVE', { camera: id, reason: problem?.text ?? { zh: '正在连接', en: 'connecting' } });
  }
  const lease = call.lease({ serve: (request, signal) => serveLive({ root: recorder.root, live: camera.live, watch: () => recorder.watch(id) }, request, signal) });
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
  if (name?.kind === 'still') return serveStill({ root: recorder.root, files, ...range }, name.atMs, signal);
  if (name?.kind !== 'segment' && name?.kind !== 'init') return notFound;
  const init = name.kind === 'init' ? plan.inits[name.number] : undefined;
  const found: FileRange | undefined = init === undefined ? (name.kind === 'segment' ? plan.segments[name.number] : undefined) : { path: init.path, offset: 0, length: init.bytes };
  if (found === undefined) return notFound;
  if (!(await areComplete(recorder.root, [found]))) throw new RecordingError('SEGMENT_CORRUPT', { camera, from: new Date(plan.segments[name.number]?.startMs ?? 0).toISOString() });
  return fileResponse(recorder.root, [found], request.range, signal);
}

async function openExport({ recorder, seals, audit }: OperationsOptions, camera: string, range: TimeRange, call: Call): Promise<MediaLease & { gaps: readonly Gap[]; evidence?: string }> {
  const files = await recorder.files(camera, range.fromMs, range.toMs);
  const { gaps } = await recorder.timeline(camera, range.fromMs, range.toMs);
  const plan = await planExport({ root: recorder.root, files, gaps, ...range }, call.signal);
  if (plan.parts.length === 0) throw notRecorded(camera, range);
  // Article 11: the register shows which files left. One that is still being written has no hash yet.
  call.note({ segments: files.flatMap(({ sha256 }) => sha256 ?? []) });
  const scope: EvidenceScope = { camera, ...range, files, gaps: plan.gaps, call: call.id };
  const evidence = { root: recorder.root, seals, log: audit };
  const hasEvidence = wholeFiles(scope).length > 0;
  const lease = call.lease({
    serve: (request, signal) => (hasEvidence && request.path === evidenceName ? serveEvidence(scope, evidence, signal) : serveExport(recorder, camera, range, plan, request, signal)),
  });
  return { lease: lease.id, path: filmName(0), expiresMs: lease.expiresMs, gaps: plan.gaps.map(toGap), ...(hasEvidence && { evidence: evidenceName }) };
}

const evidenceName = 'evidence.zip';

/** Films of an export are numbered from 1; `index.json` lists them with what is missing. */
function filmName(index: number): string {
  return `footage-${index + 1}.mp4`;
}

/** Original files with their proofs, as of now: what was sealed since the call is in it, what was recorded since is not. */
async function serveEvidence(scope: EvidenceScope, sources: EvidenceSources, signal: AbortSignal): Promise<MediaResponse> {
  const { bytes, body } = await zipEvidence(sources.root, await listEvidence(scope, sources), signal);
  const headers = { 'content-type': 'application/zip', 'content-length': String(bytes), 'content-disposition': `attachment; filename="${fileNameOf(scope.camera, scope.fromMs)}-evidence.zip"` };
  return { status: 200, headers, body };
}

/** A name that every file system takes. */
function fileNameOf(camera: string, atMs: number): string {
  return `${camera.replace(/[^\w-]/g, '_')}-${new Date(atMs).toISOString().replace(/[:.]/g, '')}`;
}

function serveExport(recorder: Recorder, camera: string, range: TimeRange, plan: ExportPlan, request: MediaRequest, signal: AbortSignal): MediaResponse {
  if (request.path === 'index.json') {
    const films = plan.parts.map((part, index) => ({ path: filmName(index), fromMs: part.startMs, toMs: part.endMs, bytes: part.bytes }));
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ camera, ...range, films, gaps: plan.gaps.map(toGap) }) };
  }
  const part = plan.parts.find((_, index) => filmName(index) === request.path);
  if (part === undefined) return notFound;
  return { status: 200, headers: { 'content-type': mediaType, 'content-length': String(part.bytes), 'content-disposition': `attachment; filename="${fileNameOf(camera, part.startMs)}.mp4"` }, body: exportRange(recorder.root, part, signal) };
}

function notRecorded(camera: string, range: TimeRange): RecordingError {
  return new RecordingError('NOT_RECORDED', { camera, from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() });
}
