// One client's view of an endless loop: its RTP numbers, and the bytes that are due at a given moment.
import { createAudioPlayout, createVideoPlayout, nextKeyIndex } from './playout.ts';
import { copyPacketBlock } from './rtp-packet-block.ts';
import { encodeSenderReport } from './sender-report.ts';
import type { PacketizedLoop, PacketizedTrack } from './packetized-loop.ts';
import type { Playout, ScheduledUnit } from './playout.ts';

/** A track that the client has set up. */
export interface SenderTrack {
  readonly kind: 'video' | 'audio';
  readonly rtpChannel: number;
  readonly rtcpChannel: number;
  readonly ssrc: number;
  readonly firstSequence: number;
  readonly firstTimestamp: number;
}

/** What a {@link MediaSender} needs. */
export interface MediaSenderOptions {
  readonly loop: PacketizedLoop;
  readonly tracks: readonly SenderTrack[];
  /** Wall clock of PLAY. */
  readonly startMs: number;
  readonly canonicalName: string;
  readonly senderReportIntervalMs: number;
  /** How far the clock in sender reports is off. */
  readonly clockShiftMs: () => number;
}

interface RunningTrack {
  readonly track: SenderTrack;
  ssrc: number;
  /** RTP timestamp of PLAY. */
  firstTimestamp: number;
  readonly clockRate: number;
  readonly playout: Playout;
  sequence: number;
  packetCount: number;
  payloadBytes: number;
}

interface PlannedUnit {
  readonly running: RunningTrack;
  readonly scheduled: ScheduledUnit;
}

/** Produces the interleaved stream of one client. */
export class MediaSender {
  readonly #options: MediaSenderOptions;
  readonly #tracks: readonly RunningTrack[];
  #loop: PacketizedLoop;
  #shown: PacketizedLoop;
  #nextReportMs: number;
  #packetsSent = 0;

  constructor(options: MediaSenderOptions) {
    this.#options = options;
    this.#nextReportMs = options.startMs;
    const { loop } = options;
    this.#loop = loop;
    this.#shown = loop;
    const loopMs = (loop.video.durationTicks / loop.video.clockRate) * 1000;
    // All clients show about the same moment; the nearest key picture is moved to now, as a camera that answers PLAY with one.
    const startIndex = nextKeyIndex(loop.video, options.startMs % loopMs);
    const contentStartMs = ((loop.video.units[startIndex]?.decodeTicks ?? 0) / loop.video.clockRate) * 1000;
    this.#tracks = options.tracks.flatMap((track) => {
      const source = track.kind === 'video' ? loop.video : loop.audio;
      if (!source) return [];
      const playout = track.kind === 'video' ? createVideoPlayout((key) => this.#video(key), startIndex) : createAudioPlayout(source, contentStartMs, loopMs);
      return [{ track, ssrc: track.ssrc, firstTimestamp: track.firstTimestamp, clockRate: source.clockRate, playout, sequence: track.firstSequence, packetCount: 0, payloadBytes: 0 }];
    });
  }

  /** Goes on with another loop of the same timing from the next key picture on. */
  show(loop: PacketizedLoop): void {
    this.#loop = loop;
  }

  /** Timestamps of all tracks jump; the sender reports follow them. */
  jumpTimestamps(seconds: number): void {
    for (const running of this.#tracks) running.firstTimestamp = modulo32(running.firstTimestamp + Math.round(seconds * running.clockRate));
  }

  /** Goes on as a sender that started anew: other sources, sequence numbers and timestamps. `random` gives numbers below its argument. */
  renew(random: (below: number) => number): void {
    for (const running of this.#tracks) {
      running.ssrc = random(2 ** 32);
      running.sequence = random(2 ** 16);
      running.firstTimestamp = random(2 ** 32);
    }
  }

  #video(key: boolean): PacketizedTrack {
    if (key) this.#shown = this.#loop;
    return this.#shown.video;
  }

  /** RTP packets handed out so far, all tracks. */
  get packetsSent(): number {
    return this.#packetsSent;
  }

  /**
   * Everything that is due at `nowMs` and was not handed out yet, as one buffer (empty when nothing is due).
   * Stops once `limitBytes` are exceeded: the caller drops such a client anyway.
   */
  collect(nowMs: number, limitBytes = Number.POSITIVE_INFINITY): Buffer {
    const reports = this.#collectReports(nowMs);
    const planned: PlannedUnit[] = [];
    let totalBytes = reports.reduce((sum, report) => sum + report.length, 0);
    for (const running of this.#tracks) {
      const dueTicks = ((nowMs - this.#options.startMs) / 1000) * running.clockRate;
      for (let next = running.playout.peek(); next.dueTicks <= dueTicks && totalBytes <= limitBytes; next = running.playout.peek()) {
        planned.push({ running, scheduled: next });
        totalBytes += next.unit.block.bytes.length;
        running.playout.advance();
      }
    }
    return this.#assemble(reports, planned, totalBytes);
  }

  #assemble(reports: readonly Buffer[], planned: PlannedUnit[], totalBytes: number): Buffer {
    // Tracks are interleaved by time, so that a burst after a pause does not send seconds of one track before the other.
    if (this.#tracks.length > 1) planned.sort((a, b) => a.scheduled.dueTicks / a.running.clockRate - b.scheduled.dueTicks / b.running.clockRate);
    const bytes = Buffer.allocUnsafe(totalBytes);
    let offset = 0;
    for (const report of reports) offset += report.copy(bytes, offset);
    for (const { running, scheduled } of planned) offset = this.#copyUnit(running, scheduled, bytes, offset);
    return bytes;
  }

  #copyUnit(running: RunningTrack, scheduled: ScheduledUnit, target: Buffer, offset: number): number {
    const { block } = scheduled.unit;
    const end = copyPacketBlock(block, target, offset, {
      channel: running.track.rtpChannel,
      firstSequence: running.sequence,
      timestamp: rtpTimestamp(running, scheduled.timestampTicks),
      ssrc: running.ssrc,
    });
    running.sequence = (running.sequence + block.packetOffsets.length) & 0xffff;
    running.packetCount += block.packetOffsets.length;
    running.payloadBytes += block.payloadBytes;
    this.#packetsSent += block.packetOffsets.length;
    return end;
  }

  #collectReports(nowMs: number): Buffer[] {
    if (nowMs < this.#nextReportMs) return [];
    this.#nextReportMs = nowMs + this.#options.senderReportIntervalMs;
    return this.#tracks.map((running) =>
      encodeSenderReport({
        channel: running.track.rtcpChannel,
        ssrc: running.ssrc,
        nowMs: nowMs + this.#options.clockShiftMs(),
        rtpTimestamp: rtpTimestamp(running, Math.round(((nowMs - this.#options.startMs) / 1000) * running.clockRate)),
        packetCount: running.packetCount,
        payloadBytes: running.payloadBytes,
        canonicalName: this.#options.canonicalName,
      }),
    );
  }
}

function rtpTimestamp(running: RunningTrack, ticks: number): number {
  return modulo32(running.firstTimestamp + ticks);
}

function modulo32(value: number): number {
  return ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;
}
