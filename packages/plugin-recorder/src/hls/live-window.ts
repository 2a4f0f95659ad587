// The newest fragments of one camera, grouped into HLS parts and segments at keyframes. Offsets only: the bytes stay in the recording files.
import { follows } from '../segment/follows.ts';
import type { WrittenFragment } from '../segment/segment-record.ts';
import { Waiters } from './waiters.ts';

/** One partial segment: a few fragments that lie one after another. */
export interface LivePart {
  readonly fragments: readonly WrittenFragment[];
  readonly durationMs: number;
  /** True when it begins with a keyframe. */
  readonly key: boolean;
}

/** One HLS media segment of the live window. */
export interface LiveSegment {
  /** Media sequence number; never used twice while the process lives. */
  readonly sequence: number;
  /** Number of the run's init resource. */
  readonly init: number;
  /** True when the decoder must start anew. */
  readonly discontinuity: boolean;
  readonly startMs: number;
  readonly parts: readonly LivePart[];
  readonly durationMs: number;
}

/** Where an init segment lies. */
export interface InitRange {
  readonly root: string;
  readonly path: string;
  readonly bytes: number;
  readonly codecs: string;
}

/** Settings of a {@link LiveWindow}. */
export interface LiveWindowOptions {
  /** Longest part that is made of several fragments. */
  readonly partMs: number;
  /** A segment ends at the first keyframe after this. */
  readonly targetMs: number;
  /** A segment ends without a keyframe after this (cameras with very long groups of pictures). */
  readonly longestMs: number;
  /** Finished segments that are kept. */
  readonly segments: number;
}

/** Defaults: one second, so that a keyframe every one or two seconds makes one segment; a window that delta updates can skip part of. */
export const liveWindowDefaults: LiveWindowOptions = { partMs: 500, targetMs: 1_000, longestMs: 4_000, segments: 24 };

/** A part that is this full is complete: players rely on it for every part but the last of a segment (draft-pantos-hls-rfc8216bis, clause 4.4.4.9). */
const fullShare = 0.85;

/** Live window of one camera. */
export class LiveWindow {
  readonly #options: LiveWindowOptions;
  readonly #finished: LiveSegment[] = [];
  readonly #inits = new Map<number, InitRange>();
  readonly #waiters = new Waiters();
  /** All fragments of the window, oldest first. */
  readonly #held: WrittenFragment[] = [];
  #parts: LivePart[] = [];
  #pending: WrittenFragment[] = [];
  #discontinuity = false;
  #sequence = 0;
  #init = 0;
  #discontinuities = 0;
  #partTargetMs: number;
  #longestSegmentMs: number;

  constructor(options: Partial<LiveWindowOptions> = {}) {
    this.#options = { ...liveWindowDefaults, ...options };
    this.#partTargetMs = this.#options.partMs;
    this.#longestSegmentMs = this.#options.targetMs;
  }

