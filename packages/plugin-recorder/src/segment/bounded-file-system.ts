// Keeps a disk that hangs from holding up the others: few operations at a time on each disk, and none for longer than a deadline.
import type { RecordingDisk } from '../disks/recording-disk.ts';
import type { RecordingFile, RecordingFileSystem } from './file-system.ts';

/** Operations on one disk at a time. Each holds a thread while it waits, so that there must be as many for each disk. */
export const laneWidth = 4;

/** Settings of {@link boundedFileSystem}. */
export interface BoundedFileSystemOptions {
  /** Longer than any disk takes that is only busy, or spins up. */
  readonly deadlineMs: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  /** Calls back again and again until it is cancelled. */
  readonly every: (periodMs: number, task: () => void) => () => void;
}

/** A disk did not answer. The operation may still be under way: what it was given must stay as it is until `settled`. */
export class DiskHangError extends Error {
  override readonly name = 'DiskHangError';
  readonly code = 'ETIMEDOUT';
  readonly settled: Promise<void>;

  constructor(root: string, settled: Promise<void>) {
    super(`the disk at ${root} does not answer`);
    this.settled = settled;
  }
}

const checkMs = 500;

/** While one operation hangs, every other one on its disk is refused at once with a {@link DiskHangError}; when it comes back, so does the disk. */
export function boundedFileSystem(fileSystem: RecordingFileSystem, options: BoundedFileSystemOptions): RecordingFileSystem {
  const lanes = new Map<string, Lane>();
  const laneOf = (disk: RecordingDisk): Lane => {
    let lane = lanes.get(disk.root);
    if (lane === undefined) lanes.set(disk.root, (lane = new Lane(disk.root, options)));
    return lane;
  };
  return {
    async create(disk, relative) {
      const lane = laneOf(disk);
      return new BoundedFile(await lane.run(() => fileSystem.create(disk, relative)), lane);
    },
    remove: (disk, relative) => laneOf(disk).run(() => fileSystem.remove(disk, relative)),
  };
}

class BoundedFile implements RecordingFile {
  readonly #file: RecordingFile;
  readonly #lane: Lane;

  constructor(file: RecordingFile, lane: Lane) {
    this.#file = file;
    this.#lane = lane;
  }

  append(chunks: readonly Uint8Array[], bytes: number): Promise<void> {
    return this.#lane.run(() => this.#file.append(chunks, bytes));
  }

  sync(): Promise<void> {
    return this.#lane.run(() => this.#file.sync());
  }

  truncate(bytes: number): Promise<void> {
    return this.#lane.run(() => this.#file.truncate(bytes));
  }

  close(): Promise<void> {
    return this.#lane.run(() => this.#file.close());
  }
}

interface Running {
  readonly startedMs: number;
  readonly settled: Promise<void>;
  readonly expire: (error: DiskHangError) => void;
  isLate: boolean;
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (error: DiskHangError) => void;
}

/** The operations on one disk. */
class Lane {
  readonly #root: string;
  readonly #options: BoundedFileSystemOptions;
  readonly #running = new Set<Running>();
  #waiting: Waiting[] = [];
  #late: Running | undefined;
  #cancel: (() => void) | undefined;

  constructor(root: string, options: BoundedFileSystemOptions) {
    this.#root = root;
    this.#options = options;
  }

  run<Result>(operation: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#late !== undefined) reject(new DiskHangError(this.#root, this.#late.settled));
      else if (this.#running.size < laneWidth) this.#start(operation, resolve, reject);
      else this.#waiting.push({ start: () => this.#start(operation, resolve, reject), refuse: reject });
    });
  }

  #start<Result>(operation: () => Promise<Result>, resolve: (result: Result) => void, reject: (error: unknown) => void): void {
    const settled = operation().then(resolve, reject);
    const running: Running = { startedMs: this.#options.elapsed(), settled, expire: reject, isLate: false };
    this.#running.add(running);
    this.#cancel ??= this.#options.every(checkMs, () => this.#check());
    void settled.then(() => this.#end(running));
  }

  #check(): void {
    const dueMs = this.#options.elapsed() - this.#options.deadlineMs;
    for (const running of this.#running) {
      if (running.isLate || running.startedMs > dueMs) continue;
      running.isLate = true;
      this.#late ??= running;
      running.expire(new DiskHangError(this.#root, running.settled));
    }
    const late = this.#late;
    if (late === undefined) return;
    for (const { refuse } of this.#waiting.splice(0)) refuse(new DiskHangError(this.#root, late.settled));
  }

  #end(running: Running): void {
    this.#running.delete(running);
    if (this.#late === running) this.#late = [...this.#running].find(({ isLate }) => isLate);
    if (this.#late === undefined) this.#waiting.shift()?.start();
    if (this.#running.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
