// The recorder without a kernel: cameras in, footage out. The plugin wires it to operations; an own program may use it alone.
import { joinStretches, type Catalog, type FootageTimeline } from './catalog/catalog.ts';
import type { CameraMove, Disks } from './disks/disks.ts';
import { LiveWindow } from './hls/live-window.ts';
import { SmallStreams, type SmallWatch } from './live/small-streams.ts';
import type { FootageFile } from './hls/playback-plan.ts';
import type { FragmentEntry } from './segment/fragment-table.ts';
import { tableTicksPerMs } from './segment/fragment-table.ts';
import type { GapRecord, SegmentRecord, WrittenFragment } from './segment/segment-record.ts';
import type { CameraStatus, RecorderEvent, WorkerCamera, WorkerSettings } from './worker/messages.ts';
import { WorkerSupervisor } from './worker/supervisor.ts';

/** How one camera goes. */
export interface CameraState {
  readonly id: string;
  readonly live: LiveWindow;
  status: CameraStatus;
  codecs: string | undefined;
  width: number | undefined;
  height: number | undefined;
  /** End of the newest fragment on disk. */
  newestMs: number | undefined;
  kbps: number | undefined;
}

/** What a recorder tells; listeners must not throw. */
export interface RecorderListener {
  status(camera: CameraState): void;
  sealed(segment: SegmentRecord): void;
  gap(gap: GapRecord): void;
  /** A fragment is on disk. */
  written?(fragment: WrittenFragment): void;
  warning(camera: string | undefined, message: string, cause?: unknown): void;
}

/** A camera as a recorder gets it: who records it, and where to, is the recorder's affair. */
export type RecordedCamera = Omit<WorkerCamera, 'disk' | 'indexed'>;

/** What a {@link Recorder} works with. */
export interface RecorderOptions {
  readonly catalog: Catalog;
  readonly disks: Disks;
  readonly settings: Omit<WorkerSettings, 'disks'>;
  readonly workers: number;
  readonly random: () => number;
  readonly listener: RecorderListener;
  /** UTC epoch milliseconds. */
  readonly now: () => number;
  /** Whether there is room for a camera that is not recorded yet; when not, it is parked until {@link Recorder.resume}. */
  readonly admits?: (camera: string) => boolean;
  /** The stream of a camera for small tiles; `undefined` when it has none. */
  readonly smallStream?: (camera: string) => Promise<RecordedCamera | undefined>;
  /** Calls back once after the delay; the result cancels. */
  readonly after: (delayMs: number, task: () => void) => () => unknown;
}

interface OpenFile {
  readonly file: { run: string; root: string; path: string; startMs: number; endMs: number; initBytes: number; fragments: FragmentEntry[] };
}

/** Rows wait this long for company: one transaction for many cameras. */
const saveEveryMs = 500;
/** Wait before saving again when the database is away; recording goes on meanwhile. */
const saveRetryMs = 2_000;
/** How far back files are searched for when the index cannot be asked. */
const searchBackMs = 600_000;
/** Rows kept while the database is away; beyond that the boot scan finds the files again. */
const unsavedLimit = 100_000;
/** Longest wait for a worker to close the file of a camera that is parked. */
const partingMs = 10_000;

