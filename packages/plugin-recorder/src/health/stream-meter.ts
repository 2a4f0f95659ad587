// Figures of one stream, from its fragments as they are written: some additions for each, nothing for a packet.
import type { WrittenFragment } from '../segment/segment-record.ts';
import { ClockDrift } from './clock-drift.ts';
import { DecayingRate } from './decaying-rate.ts';

const windowMs = 10_000;

/** Measures one camera. */
export class StreamMeter {
  readonly clock = new ClockDrift();
  readonly #bits = new DecayingRate(windowMs);
  readonly #pictures = new DecayingRate(windowMs);
  #run: string | undefined;
  #endMs: number | undefined;
  #key: WrittenFragment | undefined;
  #intervalMs: number | undefined;

  /** A fragment is on disk. */
  add(fragment: WrittenFragment): void {
    if (fragment.run !== this.#run) this.#begin(fragment.run);
    this.#bits.add(fragment.length * 8, fragment.durationMs);
    if (fragment.frames !== undefined) this.#pictures.add(fragment.frames, fragment.durationMs);
    if (fragment.key) {
      if (this.#key !== undefined) this.#intervalMs = fragment.startMs - this.#key.startMs;
      this.#key = fragment;
    }
    if (fragment.cameraOffsetMs !== undefined) this.clock.observe(fragment.endMs, fragment.cameraOffsetMs);
    this.#endMs = fragment.endMs;
  }

  /** Kilobits a second. */
  get kbps(): number | undefined {
    const rate = this.#bits.perSecond;
    return rate === undefined ? undefined : rate / 1000;
  }

  /** Frames a second. */
  get fps(): number | undefined {
    return this.#pictures.perSecond;
  }

  /** Between the last two keyframes, or since the last one where that is longer already. */
  get keyframeIntervalMs(): number | undefined {
    return this.#intervalMs === undefined ? undefined : this.keyframeWaitMs;
  }

  /** Between the last two keyframes, or since the only one. */
  get keyframeWaitMs(): number {
    const waiting = this.#key === undefined || this.#endMs === undefined ? 0 : this.#endMs - this.#key.startMs;
    return Math.max(this.#intervalMs ?? 0, waiting);
  }

  /** The newest fragment that begins with a keyframe: however long ago, it is on disk. */
  get newestKey(): WrittenFragment | undefined {
    return this.#key;
  }

  /** End of the newest fragment. */
  get newestMs(): number | undefined {
    return this.#endMs;
  }

  /** After a break the camera may have been set to something else. */
  #begin(run: string): void {
    this.#run = run;
    this.#key = undefined;
    this.#intervalMs = undefined;
    this.#bits.reset();
    this.#pictures.reset();
  }
}
