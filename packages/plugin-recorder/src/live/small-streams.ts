// The small streams of cameras, for tiles that show no more: received while somebody watches, once for all who do.
import { LiveWindow } from '../hls/live-window.ts';
import type { WrittenFragment } from '../segment/segment-record.ts';

/** What {@link SmallStreams} work with. */
export interface SmallStreamsOptions {
  /** Begins to receive the small stream of a camera; false when it has none. */
  open(camera: string): Promise<boolean>;
  close(camera: string): void;
  /** Calls back once after the delay; the result cancels. */
  after(delayMs: number, task: () => void): () => unknown;
}

/** One who watches. */
export interface SmallWatch {
  readonly live: LiveWindow;
  /** The fragment to begin with; `undefined` when there is none in time: then the recorded stream is to be shown. */
  first(signal: AbortSignal): Promise<WrittenFragment | undefined>;
  stop(): void;
}

interface SmallStream {
  readonly live: LiveWindow;
  readonly opened: Promise<boolean>;
  watchers: number;
  cancelEnd?: () => unknown;
}

/** Longest wait for the first picture. */
const firstPictureMs = 4_000;
/** A stream that gave nothing is not tried again for so long: every tile would wait for it in vain. */
const resignedMs = 60_000;
/** Pages that are turned come back. */
const lingerMs = 15_000;
/** Segments that are kept: readers are at the newest. */
const segments = 4;

/** All small streams. */
export class SmallStreams {
  readonly #options: SmallStreamsOptions;
  readonly #streams = new Map<string, SmallStream>();
  readonly #resigned = new Map<string, () => unknown>();

  constructor(options: SmallStreamsOptions) {
    this.#options = options;
  }

  /** Watches the small stream of a camera; `undefined` while there is no point in it. */
  watch(camera: string): SmallWatch | undefined {
    if (this.#resigned.has(camera)) return undefined;
    const stream = this.#stream(camera);
    stream.watchers += 1;
    stream.cancelEnd?.();
    let isOver = false;
    return {
      live: stream.live,
      first: (signal) => this.#first(camera, stream, signal),
      stop: () => {
        if (isOver) return;
        isOver = true;
        stream.watchers -= 1;
        if (stream.watchers === 0) stream.cancelEnd = this.#options.after(lingerMs, () => this.#end(camera, stream));
      },
    };
  }

  /** A fragment of a small stream is on disk. */
  add(fragment: WrittenFragment): void {
    this.#streams.get(fragment.camera)?.live.add(fragment);
  }

  /** The camera is gone, or has another address. */
  forget(camera: string): void {
    this.#resigned.get(camera)?.();
    this.#resigned.delete(camera);
    const stream = this.#streams.get(camera);
    if (stream !== undefined) this.#end(camera, stream);
  }

  #stream(camera: string): SmallStream {
    const known = this.#streams.get(camera);
    if (known !== undefined) return known;
    const stream = { live: new LiveWindow({ segments }), opened: this.#options.open(camera).catch(() => false), watchers: 0 };
    this.#streams.set(camera, stream);
    return stream;
  }

  async #first(camera: string, stream: SmallStream, signal: AbortSignal): Promise<WrittenFragment | undefined> {
    const first = (await stream.opened) ? await stream.live.next(undefined, AbortSignal.any([signal, AbortSignal.timeout(firstPictureMs)])) : undefined;
    if (first === undefined && !signal.aborted && this.#streams.get(camera) === stream) {
      this.#end(camera, stream);
      this.#resigned.set(camera, this.#options.after(resignedMs, () => this.#resigned.delete(camera)));
    }
    return first;
  }

  #end(camera: string, stream: SmallStream): void {
    stream.cancelEnd?.();
    if (this.#streams.get(camera) !== stream) return;
    this.#streams.delete(camera);
    this.#options.close(camera);
  }
}
