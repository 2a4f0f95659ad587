// Keeps recorder workers alive from the campus process: spreads cameras over them, starts a new one when one dies, and knows what was lost.
import { fork, type ChildProcess } from 'node:child_process';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import { Backoff } from '../ingest/backoff.ts';
import { laneWidth } from '../segment/bounded-file-system.ts';
import type { RecorderEvent, WorkerCamera, WorkerCommand, WorkerReport, WorkerSettings } from './messages.ts';

/** Settings of a {@link WorkerSupervisor}. */
export interface SupervisorOptions {
  readonly settings: WorkerSettings;
  /** Number of worker processes. */
  readonly workers: number;
  readonly random: () => number;
  readonly onEvent: (event: RecorderEvent) => void;
  /** A worker ended without being asked; its cameras record nothing until the next one is ready. */
  readonly onWorkerLost: (loss: { readonly cameras: readonly string[]; readonly exit: string; readonly restartMs: number }) => void;
  /** Where the index of a camera ends now; asked whenever a worker gets a camera. */
  readonly indexed: (camera: string) => Promise<WorkerCamera['indexed']>;
  /** Starts a process; tests give their own. */
  readonly spawn?: () => ChildProcess;
}

// Sources run as they are; built, all code lies flat in dist.
const workerEntry = new URL(import.meta.url.endsWith('.ts') ? '../worker-main.ts' : './worker-main.js', import.meta.url);
const restartBackoff = { minMs: 200, maxMs: 10_000 };
/** A worker that lived this long starts again at once when it dies. */
const provenMs = 60_000;
const stopDeadlineMs = 10_000;
const killDeadlineMs = 5_000;

/** For name look-ups, and whatever else is not a recording file. */
const spareThreads = 4;

