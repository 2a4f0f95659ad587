// The newest fragments of one camera, grouped into HLS segments at keyframes. Offsets only: the bytes stay in the recording files.
import type { WrittenFragment } from '../segment/segment-record.ts';

/** One HLS media segment of the live window; its parts are fragments, so that low-latency tags can be added. */
export interface LiveSegment {
  /** Media sequence number; never used twice while the process lives. */
  readonly sequence: number;
  /** Number of the run's init resource. */
  readonly init: number;
  /** True when the decoder must start anew. */
  readonly discontinuity: boolean;
  readonly startMs: number;
  readonly parts: readonly WrittenFragment[];
  readonly durationMs: number;
}

/** Where an init segment lies. */
export interface InitRange {
  readonly path: string;
  readonly bytes: number;
  readonly codecs: string;
}

/** Settings of a {@link LiveWindow}. */
export interface LiveWindowOptions {
  /** A segment ends at the first keyframe after this. */
  readonly targetMs: number;
  /** A segment ends without a keyframe after this (cameras with very long groups of pictures). */
  readonly longestMs: number;
  /** Finished segments that are kept. */
  readonly segments: number;
}

/** Defaults: one second, so that a keyframe every one or two seconds makes one segment. */
export const liveWindowDefaults: LiveWindowOptions = { targetMs: 1_000, longestMs: 4_000, segments: 8 };

/** Fragments that do not follow each other this closely are a gap. */
const touchMs = 250;

/** Live window of one camera. */
export class LiveWindow {
  readonly #options: LiveWindowOptions;
  readonly #finished: LiveSegment[] = [];
  readonly #inits = new Map<number, InitRange>();
  #parts: WrittenFragment[] = [];
  #discontinuity = false;
  #sequence = 0;
  #init = 0;
  #discontinuities = 0;
  readonly #waiting = new Set<() => void>();

  constructor(options: LiveWindowOptions = liveWindowDefaults) {
    this.#options = options;
  }

  /** Adds a fragment that is on disk. */
  add(fragment: WrittenFragment): void {
    const last = this.#parts[this.#parts.length - 1] ?? this.#finished[this.#finished.length - 1]?.parts.at(-1);
    const newRun = last?.run !== fragment.run;
    const broken = newRun || fragment.startMs - last.endMs > touchMs;
    if (broken && !fragment.key) return; // Nothing to decode it with.
    if (broken || this.#isComplete(fragment)) this.#finish();
    if (broken && last !== undefined) this.#discontinuity = true;
    if (newRun) {
      this.#init += 1;
      this.#inits.set(this.#init, { path: fragment.path, bytes: fragment.initBytes, codecs: fragment.codecs });
    }
    this.#parts.push(fragment);
  }

  /** Finished segments, oldest first. */
  get segments(): readonly LiveSegment[] {
    return this.#finished;
  }

  /** The segment that is still growing. */
  get growing(): readonly WrittenFragment[] {
    return this.#parts;
  }

  /** Settles when there is a finished segment, or when the signal is aborted. */
  ready(signal: AbortSignal): Promise<void> {
    if (this.#finished.length > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** Discontinuities that left the window (EXT-X-DISCONTINUITY-SEQUENCE, RFC 8216, clause 4.3.3.3). */
  get discontinuitySequence(): number {
    return this.#discontinuities;
  }

  /** End of the newest fragment. */
  get newestMs(): number | undefined {
    return (this.#parts[this.#parts.length - 1] ?? this.#finished[this.#finished.length - 1]?.parts.at(-1))?.endMs;
  }

  segment(sequence: number): LiveSegment | undefined {
    return this.#finished.find((segment) => segment.sequence === sequence);
  }

  init(number: number): InitRange | undefined {
    return this.#inits.get(number);
  }

  #isComplete(next: WrittenFragment): boolean {
    const length = this.#parts.reduce((sum, part) => sum + part.durationMs, 0);
    return (next.key && length >= this.#options.targetMs - 1) || length + next.durationMs > this.#options.longestMs;
  }

  #finish(): void {
    const first = this.#parts[0];
    if (first === undefined) return;
    const durationMs = this.#parts.reduce((sum, part) => sum + part.durationMs, 0);
    this.#finished.push({ sequence: this.#sequence, init: this.#init, discontinuity: this.#discontinuity, startMs: first.startMs, parts: this.#parts, durationMs });
    this.#sequence += 1;
    this.#discontinuity = false;
    this.#parts = [];
    for (const done of this.#waiting) done();
    while (this.#finished.length > this.#options.segments) {
      if (this.#finished.shift()?.discontinuity === true) this.#discontinuities += 1;
    }
    const oldest = this.#finished[0]?.init ?? this.#init;
    for (const number of this.#inits.keys()) if (number < oldest) this.#inits.delete(number);
  }
}
