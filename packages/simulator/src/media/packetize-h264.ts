// H.264 access units to RTP payloads, packetization mode 1 (RFC 6184 clauses 5.6 to 5.8).
import type { LoopSample, VideoTrack } from './loop.ts';

const stapA = 24;
const fuA = 28;

/** Payloads of one access unit. Key pictures are led by one STAP-A with the parameter sets. */
export function packetizeH264(sample: LoopSample, track: VideoTrack, maxPayloadBytes: number): Buffer[] {
  const payloads: Buffer[] = [];
  if (sample.key) payloads.push(aggregate([...track.sequenceParameterSets, ...track.pictureParameterSets]));
  for (const unit of splitUnits(sample.data, track.nalLengthBytes)) {
    if (unit.length <= maxPayloadBytes) payloads.push(unit);
    else payloads.push(...fragment(unit, maxPayloadBytes));
  }
  return payloads;
}

/** Splits length-prefixed NAL units. */
export function splitUnits(data: Buffer, lengthBytes: number): Buffer[] {
  const units: Buffer[] = [];
  let offset = 0;
  while (offset + lengthBytes <= data.length) {
    const start = offset + lengthBytes;
    offset = start + data.readUIntBE(offset, lengthBytes);
    if (offset > data.length) throw new RangeError('a NAL unit reaches beyond its sample');
    if (offset > start) units.push(data.subarray(start, offset));
  }
  return units;
}

function aggregate(units: readonly Buffer[]): Buffer {
  const importance = Math.max(...units.map((unit) => unit.readUInt8(0) & 0x60));
  const parts: Buffer[] = [Buffer.of(importance | stapA)];
  for (const unit of units) parts.push(Buffer.of(unit.length >> 8, unit.length & 0xff), unit);
  return Buffer.concat(parts);
}

function fragment(unit: Buffer, maxPayloadBytes: number): Buffer[] {
  const header = unit.readUInt8(0);
  const payloads: Buffer[] = [];
  const step = maxPayloadBytes - 2;
  for (let offset = 1; offset < unit.length; offset += step) {
    const end = Math.min(unit.length, offset + step);
    const position = (offset === 1 ? 0x80 : 0) | (end === unit.length ? 0x40 : 0);
    payloads.push(Buffer.concat([Buffer.of((header & 0xe0) | fuA, position | (header & 0x1f)), unit.subarray(offset, end)]));
  }
  return payloads;
}