/** Starts the worker process: a small new-space keeps its memory low, and is large enough that hundreds of cameras seldom have it collected. */
function forkWorker({ disks }: WorkerSettings): ChildProcess {
  // Each disk has threads of its own, so that those of a disk that hangs are not missed by the others.
  const threads = Math.min(1024, spareThreads + laneWidth * disks.length);
  return fork(workerEntry, [], { serialization: 'json', env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) }, execArgv: [...process.execArgv, '--max-semi-space-size=8'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Spreads cameras over workers, fewest first. */
export class WorkerSupervisor {
  readonly #slots: WorkerSlot[];

  constructor(options: SupervisorOptions) {
    this.#slots = Array.from({ length: options.workers }, () => new WorkerSlot(options));
  }

  /** Records a camera from now on; again with other settings when it is there already. */
  add(camera: WorkerCamera): void {
    const holder = this.#slots.find((slot) => slot.cameras.has(camera.id));
    const [emptiest] = [...this.#slots].sort((left, right) => left.cameras.size - right.cameras.size);
    (holder ?? emptiest)?.add(camera);
  }

  /** Whether a worker has this camera. */
  has(id: string): boolean {
    return this.#slots.some((slot) => slot.cameras.has(id));
  }

  /** Stops recording a camera. */
  remove(id: string): void {
    for (const slot of this.#slots) slot.remove(id);
  }

  /** Files of a camera go to another disk from now on. */
  move(id: string, disk: RecordingDisk, reason: string): void {
    for (const slot of this.#slots) slot.move(id, disk, reason);
  }

  /** Receives another stream of a camera, only to be watched. */
  receive(camera: WorkerCamera): void {
    (this.#slots.find((slot) => slot.cameras.has(camera.id)) ?? this.#slots[0])?.receive(camera);
  }

  /** Ends it. */
  leave(id: string): void {
    for (const slot of this.#slots) slot.leave(id);
  }

  /** Somebody watches this camera on a wall from now on, or nobody any more. */
  watch(id: string, watched: boolean): void {
    for (const slot of this.#slots) slot.watch(id, watched);
  }

  /** Process ids of the workers that run, for health pages and tests. */
  get processIds(): number[] {
    return this.#slots.map((slot) => slot.processId).filter((id) => id !== undefined);
  }

  /** Stops all workers; every file is closed and every event delivered when this settles. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }
}

/** One worker process and its successors. */
class WorkerSlot {
  readonly cameras = new Map<string, WorkerCamera>();
  readonly #watched = new Set<string>();
  /** Streams that are only watched. */
  readonly #received = new Map<string, WorkerCamera>();
  /** Disks of cameras that went over to another one. */
  readonly #moved = new Map<string, RecordingDisk>();
  readonly #options: SupervisorOptions;
  readonly #backoff: Backoff;
  #child: ChildProcess | undefined;
  #ready = false;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  #gone: () => void = () => {};

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ ...restartBackoff, random: options.random });
  }

  get processId(): number | undefined {
    return this.#child?.pid;
  }

  add(camera: WorkerCamera): void {
    this.cameras.set(camera.id, camera);
    this.#moved.delete(camera.id);
    if (this.#ready) void this.#hand(camera);
    else if (this.#child === undefined && this.#timer === undefined) this.#start();
  }

  remove(id: string): void {
    this.#watched.delete(id);
    this.#moved.delete(id);
    if (this.cameras.delete(id)) this.#send({ type: 'remove', id });
  }

  move(id: string, disk: RecordingDisk, reason: string): void {
    if (!this.cameras.has(id)) return;
    this.#moved.set(id, disk);
    this.#send({ type: 'move', id, disk, reason });
  }

  receive(camera: WorkerCamera): void {
    this.#received.set(camera.id, camera);
    if (this.#ready) this.#send({ type: 'receive', camera });
  }

  leave(id: string): void {
    if (this.#received.delete(id)) this.#send({ type: 'leave', id });
  }

  watch(id: string, watched: boolean): void {
    if (!this.cameras.has(id)) return;
    if (watched) this.#watched.add(id);
    else this.#watched.delete(id);
    this.#send({ type: 'watch', id, watched });
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    // The kernel does not end a process that waits for a dead disk; nothing more will come from it.
    const despair = setTimeout(() => this.#gone(), stopDeadlineMs + killDeadlineMs);
    this.#send({ type: 'stop' });
    await gone;
    clearTimeout(patience);
    clearTimeout(despair);
  }

  #start(): void {
    this.#timer = undefined;
    this.#startedMs = performance.now();
    const child = this.#options.spawn?.() ?? forkWorker(this.#options.settings);
    this.#child = child;
    let exit = 'could not be started';
    child.on('message', (message) => this.#report(message as WorkerReport));
    child.on('error', (error) => {
      exit = error.message;
      if (child.pid === undefined) this.#lost(child, exit);
    });
    // Not `exit`, which may come before what the worker said last: `close` waits until its channel has been read to the end.
    child.on('close', (code, signal) => {
      exit = signal === null ? `exit code ${code}` : `signal ${signal}`;
      this.#lost(child, exit);
    });
  }

  #report(report: WorkerReport): void {
    if (report.type === 'ready') {
      this.#ready = true;
      this.#send({ type: 'configure', settings: this.#options.settings });
      for (const camera of this.cameras.values()) void this.#hand(camera);
      for (const camera of this.#received.values()) this.#send({ type: 'receive', camera });
    } else if (report.type === 'events') for (const event of report.events) this.#options.onEvent(event);
  }

  async #hand(camera: WorkerCamera): Promise<void> {
    const child = this.#child;
    const indexed = await this.#options.indexed(camera.id).catch(() => camera.indexed);
    if (this.#child !== child || !this.#ready || this.cameras.get(camera.id) !== camera) return;
    this.#send({ type: 'add', camera: { ...camera, disk: this.#moved.get(camera.id) ?? camera.disk, ...(indexed && { indexed }) } });
    if (this.#watched.has(camera.id)) this.#send({ type: 'watch', id: camera.id, watched: true });
  }

  #send(command: WorkerCommand): void {
    const child = this.#child;
    // A worker that is just dying takes no more commands; its successor gets all cameras anyway.
    if (child?.connected === true) child.send(command, () => {});
  }

  #lost(child: ChildProcess, exit: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = false;
    if (this.#closing) {
      this.#gone();
      return;
    }
    if (performance.now() - this.#startedMs > provenMs) this.#backoff.reset();
    const restartMs = this.#backoff.next();
    this.#options.onWorkerLost({ cameras: [...this.cameras.keys()], exit, restartMs });
    this.#timer = setTimeout(() => this.#start(), restartMs);
  }
}
