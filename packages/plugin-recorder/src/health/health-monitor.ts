// Knows how healthy each camera is, and tells when that changes. Fed by what is written anyway.
import type { GapRecord, WrittenFragment } from '../segment/segment-record.ts';
import { hasWandered, type HealthFigures } from './health-figures.ts';
import { Hysteresis, judge } from './hysteresis.ts';
import { defaultPictureLimits, PictureWatch, type PictureLimits, type PictureMemory, type PictureProblemCode, type Snapshot } from './picture-watch.ts';
import { StreamMeter } from './stream-meter.ts';

const streamCodes = ['FRAME_RATE_LOW', 'KEYFRAMES_RARE', 'CLOCK_OFFSET'] as const;
type StreamProblemCode = (typeof streamCodes)[number];

/** Codes of what can be the matter with a camera. */
export type HealthProblemCode = StreamProblemCode | PictureProblemCode;

/** Thresholds. */
export interface HealthLimits extends PictureLimits {
  /** Fewer frames a second are a problem; 0 is never. */
  readonly leastFps: number;
  /** Keyframes farther apart are a problem. */
  readonly keyframeSeconds: number;
  /** A camera's clock that is off by more is a problem. */
  readonly clockSeconds: number;
}

/** Defaults. */
export const defaultHealthLimits: HealthLimits = { leastFps: 5, keyframeSeconds: 15, clockSeconds: 5, ...defaultPictureLimits };

/** Why the picture of a camera is not looked at: not configured, no ffmpeg, or it could not be decoded three times in a row. */
export interface SnapshotProblem {
  readonly code: 'SNAPSHOTS_OFF' | 'SNAPSHOTS_NEED_FFMPEG' | 'SNAPSHOT_FAILED';
  /** Installs ffmpeg on this system. */
  readonly command?: string;
}

/** How a camera is. */
export interface CameraHealth extends HealthFigures {
  readonly camera: string;
  readonly lastGap?: GapRecord;
  readonly snapshotMs?: number;
  readonly snapshotProblem?: SnapshotProblem;
  readonly problems: readonly { readonly code: HealthProblemCode; readonly sinceMs: number }[];
}

/** What a monitor works with. */
export interface HealthMonitorOptions {
  readonly now: () => number;
  /** A problem came or went, a figure moved for good, or a gap began or ended. */
  readonly changed: (health: CameraHealth) => void;
}

interface Watched {
  readonly limits: HealthLimits;
  readonly meter: StreamMeter;
  readonly stream: ReadonlyMap<StreamProblemCode, Hysteresis>;
  /** Whether some figure is another than was told. */
  readonly wandering: Hysteresis;
  told: HealthFigures;
  lastGap: GapRecord | undefined;
  /** Absent until it is known what is kept of its pictures. */
  picture: PictureWatch | undefined;
  snapshotProblem: SnapshotProblem | undefined;
  failedSnapshots: number;
}

/** Looks in a row before a problem of the stream comes or goes. */
const streamLooks = { raiseAfter: 3, clearAfter: 3 };
/** Looks in a row before another figure is told. */
const figureLooks = { raiseAfter: 6, clearAfter: 1 };
/** Figures of a stream that has stopped say nothing; its status says that it has. */
const freshMs = 15_000;
const mostFailedSnapshots = 3;

