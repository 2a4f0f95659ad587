// Copies that leave: the order, the package under its lease, and whose copy carries a mark.
import path from 'node:path';
import { exportFootage, RecordingError, sha256OfJson, traceCopy, type AuditLog, type Call, type CampusReader, type ExportStatus, type FootageCopy, type MediaRequest, type MediaResponse, type PluginContext, type TimeRange } from '@wanglou/core';
import type { Copies } from './catalog/copies.ts';
import type { Seals } from './catalog/seals.ts';
import type { EvidenceScope } from './evidence/evidence.ts';
import type { ExportJob, ExportOrder, ListedFile } from './export/export-job.ts';
import type { Exports } from './export/exports.ts';
import type { Manifest } from './export/manifest.ts';
import { stretchesOf } from './export/stretches.ts';
import { evidenceOf, explain, nameOf, requireSpace, verifierOf } from './footage-copies.ts';
import { isFfmpeg, openFfmpeg } from './ffmpeg/ffmpeg-program.ts';
import { fileNameOf } from './media/file-name.ts';
import type { FootageFile } from './hls/playback-plan.ts';
import { areComplete, fileResponse, notFound } from './media/media-response.ts';
import { checkRange, notRecorded, toGap } from './ranges.ts';
import type { Recorder } from './recorder.ts';

/** What copies are made with. */
export interface ExportOptions {
  readonly recorder: Recorder;
  /** Absolute folder of the disk on which packages are made. */
  readonly exportsRoot: string;
  readonly seals: Seals;
  readonly copies: Copies;
  readonly exports: Exports;
  readonly audit: AuditLog;
  readonly campus: CampusReader;
  readonly playbackHours: number;
}

/** A large package takes a while to make and to fetch; the grant may end it sooner. */
const leaseMs = 12 * 3_600_000;
const packageName = 'package.zip';
/** The films, and the package of films and originals. */
const copiesOnDisk = 3;
/** Two more while a film is encoded anew. */
const copiesWithMark = 5;

/** Handles the operations of the export contract. */
export function handleExports(ctx: PluginContext, options: ExportOptions): void {
  ctx.handle(exportFootage, (input, call) => openExport(ctx, options, input, call));
  ctx.handle(traceCopy, async ({ mark }) => ({ copies: await options.copies.withMark(mark) }));
}

interface ExportInput extends TimeRange {
  readonly cameras: readonly string[];
  readonly destination: string;
  readonly caseNumber?: string;
  readonly visibleMark?: boolean;
  readonly encrypt?: boolean;
}

async function openExport(ctx: PluginContext, options: ExportOptions, input: ExportInput, call: Call): Promise<FootageCopy> {
  const range = checkRange({ fromMs: input.fromMs, toMs: input.toMs }, options.playbackHours);
  const { destination, caseNumber, visibleMark = false, encrypt = false } = input;
  const ids = [...new Set(input.cameras)];
  const footage = await Promise.all(ids.map(async (camera) => ({ camera, files: await options.recorder.files(camera, range.fromMs, range.toMs), ...explain(camera, await options.recorder.timeline(camera, range.fromMs, range.toMs)) })));
  const readable = await Promise.all(footage.map(async ({ files }) => new Set((await Promise.all(files.map(async (file) => ((await isWhole(file)) ? [file] : [])))).flat())));
  const stretches = footage.flatMap(({ camera, files }, index) => stretchesOf(camera, files.filter((file) => readable[index]?.has(file)), range.fromMs, range.toMs));
  const damaged = footage.flatMap(({ camera, files }, index) => files.filter((file) => !readable[index]?.has(file)).map(({ startMs, endMs }) => ({ camera, startMs, endMs })));
  if (stretches.length === 0) throw notRecorded(ids.join(', '), range);
  const roots = new Map(footage.flatMap(({ files }) => files.map(({ path: name, root }) => [name, root] as const)));
  await requireSpace(options.exportsRoot, stretches.reduce((sum, { bytes }) => sum + bytes, 0) * (visibleMark ? copiesWithMark : copiesOnDisk));
  const found = visibleMark ? await openFfmpeg() : undefined;
  const ffmpeg = found !== undefined && isFfmpeg(found) ? found : undefined;
  if (visibleMark && ffmpeg === undefined) throw new RecordingError('EXPORT_NEEDS_FFMPEG', {});
  const job = await options.exports.open({ operator: call.principal.id, cameras: ids, ...range, destination, caseNumber, visibleMark, encrypt }, async ({ id, mark }, passphrase) => {
    const order: ExportOrder = {
      id, mark, cameras: ids.map((camera) => ({ id: camera, name: nameOf(ctx, camera) })), ...range, operator: call.principal.id, destination, ...(caseNumber !== undefined && { caseNumber }), visibleMark,
      ...(passphrase !== undefined && { passphrase }), stretches, gaps: footage.flatMap(({ explained }) => explained), damaged, permission: permissionOf(call), call: call.id,
    };
    const scopes = footage.map(({ explained, ...one }): EvidenceScope => ({ ...one, ...range, gaps: explained, call: call.id }));
    return {
      order,
      tools: {
        rootOf: (name) => roots.get(name) ?? options.exportsRoot, campus: options.campus.read().name, ffmpeg, now: () => ctx.clock.now(),
        evidence: () => evidenceOf(scopes, options),
        prove: (listed) => prove(ctx, options, order, listed),
        verifier: () => verifierOf(options.audit),
      },
    };
  });
  // Before anything can leave: who, to whom, and under which mark.
  await options.copies.add({ export: job.order.id, mark: Buffer.from(job.order.mark).toString('hex'), cameras: ids, ...range, person: call.principal.id, destination, ...(caseNumber !== undefined && { caseNumber }), madeMs: ctx.clock.now(), call: call.id });
  // Article 11: the register shows which files left. One that is still being written has no hash yet.
  call.note({ export: job.order.id, segments: footage.flatMap(({ files }) => files.flatMap(({ sha256 }) => sha256 ?? [])) });
  const lease = call.lease({ maxAgeMs: leaseMs, serve: (request, signal) => serveExport(job, request, signal) });
  options.exports.hold(job, lease.signal);
  return { lease: lease.id, path: packageName, expiresMs: lease.expiresMs, export: job.order.id, gaps: footage.flatMap(({ gaps }) => gaps.map(toGap)) };
}

