// RTCP sender reports (RFC 3550, clause 6.4.1): the camera's own statement of which wall clock belongs to which RTP timestamp.

/** Pairs a wall clock with an RTP timestamp. */
export interface SenderReport {
  readonly source: number;
  /** Camera clock, UTC epoch milliseconds; cameras without a clock give the time since they started. */
  readonly cameraMs: number;
  readonly timestamp: number;
}

/** Seconds between 1900 (NTP) and 1970. */
const ntpEpochSeconds = 2_208_988_800;

/** Finds the first sender report in a compound RTCP packet; undefined when there is none. */
export function parseSenderReport(buffer: Buffer, start: number, end: number): SenderReport | undefined {
  let at = start;
  while (at + 8 <= end && (buffer[at] ?? 0) >> 6 === 2) {
    const next = at + 4 + buffer.readUInt16BE(at + 2) * 4;
    if (next > end) return undefined;
    if (buffer[at + 1] === 200 && next - at >= 28) {
      const seconds = buffer.readUInt32BE(at + 8);
      const fraction = buffer.readUInt32BE(at + 12) / 0x1_0000_0000;
      return { source: buffer.readUInt32BE(at + 4), cameraMs: (seconds - ntpEpochSeconds + fraction) * 1000, timestamp: buffer.readUInt32BE(at + 16) };
    }
    at = next;
  }
  return undefined;
}
