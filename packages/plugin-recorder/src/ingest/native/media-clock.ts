// What is known about the time of one RTP track: when its timestamps arrived, and what the camera's sender reports say.
import type { SenderReport } from './rtp/sender-report.ts';
import { TimestampUnwrapper } from './rtp/timestamp-unwrapper.ts';

/** A camera clock before this moment was never set; 2000-01-01. */
const plausibleMs = 946_684_800_000;

/** One track's clocks. Ticks are unwrapped RTP timestamps. */
export class MediaClock {
  readonly unwrapper = new TimestampUnwrapper();
  readonly rate: number;
  #report: { ticks: number; cameraMs: number; arrivalMs: number } | undefined;
  #arrival: { ticks: number; arrivalMs: number } | undefined;

  /** @param rate - ticks per second */
  constructor(rate: number) {
    this.rate = rate;
  }

  /** A unit with this timestamp arrived. */
  arrived(ticks: number, arrivalMs: number): void {
    if (this.#arrival === undefined) this.#arrival = { ticks, arrivalMs };
    else {
      this.#arrival.ticks = ticks;
      this.#arrival.arrivalMs = arrivalMs;
    }
  }

  /** A sender report arrived. */
  reported(report: SenderReport, arrivalMs: number): void {
    this.#report = { ticks: this.unwrapper.peek(report.timestamp), cameraMs: report.cameraMs, arrivalMs };
  }

  /** Camera clock at a timestamp; undefined before the first report. */
  cameraMsAt(ticks: number): number | undefined {
    const report = this.#report;
    return report === undefined ? undefined : report.cameraMs + ((ticks - report.ticks) * 1000) / this.rate;
  }

  /** Arrival time at a timestamp, as the newest arrival says. */
  arrivalMsAt(ticks: number): number | undefined {
    const arrival = this.#arrival;
    return arrival === undefined ? undefined : arrival.arrivalMs + ((ticks - arrival.ticks) * 1000) / this.rate;
  }

  /** Camera clock minus recorder clock; undefined when the camera does not say or was never set. */
  cameraOffsetMs(): number | undefined {
    const report = this.#report;
    return report === undefined || report.cameraMs < plausibleMs ? undefined : Math.round(report.cameraMs - report.arrivalMs);
  }
}
