// A stream in a recorder worker that is only watched, such as the small one for a wall: its files are short, few, and removed again.
import type { IngestEngine, IngestOptions, IngestSession } from '../ingest/ingest-engine.ts';
import type { RecordingFileSystem } from '../segment/file-system.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import { sourceOf } from './camera-recorder.ts';
import type { RecorderEvent, WorkerCamera, WorkerSettings } from './messages.ts';

/** What a watched stream works with. */
export interface WatchedStreamOptions {
  readonly camera: WorkerCamera;
  readonly settings: WorkerSettings;
  readonly engine: IngestEngine;
  readonly ingest: IngestOptions;
  readonly fileSystem: RecordingFileSystem;
  readonly report: (event: RecorderEvent) => void;
}

/** Folder of these files below that of the disk: no recordings, and empty whenever nobody watches. */
export const watchedFolder = '.live';
const fileMs = 5_000;
/** As long as the live window of the readers, and some more. The kernel seldom gets to write such files to the disk at all. */
const keptFiles = 6;
const fragmentMs = 100;
const diskRetryMs = 2_000;

/** Receives until it is stopped. */
export class WatchedStream {
  readonly #options: WatchedStreamOptions;
  readonly #writer: SegmentWriter;
  readonly #session: IngestSession;
  readonly #files: string[] = [];

  constructor(options: WatchedStreamOptions) {
    this.#options = options;
    const { camera, settings, engine, ingest, fileSystem, report } = options;
    const writer = new SegmentWriter({
      camera: camera.id, disk: camera.disk, folder: watchedFolder, fileSystem, segmentMs: fileMs, sync: 'none', queueBytes: settings.queueBytes, retryMs: diskRetryMs, now: ingest.now,
      events: {
        written: (fragment) => report({ type: 'watched', fragment }),
        closed: ({ path }) => this.#closed(path),
        // Who watches gets the recorded stream instead.
        lost: () => {},
        recovered: () => {},
        abandoned: () => {},
      },
    });
    this.#writer = writer;
    const sink = { run: writer.run.bind(writer), fragment: writer.fragment.bind(writer), interrupted: () => writer.seal(), missing: () => {}, status: () => {} };
    this.#session = engine.open(sourceOf(camera), sink, { ...ingest, fragmentMs });
    this.#session.setPace({ fragmentMs, prompt: true });
  }

  /** Ends the session and removes the files. */
  async stop(): Promise<void> {
    await this.#session.stop();
    await this.#writer.close();
    for (const file of this.#files.splice(0)) await this.#remove(file);
  }

  #closed(path: string): void {
    this.#files.push(path);
    while (this.#files.length > keptFiles) void this.#remove(this.#files.shift()!);
  }

  async #remove(path: string): Promise<void> {
    const { fileSystem, camera } = this.#options;
    await fileSystem.remove(camera.disk, path).catch(() => {}); // The folder is emptied at the next start.
  }
}
