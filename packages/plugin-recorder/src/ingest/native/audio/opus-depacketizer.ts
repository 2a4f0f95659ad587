// RTP payload format for Opus (RFC 7587): a packet of RTP is a packet of Opus, and its first byte says how long it lasts.
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { SdpMedia } from '../sdp.ts';
import type { AudioFormat, AudioSink } from './audio-format.ts';

/** The RTP clock of Opus, whatever the microphone does. */
const clockRate = 48_000;
/** No packet lasts longer (RFC 6716, clause 3.2.5). */
const longestTicks = 5_760;

/** Reads the SDP section; undefined when it is not Opus. */
export function opusFormat(media: SdpMedia): AudioFormat | undefined {
  if (media.encoding !== 'OPUS') return undefined;
  // Always two channels, as RTP declares them: a decoder makes two of one, and what was sent in stereo is heard as such.
  return { track: { kind: 'audio', codec: 'opus', timescale: clockRate, channels: 2 }, depacketizer: (sink) => new OpusDepacketizer(sink) };
}

/** Hands packets on; what forward error correction they carry stays inside them. */
class OpusDepacketizer implements RtpPayloadHandler {
  readonly #sink: AudioSink;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  payload(buffer: Buffer, start: number, end: number, timestamp: number): void {
    const ticks = opusTicks(buffer, start, end);
    if (ticks > 0) this.#sink.audioUnit(buffer, start, end, timestamp, ticks);
  }
}

/** Length of an Opus packet at 48 kHz (RFC 6716, clause 3.1); 0 when it is damaged. */
export function opusTicks(buffer: Buffer, start: number, end: number): number {
  if (start >= end) return 0;
  const first = buffer[start] ?? 0;
  const code = first & 3;
  if (code === 3 && end - start < 2) return 0;
  const frames = code === 0 ? 1 : code === 3 ? (buffer[start + 1] ?? 0) & 63 : 2;
  const ticks = frames * frameTicks(first >> 3);
  return ticks > longestTicks ? 0 : ticks;
}

/** SILK: 10, 20, 40, 60 ms; hybrid: 10, 20 ms; CELT: 2.5, 5, 10, 20 ms. */
function frameTicks(configuration: number): number {
  if (configuration < 12) return (configuration & 3) === 3 ? 2_880 : 480 << (configuration & 3);
  if (configuration < 16) return 480 << (configuration & 1);
  return 120 << (configuration & 3);
}