/** Watches all cameras of a recorder. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #cameras = new Map<string, Watched>();

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  /** Watches a camera from now on. */
  add(camera: string, limits: HealthLimits, snapshotProblem?: SnapshotProblem): void {
    const stream = new Map(streamCodes.map((code) => [code, new Hysteresis(streamLooks)]));
    this.#cameras.set(camera, { limits, meter: new StreamMeter(), stream, wandering: new Hysteresis(figureLooks), told: {}, lastGap: undefined, picture: undefined, snapshotProblem, failedSnapshots: 0 });
  }

  remove(camera: string): void {
    this.#cameras.delete(camera);
  }

  has(camera: string): boolean {
    return this.#cameras.has(camera);
  }

  /** A fragment is on disk. */
  fragment(fragment: WrittenFragment): void {
    this.#cameras.get(fragment.camera)?.meter.add(fragment);
  }

  /** A gap began, ended, or was filled. */
  gap(gap: GapRecord): void {
    const watched = this.#cameras.get(gap.camera);
    if (watched === undefined || (watched.lastGap !== undefined && watched.lastGap.startMs > gap.startMs)) return;
    watched.lastGap = gap;
    this.#tell(gap.camera, watched);
  }

  /** The last gap from before; one that came meanwhile is newer. */
  recallGap(gap: GapRecord): void {
    const watched = this.#cameras.get(gap.camera);
    if (watched !== undefined) watched.lastGap ??= gap;
  }

  /** Cameras whose pictures are looked at, with their newest keyframes. */
  get keyframes(): readonly { readonly camera: string; readonly newestKey: WrittenFragment | undefined }[] {
    return [...this.#cameras].flatMap(([camera, { meter, snapshotProblem }]) => (snapshotProblem?.code === 'SNAPSHOTS_OFF' ? [] : [{ camera, newestKey: meter.newestKey }]));
  }

  /** Whether it is known what is kept of the pictures of a camera. */
  isRecalled(camera: string): boolean {
    return this.#cameras.get(camera)?.picture !== undefined;
  }

  /** What is kept of the pictures of a camera, which may be nothing. */
  recall(camera: string, memory: PictureMemory | undefined): void {
    const watched = this.#cameras.get(camera);
    if (watched !== undefined) watched.picture ??= new PictureWatch(watched.limits, memory);
  }

  /** What to keep of the pictures of a camera. */
  memory(camera: string): PictureMemory | undefined {
    return this.#cameras.get(camera)?.picture?.memory;
  }

  /** A picture of a camera was looked at. */
  snapshot(camera: string, snapshot: Snapshot, takenMs: number): void {
    const watched = this.#cameras.get(camera);
    if (watched?.picture === undefined) return;
    const changed = watched.picture.observe(snapshot, takenMs);
    const wasBlind = watched.snapshotProblem !== undefined;
    watched.snapshotProblem = undefined;
    watched.failedSnapshots = 0;
    if (changed || wasBlind) this.#tell(camera, watched);
  }

  /** A picture of a camera could not be looked at. True when that is news. */
  missed(camera: string, problem: SnapshotProblem): boolean {
    const watched = this.#cameras.get(camera);
    if (watched === undefined || watched.snapshotProblem?.code === problem.code) return false;
    if (problem.code === 'SNAPSHOT_FAILED') watched.failedSnapshots += 1;
    if (problem.code === 'SNAPSHOT_FAILED' && watched.failedSnapshots < mostFailedSnapshots) return false;
    watched.snapshotProblem = problem;
    this.#tell(camera, watched);
    return true;
  }

  /** The newest picture of a camera is what it should show; false when none was looked at, or it shows nothing. */
  renew(camera: string): boolean {
    const watched = this.#cameras.get(camera);
    if (watched?.picture?.renew() !== true) return false;
    this.#tell(camera, watched);
    return true;
  }

  /** Looks at the figures of all streams; call it every few seconds. */
  evaluate(): void {
    for (const [camera, watched] of this.#cameras) if (this.#evaluate(watched)) this.#tell(camera, watched);
  }

  /** How all cameras are. */
  read(): readonly CameraHealth[] {
    return [...this.#cameras].map(([camera, watched]) => this.#healthOf(camera, watched));
  }

  #evaluate(watched: Watched): boolean {
    const { meter, stream, limits, wandering, told } = watched;
    const nowMs = this.#options.now();
    const wandered = wandering.observe(hasWandered(told, this.#figures(meter)), nowMs);
    if (!this.#isFresh(meter)) return wandered;
    const waiting = meter.keyframeWaitMs / (limits.keyframeSeconds * 1000);
    const seen: Readonly<Record<StreamProblemCode, boolean | undefined>> = {
      FRAME_RATE_LOW: meter.fps === undefined ? undefined : judge(limits.leastFps / meter.fps),
      // Before the second keyframe, a short wait says nothing yet.
      KEYFRAMES_RARE: meter.keyframeIntervalMs === undefined && waiting <= 1 ? undefined : judge(waiting),
      CLOCK_OFFSET: meter.clock.offsetMs === undefined ? undefined : judge(Math.abs(meter.clock.offsetMs) / (limits.clockSeconds * 1000)),
    };
    return streamCodes.filter((code) => stream.get(code)?.observe(seen[code], nowMs)).length > 0 || wandered;
  }

  #isFresh({ newestMs }: StreamMeter): boolean {
    return newestMs !== undefined && this.#options.now() - newestMs <= freshMs;
  }

  #figures(meter: StreamMeter): HealthFigures {
    if (!this.#isFresh(meter)) return {};
    const { kbps, fps, keyframeIntervalMs, clock: { offsetMs, driftMsPerDay } } = meter;
    return {
      ...(kbps !== undefined && { kbps }),
      ...(fps !== undefined && { fps }),
      ...(keyframeIntervalMs !== undefined && { keyframeIntervalMs }),
      ...(offsetMs !== undefined && { clockOffsetMs: offsetMs }),
      ...(driftMsPerDay !== undefined && { clockDriftMsPerDay: driftMsPerDay }),
    };
  }

  #tell(camera: string, watched: Watched): void {
    watched.told = this.#figures(watched.meter);
    watched.wandering.clear();
    this.#options.changed(this.#healthOf(camera, watched));
  }

  #healthOf(camera: string, { meter, stream, picture, lastGap, snapshotProblem }: Watched): CameraHealth {
    const streamProblems = [...stream].flatMap(([code, { sinceMs }]) => (sinceMs === undefined ? [] : [{ code, sinceMs }]));
    return {
      camera,
      ...this.#figures(meter),
      ...(lastGap !== undefined && { lastGap }),
      ...(picture?.takenMs !== undefined && { snapshotMs: picture.takenMs }),
      ...(snapshotProblem !== undefined && { snapshotProblem }),
      problems: [...streamProblems, ...(picture?.memory.problems ?? [])],
    };
  }
}
