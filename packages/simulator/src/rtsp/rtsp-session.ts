// The state of one RTSP session: which tracks are set up, and the sender once it plays.
import { randomBytes, randomInt } from 'node:crypto';
import { MediaSender } from '../media/media-sender.ts';
import type { PacketizedLoop } from '../media/packetized-loop.ts';
import type { SenderTrack } from '../media/media-sender.ts';
import type { ClientPorts } from './datagram-sender.ts';

/** Interleaved channels of a track. */
export interface TrackChannels {
  readonly rtpChannel: number;
  readonly rtcpChannel: number;
}

/** One session; RFC 2326 clause 3.4 asks for at least eight octets of identifier. */
export class RtspSession {
  readonly id = randomBytes(8).toString('hex');
  readonly #tracks = new Map<number, SenderTrack>();
  /** Where tracks go over UDP, by half of their internal RTP channel. */
  readonly datagrams = new Map<number, ClientPorts>();
  #sender: MediaSender | undefined;

  get sender(): MediaSender | undefined {
    return this.#sender;
  }

  get tracks(): ReadonlyMap<number, SenderTrack> {
    return this.#tracks;
  }

  /** Channels for a track when the client names none. */
  nextFreeChannels(): TrackChannels {
    const used = [...this.#tracks.values()].map((track) => track.rtcpChannel);
    const rtpChannel = Math.ceil((Math.max(-1, ...used) + 1) / 2) * 2;
    return { rtpChannel, rtcpChannel: rtpChannel + 1 };
  }

  /** True when another track already uses one of the channels. */
  conflicts(trackIndex: number, channels: TrackChannels): boolean {
    const wanted = [channels.rtpChannel, channels.rtcpChannel];
    return [...this.#tracks].some(([index, track]) => index !== trackIndex && (wanted.includes(track.rtpChannel) || wanted.includes(track.rtcpChannel)));
  }

  /** Adds track 0 (video) or 1 (audio). Sequence and timestamp start at random values, RFC 3550 clause 5.1. */
  setUp(trackIndex: number, channels: TrackChannels): SenderTrack {
    const track: SenderTrack = {
      kind: trackIndex === 0 ? 'video' : 'audio',
      ...channels,
      ssrc: randomInt(2 ** 32),
      firstSequence: randomInt(2 ** 16),
      firstTimestamp: randomInt(2 ** 32),
    };
    this.#tracks.set(trackIndex, track);
    return track;
  }

  /** Starts to play; a second PLAY changes nothing. */
  play(loop: PacketizedLoop, startMs: number, senderReportIntervalMs: number, clockShiftMs: () => number): void {
    this.#sender ??= new MediaSender({ loop, tracks: [...this.#tracks.values()], startMs, canonicalName: this.id, senderReportIntervalMs, clockShiftMs });
  }
}
