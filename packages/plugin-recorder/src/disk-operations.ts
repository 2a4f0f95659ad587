// Wires the disks of recordings to the kernel: which are configured, what is told of them, and files that one of them kept to itself.
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { alarmRaised, alarmRestored, recordingDiskChanged, type PluginContext, type RecordingDiskStatus, type Text } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { Catalog } from './catalog/catalog.ts';
import type { RecorderTables } from './catalog/tables.ts';
import type { RecorderConfig } from './config.ts';
import { DiskBook } from './disks/disk-book.ts';
import { newDiskFile } from './disks/disk-marker.ts';
import type { DiskState } from './disks/disk-state.ts';
import { Disks } from './disks/disks.ts';
import { searchDisk } from './disks/search-disk.ts';
import { problemText, RecorderError } from './errors.ts';
import type { Recorder } from './recorder.ts';
import type { OldFile } from './retention/retention-book.ts';
import { removeFile } from './retention/remove-file.ts';
import { watchedFolder } from './worker/watched-stream.ts';

/** Opens the disks; without any that can be written, nothing can be recorded. Throws `DISK_MISSING` or `FOLDER_UNWRITABLE`. */
export async function openDisks(ctx: PluginContext, config: RecorderConfig, database: Kysely<RecorderTables>): Promise<Disks> {
  const disks = await Disks.open({
    folders: (config.disks ?? [{ path: config.path ?? '' }]).map((disk) => resolve(disk.path)),
    book: new DiskBook(database),
    newId: () => Buffer.from(ctx.random.bytes(8)).toString('hex'),
    now: () => ctx.clock.now(),
    warning: (message, cause) => ctx.log.warn({ ...(cause !== undefined && { err: cause }) }, message),
    changed(disk, moves) {
      ctx.emit(recordingDiskChanged, { ...toDiskStatus(disk), moved: moves.map(({ camera, disk: { id } }) => ({ camera, disk: id })) });
      tellAlarm(ctx, disk);
    },
  });
  const [first] = disks.states;
  if (disks.usable.length > 0 || first === undefined) {
    // What a process that died had left of streams that were only watched.
    await Promise.all(disks.usable.map(({ root }) => rm(join(root, watchedFolder), { recursive: true, force: true }).catch((error: unknown) => ctx.log.warn({ err: error }, `${root}/${watchedFolder} could not be emptied; it is tried again at the next start`))));
    for (const disk of disks.states) if (disk.condition !== 'healthy') tellAlarm(ctx, disk);
    return disks;
  }
  const path = disks.states.map(({ root }) => root).join(', ');
  if (first.condition === 'missing') throw new RecorderError('DISK_MISSING', { path, id: first.id ?? '', file: newDiskFile });
  throw new RecorderError('FOLDER_UNWRITABLE', { path, reason: first.problem?.message ?? '' });
}

/** Removes a file. One on a disk that is away is not gone: it is removed when the disk is back. */
export async function removeFrom(disks: Disks, { disk, path }: OldFile): Promise<void> {
  if (!disks.isPresent(disk)) throw new Error(`the disk ${disk ?? ''} of ${path} is away`);
  await removeFile(disks.rootOf(disk), path);
}

/** What {@link searchDisks} works with. */
export interface DisksSearch {
  readonly disks: Disks;
  readonly recording: Recorder;
  readonly catalog: Catalog;
  /** No file that is being written now began before. */
  readonly beforeMs: number;
}

/** Puts files into the index which a disk that hung or failed kept to itself in an earlier life; beside the recording, one disk after the other. */
export async function searchDisks(ctx: PluginContext, { disks, recording, catalog, beforeMs }: DisksSearch): Promise<void> {
  for (const disk of disks.unsearched) {
    try {
      await searchDisk(disk, {
        catalog, beforeMs, fromMs: disk.searchMs, signal: ctx.signal,
        take: (segment) => recording.take(segment),
        warning: (camera, message) => ctx.log.warn({ camera }, message),
      });
      await disks.searched(disk);
    } catch (error) {
      if (!ctx.signal.aborted) ctx.log.warn({ err: error }, `the disk at ${disk.root} could not be searched for files that are not in the index; it is tried again at the next start`);
    }
  }
}

/** A disk as the contract tells it. */
export function toDiskStatus({ id, root, condition, problem, space, cameras }: DiskState): RecordingDiskStatus {
  return { ...(id !== undefined && { id }), path: root, state: condition, ...(problem && { problem: { code: problem.code, text: problemText(problem.code, problem.message) } }), ...space, cameras };
}

/** A full disk among others with room is no matter for an alarm: the room on all together is watched. */
function tellAlarm(ctx: PluginContext, { root, condition, problem, cameras }: DiskState): void {
  const source = `recorder:disk:${root}`;
  if (condition === 'healthy') ctx.emit(alarmRestored, { source, atMs: ctx.clock.now() });
  if (problem === undefined || condition === 'healthy' || condition === 'full') return;
  const text = problemText(problem.code, problem.message);
  const title: Text = { zh: `录像磁盘 ${root}：${text.zh}`, en: text.en };
  ctx.emit(alarmRaised, { source, priority: 'high', title, cameras, raisedMs: ctx.clock.now() });
}
