// Writes the fragments of one camera into files of about a minute: init segment first, hash on the way, synced by policy, memory bounded.
import { createHash, type Hash } from 'node:crypto';
import { codecString } from '../fmp4/track-info.ts';
import type { Fragment, RunStart } from '../ingest/ingest-engine.ts';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { DiskHangError } from './bounded-file-system.ts';
import type { RecordingFile, RecordingFileSystem } from './file-system.ts';
import { tableTicksPerMs, type FragmentEntry } from './fragment-table.ts';
import { segmentPath } from './segment-path.ts';
import { segmentFlags, type SegmentRecord, type WrittenFragment } from './segment-record.ts';

/**
 * When data is forced to the disk: after every fragment, at most once per interval, when a file is closed, or never.
 * Without it a power cut costs what the kernel had not written back yet: 12 to 17 s were measured.
 */
export type SyncPolicy = 'fragment' | 'segment' | 'none' | { readonly intervalMs: number };

/** Settings of a {@link SegmentWriter}. */
export interface SegmentWriterOptions {
  readonly camera: string;
  readonly disk: RecordingDisk;
  /** Folder of the files below that of the disk; absent for recordings. */
  readonly folder?: string;
  /** Another disk may take over: what waits is kept for it instead of being dropped, until the next attempt. */
  readonly mayMove?: boolean;
  readonly fileSystem: RecordingFileSystem;
  /** A new file begins at the first keyframe after this time. */
  readonly segmentMs: number;
  readonly sync: SyncPolicy;
  /** Fragments waiting for the disk beyond this are dropped, up to the next keyframe. */
  readonly queueBytes: number;
  /** Wait after a failed write. */
  readonly retryMs: number;
  readonly now: () => number;
  /** Nothing is written before this settles; the queue fills meanwhile. */
  readonly ready?: Promise<void>;
  readonly events: SegmentEvents;
}

/** What a writer tells. */
export interface SegmentEvents {
  written(fragment: WrittenFragment): void;
  closed(segment: SegmentRecord): void;
  /** Footage is being lost to this disk since the last written fragment. */
  lost(problem: DiskProblem, disk: RecordingDisk): void;
  /** A disk takes data again. */
  recovered(disk: RecordingDisk): void;
  /** A file was left on a disk that refuses even to close it, so that it is not in the index; it began then. */
  abandoned(disk: RecordingDisk, startMs: number): void;
}

/** What can be wrong with a disk. */
export type DiskProblemCode = 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_SLOW' | 'DISK_FAILED' | 'DISK_GONE' | 'DISK_HANGS' | 'DISK_TWICE';

/** Why the disk does not take data. */
export interface DiskProblem {
  readonly code: DiskProblemCode;
  readonly message: string;
}

type Queued =
  | { readonly run: RunStart; readonly fragment: Fragment; readonly settle: () => void }
  | { readonly mark: () => void }
  | { readonly seal: true };

interface OpenSegment {
  readonly file: RecordingFile;
  readonly disk: RecordingDisk;
  readonly path: string;
  readonly run: RunStart;
  readonly hash: Hash;
  readonly startMs: number;
  readonly fragments: FragmentEntry[];
  endMs: number;
  bytes: number;
  cameraOffsetMs: number | undefined;
  signed: boolean;
  readonly continuous: boolean;
  syncedMs: number;
}

/** A file may close this much early, so that clock smoothing does not push it to the next group of pictures. */
const earlyMs = 100;

