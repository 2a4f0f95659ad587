// H.265 access units to RTP payloads, without decoding order numbers (RFC 7798 clauses 4.4.1 to 4.4.3).
import { splitUnits } from './packetize-h264.ts';
import type { LoopSample, VideoTrack } from './loop.ts';

const aggregation = 48;
const fragmentation = 49;
const headerBytes = 2;

/** Payloads of one access unit. Key pictures are led by one aggregation packet with the parameter sets. */
export function packetizeH265(sample: LoopSample, track: VideoTrack, maxPayloadBytes: number): Buffer[] {
  const payloads: Buffer[] = [];
  if (sample.key) payloads.push(aggregate([...track.videoParameterSets, ...track.sequenceParameterSets, ...track.pictureParameterSets]));
  for (const unit of splitUnits(sample.data, track.nalLengthBytes)) {
    if (unit.length <= maxPayloadBytes) payloads.push(unit);
    else payloads.push(...fragment(unit, maxPayloadBytes));
  }
  return payloads;
}

function aggregate(units: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.of(aggregation << 1, 1)];
  for (const unit of units) parts.push(Buffer.of(unit.length >> 8, unit.length & 0xff), unit);
  return Buffer.concat(parts);
}

function fragment(unit: Buffer, maxPayloadBytes: number): Buffer[] {
  const first = unit.readUInt8(0);
  const payloads: Buffer[] = [];
  const step = maxPayloadBytes - headerBytes - 1;
  for (let offset = headerBytes; offset < unit.length; offset += step) {
    const end = Math.min(unit.length, offset + step);
    const position = (offset === headerBytes ? 0x80 : 0) | (end === unit.length ? 0x40 : 0);
    payloads.push(Buffer.concat([Buffer.of((first & 0x81) | (fragmentation << 1), unit.readUInt8(1), position | ((first >> 1) & 63)), unit.subarray(offset, end)]));
  }
  return payloads;
}