  /** Adds a fragment that is on disk. */
  add(fragment: WrittenFragment): void {
    const last = this.#held.at(-1);
    const newRun = last?.run !== fragment.run;
    const broken = last === undefined || !follows(last, fragment);
    if (broken && !fragment.key) return; // Nothing to decode it with.
    if (broken || this.#isComplete(fragment)) this.#finish();
    if (broken && last !== undefined) this.#discontinuity = true;
    if (newRun) {
      this.#init += 1;
      this.#inits.set(this.#init, { root: fragment.root, path: fragment.path, bytes: fragment.initBytes, codecs: fragment.codecs });
    }
    this.#held.push(fragment);
    // A part begins with each keyframe, so that a player may begin with it.
    if (fragment.key || total(this.#pending) + fragment.durationMs > this.#partTargetMs + 1) this.#finishPart();
    this.#pending.push(fragment);
    this.#partTargetMs = Math.max(this.#partTargetMs, fragment.durationMs);
    if (fragment.lastOfGroup === true || total(this.#pending) >= this.#partTargetMs * fullShare) this.#finishPart();
    if (fragment.lastOfGroup === true && this.#lengthMs() >= this.#options.targetMs - 1) this.#finish();
    this.#waiters.wake();
  }

  /** Finished segments, oldest first. */
  get segments(): readonly LiveSegment[] {
    return this.#finished;
  }

  /** The segment that is still growing, as far as its parts are whole. */
  get growing(): LiveSegment {
    const parts = [...this.#parts];
    return { sequence: this.#sequence, init: this.#init, discontinuity: this.#discontinuity, startMs: parts[0]?.fragments[0]?.startMs ?? 0, parts, durationMs: total(parts) };
  }

  /** Longest part so far, at least the one that was aimed at: EXT-X-PART-INF may not change for the worse. */
  get partTargetMs(): number {
    return this.#partTargetMs;
  }

  /** Longest segment so far, rounded to seconds as players compare it (RFC 8216, clause 4.3.3.1). Never shrinks. */
  get targetSeconds(): number {
    return Math.max(1, Math.round(this.#longestSegmentMs / 1000));
  }

  /** Settles when there is a finished segment, or when the signal is aborted. */
  ready(signal: AbortSignal): Promise<void> {
    return this.#waiters.until(() => this.#finished.length > 0, signal);
  }

  /** Settles when the playlist holds this segment, or this part of it, or something later; or when the signal is aborted. */
  reached(sequence: number, part: number | undefined, signal: AbortSignal): Promise<void> {
    return this.#waiters.until(() => this.has(sequence, part), signal);
  }

  /** Whether the playlist holds this segment, or this part of it, or something later. */
  has(sequence: number, part: number | undefined): boolean {
    if (this.#sequence > sequence) {
      // A part number beyond the segment means the first part of the next one (draft-pantos-hls-rfc8216bis, clause 6.2.5.2).
      const beyond = part !== undefined && this.#sequence === sequence + 1 && part >= (this.segment(sequence)?.parts.length ?? 0);
      return !beyond || this.#parts.length > 0;
    }
    return part !== undefined && this.#sequence === sequence && this.#parts.length > part;
  }

  /** Settles with the fragment after `after`; with the newest keyframe when there is no `after`, or it left the window; `undefined` when the signal is aborted. */
  async next(after: WrittenFragment | undefined, signal: AbortSignal): Promise<WrittenFragment | undefined> {
    const find = (): WrittenFragment | undefined => {
      const at = after === undefined ? -1 : this.#held.lastIndexOf(after);
      return at < 0 ? this.#held.findLast(({ key }) => key) : this.#held[at + 1];
    };
    await this.#waiters.until(() => find() !== undefined, signal);
    return signal.aborted ? undefined : find();
  }

  /** Fragments of the window that come after this one; tells how far somebody lags. */
  after(fragment: WrittenFragment): readonly WrittenFragment[] {
    return this.#held.slice(this.#held.lastIndexOf(fragment) + 1);
  }

  /** Discontinuities that left the window (EXT-X-DISCONTINUITY-SEQUENCE, RFC 8216, clause 4.3.3.3). */
  get discontinuitySequence(): number {
    return this.#discontinuities;
  }

  /** End of the newest fragment. */
  get newestMs(): number | undefined {
    return this.#held.at(-1)?.endMs;
  }

  segment(sequence: number): LiveSegment | undefined {
    return this.#finished.find((segment) => segment.sequence === sequence);
  }

  part(sequence: number, index: number): LivePart | undefined {
    return (sequence === this.#sequence ? this.#parts : this.segment(sequence)?.parts)?.[index];
  }

  init(number: number): InitRange | undefined {
    return this.#inits.get(number);
  }

  #lengthMs(): number {
    return total(this.#parts) + total(this.#pending);
  }

  #isComplete(next: WrittenFragment): boolean {
    const length = this.#lengthMs();
    return (next.key && length >= this.#options.targetMs - 1) || length + next.durationMs > this.#options.longestMs;
  }

  #finishPart(): void {
    const [first] = this.#pending;
    if (first === undefined) return;
    this.#parts.push({ fragments: this.#pending, durationMs: total(this.#pending), key: first.key });
    this.#pending = [];
  }

  #finish(): void {
    this.#finishPart();
    if (this.#parts.length === 0) return;
    const segment = this.growing;
    this.#finished.push(segment);
    this.#longestSegmentMs = Math.max(this.#longestSegmentMs, segment.durationMs);
    this.#sequence += 1;
    this.#discontinuity = false;
    this.#parts = [];
    while (this.#finished.length > this.#options.segments) {
      const gone = this.#finished.shift();
      if (gone?.discontinuity === true) this.#discontinuities += 1;
      this.#held.splice(0, gone?.parts.reduce((sum, { fragments }) => sum + fragments.length, 0));
    }
    const oldest = this.#finished[0]?.init ?? this.#init;
    for (const number of this.#inits.keys()) if (number < oldest) this.#inits.delete(number);
  }
}

function total(timed: readonly { readonly durationMs: number }[]): number {
  return timed.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
