// RTP payload format for AAC, mode AAC-hbr (RFC 3640, clause 3.3.6): several access units in a packet, or one over several packets.
import type { AacTrackInfo } from '../../../fmp4/track-info.ts';
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { SdpMedia } from '../sdp.ts';
import type { AudioFormat, AudioSink } from './audio-format.ts';

/** An AAC track of a camera and how its packets are laid out. */
export interface AacFormat extends AudioFormat {
  readonly track: AacTrackInfo;
  /** RTP ticks of one access unit. */
  readonly unitTicks: number;
  readonly sizeBits: number;
  readonly indexBits: number;
}

const samplingRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/** Reads the SDP section; undefined when it is not AAC-hbr. */
export function aacFormat(media: SdpMedia): AacFormat | undefined {
  if (media.encoding !== 'MPEG4-GENERIC' || media.clockRate === 0) return undefined;
  if ((media.format.get('mode') ?? 'AAC-hbr').toLowerCase() !== 'aac-hbr') return undefined;
  const text = media.format.get('config') ?? '';
  if (!/^(?:[0-9a-f]{2}){2,64}$/i.test(text)) return undefined;
  const config = Buffer.from(text, 'hex');
  const rate = samplingRates[(((config[0] ?? 0) & 7) << 1) | ((config[1] ?? 0) >> 7)];
  // With implicit SBR the RTP clock runs at twice the core rate, so a unit of 1024 core samples lasts 2048 ticks.
  const factor = rate !== undefined && media.clockRate === rate * 2 ? 2 : 1;
  const number = (name: string, missing: number): number => Math.min(32, Math.max(0, Number(media.format.get(name) ?? missing) || 0));
  const format: AacFormat = {
    track: { kind: 'audio', codec: 'aac', timescale: media.clockRate, channels: media.channels, config },
    unitTicks: 1024 * factor,
    sizeBits: number('sizelength', 13),
    indexBits: number('indexlength', 3),
    depacketizer: (sink) => new AacDepacketizer(format, sink),
  };
  return format;
}

/** Largest access unit: 6144 bits per channel (ISO/IEC 14496-3), with room for eight channels. */
const unitLimit = 8 * 1024;

/** Splits packets of one audio track. */
export class AacDepacketizer implements RtpPayloadHandler {
  readonly #format: AacFormat;
  readonly #sink: AudioSink;
  readonly #partial: Buffer = Buffer.allocUnsafe(unitLimit);
  #partialLength = 0;
  #partialSize = 0;

  constructor(format: AacFormat, sink: AudioSink) {
    this.#format = format;
    this.#sink = sink;
  }

  payload(buffer: Buffer, start: number, end: number, timestamp: number, _marker: boolean, lost: boolean): void {
    if (lost) this.#partialSize = 0;
    if (end - start < 2) return;
    const headerBits = buffer.readUInt16BE(start);
    const unitBits = this.#format.sizeBits + this.#format.indexBits;
    const headers = start + 2;
    let at = headers + ((headerBits + 7) >> 3);
    if (unitBits === 0 || at > end) return;
    const units = Math.floor(headerBits / unitBits);
    for (let index = 0; index < units; index += 1) {
      const size = bitsAt(buffer, headers * 8 + index * unitBits, this.#format.sizeBits);
      if (at + size > end) {
        if (units === 1) this.#fragment(buffer, at, end, size, timestamp);
        return;
      }
      if (size > 0) this.#sink.audioUnit(buffer, at, at + size, (timestamp + index * this.#format.unitTicks) >>> 0, this.#format.unitTicks);
      at += size;
    }
  }

  /** A unit larger than a packet: every fragment repeats the full size (clause 3.2.3.1). */
  #fragment(buffer: Buffer, start: number, end: number, size: number, timestamp: number): void {
    if (size > unitLimit) return;
    if (this.#partialSize !== size) {
      this.#partialSize = size;
      this.#partialLength = 0;
    }
    const take = Math.min(end - start, size - this.#partialLength);
    buffer.copy(this.#partial, this.#partialLength, start, start + take);
    this.#partialLength += take;
    if (this.#partialLength < size) return;
    this.#sink.audioUnit(this.#partial, 0, size, timestamp, this.#format.unitTicks);
    this.#partialSize = 0;
    this.#partialLength = 0;
  }
}

function bitsAt(buffer: Buffer, position: number, count: number): number {
  let value = 0;
  for (let index = position; index < position + count; index += 1) value = value * 2 + (((buffer[index >> 3] ?? 0) >> (7 - (index & 7))) & 1);
  return value;
}
