// RTP packets of one access unit, built once and framed for RTSP interleaving; each client gets a copy with its own numbers.

/** Bytes before the RTP payload: `$`, channel, length (RFC 2326 clause 10.12) and the fixed RTP header (RFC 3550 clause 5.1). */
const headerBytes = 16;

/** All packets of one access unit, back to back, ready to be copied. */
export interface RtpPacketBlock {
  readonly bytes: Buffer;
  /** Where each framed packet starts in `bytes`. */
  readonly packetOffsets: readonly number[];
  /** Sum of the RTP payload sizes, for sender reports. */
  readonly payloadBytes: number;
}

/** What differs from client to client. */
export interface RtpPacketNumbers {
  readonly channel: number;
  readonly firstSequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Frames the payloads of one access unit; the marker bit goes to the last (RFC 6184 clause 5.1, RFC 3640 clause 3.1). */
export function buildPacketBlock(payloads: readonly Buffer[], payloadType: number): RtpPacketBlock {
  const payloadBytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  const bytes = Buffer.alloc(payloadBytes + payloads.length * headerBytes);
  const packetOffsets: number[] = [];
  let offset = 0;
  for (const [index, payload] of payloads.entries()) {
    packetOffsets.push(offset);
    bytes[offset] = 0x24;
    bytes.writeUInt16BE(headerBytes - 4 + payload.length, offset + 2);
    bytes[offset + 4] = 0x80;
    bytes[offset + 5] = payloadType | (index === payloads.length - 1 ? 0x80 : 0);
    payload.copy(bytes, offset + headerBytes);
    offset += headerBytes + payload.length;
  }
  return { bytes, packetOffsets, payloadBytes };
}

/** Copies `block` to `target` at `offset` and stamps the client's numbers. Returns the offset behind it. */
export function copyPacketBlock(block: RtpPacketBlock, target: Buffer, offset: number, numbers: RtpPacketNumbers): number {
  block.bytes.copy(target, offset);
  let sequence = numbers.firstSequence;
  for (const packetOffset of block.packetOffsets) {
    const start = offset + packetOffset;
    target[start + 1] = numbers.channel;
    target.writeUInt16BE(sequence & 0xffff, start + 6);
    target.writeUInt32BE(numbers.timestamp, start + 8);
    target.writeUInt32BE(numbers.ssrc, start + 12);
    sequence += 1;
  }
  return offset + block.bytes.length;
}
