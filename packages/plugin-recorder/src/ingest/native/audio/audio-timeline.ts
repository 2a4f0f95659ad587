// Places audio units on the time line of a run, in step with the video.
import type { MediaClock } from '../media-clock.ts';

/** What places audio. */
export interface AudioTimelineOptions {
  readonly audio: MediaClock;
  readonly video: MediaClock;
  /** Unwrapped RTP timestamp of the first picture of the run. */
  readonly videoStart: number;
  /** Media time at which that picture is presented. */
  readonly leadMs: number;
}

/** Steps smaller than this are rounding of the camera. */
const toleranceUnits = 2;

/**
 * Both tracks have clocks of their own with a random start. Sender reports tie them together exactly; before both tracks have sent
 * one, the time of arrival does, to within the drain interval. Once placed, audio follows its own timestamps.
 */
export class AudioTimeline {
  readonly #options: AudioTimelineOptions;
  #originTicks: number | undefined;
  #nextTicks = 0;

  constructor(options: AudioTimelineOptions) {
    this.#options = options;
  }

  /** Decode time at which the next unit would start. */
  get nextTicks(): number {
    return this.#nextTicks;
  }

  /** Decode time of a unit; undefined when it lies before the run or before what is already there. */
  place(ticks: number, unitTicks: number): number | undefined {
    this.#originTicks ??= this.#origin(ticks);
    const wanted = ticks - this.#originTicks;
    if (wanted < 0) return undefined;
    const off = wanted - this.#nextTicks;
    const first = this.#nextTicks === 0;
    const far = Math.abs(off) > toleranceUnits * unitTicks;
    // A backward jump (the camera restarted its audio) is placed anew; small steps are smoothed so that units touch each other.
    if (far && off < 0) {
      this.#originTicks = ticks - this.#nextTicks;
    }
    const decode = first || (far && off > 0) ? wanted : this.#nextTicks;
    if (!first && !far && off !== 0) this.#originTicks = ticks - decode;
    this.#nextTicks = decode + unitTicks;
    return decode;
  }

  /** Audio ticks that correspond to the start of the run. */
  #origin(ticks: number): number {
    const { audio, video, videoStart, leadMs } = this.#options;
    const byReport = difference(audio.cameraMsAt(ticks), video.cameraMsAt(videoStart));
    const byArrival = difference(audio.arrivalMsAt(ticks), video.arrivalMsAt(videoStart)) ?? 0;
    // A report that contradicts the arrival by seconds is a wrong report.
    const afterStartMs = byReport !== undefined && Math.abs(byReport - byArrival) < 5_000 ? byReport : byArrival;
    return Math.round(ticks - ((afterStartMs + leadMs) * audio.rate) / 1000);
  }
}

function difference(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left - right;
}
