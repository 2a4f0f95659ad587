// Archives and the way back: the operations, the entries in the log, and what they need of the recorder. Article 15(4).
import path from 'node:path';
import {
  adoptArchives, archiveChanged, archiveFootage, archiveTargets, cancelArchive, createId, listArchives, RecordingError, restoreArchive, sha256OfJson, verifyArchive,
  type Archive, type ArchiveTarget, type AuditLog, type Call, type CampusReader, type Hold, type PluginContext, type Restoration,
} from '@wanglou/core';
import type { ArchiveBook, ArchiveEntry, RestoreOrder } from './archive/archive-book.ts';
import { findRecord, readRecord, recordName, runArchive, verifyStored, type ArchiveOutcome, type SourceFile } from './archive/archive-job.ts';
import type { ArchivedFile, ArchiveRecord } from './archive/archive-record.ts';
import { Archives } from './archive/archives.ts';
import { boundedTarget } from './archive/bounded-target.ts';
import { FolderTarget } from './archive/folder-target.ts';
import { dropFile, fetchFile, placeFile, type FetchedFile } from './archive/restore-file.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Seals } from './catalog/seals.ts';
import type { RecorderConfig } from './config.ts';
import type { Disks } from './disks/disks.ts';
import { missingFootage, type MissingFootage } from './evidence/missing.ts';
import { evidenceOf, explain, nameOf, requireSpace, verifierOf } from './footage-copies.ts';
import { end, place } from './hold-operations.ts';
import { areComplete } from './media/media-response.ts';
import { checkRange, notRecorded } from './ranges.ts';
import type { Recorder } from './recorder.ts';
import type { Retention } from './retention-operations.ts';

/** What archives are made with. */
export interface ArchiveOptions {
  readonly config: Pick<RecorderConfig, 'archives'>;
  readonly book: ArchiveBook;
  readonly recorder: Recorder;
  readonly catalog: Catalog;
  readonly disks: Disks;
  readonly seals: Seals;
  readonly audit: AuditLog;
  readonly campus: CampusReader;
  readonly retention: Retention;
}

const dayMs = 86_400_000;
/** Of `createId`; other folders are none of ours. */
const archiveIdPattern = /^[\w-]{22}$/;
const mostDays = 365;
/** Cameras times hours of one archive: some 30,000 files, of which the lists stay handy. */
const mostCameraHours = 500;
/** Files that are put back under one entry of the log. */
const filesAtOnce = 240;

/** Handles the operations of the archive contract, and goes on with what a stop left unfinished. */
export async function startArchives(ctx: PluginContext, options: ArchiveOptions): Promise<void> {
  const { config, book } = options;
  for (const [id, { path: folder, title }] of Object.entries(config.archives)) ctx.contribute(archiveTargets, { id, title: title ?? { zh: id, en: id }, target: new FolderTarget(path.resolve(folder)) });
  const archives = new Archives({
    book,
    now: () => ctx.clock.now(),
    after: (delayMs, task) => ctx.clock.after(delayMs, task),
    changed: (entry) => ctx.emit(archiveChanged, toContract(entry)),
    copy: (entry, progress, signal) => copy(ctx, options, entry, progress, signal),
    verify(entry, progress, signal) {
      let doneBytes = 0;
      return verifyStored(targetOf(ctx, entry.target), entry, (bytes) => progress({ state: 'verifying', doneBytes: (doneBytes += bytes), totalBytes: Math.round(entry.totalBytes / 2) }), signal);
    },
    restore: (entry, order, progress, signal) => putBack(ctx, options, entry, order, progress, signal),
    release: (entry) => end(ctx, options.retention, entry.hold),
  });
  const find = async (id: string): Promise<ArchiveEntry> => {
    const entry = await archives.get(id);
    if (entry === undefined) throw new RecordingError('ARCHIVE_UNKNOWN', { archive: id });
    return entry;
  };
  ctx.handle(archiveFootage, async (input, call) => {
    const entry = await order(ctx, options, input, call);
    await archives.add(entry);
    return toContract(entry);
  });
  ctx.handle(listArchives, async (query) => ({
    archives: (await archives.find(query)).map(toContract),
    targets: ctx.contributions(archiveTargets).map(({ id, title }) => ({ id, title })),
  }));
  ctx.handle(cancelArchive, async ({ archive }) => {
    await find(archive);
    const cancelled = await archives.cancel(archive);
    if (cancelled === undefined) throw new RecordingError('ARCHIVE_OVER', { archive });
    return toContract(cancelled);
  });
  ctx.handle(verifyArchive, async ({ archive }) => {
    await find(archive);
    const waiting = await archives.verify(archive);
    if (waiting === undefined) throw new RecordingError('ARCHIVE_NOT_STORED', { archive });
    return toContract(waiting);
  });
  ctx.handle(restoreArchive, async ({ archive, days, reason }, call) => restore(ctx, options, archives, await find(archive), { days, reason }, call));
  ctx.handle(adoptArchives, ({ target }, call) => adopt(ctx, archives, target, call));
  ctx.defer(() => archives.close());
  await archives.resume();
}

