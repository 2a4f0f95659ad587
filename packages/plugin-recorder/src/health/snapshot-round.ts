// Looks at one camera after the other, for ever: one decoder at a time, whatever the number of cameras.
import type { WrittenFragment } from '../segment/segment-record.ts';

/** What a round works with. */
export interface SnapshotRoundOptions {
  /** Each camera is looked at this often, as far as one decoder can follow. */
  readonly everyMs: number;
  /** Cameras and their newest keyframes. */
  readonly keyframes: () => readonly { readonly camera: string; readonly newestKey: WrittenFragment | undefined }[];
  /** Looks at a keyframe. Does not reject. */
  readonly look: (fragment: WrittenFragment, signal: AbortSignal) => Promise<void>;
  readonly now: () => number;
  /** Calls back once after the delay; the result cancels. */
  readonly after: (delayMs: number, task: () => void) => () => unknown;
}

/** Between two decoders, so that a round of very many cameras leaves room for others. */
const leastPauseMs = 50;
/** Wait while there is no camera. */
const idleMs = 1_000;

/** Goes round until it is stopped. */
export class SnapshotRound {
  readonly #options: SnapshotRoundOptions;
  readonly #controller = new AbortController();
  /** The keyframe of each camera that was looked at: the same one again tells nothing. */
  readonly #looked = new Map<string, WrittenFragment>();
  #queue: string[] = [];
  #cancel: () => unknown = () => undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: SnapshotRoundOptions) {
    this.#options = options;
    this.#wait(idleMs);
  }

  /** Settles when no decoder runs any more. */
  async stop(): Promise<void> {
    this.#controller.abort();
    this.#cancel();
    await this.#looking;
  }

  #wait(delayMs: number): void {
    if (this.#controller.signal.aborted) return;
    this.#cancel = this.#options.after(delayMs, () => {
      this.#looking = this.#next();
    });
  }

  async #next(): Promise<void> {
    const { everyMs, keyframes, look, now } = this.#options;
    const startedMs = now();
    const known = new Map(keyframes().map(({ camera, newestKey }) => [camera, newestKey]));
    if (known.size === 0) return this.#wait(idleMs);
    if (this.#queue.length === 0) {
      this.#queue = [...known.keys()];
      for (const camera of this.#looked.keys()) if (!known.has(camera)) this.#looked.delete(camera);
    }
    const camera = this.#queue.shift() ?? '';
    const fragment = known.get(camera);
    if (fragment !== undefined && this.#looked.get(camera) !== fragment) {
      this.#looked.set(camera, fragment);
      await look(fragment, this.#controller.signal);
    }
    const shareMs = Math.max(leastPauseMs, everyMs / known.size);
    // A clock that is set meanwhile makes a wait neither endless nor nothing.
    this.#wait(Math.min(shareMs, Math.max(leastPauseMs, shareMs - (now() - startedMs))));
  }
}