/** Records all cameras that it is given. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #supervisor: WorkerSupervisor;
  readonly #cameras = new Map<string, CameraState>();
  readonly #open = new Map<string, OpenFile>();
  /** Every camera as it is to be recorded. */
  readonly #wanted = new Map<string, RecordedCamera>();
  /** Cameras that are not recorded because there is no room, with what becomes of their gap. */
  readonly #parked = new Map<string, () => void>();
  /** How many watch each camera on a wall. */
  readonly #watchers = new Map<string, number>();
  readonly #small: SmallStreams;
  #segments: SegmentRecord[] = [];
  #gaps: GapRecord[] = [];
  #saving: Promise<void> = Promise.resolve();
  #cancelSave: (() => unknown) | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#supervisor = new WorkerSupervisor({
      settings: { ...options.settings, disks: options.disks.all }, workers: options.workers, random: options.random,
      onEvent: (event) => this.#event(event),
      onWorkerLost: ({ cameras, exit, restartMs }) => this.#workerLost(cameras, exit, restartMs),
      indexed: (camera) => this.#indexed(camera),
    });
    this.#small = new SmallStreams({ after: options.after, open: (camera) => this.#openSmall(camera), close: (camera) => this.#supervisor.leave(camera) });
  }

  /** Records a camera from now on. */
  add(camera: RecordedCamera): void {
    const isNew = !this.#wanted.has(camera.id);
    this.#wanted.set(camera.id, camera);
    this.#state(camera.id);
    if (this.#parked.has(camera.id)) return;
    if (isNew && this.#options.admits?.(camera.id) === false) {
      this.park(camera.id, 'only the reserve is left on the disks, and this camera does not matter more than those that are recorded');
      return;
    }
    this.#record(camera);
  }

  #record(camera: RecordedCamera): void {
    const disk = this.#options.disks.assign(camera.id);
    if (disk === undefined) return;
    this.#supervisor.add({ ...camera, disk });
    if (this.#watchers.has(camera.id)) this.#supervisor.watch(camera.id, true);
  }

  /** Stops recording a camera; its footage stays. */
  remove(id: string): void {
    this.#small.forget(id);
    this.#cameras.delete(id);
    this.#wanted.delete(id);
    this.#parked.delete(id);
    this.#options.disks.release(id);
    this.#supervisor.remove(id);
  }

  /** Stops recording a camera for want of room; the time until {@link resume} is a gap of cause `disk`. */
  park(id: string, detail: string): void {
    const state = this.#cameras.get(id);
    if (state === undefined || this.#parked.has(id)) return;
    let isTold = false;
    const gap = (): void => {
      if (this.#parked.get(id) !== gap || isTold) return;
      isTold = true;
      this.unavailable(id, 'disk', detail, Math.round(state.newestMs ?? this.#options.now()));
    };
    this.#parked.set(id, gap);
    state.status = { state: 'error', code: 'DISK_FULL', message: detail };
    this.#options.listener.status(state);
    // The gap begins where the worker ends; a worker that says nothing has nothing to say.
    if (this.#supervisor.has(id)) this.#options.after(partingMs, gap);
    else gap();
    this.#supervisor.remove(id);
  }

  /** Records a parked camera again. */
  resume(id: string): void {
    const camera = this.#wanted.get(id);
    const state = this.#cameras.get(id);
    if (!this.#parked.delete(id) || camera === undefined || state === undefined) return;
    state.status = { state: 'connecting' };
    this.#options.listener.status(state);
    this.#record(camera);
  }

  /** Cameras of disks on which only the reserve is left go over, a few at a time, to disks with more. */
  relieve(): void {
    this.#move(this.#options.disks.relieve(), 'its disk is nearly full');
  }

  camera(id: string): CameraState | undefined {
    return this.#cameras.get(id);
  }

  /** Delivers this camera sooner until the function that comes back is called; as long as anybody watches. */
  watch(id: string): () => void {
    const before = this.#watchers.get(id) ?? 0;
    this.#watchers.set(id, before + 1);
    if (before === 0) this.#supervisor.watch(id, true);
    let done = false;
    return () => {
      if (done) return;
      done = true;
      const left = (this.#watchers.get(id) ?? 1) - 1;
      if (left > 0) this.#watchers.set(id, left);
      else {
        this.#watchers.delete(id);
        this.#supervisor.watch(id, false);
      }
    };
  }

  /** Watches the small stream of a camera; `undefined` while there is no point in it. */
  watchSmall(id: string): SmallWatch | undefined {
    return this.#options.smallStream === undefined ? undefined : this.#small.watch(id);
  }

  async #openSmall(id: string): Promise<boolean> {
    const camera = await this.#options.smallStream?.(id);
    const disk = this.#options.disks.assign(id);
    if (camera === undefined || disk === undefined || !this.#cameras.has(id)) return false;
    this.#supervisor.receive({ ...camera, disk });
    return true;
  }

  /** Whether the file that is being written of a camera begins before. */
  isWriting(camera: string, beforeMs: number): boolean {
    return (this.#open.get(camera)?.file.startMs ?? Number.POSITIVE_INFINITY) < beforeMs;
  }

  /** All cameras being recorded. */
  get cameras(): readonly CameraState[] {
    return [...this.#cameras.values()];
  }

  /** Process ids of the workers. */
  get workerProcessIds(): readonly number[] {
    return this.#supervisor.processIds;
  }

  /** Files that touch the range, oldest first, with the one that is being written. */
  async files(camera: string, fromMs: number, toMs: number): Promise<FootageFile[]> {
    const open = this.#open.get(camera)?.file;
    // Taken before the query: a file that is closed meanwhile is in one of them, or in both.
    const unsaved = this.#segments.filter((segment) => segment.camera === camera);
    const saved = await this.#options.catalog.segmentsBetween(camera, fromMs, toMs);
    const located = (file: SegmentRecord): FootageFile => ({ ...file, root: this.#options.disks.rootOf(file.disk) });
    const files = new Map<string, FootageFile>(saved.map((file) => [file.path, located(file)]));
    for (const file of [...unsaved.map(located), ...(open === undefined ? [] : [{ ...open, fragments: [...open.fragments] }])]) {
      if (file.startMs < toMs && file.endMs > fromMs && !files.has(file.path)) files.set(file.path, file);
    }
    return [...files.values()].sort((left, right) => left.startMs - right.startMs);
  }

  /** Recorded stretches and gaps that touch the range, up to the newest fragment. */
  async timeline(camera: string, fromMs: number, toMs: number): Promise<FootageTimeline> {
    await this.flush().catch(() => {}); // Told as a warning already; the rows that are saved are still worth showing.
    const { recorded, gaps, deleted } = await this.#options.catalog.timeline(camera, fromMs, toMs);
    const open = this.#open.get(camera)?.file;
    const unsaved = this.#segments.filter((segment) => segment.camera === camera);
    const newest = [...unsaved, ...(open === undefined ? [] : [open])].filter((file) => file.startMs < toMs && file.endMs > fromMs);
    const cut = newest.map((file) => ({ startMs: Math.round(Math.max(fromMs, file.startMs)), endMs: Math.round(Math.min(toMs, file.endMs)) }));
    return { recorded: joinStretches([...recorded, ...cut].sort((left, right) => left.startMs - right.startMs)), gaps, deleted };
  }

  /** A camera cannot even be connected: the gap begins where its footage ends, or now. */
  unavailable(camera: string, cause: GapRecord['cause'], detail: string, nowMs: number): void {
    void this.#indexed(camera)
      .catch(() => undefined)
      .then((indexed) => this.#gap({ camera, startMs: indexed?.endMs ?? nowMs, cause, detail }));
  }

  /** Footage that came on another way than its camera's stream; it is in the index when this settles. */
  async take(segment: SegmentRecord): Promise<void> {
    this.#segments.push(segment);
    await this.flush();
  }

  /** Everything that was told so far is in the index when this settles; rejects when it cannot be saved. */
  async flush(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = undefined;
    this.#saving = this.#saving.catch(() => {}).then(() => this.#save()); // An earlier failure was told to its own caller.
    await this.#saving;
  }

  /** Stops the workers and saves what they told. */
  async close(): Promise<void> {
    await this.#supervisor.close();
    await this.flush();
  }

  #state(id: string): CameraState {
    const known = this.#cameras.get(id);
    if (known !== undefined) return known;
    const state: CameraState = { id, live: new LiveWindow({ partMs: this.#options.settings.fragmentMs }), status: { state: 'connecting' }, codecs: undefined, width: undefined, height: undefined, newestMs: undefined, kbps: undefined };
    this.#cameras.set(id, state);
    return state;
  }

  #event(event: RecorderEvent): void {
    if (event.type === 'fragment') this.#fragment(event.fragment);
    else if (event.type === 'watched') this.#small.add(event.fragment);
    else if (event.type === 'segment') this.#segment(event.segment);
    else if (event.type === 'gap') this.#gap(event.gap);
    else if (event.type === 'warning') this.#options.listener.warning(event.camera, event.message);
    else if (event.type === 'removed') this.#removed(event.camera);
    else if (event.type === 'disk') this.#disk(event);
    else if (event.type === 'abandoned') this.#options.disks.leftBehind(event.disk, event.startMs);
    else this.#describe(event);
  }

  #removed(id: string): void {
    this.#open.delete(id);
    this.#parked.get(id)?.();
  }

  /** Cameras of a disk that refuses data go to others at once. */
  #disk({ camera, disk, problem }: Extract<RecorderEvent, { type: 'disk' }>): void {
    const { disks } = this.#options;
    if (problem === undefined) disks.accepted(disk);
    else this.#move(disks.refused(disk, camera, problem), problem.message);
  }

  #move(moves: readonly CameraMove[], reason: string): void {
    for (const { camera, disk } of moves) this.#supervisor.move(camera, disk, reason);
  }

  #describe(event: Extract<RecorderEvent, { type: 'status' | 'run' | 'stats' }>): void {
    const state = this.#cameras.get(event.camera);
    if (state === undefined) return;
    // What a worker said before it knew that it was to stop.
    if (event.type === 'status' && this.#parked.has(event.camera)) return;
    if (event.type === 'status') state.status = event.status;
    else if (event.type === 'run') Object.assign(state, { codecs: event.codecs, width: event.width, height: event.height });
    else return;
    this.#options.listener.status(state);
  }

  #fragment(fragment: WrittenFragment): void {
    const open = this.#open.get(fragment.camera)?.file;
    const entry: FragmentEntry = { length: fragment.length, durationTicks: fragment.durationMs * tableTicksPerMs, key: fragment.key };
    if (open?.path === fragment.path) {
      open.fragments.push(entry);
      open.endMs = fragment.endMs;
    } else {
      const { run, root, path, startMs, endMs, initBytes } = fragment;
      this.#open.set(fragment.camera, { file: { run, root, path, startMs, endMs, initBytes, fragments: [entry] } });
    }
    const state = this.#cameras.get(fragment.camera);
    if (state === undefined) return;
    state.live.add(fragment);
    this.#options.listener.written?.(fragment);
    state.newestMs = fragment.endMs;
    const rate = (fragment.length * 8) / Math.max(1, fragment.durationMs);
    state.kbps = Math.round(state.kbps === undefined ? rate : state.kbps * 0.9 + rate * 0.1);
  }

  #segment(segment: SegmentRecord): void {
    if (this.#open.get(segment.camera)?.file.path === segment.path) this.#open.delete(segment.camera);
    this.#segments.push(segment);
    this.#saveSoon(saveEveryMs);
  }

  #gap(gap: GapRecord): void {
    this.#gaps.push(gap);
    this.#saveSoon(saveEveryMs);
    this.#options.listener.gap(gap);
  }

  #workerLost(cameras: readonly string[], exit: string, restartMs: number): void {
    this.#options.listener.warning(undefined, `a recorder worker ended (${exit}); ${cameras.length} cameras go on in ${restartMs} ms`);
    for (const id of cameras) {
      const state = this.#state(id);
      state.status = { state: 'connecting' };
      this.#options.listener.status(state);
      const coveredMs = this.#open.get(id)?.file.endMs ?? state.newestMs;
      if (coveredMs !== undefined) this.#gap({ camera: id, startMs: Math.round(coveredMs), cause: 'recorder', detail: `the recorder process ended (${exit})` });
    }
  }

  /** Where the index ends; the worker recovers what comes after. Recording does not wait for a database that is away. */
  async #indexed(camera: string): Promise<WorkerCamera['indexed']> {
    try {
      await this.flush();
      return await this.#options.catalog.endOfFootage(camera);
    } catch {
      // Told as a warning by the failed save. The folder is searched a little further back instead: rows that exist already change nothing.
      const newestMs = this.#cameras.get(camera)?.newestMs ?? this.#options.now();
      return { startMs: newestMs - searchBackMs, endMs: newestMs };
    }
  }

  #saveSoon(delayMs: number): void {
    this.#cancelSave ??= this.#options.after(delayMs, () => {
      this.#cancelSave = undefined;
      this.flush().catch(() => this.#saveSoon(saveRetryMs));
    });
  }

  async #save(): Promise<void> {
    const segments = this.#segments;
    const gaps = this.#gaps;
    if (segments.length + gaps.length === 0) return;
    const [segmentCount, gapCount] = [segments.length, gaps.length];
    try {
      await this.#options.catalog.save(segments.slice(0, segmentCount), gaps.slice(0, gapCount));
    } catch (error) {
      this.#options.listener.warning(undefined, `${segmentCount} rows of the footage index wait, because they cannot be saved; recording goes on`, error);
      this.#segments.splice(0, this.#segments.length - unsavedLimit);
      throw error;
    }
    const sealed = segments.splice(0, segmentCount);
    gaps.splice(0, gapCount);
    for (const segment of sealed) this.#options.listener.sealed(segment);
  }
}
