// Presentation times of pictures out of RTP timestamps: without wrap, and without the jumps that cameras make when they set a clock.
import type { MediaClock } from '../media-clock.ts';

const ticksPerMs = 90;
/** A step ahead beyond this is a clock that was set, not a pause. */
const longestStepTicks = 10_000 * ticksPerMs;
/** A step back within this may be a B-frame. */
const longestReorderTicks = 1_000 * ticksPerMs;
const deepestReorder = 8;

/** Times of one connection's pictures; they go on over runs. */
export class PresentationClock {
  /** What is to be added to unwrapped RTP timestamps. */
  shiftTicks = 0;
  readonly #clock: MediaClock;
  #previous: number | undefined;
  #declaredDepth = 0;
  #detectedDepth = 0;
  #jumped = false;

  constructor(clock: MediaClock) {
    this.#clock = clock;
  }

  /** Pictures that may be reordered: what the parameter sets say, or what was seen. */
  get depth(): number {
    return Math.max(this.#declaredDepth, this.#detectedDepth);
  }

  /** What the parameter sets say. */
  declare(depth: number): void {
    this.#declaredDepth = Math.min(deepestReorder, depth);
  }

  /** True when a picture since the last call went on elsewhere in time: its clock was set, and a new run should begin. */
  takeJump(): boolean {
    const jumped = this.#jumped;
    this.#jumped = false;
    return jumped;
  }

  /**
   * Time of the next picture in ticks.
   * @param frameTicks - where a picture goes whose own timestamp makes no sense
   * @param running - there is a run whose times must go on
   */
  next(timestamp: number, arrivalMs: number, frameTicks: number, running: boolean): number {
    const ticks = this.#clock.unwrapper.unwrap(timestamp);
    this.#clock.arrived(ticks, arrivalMs);
    const before = this.#previous;
    const shifted = ticks + this.shiftTicks;
    if (!running || before === undefined) {
      this.#previous = shifted;
      return shifted;
    }
    const step = shifted - before;
    if (this.depth > 0 && step < 0 && step > -longestReorderTicks) return shifted;
    if (step > 0 && step <= longestStepTicks) {
      this.#previous = shifted;
      return shifted;
    }
    // Small steps back although the parameter sets promise none: B-frames after all.
    if (step < 0 && step > -longestReorderTicks) this.#detectedDepth = Math.min(deepestReorder, this.#detectedDepth + 1);
    this.#previous = before + frameTicks;
    this.shiftTicks = this.#previous - ticks;
    this.#jumped = true;
    return this.#previous;
  }
}