/** The writer of one camera; operations are serialised by its queue. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #queue: Queued[] = [];
  #queuedBytes = 0;
  #run: RunStart | undefined;
  #open: OpenSegment | undefined;
  /** Where the file before ended. */
  #before: { readonly run: RunStart; readonly endMs: number } | undefined;
  #working: Promise<void> | undefined;
  #overflowing = false;
  #failing = false;
  /** The first attempt failed: another disk may take over before the next one. */
  #hopeful = false;
  #retryAtMs = 0;
  #disk: RecordingDisk;
  #closing = false;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
    this.#disk = options.disk;
  }

  /** Bytes that wait for the disk. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** A new run: its first fragment opens a new file. */
  run(start: RunStart): void {
    this.#run = start;
  }

  /** Queues a fragment; settles when its memory may be reused. Never rejects. */
  fragment(fragment: Fragment): Promise<void> {
    const run = this.#run;
    if (run === undefined || this.#refuse(fragment)) return Promise.resolve();
    return new Promise((settle) => {
      this.#queuedBytes += fragment.bytes;
      this.#enqueue({ run, fragment, settle });
    });
  }

  /** Calls back when everything queued so far has been dealt with, so that what is told stays in order. */
  mark(callback: () => void): void {
    this.#enqueue({ mark: callback });
  }

  /** Closes the file after what is queued: nothing will follow for a while, and a closed file is in the index. */
  seal(): void {
    this.#enqueue({ seal: true });
  }

  /** From now on files go to another disk; the one that is open ends with what is in it. */
  move(disk: RecordingDisk): void {
    this.#disk = disk;
    this.#retryAtMs = 0;
    this.#working ??= this.#work();
  }

  /** Writes what is queued and closes the file. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#working ??= this.#work();
    await this.#working;
    await this.#finish();
  }

  /** Bounded memory: when the disk cannot follow, the rest of the group of pictures goes, since it cannot be decoded in part. */
  #refuse(fragment: Fragment): boolean {
    const { queueBytes, events } = this.#options;
    const full = this.#queuedBytes + fragment.bytes > queueBytes;
    if (!this.#overflowing && !full) return false;
    if (this.#overflowing && fragment.key && this.#queuedBytes < queueBytes / 2) {
      this.#overflowing = false;
      return false;
    }
    if (!this.#overflowing) {
      this.#overflowing = true;
      const message = `the disk is too slow: ${Math.round(this.#queuedBytes / 1024 / 1024)} MiB of camera ${this.#options.camera} wait already`;
      this.mark(() => {
        this.#failing = true;
        events.lost({ code: 'DISK_SLOW', message }, this.#disk);
      });
    }
    return true;
  }

  #enqueue(item: Queued): void {
    this.#queue.push(item);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    await this.#options.ready;
    while (!this.#waitsForDisk()) {
      const item = this.#queue.shift();
      if (item === undefined) break;
      if ('mark' in item) {
        item.mark();
        continue;
      }
      try {
        if ('seal' in item) await this.#finish();
        else await this.#store(item.run, item.fragment);
      } catch (error) {
        await this.#fail(error as NodeJS.ErrnoException);
        if (error instanceof DiskHangError && 'fragment' in item) {
          // The kernel may still read the memory of the fragment.
          void error.settled.then(() => this.#settle(item));
          continue;
        }
      }
      if ('fragment' in item) this.#settle(item);
    }
    this.#working = undefined;
  }

  #settle({ fragment, settle }: Extract<Queued, { fragment: Fragment }>): void {
    this.#queuedBytes -= fragment.bytes;
    settle();
  }

  /** The queue stands still once, so that another disk can take over without loss. Later it is emptied, whatever becomes of it: memory is for more than full disks. */
  #waitsForDisk(): boolean {
    return this.#failing && this.#hopeful && !this.#closing && this.#options.now() < this.#retryAtMs;
  }

  async #store(run: RunStart, fragment: Fragment): Promise<void> {
    if (this.#failing && (!fragment.key || this.#options.now() < this.#retryAtMs)) return;
    const open = this.#open;
    const over = open !== undefined && (open.run !== run || open.disk.id !== this.#disk.id || !this.#continues(open, fragment) || (fragment.key && fragment.startMs - open.startMs >= this.#options.segmentMs - earlyMs));
    if (over) await this.#finish();
    if (this.#open === undefined && !fragment.key) return;
    this.#open ??= await this.#create(run, fragment);
    await this.#append(this.#open, fragment);
  }

  /** Inside a file, fragments touch each other: after dropped fragments a new file begins. */
  #continues(open: OpenSegment, fragment: Fragment): boolean {
    return fragment.startMs - open.endMs < 1;
  }

  async #create(run: RunStart, fragment: Fragment): Promise<OpenSegment> {
    const { camera, fileSystem, folder, now } = this.#options;
    const disk = this.#disk;
    const path = `${folder === undefined ? '' : `${folder}/`}${segmentPath(camera, fragment.startMs, run.run)}`;
    const file = await fileSystem.create(disk, path);
    const hash = createHash('sha256').update(run.init);
    const open: OpenSegment = { file, disk, path, run, hash, startMs: fragment.startMs, fragments: [], endMs: fragment.startMs, bytes: run.init.length, cameraOffsetMs: undefined, signed: false, continuous: this.#before?.run === run && fragment.startMs - this.#before.endMs < 1, syncedMs: now() };
    try {
      await file.append([run.init], run.init.length);
    } catch (error) {
      this.#open = open;
      throw error;
    }
    return open;
  }

  async #append(open: OpenSegment, fragment: Fragment): Promise<void> {
    const { events, camera } = this.#options;
    await open.file.append(fragment.chunks, fragment.bytes);
    // Only after the write: a fragment that the disk refused is cut off again, and the hash must not remember it.
    for (const chunk of fragment.chunks) open.hash.update(chunk);
    const offset = open.bytes;
    open.bytes += fragment.bytes;
    open.endMs = fragment.endMs;
    open.cameraOffsetMs = fragment.cameraOffsetMs;
    open.signed ||= fragment.cameraSigned === true;
    open.fragments.push({ length: fragment.bytes, durationTicks: Math.round(fragment.durationMs * tableTicksPerMs), key: fragment.key });
    const { startMs, endMs, durationMs, key, lastOfGroup } = fragment;
    const { run, init, codecs } = open.run;
    events.written({ camera, run, root: open.disk.root, path: open.path, initBytes: init.length, codecs, offset, length: fragment.bytes, startMs, endMs, durationMs, key, frames: fragment.frames, ...(lastOfGroup === true && { lastOfGroup }), ...(fragment.cameraOffsetMs !== undefined && { cameraOffsetMs: fragment.cameraOffsetMs }) });
    if (this.#failing) {
      this.#failing = false;
      events.recovered(open.disk);
    }
    await this.#sync(open);
  }

  async #sync(open: OpenSegment): Promise<void> {
    const { sync, now } = this.#options;
    if (sync === 'none' || sync === 'segment') return;
    if (sync !== 'fragment' && now() - open.syncedMs < sync.intervalMs) return;
    await open.file.sync();
    open.syncedMs = now();
  }

  /** Closes the current file and announces it; an empty file is removed. */
  async #finish(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#before = open;
    const { sync, events, fileSystem } = this.#options;
    try {
      if (sync !== 'none') await open.file.sync();
    } catch (error) {
      if (error instanceof DiskHangError) {
        this.#abandon(open, error.settled);
        throw error;
      }
      // The bytes were accepted, so the row is due; that they may not survive a power cut is told as a disk problem.
      events.lost(describe(error as NodeJS.ErrnoException, open.disk.root), open.disk);
      this.#failing = true;
    }
    try {
      await open.file.close();
      if (open.fragments.length === 0) await fileSystem.remove(open.disk, open.path);
    } catch (error) {
      this.#abandon(open, error instanceof DiskHangError ? error.settled : undefined);
      throw error;
    }
    if (open.fragments.length > 0) events.closed(this.#recordOf(open));
  }

  #recordOf({ run, disk, path, startMs, endMs, bytes, hash, fragments, signed, continuous, cameraOffsetMs }: OpenSegment): SegmentRecord {
    return {
      camera: this.#options.camera, run: run.run, disk: disk.id, path, startMs: Math.round(startMs), endMs: Math.round(endMs), bytes,
      initBytes: run.init.length, sha256: hash.digest('hex'), codecs: run.tracks.map(codecString).join(','), fragments, flags: (signed ? segmentFlags.cameraSigned : 0) | (continuous ? segmentFlags.continuous : 0),
      ...(cameraOffsetMs === undefined ? {} : { cameraOffsetMs }),
    };
  }

  /** Cuts the file back to its last whole fragment and tries again later; the process and the other cameras go on. */
  async #fail(error: NodeJS.ErrnoException): Promise<void> {
    const { events, now, retryMs } = this.#options;
    const open = this.#open;
    const disk = open?.disk ?? this.#disk;
    try {
      await open?.file.truncate(open.bytes);
      await this.#finish();
    } catch {
      // The disk refuses even that. The file keeps a torn tail, so no hash of it may be published now.
      if (open !== undefined && this.#open === open) this.#abandon(open, error instanceof DiskHangError ? error.settled : undefined);
    }
    this.#hopeful = this.#options.mayMove === true && !this.#failing;
    this.#failing = true;
    if (disk.id === this.#disk.id) this.#retryAtMs = now() + retryMs;
    events.lost(describe(error, disk.root), disk);
  }

  /** Leaves a file behind. When its disk only hung, it is put in order as soon as that answers again. */
  #abandon(open: OpenSegment, settled: Promise<void> | undefined): void {
    this.#open = undefined;
    if (open.fragments.length === 0) return;
    this.#options.events.abandoned(open.disk, Math.round(open.startMs));
    void settled?.then(() => this.#finishLate(open));
  }

  async #finishLate(open: OpenSegment): Promise<void> {
    try {
      await open.file.truncate(open.bytes);
      await open.file.sync();
      await open.file.close();
      this.#options.events.closed(this.#recordOf(open));
    } catch {
      // It stays abandoned: the search at the next start finds it.
    }
  }
}

function describe(error: NodeJS.ErrnoException, root: string): DiskProblem {
  const code = error.code ?? 'unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return { code: 'DISK_FULL', message: `no space left below ${root} (${code}); free space or shorten the retention` };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return { code: 'DISK_READ_ONLY', message: `cannot write below ${root} (${code}); check the mount and the owner of the folder` };
  if (code === 'ENODEV' || code === 'ENOENT') return { code: 'DISK_GONE', message: `the disk is not at ${root} any more (${code}); look whether it was pulled, and mount it again` };
  if (code === 'ETIMEDOUT') return { code: 'DISK_HANGS', message: `the disk at ${root} does not answer; check the disk and its cable` };
  return { code: 'DISK_FAILED', message: `writing below ${root} failed (${code}); check the disk` };
}
