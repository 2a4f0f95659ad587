// The inside of a recorder worker: several cameras, one engine, one stream of reports.
import type { IngestEngine, IngestOptions } from '../ingest/ingest-engine.ts';
import type { RecordingFileSystem } from '../segment/file-system.ts';
import { CameraRecorder } from './camera-recorder.ts';
import { WatchedStream, type WatchedStreamOptions } from './watched-stream.ts';
import type { RecorderEvent, WorkerCamera, WorkerCommand, WorkerReport, WorkerSettings } from './messages.ts';

/** What a worker works with. */
export interface RecorderWorkerOptions {
  readonly engine: (settings: WorkerSettings) => IngestEngine;
  readonly ingest: IngestOptions;
  readonly fileSystem: RecordingFileSystem;
  readonly send: (report: WorkerReport) => void;
}

/** Reports are collected this long: one message for many fragments costs far less than many messages. */
const collectMs = 100;
const statsMs = 10_000;

/** Executes commands; all of them in order for each camera. */
export class RecorderWorker {
  readonly #options: RecorderWorkerOptions;
  readonly #cameras = new Map<string, CameraRecorder>();
  readonly #watched = new Map<string, WatchedStream>();
  readonly #changes = new Map<string, Promise<void>>();
  #configured: { readonly settings: WorkerSettings; readonly engine: IngestEngine } | undefined;
  #events: RecorderEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #statsTimer: NodeJS.Timeout;

  constructor(options: RecorderWorkerOptions) {
    this.#options = options;
    this.#statsTimer = setInterval(() => {
      for (const camera of this.#cameras.values()) camera.reportStats();
    }, statsMs);
  }

  /** Takes one command from the campus process. */
  command(command: WorkerCommand): void {
    if (command.type === 'configure') this.#configured = { settings: command.settings, engine: this.#options.engine(command.settings) };
    else if (command.type === 'add') this.#change(command.camera.id, () => this.#add(command.camera));
    else if (command.type === 'watch') this.#change(command.id, async () => this.#cameras.get(command.id)?.setWatched(command.watched));
    else if (command.type === 'move') this.#change(command.id, async () => this.#cameras.get(command.id)?.move(command.disk, command.reason));
    else if (command.type === 'receive') this.#change(`watched ${command.camera.id}`, () => this.#receive(command.camera));
    else if (command.type === 'leave') this.#change(`watched ${command.id}`, () => this.#leave(command.id));
    else if (command.type === 'remove') this.#change(command.id, () => this.#remove(command.id));
    else void this.stop();
  }

  /** Stops all cameras, closes all files, and says so. */
  async stop(): Promise<void> {
    clearInterval(this.#statsTimer);
    for (const id of this.#cameras.keys()) this.#change(id, () => this.#remove(id));
    for (const id of this.#watched.keys()) this.#change(`watched ${id}`, () => this.#leave(id));
    await Promise.all(this.#changes.values());
    this.#flush();
    this.#options.send({ type: 'stopped' });
  }

  #change(id: string, action: () => Promise<void>): void {
    const before = this.#changes.get(id) ?? Promise.resolve();
    const next = before.then(action).catch((error: unknown) => this.#report({ type: 'warning', camera: id, message: error instanceof Error ? error.message : String(error) }));
    this.#changes.set(id, next);
  }

  async #add(camera: WorkerCamera): Promise<void> {
    await this.#remove(camera.id);
    this.#cameras.set(camera.id, new CameraRecorder({ camera, ...this.#parts() }));
  }

  async #receive(camera: WorkerCamera): Promise<void> {
    await this.#leave(camera.id);
    this.#watched.set(camera.id, new WatchedStream({ camera, ...this.#parts() }));
  }

  async #leave(id: string): Promise<void> {
    const stream = this.#watched.get(id);
    this.#watched.delete(id);
    await stream?.stop();
  }

  #parts(): Omit<WatchedStreamOptions, 'camera'> {
    const configured = this.#configured;
    if (configured === undefined) throw new Error('a camera was added before the worker was configured');
    const { settings, engine } = configured;
    const { ingest, fileSystem } = this.#options;
    return { settings, engine, fileSystem, ingest: { ...ingest, fragmentMs: settings.fragmentMs, silenceMs: settings.silenceMs }, report: (event) => this.#report(event) };
  }

  async #remove(id: string): Promise<void> {
    const camera = this.#cameras.get(id);
    if (camera === undefined) return;
    this.#cameras.delete(id);
    await camera.stop();
    this.#report({ type: 'removed', camera: id });
  }

  #report(event: RecorderEvent): void {
    this.#events.push(event);
    // What somebody waits for goes at once, and takes along what has gathered.
    if (event.type === 'watched' || (event.type === 'fragment' && this.#cameras.get(event.fragment.camera)?.watched === true)) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), collectMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#events;
    if (events.length === 0) return;
    this.#events = [];
    this.#options.send({ type: 'events', events });
  }
}
