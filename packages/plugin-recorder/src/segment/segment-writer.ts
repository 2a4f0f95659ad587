// Writes the fragments of one camera into files of about a minute: init segment first, hash on the way, synced by policy, memory bounded.
import { createHash, type Hash } from 'node:crypto';
import { codecString } from '../fmp4/track-info.ts';
import type { Fragment, RunStart } from '../ingest/ingest-engine.ts';
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
  /** Absolute folder of all recordings. */
  readonly root: string;
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
  /** Footage is being lost to the disk since the last written fragment. */
  lost(problem: DiskProblem): void;
  /** The disk takes data again. */
  recovered(): void;
}

/** Why the disk does not take data. */
export interface DiskProblem {
  readonly code: 'DISK_FULL' | 'DISK_READ_ONLY' | 'DISK_SLOW' | 'DISK_FAILED';
  readonly message: string;
}

type Queued =
  | { readonly run: RunStart; readonly fragment: Fragment; readonly settle: () => void }
  | { readonly mark: () => void }
  | { readonly seal: true };

interface OpenSegment {
  readonly file: RecordingFile;
  readonly path: string;
  readonly run: RunStart;
  readonly hash: Hash;
  readonly startMs: number;
  readonly fragments: FragmentEntry[];
  endMs: number;
  bytes: number;
  cameraOffsetMs: number | undefined;
  signed: boolean;
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
  #working: Promise<void> | undefined;
  #overflowing = false;
  #failing = false;
  #retryAtMs = 0;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
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

  /** Writes what is queued and closes the file. */
  async close(): Promise<void> {
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
        events.lost({ code: 'DISK_SLOW', message });
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
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if ('mark' in next) {
        next.mark();
        continue;
      }
      try {
        if ('seal' in next) await this.#finish();
        else await this.#store(next.run, next.fragment);
      } catch (error) {
        await this.#fail(error as NodeJS.ErrnoException);
      }
      if ('seal' in next) continue;
      this.#queuedBytes -= next.fragment.bytes;
      next.settle();
    }
    this.#working = undefined;
  }

  async #store(run: RunStart, fragment: Fragment): Promise<void> {
    if (this.#failing && (!fragment.key || this.#options.now() < this.#retryAtMs)) return;
    const open = this.#open;
    const over = open !== undefined && (open.run !== run || !this.#continues(open, fragment) || (fragment.key && fragment.startMs - open.startMs >= this.#options.segmentMs - earlyMs));
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
    const { root, camera, fileSystem, now } = this.#options;
    const path = segmentPath(camera, fragment.startMs, run.run);
    const file = await fileSystem.create(root, path);
    const hash = createHash('sha256').update(run.init);
    const open: OpenSegment = { file, path, run, hash, startMs: fragment.startMs, fragments: [], endMs: fragment.startMs, bytes: run.init.length, cameraOffsetMs: undefined, signed: false, syncedMs: now() };
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
    events.written({ camera, run, path: open.path, initBytes: init.length, codecs, offset, length: fragment.bytes, startMs, endMs, durationMs, key, ...(lastOfGroup === true && { lastOfGroup }) });
    if (this.#failing) {
      this.#failing = false;
      events.recovered();
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
    const { sync, events, camera, fileSystem, root } = this.#options;
    try {
      if (sync !== 'none') await open.file.sync();
    } catch (error) {
      // The bytes were accepted, so the row is due; that they may not survive a power cut is told as a disk problem.
      events.lost(describe(error as NodeJS.ErrnoException, root));
      this.#failing = true;
    }
    await open.file.close();
    if (open.fragments.length === 0) {
      await fileSystem.remove(root, open.path);
      return;
    }
    events.closed({
      camera, run: open.run.run, path: open.path, startMs: Math.round(open.startMs), endMs: Math.round(open.endMs), bytes: open.bytes,
      initBytes: open.run.init.length, sha256: open.hash.digest('hex'), codecs: open.run.tracks.map(codecString).join(','), fragments: open.fragments, flags: open.signed ? segmentFlags.cameraSigned : 0,
      ...(open.cameraOffsetMs === undefined ? {} : { cameraOffsetMs: open.cameraOffsetMs }),
    });
  }

  /** Cuts the file back to its last whole fragment and tries again later; the process and the other cameras go on. */
  async #fail(error: NodeJS.ErrnoException): Promise<void> {
    const { events, now, retryMs } = this.#options;
    const open = this.#open;
    try {
      await open?.file.truncate(open.bytes);
      await this.#finish();
    } catch {
      // The disk refuses even that. The file keeps a torn tail, so no hash of it may be published; a re-index will find it.
      this.#open = undefined;
    }
    this.#failing = true;
    this.#retryAtMs = now() + retryMs;
    events.lost(describe(error, this.#options.root));
  }
}

function describe(error: NodeJS.ErrnoException, root: string): DiskProblem {
  const code = error.code ?? 'unknown error';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return { code: 'DISK_FULL', message: `no space left below ${root} (${code}); free space or shorten the retention` };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return { code: 'DISK_READ_ONLY', message: `cannot write below ${root} (${code}); check the mount and the owner of the folder` };
  return { code: 'DISK_FAILED', message: `writing below ${root} failed (${code}); check the disk` };
}
