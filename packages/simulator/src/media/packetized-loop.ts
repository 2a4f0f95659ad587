// A loop with all its RTP packets made in advance: serving it is copying.
import { packetizeAac } from './packetize-aac.ts';
import { packetizeH264 } from './packetize-h264.ts';
import { buildPacketBlock } from './rtp-packet-block.ts';
import type { Loop } from './loop.ts';
import type { RtpPacketBlock } from './rtp-packet-block.ts';

/** RTP clock of video (RFC 6184 clause 8.2.1). */
export const videoClockRate = 90_000;
export const videoPayloadType = 96;
export const audioPayloadType = 97;

/** Small enough for one Ethernet frame, as cameras send it, though TCP would carry more. */
const maxPayloadBytes = 1400;

/** One access unit with its times on the RTP clock, counted from the start of the loop. */
export interface PacketizedUnit {
  readonly block: RtpPacketBlock;
  readonly decodeTicks: number;
  readonly presentationTicks: number;
  readonly key: boolean;
}

/** One track of a loop on its RTP clock. */
export interface PacketizedTrack {
  readonly clockRate: number;
  readonly payloadType: number;
  /** Length of one pass. */
  readonly durationTicks: number;
  readonly units: readonly PacketizedUnit[];
}

/** A loop ready to be served; shared by all devices and clients that show it. */
export interface PacketizedLoop {
  readonly source: Loop;
  readonly video: PacketizedTrack;
  readonly audio?: PacketizedTrack;
}

/** Packetizes every sample of `loop`. */
export function packetizeLoop(loop: Loop): PacketizedLoop {
  const video = packetizeVideo(loop);
  const audio = packetizeAudio(loop);
  return audio ? { source: loop, video, audio } : { source: loop, video };
}

function packetizeVideo(loop: Loop): PacketizedTrack {
  const scale = (ticks: number): number => Math.round((ticks * videoClockRate) / loop.video.ticksPerSecond);
  const units = loop.video.samples.map((sample) => ({
    block: buildPacketBlock(packetizeH264(sample, loop.video, maxPayloadBytes), videoPayloadType),
    decodeTicks: scale(sample.startTicks),
    presentationTicks: scale(sample.startTicks + sample.compositionOffsetTicks),
    key: sample.key,
  }));
  return { clockRate: videoClockRate, payloadType: videoPayloadType, durationTicks: scale(loop.video.durationTicks), units };
}

function packetizeAudio(loop: Loop): PacketizedTrack | undefined {
  const { audio } = loop;
  if (!audio) return undefined;
  const units = audio.samples.map((sample, index) => {
    const ticks = index * audio.samplesPerFrame;
    return { block: buildPacketBlock([packetizeAac(sample.data)], audioPayloadType), decodeTicks: ticks, presentationTicks: ticks, key: true };
  });
  const durationTicks = audio.samples.length * audio.samplesPerFrame;
  return { clockRate: audio.ticksPerSecond, payloadType: audioPayloadType, durationTicks, units };
}