/** Whether a file is as long as its index says. */
function isWhole(file: FootageFile): Promise<boolean> {
  return areComplete([{ root: file.root, path: file.path, offset: 0, length: file.fragments.reduce((sum, { length }) => sum + length, file.initBytes) }]);
}

function serveExport(job: ExportJob, request: MediaRequest, signal: AbortSignal): MediaResponse {
  const { progress, order } = job;
  if (request.path === 'status.json') {
    const status: ExportStatus = { ...progress, doneBytes: Math.round(progress.doneBytes) };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(status) };
  }
  if (request.path === 'passphrase.txt' && order.passphrase !== undefined) return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${order.passphrase}\n` };
  if (request.path !== packageName) return notFound;
  if (progress.state === 'failed') throw new RecordingError('EXPORT_FAILED', { reason: progress.reason });
  if (progress.state === 'preparing') throw new RecordingError('EXPORT_NOT_READY', { percent: Math.floor((progress.doneBytes / progress.totalBytes) * 100) });
  const response = fileResponse([{ root: path.dirname(job.file), path: path.basename(job.file), offset: 0, length: progress.bytes }], request.range, signal);
  const name = `${fileNameOf(order.cameras.length === 1 ? (order.cameras[0]?.id ?? '') : `${order.cameras.length}-cameras`, order.fromMs)}-${order.id}.zip`;
  return { ...response, headers: { ...response.headers, 'content-type': 'application/zip', 'content-disposition': `attachment; filename="${name}"` } };
}

/** The audit log says what was made: its hash stands open, for whom it was does not. */
async function prove(ctx: PluginContext, { audit }: ExportOptions, order: ExportOrder, listed: readonly ListedFile[]): Promise<string> {
  const { seq } = await ctx.record({
    kind: 'recording.exported', principal: { kind: 'plugin', id: ctx.pluginId }, call: order.call,
    open: { export: order.id, listed: sha256OfJson(listed), files: listed.length },
    detail: { person: order.operator, destination: order.destination, mark: Buffer.from(order.mark).toString('hex'), cameras: order.cameras.map(({ id }) => id), fromMs: order.fromMs, toMs: order.toMs },
  });
  return (await audit.receipt(seq)).text;
}

function permissionOf({ decision }: Call): Manifest['permission'] {
  const { 'grant.id': grant, 'grant.approvals': approvals } = decision.facts;
  return { rules: decision.permits, articles: decision.articles, pack: decision.pack, ...(typeof grant === 'string' && { grant }), approvals: Array.isArray(approvals) ? approvals.map(String) : [] };
}
