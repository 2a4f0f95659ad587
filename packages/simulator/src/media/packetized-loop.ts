// A loop with all its RTP packets made in advance: serving it is copying.
import { packetizeAac } from './packetize-aac.ts';
import { packetizeH264 } from './packetize-h264.ts';
import { packetizeH265 } from './packetize-h265.ts';
import { buildPacketBlock } from './rtp-packet-block.ts';
import type { AudioTrack, Loop } from './loop.ts';
import type { RtpPacketBlock } from './rtp-packet-block.ts';

/** RTP clock of video (RFC 6184 clause 8.2.1). */
export const videoClockRate = 90_000;
export const videoPayloadType = 96;

/** G.711 has payload types of its own (RFC 3551 clause 6). */
export const audioPayloadTypes: Readonly<Record<AudioTrack['codec'], number>> = { aac: 97, opus: 98, pcma: 8, pcmu: 0 };

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
  const packetize = loop.video.codec === 'h264' ? packetizeH264 : packetizeH265;
  const units = loop.video.samples.map((sample) => ({
    block: buildPacketBlock(packetize(sample, loop.video, maxPayloadBytes), videoPayloadType),
    decodeTicks: scale(sample.startTicks),
    presentationTicks: scale(sample.startTicks + sample.compositionOffsetTicks),
    key: sample.key,
  }));
  return { clockRate: videoClockRate, payloadType: videoPayloadType, durationTicks: scale(loop.video.durationTicks), units };
}

function packetizeAudio(loop: Loop): PacketizedTrack | undefined {
  const { audio } = loop;
  if (!audio) return undefined;
  const payloadType = audioPayloadTypes[audio.codec];
  const units = audio.samples.map((sample, index) => {
    const ticks = index * audio.samplesPerFrame;
    return { block: buildPacketBlock([audio.codec === 'aac' ? packetizeAac(sample.data) : sample.data], payloadType), decodeTicks: ticks, presentationTicks: ticks, key: true };
  });
  const durationTicks = audio.samples.length * audio.samplesPerFrame;
  return { clockRate: audio.ticksPerSecond, payloadType, durationTicks, units };
}

/** The same loop as an encoder with another setting would send it: a sequence parameter set that differs. `undefined` for H.265, whose sets are not rewritten here. */
export function withOtherParameters(loop: PacketizedLoop): PacketizedLoop | undefined {
  const { video } = loop.source;
  if (video.codec !== 'h264') return undefined;
  const sequenceParameterSets = video.sequenceParameterSets.map((set) => {
    const changed = Buffer.from(set);
    // level_idc: a decoder allows itself more memory, the picture is the same.
    changed[3] = (changed[3] ?? 0) ^ 1;
    return changed;
  });
  return packetizeLoop({ ...loop.source, video: { ...video, sequenceParameterSets } });
}

/** The same loop as an encoder that hangs would send it: its first picture again and again. */
export function frozen({ source }: PacketizedLoop): PacketizedLoop {
  const first = source.video.samples.find(({ key }) => key);
  return packetizeLoop({ ...source, video: { ...source.video, samples: source.video.samples.map((sample) => ({ ...sample, data: first?.data ?? sample.data, key: true })) } });
}
