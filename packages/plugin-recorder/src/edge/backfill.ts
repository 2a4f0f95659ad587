// Fills gaps from the cameras' own storage: one at a time, after the live stream is back, and never instead of it.
import type { GapRecord, SegmentRecord } from '../segment/segment-record.ts';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { writeEdgeFile } from './edge-file.ts';

/** A camera's storage, as far as it is used. */
export interface EdgeFootage {
  footage(fromMs: number, toMs: number, options: { readonly signal: AbortSignal }): AsyncIterable<{ readonly startMs: number; readonly bytes: AsyncIterable<Uint8Array> }>;
}

/** What {@link Backfill} works with. */
export interface BackfillOptions {
  /** Where files of a camera go; `undefined` while no disk takes any. */
  diskOf(camera: string): RecordingDisk | undefined;
  /** The storage of a camera; `undefined` when it has none. */
  storageOf(camera: string): EdgeFootage | undefined;
  /** Whether its live stream is being recorded. */
  isRecording(camera: string): boolean;
  /** Puts a file into the index. */
  take(segment: SegmentRecord): Promise<void>;
  after(delayMs: number, task: () => void): () => unknown;
  /** What was filled, for whoever shows timelines. */
  filled(gap: GapRecord): void;
  warning(camera: string, message: string): void;
}

/** Shorter gaps are not worth a question. */
const leastMs = 1_500;
/** The live stream settles first. */
const settleMs = 10_000;
const retryMs = 60_000;
const mostTries = 5;
/** Most that a camera records in a second, and what a clip may have beyond the gap. */
const bytesPerMs = 4_000;
const spareBytes = 64 * 1024 * 1024;
/** A camera plays its storage in real time at worst. */
const deadlineShare = 2;
const deadlineSpareMs = 60_000;

interface Task {
  readonly gap: GapRecord & { readonly endMs: number };
  tries: number;
}

/** The queue of gaps. */
export class Backfill {
  readonly #options: BackfillOptions;
  readonly #controller = new AbortController();
  readonly #queue: Task[] = [];
  readonly #waits = new Set<() => unknown>();
  #working: Promise<void> | undefined;

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  /** A gap has its end: it is asked for when its camera has a storage. Gaps of a permit were wanted. */
  gapEnded(gap: GapRecord): void {
    const { endMs } = gap;
    if (endMs === undefined || endMs - gap.startMs < leastMs || gap.cause === 'permit' || this.#options.storageOf(gap.camera) === undefined) return;
    this.#later({ gap: { ...gap, endMs }, tries: 0 }, settleMs);
  }

  /** Stops. What was not filled yet is still a gap of the index, and is given to {@link gapEnded} at the next start. */
  async close(): Promise<void> {
    this.#controller.abort(new Error('the recorder stops'));
    for (const cancel of this.#waits) void cancel();
    await this.#working;
  }

  #later(task: Task, delayMs: number): void {
    if (this.#controller.signal.aborted) return;
    const cancel = this.#options.after(delayMs, () => {
      this.#waits.delete(cancel);
      this.#queue.push(task);
      this.#working ??= this.#work().finally(() => {
        this.#working = undefined;
      });
    });
    this.#waits.add(cancel);
  }

  async #work(): Promise<void> {
    for (let task = this.#queue.shift(); task !== undefined && !this.#controller.signal.aborted; task = this.#queue.shift()) await this.#fill(task);
  }

  async #fill(task: Task): Promise<void> {
    const { gap } = task;
    const { storageOf, isRecording, warning } = this.#options;
    const storage = storageOf(gap.camera);
    if (storage === undefined) return;
    // A camera that struggles with its live stream is not asked for more.
    if (!isRecording(gap.camera)) {
      this.#later(task, retryMs);
      return;
    }
    try {
      await this.#fetch(gap, storage);
    } catch (error) {
      if (this.#controller.signal.aborted) return;
      task.tries += 1;
      const reason = error instanceof Error ? error.message : String(error);
      warning(gap.camera, `its storage could not fill the gap from ${new Date(gap.startMs).toISOString()} (${reason})${task.tries < mostTries ? '; it is asked again' : ''}`);
      if (task.tries < mostTries) this.#later(task, retryMs * task.tries);
    }
  }

  async #fetch(gap: Task['gap'], storage: EdgeFootage): Promise<void> {
    const { diskOf, take, filled } = this.#options;
    const disk = diskOf(gap.camera);
    if (disk === undefined) throw new Error('no disk takes files now');
    const lengthMs = gap.endMs - gap.startMs;
    const signal = AbortSignal.any([this.#controller.signal, AbortSignal.timeout(lengthMs * deadlineShare + deadlineSpareMs)]);
    const parts: { startMs: number; endMs: number }[] = [];
    let fromMs = gap.startMs;
    for await (const clip of storage.footage(gap.startMs, gap.endMs, { signal })) {
      const segment = await writeEdgeFile({ disk, camera: gap.camera, gap: { startMs: fromMs, endMs: gap.endMs }, clip, limitBytes: lengthMs * bytesPerMs + spareBytes }, signal);
      if (segment === undefined) continue;
      await take(segment);
      parts.push({ startMs: segment.startMs, endMs: segment.endMs });
      // Clips may overlap; footage may not.
      fromMs = segment.endMs;
    }
    if (parts.length > 0) filled({ ...gap, filled: parts });
  }
}
