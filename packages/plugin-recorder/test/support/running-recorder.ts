// A recorder with a real worker process, a real index and a temporary folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteStore } from '@wanglou/store-sqlite';
import { Catalog } from '../../src/catalog/catalog.ts';
import { recorderMigrations, type RecorderTables } from '../../src/catalog/tables.ts';
import { DiskBook } from '../../src/disks/disk-book.ts';
import { Disks } from '../../src/disks/disks.ts';
import { Recorder, type RecorderOptions } from '../../src/recorder.ts';
import type { GapRecord, SegmentRecord } from '../../src/segment/segment-record.ts';
import type { CameraStatus, WorkerSettings } from '../../src/worker/messages.ts';

/** What a test sees of a recorder. */
export interface RunningRecorder extends AsyncDisposable {
  readonly recorder: Recorder;
  readonly catalog: Catalog;
  readonly disks: Disks;
  readonly root: string;
  readonly sealed: SegmentRecord[];
  readonly gaps: GapRecord[];
  readonly warnings: string[];
  readonly statuses: { camera: string; status: CameraStatus }[];
  /** Stops everything but keeps the folder; a new recorder may start in it. */
  stop(): Promise<void>;
}

/** Starts a recorder in `folder`, or in a new one. */
export async function startRecorder(settings: Partial<WorkerSettings> = {}, folder?: string, { folders, ...options }: Pick<RecorderOptions, 'admits' | 'smallStream'> & { readonly folders?: readonly string[] } = {}): Promise<RunningRecorder> {
  const base = folder ?? (await mkdtemp(path.join(tmpdir(), 'wanglou-recorder-')));
  const store = await SqliteStore.create(path.join(base, 'state'));
  const database = await store.open<RecorderTables>('recorder', recorderMigrations);
  const catalog = new Catalog(database);
  const seen = { sealed: [] as SegmentRecord[], gaps: [] as GapRecord[], warnings: [] as string[], statuses: [] as { camera: string; status: CameraStatus }[] };
  const root = path.join(base, 'recordings');
  let made = 0;
  const disks = await Disks.open({ folders: folders ?? [root], book: new DiskBook(database), newId: () => `disk${(made += 1)}`, now: Date.now, warning: (message) => void seen.warnings.push(message) });
  const recorder = new Recorder({
    ...options, catalog, disks, workers: 1, random: () => 0.5, now: Date.now,
    settings: { fragmentMs: 500, segmentMs: 60_000, sync: { intervalMs: 1_000 }, queueBytes: 8 * 1024 * 1024, tickMs: 20, silenceMs: 5_000, ...settings },
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    listener: {
      status: (camera) => void seen.statuses.push({ camera: camera.id, status: camera.status }),
      sealed: (segment) => void seen.sealed.push(segment),
      gap: (gap) => void seen.gaps.push(gap),
      warning: (_camera, message) => void seen.warnings.push(message),
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= recorder.close().then(() => store[Symbol.asyncDispose]()));
  return {
    recorder, catalog, disks, root, ...seen, stop,
    async [Symbol.asyncDispose]() {
      await stop();
      if (folder === undefined) await rm(base, { recursive: true, force: true });
    },
  };
}

/** Resolves when the condition holds; looks every few milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, withinMs = 10_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