type OrderInput = Pick<Archive, 'cameras' | 'fromMs' | 'toMs' | 'target' | 'title' | 'record' | 'caseNumber'>;

async function order(ctx: PluginContext, options: ArchiveOptions, input: OrderInput, call: Call): Promise<ArchiveEntry> {
  const { catalog, recorder, retention } = options;
  const { fromMs, toMs, target, title, record, caseNumber } = input;
  const names = [...new Set(input.cameras)];
  const range = checkRange({ fromMs, toMs }, Math.floor(mostCameraHours / Math.max(1, names.length)));
  targetOf(ctx, target);
  const isThere = await Promise.all(names.map(async (camera) => recorder.isWriting(camera, toMs) || (await catalog.wholeFilesBetween(camera, fromMs, toMs)).length > 0));
  if (!isThere.includes(true)) throw notRecorded(names.join(', '), range);
  const nowMs = ctx.clock.now();
  const id = createId(ctx.random);
  // What is being archived must be there until it is stored.
  const hold: Hold = { id: createId(ctx.random), cameras: names, ...range, reason: `${title} (archive ${id})`, ...(caseNumber !== undefined && { caseNumber }), placedBy: call.principal.id, placedMs: nowMs, state: 'in-force' };
  await place(ctx, retention, hold);
  call.note({ archive: id, hold: hold.id });
  return {
    id, target, cameras: names, ...range, title, record, ...(caseNumber !== undefined && { caseNumber }), orderedBy: call.principal.id, orderedMs: nowMs, call: call.id, hold: hold.id,
    state: 'waiting', doneBytes: 0, totalBytes: 0, files: 0, missingMs: 0,
  };
}

/** The storage alone says what is on it. What a record says is checked like anything from outside, and what it names is read back before it counts as stored. */
async function adopt(ctx: PluginContext, archives: Archives, id: string, { signal, note }: Call): Promise<{ readonly adopted: readonly Archive[]; readonly refused: readonly string[] }> {
  const target = targetOf(ctx, id);
  const adopted: ArchiveEntry[] = [];
  const refused: string[] = [];
  await readable(id, async () => {
    for await (const folder of target.folders(signal)) {
      if (!archiveIdPattern.test(folder) || (await archives.get(folder)) !== undefined) continue;
      const found = await findRecord(target, folder, signal);
      if (found === 'invalid') refused.push(folder);
      else if (found !== undefined) {
        const entry = await archives.adopt(toEntry(id, found.record, found.sha256));
        if (entry !== undefined) adopted.push(entry);
      }
    }
    return true;
  });
  note({ adopted: adopted.map(({ id: archive }) => archive) });
  return { adopted: adopted.map(toContract), refused };
}

function toEntry(target: string, { archive: id, cameras, fromMs, toMs, title, record, caseNumber, orderedBy, orderedMs, files, missing }: ArchiveRecord, recordSha256: string): ArchiveEntry {
  return {
    id, target, cameras: cameras.map((camera) => camera.id), fromMs, toMs, title, record, ...(caseNumber !== undefined && { caseNumber }), orderedBy, orderedMs, call: '', hold: '', recordSha256,
    state: 'waiting', doneBytes: 0, totalBytes: 2 * files.reduce((sum, { bytes }) => sum + bytes, 0), files: files.length, missingMs: missing.reduce((sum, hole) => sum + hole.toMs - hole.fromMs, 0),
  };
}

type Progress = Parameters<ConstructorParameters<typeof Archives>[0]['copy']>[1];

