// One camera in a recorder worker: ingest to files, with every moment accounted for.
import type { FragmentSink, IngestEngine, IngestOptions, IngestSession, IngestSource } from '../ingest/ingest-engine.ts';
import type { RecordingDisk } from '../disks/recording-disk.ts';
import type { RecordingFileSystem } from '../segment/file-system.ts';
import { GapLedger } from '../segment/gap-ledger.ts';
import { recoverSegments } from '../segment/recover.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import type { CameraStatus, RecorderEvent, WorkerCamera, WorkerSettings } from './messages.ts';

/** What a camera recorder works with. */
export interface CameraRecorderOptions {
  readonly camera: WorkerCamera;
  readonly settings: WorkerSettings;
  readonly engine: IngestEngine;
  readonly ingest: IngestOptions;
  readonly fileSystem: RecordingFileSystem;
  readonly report: (event: RecorderEvent) => void;
}

const diskRetryMs = 2_000;
/** Fragments while somebody watches on a wall: what a picture waits for its companions, at most. */
const watchedFragmentMs = 100;

/** Records until it is stopped. */
export class CameraRecorder {
  readonly #options: CameraRecorderOptions;
  readonly #writer: SegmentWriter;
  readonly #session: IngestSession;
  /** Set once the files of an earlier life are in the index; only then is it known where the footage ends. */
  #ledger: GapLedger | undefined;
  readonly #recovered: Promise<void>;
  #ingestStatus: CameraStatus = { state: 'connecting' };
  #diskStatus: CameraStatus | undefined;
  #watched = false;
  /** Folder of the disk to which the camera goes over. */
  #movedTo: string | undefined;

  constructor(options: CameraRecorderOptions) {
    this.#options = options;
    const { camera, settings, engine, ingest, fileSystem } = options;
    const startedMs = ingest.now();
    this.#recovered = this.#recover(startedMs);
    this.#writer = new SegmentWriter({
      camera: camera.id, disk: camera.disk, mayMove: settings.disks.length > 1, fileSystem, segmentMs: settings.segmentMs, sync: settings.sync, queueBytes: settings.queueBytes, retryMs: diskRetryMs, now: ingest.now,
      ready: this.#recovered,
      events: {
        written: (fragment) => {
          this.#ledger?.covered(fragment.startMs, fragment.endMs);
          if (fragment.root === this.#movedTo) {
            this.#movedTo = undefined;
            this.#ledger?.blame(undefined);
          }
          options.report({ type: 'fragment', fragment });
        },
        closed: (segment) => options.report({ type: 'segment', segment }),
        lost: (problem, disk) => {
          options.report({ type: 'disk', camera: camera.id, disk: disk.id, problem });
          this.#ledger?.interrupt('disk', problem.message, ingest.now());
          this.#diskStatus = { state: 'error', ...problem };
          this.#tellStatus();
        },
        abandoned: (disk, startMs) => options.report({ type: 'abandoned', camera: camera.id, disk: disk.id, startMs }),
        recovered: (disk) => {
          options.report({ type: 'disk', camera: camera.id, disk: disk.id });
          this.#diskStatus = undefined;
          this.#tellStatus();
        },
      },
    });
    this.#session = engine.open(sourceOf(camera), this.#sink(), ingest);
  }

  /** Somebody watches on a wall. */
  get watched(): boolean {
    return this.#watched;
  }

  /** Delivers sooner while somebody watches, and goes back to what costs least. */
  setWatched(watched: boolean): void {
    this.#watched = watched;
    this.#session.setPace(watched ? { fragmentMs: Math.min(watchedFragmentMs, this.#options.settings.fragmentMs), prompt: true } : { fragmentMs: this.#options.settings.fragmentMs, prompt: false });
  }

  /** Goes over to another disk, at the next keyframe. */
  move(disk: RecordingDisk, reason: string): void {
    this.#movedTo = disk.root;
    this.#ledger?.blame({ cause: 'disk', detail: reason });
    this.#writer.move(disk);
  }

  /** Reports the counters. */
  reportStats(): void {
    this.#options.report({ type: 'stats', camera: this.#options.camera.id, stats: this.#session.stats() });
  }

  /** Ends the session, writes what is there and closes the file. */
  async stop(): Promise<void> {
    await this.#session.stop();
    await this.#writer.close();
  }

  #sink(): FragmentSink {
    const { camera, ingest, report } = this.#options;
    const writer = this.#writer;
    return {
      run: (start) => {
        writer.run(start);
        const video = start.tracks.find((track) => track.kind === 'video');
        report({ type: 'run', camera: camera.id, run: start.run, codecs: start.codecs, width: video?.width ?? 0, height: video?.height ?? 0 });
      },
      fragment: (fragment) => writer.fragment(fragment),
      // Marks go through the queue: fragments that came before are still to be written.
      interrupted: ({ cause, detail }) => {
        writer.mark(() => this.#ledger?.interrupt(cause, detail, ingest.now()));
        writer.seal();
      },
      missing: ({ startMs, endMs, cause, detail }) => writer.mark(() => this.#ledger?.missing(startMs, endMs, cause, detail)),
      status: (status) => {
        this.#ingestStatus = status;
        this.#tellStatus();
      },
    };
  }

  /** A full disk is worse news than a connecting camera. */
  #tellStatus(): void {
    this.#options.report({ type: 'status', camera: this.#options.camera.id, status: this.#diskStatus ?? this.#ingestStatus });
  }

  async #recover(startedMs: number): Promise<void> {
    const { camera, report } = this.#options;
    const newest = await this.#search('newest', startedMs);
    const coveredMs = newest === undefined ? camera.indexed?.endMs : Math.max(newest, camera.indexed?.endMs ?? 0);
    this.#ledger = new GapLedger(camera.id, coveredMs, (gap) => report({ type: 'gap', gap }));
    if (coveredMs !== undefined) this.#ledger.interrupt('recorder', 'the recorder was not running', startedMs);
    // Whatever else is there is read beside the recording, which must not wait for it.
    void this.#search('older', startedMs);
  }

  /** Puts files that the index lacks into it, whatever disk they are on; gives the end of the last one. */
  async #search(part: 'newest' | 'older', startedMs: number): Promise<number | undefined> {
    const { settings } = this.#options;
    let endMs: number | undefined;
    for (const disk of settings.disks) {
      const foundMs = await this.#searchDisk(disk, part, startedMs);
      if (foundMs !== undefined) endMs = Math.max(endMs ?? 0, foundMs);
    }
    return endMs;
  }

  async #searchDisk(disk: RecordingDisk, part: 'newest' | 'older', startedMs: number): Promise<number | undefined> {
    const { camera, report } = this.#options;
    const warn = (message: string): void => report({ type: 'warning', camera: camera.id, message });
    try {
      const found = await recoverSegments({ disk, camera: camera.id, afterMs: camera.indexed?.startMs ?? -1, beforeMs: startedMs, part });
      for (const segment of found.segments) report({ type: 'segment', segment });
      for (const { path, reason } of found.failed) warn(`${path} cannot be recovered: ${reason}`);
      return found.segments.at(-1)?.endMs;
    } catch (error) {
      warn(`the folder of the camera on ${disk.root} cannot be searched for lost files: ${(error as Error).message}`);
      return undefined;
    }
  }
}

/** What an engine needs to know of a camera. */
export function sourceOf({ url, credentials, transport, tls, engine }: WorkerCamera): IngestSource {
  return { url, ...(credentials && { credentials }), ...(transport && { transport }), ...(tls && { tls }), ...(engine && { engine }) };
}
