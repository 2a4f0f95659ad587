// AAC frames to RTP payloads, mode AAC-hbr (RFC 3640 clauses 3.2.1 and 3.3.6): one frame per packet.

/** One 16-bit AU-headers-length, one AU header (13-bit size, 3-bit index 0), the frame. */
export function packetizeAac(frame: Buffer): Buffer {
  if (frame.length > 0x1fff) throw new RangeError(`an AAC frame of ${frame.length} bytes does not fit AAC-hbr`);
  const payload = Buffer.alloc(4 + frame.length);
  payload.writeUInt16BE(16, 0);
  payload.writeUInt16BE(frame.length << 3, 2);
  frame.copy(payload, 4);
  return payload;
}
