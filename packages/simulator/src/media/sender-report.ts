// RTCP sender reports (RFC 3550 clause 6.4.1) with a source description, framed for interleaving.

/** Seconds from 1900-01-01, the epoch of NTP, to 1970-01-01. */
const ntpToUnixSeconds = 2_208_988_800;

/** The contents of one report. */
export interface SenderReport {
  readonly channel: number;
  readonly ssrc: number;
  /** Wall clock of the report. */
  readonly nowMs: number;
  /** The same instant on the RTP clock, 32 bits. */
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly payloadBytes: number;
  /** CNAME, the same for all tracks of a session (RFC 3550 clause 6.5.1). */
  readonly canonicalName: string;
}

/** Encodes a compound packet SR + SDES. */
export function encodeSenderReport(report: SenderReport): Buffer {
  const description = encodeDescription(report.ssrc, report.canonicalName);
  const packet = Buffer.alloc(4 + 28 + description.length);
  packet[0] = 0x24;
  packet[1] = report.channel;
  packet.writeUInt16BE(packet.length - 4, 2);
  packet[4] = 0x80;
  packet[5] = 200;
  packet.writeUInt16BE(6, 6);
  packet.writeUInt32BE(report.ssrc, 8);
  const wholeSeconds = Math.floor(report.nowMs / 1000);
  packet.writeUInt32BE((wholeSeconds + ntpToUnixSeconds) % 2 ** 32, 12);
  packet.writeUInt32BE(Math.floor((report.nowMs / 1000 - wholeSeconds) * 2 ** 32), 16);
  packet.writeUInt32BE(report.rtpTimestamp, 20);
  packet.writeUInt32BE(report.packetCount % 2 ** 32, 24);
  packet.writeUInt32BE(report.payloadBytes % 2 ** 32, 28);
  description.copy(packet, 32);
  return packet;
}

function encodeDescription(ssrc: number, canonicalName: string): Buffer {
  const name = Buffer.from(canonicalName.slice(0, 255), 'latin1');
  // One chunk, its item list ended by at least one zero and padded to 32 bits.
  const chunkBytes = Math.ceil((4 + 2 + name.length + 1) / 4) * 4;
  const packet = Buffer.alloc(4 + chunkBytes);
  packet[0] = 0x81;
  packet[1] = 202;
  packet.writeUInt16BE(chunkBytes / 4, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = 1;
  packet[9] = name.length;
  name.copy(packet, 10);
  return packet;
}
