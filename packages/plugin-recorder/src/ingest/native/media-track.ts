// One track of a connection: its packets, and what is known of its clock.
import type { MediaClock } from './media-clock.ts';
import type { RtpReceiver } from './rtp/rtp-receiver.ts';
import { parseSenderReport } from './rtp/sender-report.ts';

/** Takes packets of a track, whatever way they came. */
export class MediaTrack {
  readonly receiver: RtpReceiver;
  readonly clock: MediaClock;
  /** Sender reports of this track so far. */
  reports = 0;
  readonly #now: () => number;

  constructor(receiver: RtpReceiver, clock: MediaClock, now: () => number) {
    this.receiver = receiver;
    this.clock = clock;
    this.#now = now;
  }

  /** @returns true when the packet was a sender report of this track */
  rtcp(buffer: Buffer, start: number, end: number): boolean {
    const report = parseSenderReport(buffer, start, end);
    if (report === undefined || (this.receiver.source !== -1 && report.source !== this.receiver.source)) return false;
    this.reports += 1;
    this.clock.reported(report, this.#now());
    return true;
  }
}