async function copy(ctx: PluginContext, options: ArchiveOptions, entry: ArchiveEntry, progress: Progress, signal: AbortSignal): Promise<ArchiveOutcome> {
  const { recorder, catalog, disks, seals, audit, campus } = options;
  if (entry.toMs > ctx.clock.now() || entry.cameras.some((camera) => recorder.isWriting(camera, entry.toMs))) throw new Error('footage of the range is still being written');
  await recorder.flush();
  const footage = await Promise.all(
    entry.cameras.map(async (camera) => ({
      camera,
      files: (await catalog.wholeFilesBetween(camera, entry.fromMs, entry.toMs)).map((file) => ({ ...file, root: disks.rootOf(file.disk), fragments: [] })),
      explained: explain(camera, await recorder.timeline(camera, entry.fromMs, entry.toMs)).explained,
    })),
  );
  const sources = footage.flatMap(({ camera, files }) => files.map(({ root, path: name, startMs, endMs, bytes, sha256 }): SourceFile => ({ root, name, camera, fromMs: startMs, toMs: endMs, bytes, sha256 })));
  const diskOf = new Map(footage.flatMap(({ files }) => files.map(({ path: name, disk }) => [name, disk])));
  return runArchive({
    isPresent: ({ name }) => disks.isPresent(diskOf.get(name)),
    entry, target: targetOf(ctx, entry.target), campus: campus.read().name, cameras: entry.cameras.map((id) => ({ id, ...nameOf(ctx, id) })), files: sources, progress, signal,
    async evidence(intact, damaged) {
      const given = new Set(intact.map(({ name }) => name));
      const scopes = footage.map(({ camera, files, explained: gaps }) => {
        const kept = files.filter(({ path: name }) => given.has(name));
        // Files as a whole, also where they reach beyond what was asked for: they do not leave the unit.
        return { camera, files: kept, gaps, fromMs: Math.min(entry.fromMs, ...kept.map(({ startMs }) => startMs)), toMs: Math.max(entry.toMs, ...kept.map(({ endMs }) => endMs)), call: entry.call };
      });
      const lost = damaged.map(({ camera, fromMs, toMs }) => ({ camera, startMs: fromMs, endMs: toMs, cause: 'damaged' }));
      const missing: readonly MissingFootage[] = footage.flatMap(({ camera, files, explained }) =>
        missingFootage({ camera, fromMs: entry.fromMs, toMs: entry.toMs, files: files.filter(({ path: name }) => given.has(name)), gaps: [...explained, ...lost.filter((one) => one.camera === camera)] }, () => undefined),
      );
      return { missing, evidence: await evidenceOf(scopes, { seals, audit }) };
    },
    async prove(listed, files) {
      const { seq } = await ctx.record({
        kind: 'recording.archived', principal: { kind: 'plugin', id: ctx.pluginId }, call: entry.call, resource: { cameras: entry.cameras, range: { fromMs: entry.fromMs, toMs: entry.toMs } },
        open: { archive: entry.id, listed: sha256OfJson(listed), files }, detail: { person: entry.orderedBy, target: entry.target },
      });
      return (await audit.receipt(seq)).text;
    },
    verifier: () => verifierOf(audit),
  });
}

/** Looks what is to be put back, holds it, and leaves the rest to its turn: it may take hours. */
async function restore(ctx: PluginContext, options: ArchiveOptions, archives: Archives, entry: ArchiveEntry, { days, reason }: { readonly days: number; readonly reason: string }, call: Call): Promise<Restoration> {
  const { retention, disks } = options;
  if (days < 1 || days > mostDays) throw new RecordingError('RESTORE_INVALID', {});
  if (entry.state !== 'stored' && entry.state !== 'damaged') throw new RecordingError('ARCHIVE_NOT_STORED', { archive: entry.id });
  const record = await readable(entry.id, () => readRecord(targetOf(ctx, entry.target), entry, call.signal));
  const absent = await absentFiles(options, record);
  const root = disks.usable[0]?.root;
  if (root !== undefined) await requireSpace(root, absent.reduce((sum, { bytes }) => sum + bytes, 0), 'RESTORE_NO_SPACE');
  const endsMs = ctx.clock.now() + days * dayMs;
  // Held before it is there: a sweep must not meet it in between.
  const hold: Hold = { id: createId(ctx.random), cameras: entry.cameras, fromMs: Math.min(entry.fromMs, ...record.files.map(({ fromMs }) => fromMs)), toMs: Math.max(entry.toMs, ...record.files.map(({ toMs }) => toMs)), reason: `${reason} (archive ${entry.id})`, placedBy: call.principal.id, placedMs: ctx.clock.now(), endsMs, state: 'in-force' };
  await place(ctx, retention, hold);
  call.note({ archive: entry.id, hold: hold.id });
  if ((await archives.restore(entry.id, { by: call.principal.id, reason, call: call.id })) === undefined) throw new RecordingError('ARCHIVE_NOT_STORED', { archive: entry.id });
  return { files: absent.length, present: record.files.length - absent.length, hold: hold.id, endsMs };
}

