// Test-side RTP and H.264/AAC depacketization, written against the RFCs and not against the packetizer.

export interface RtpPacket {
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

export function readRtp(bytes: Buffer): RtpPacket {
  return { marker: (bytes.readUInt8(1) & 0x80) !== 0, sequence: bytes.readUInt16BE(2), timestamp: bytes.readUInt32BE(4), ssrc: bytes.readUInt32BE(8), payload: bytes.subarray(12) };
}

export interface AccessUnit {
  readonly timestamp: number;
  readonly units: Buffer[];
}

/** Packets to access units; only whole ones (ended by the marker). */
export function readAccessUnits(packets: readonly RtpPacket[]): AccessUnit[] {
  const result: AccessUnit[] = [];
  let units: Buffer[] = [];
  let fragment: Buffer[] = [];
  for (const { payload, marker, timestamp } of packets) {
    const type = payload.readUInt8(0) & 0x1f;
    if (type === 24) {
      for (let offset = 1; offset < payload.length; ) {
        const size = payload.readUInt16BE(offset);
        units.push(payload.subarray(offset + 2, offset + 2 + size));
        offset += 2 + size;
      }
    } else if (type === 28) {
      const header = payload.readUInt8(1);
      if (header & 0x80) fragment = [Buffer.of((payload.readUInt8(0) & 0xe0) | (header & 0x1f))];
      fragment.push(payload.subarray(2));
      if (header & 0x40) units.push(Buffer.concat(fragment));
    } else {
      units.push(payload);
    }
    if (!marker) continue;
    result.push({ timestamp, units });
    units = [];
  }
  return result;
}

/** Cuts interleaved bytes into `[channel, packet]`. */
export function readInterleaved(bytes: Buffer): [number, Buffer][] {
  const frames: [number, Buffer][] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const size = bytes.readUInt16BE(offset + 2);
    frames.push([bytes.readUInt8(offset + 1), bytes.subarray(offset + 4, offset + 4 + size)]);
    offset += 4 + size;
  }
  return frames;
}