async function putBack(ctx: PluginContext, options: ArchiveOptions, entry: ArchiveEntry, order: RestoreOrder, progress: Progress, signal: AbortSignal): Promise<readonly string[]> {
  const { retention, disks, catalog } = options;
  const target = targetOf(ctx, entry.target);
  const record = await readRecord(target, entry, signal);
  if (record === undefined) return [recordName];
  const absent = await absentFiles(options, record);
  const totalBytes = absent.reduce((sum, { bytes }) => sum + bytes, 0);
  const damaged: string[] = [];
  let doneBytes = 0;
  for (let start = 0; start < absent.length; start += filesAtOnce) {
    const fetched: FetchedFile[] = [];
    try {
      for (const file of absent.slice(start, start + filesAtOnce)) {
        signal.throwIfAborted();
        const [disk] = disks.usable;
        if (disk === undefined) throw new Error('no disk takes files now');
        const found = await fetchFile(target, entry.id, file, disk, signal);
        if (found === undefined) damaged.push(file.name);
        else fetched.push(found);
        progress({ state: 'restoring', doneBytes: (doneBytes += file.bytes), totalBytes });
      }
      // The entry first: no file is there again of which the log does not say how.
      if (fetched.length > 0) await recordRestored(ctx, entry, order, fetched.map(({ file }) => file));
      for (const one of fetched) {
        await retention.turns.take(async () => {
          const segment = await placeFile(one);
          if (segment === undefined) damaged.push(one.file.name);
          else await catalog.putBack(segment);
        });
      }
    } finally {
      // Those that are in their place are gone from beside it.
      await Promise.all(fetched.map(dropFile));
    }
  }
  return damaged;
}

function recordRestored(ctx: PluginContext, { id, cameras, fromMs, toMs }: ArchiveEntry, { by, reason, call }: RestoreOrder, files: readonly ArchivedFile[]): Promise<unknown> {
  return ctx.record({
    kind: 'recording.restored', principal: { kind: 'plugin', id: ctx.pluginId }, call, resource: { cameras, range: { fromMs, toMs } },
    open: { archive: id, files: files.length, sha256: files.map(({ sha256 }) => sha256) }, detail: { person: by, reason },
  });
}

/** Files of an archive that are not on their disk as they were. */
async function absentFiles({ catalog, disks }: ArchiveOptions, record: ArchiveRecord): Promise<readonly ArchivedFile[]> {
  const absent: ArchivedFile[] = [];
  for (const file of record.files) {
    const row = await catalog.segmentAt(file.camera, file.fromMs);
    const isThere = row?.sha256 === file.sha256 && (await areComplete([{ root: disks.rootOf(row.disk), path: row.path, offset: 0, length: row.bytes }]));
    if (!isThere) absent.push(file);
  }
  return absent;
}

/** What the storage gives; `undefined` and failures become an error that says what is the matter. */
async function readable<T>(archive: string, read: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  try {
    found = await read();
  } catch (error) {
    throw new RecordingError('ARCHIVE_UNREADABLE', { archive, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
  if (found === undefined) throw new RecordingError('ARCHIVE_UNREADABLE', { archive, reason: 'it is not what was archived' });
  return found;
}

function targetOf(ctx: PluginContext, id: string): ArchiveTarget {
  const sources = ctx.contributions(archiveTargets);
  const found = sources.find((source) => source.id === id);
  if (found === undefined) throw new RecordingError('ARCHIVE_TARGET_UNKNOWN', { target: id, known: sources.map((source) => source.id).join(', ') || '-' });
  return boundedTarget(found.target);
}

function toContract({ call: _call, hold: _hold, recordSha256: _record, restore: _restore, ...archive }: ArchiveEntry): Archive {
  return archive;
}
