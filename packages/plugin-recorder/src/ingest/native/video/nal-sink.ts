// Where depacketizers put NAL units.

/** Receives NAL units piece by piece, so that none has to be assembled in memory first. */
export interface NalSink {
  /** Packets from here on belong to the picture with this RTP timestamp. */
  timestamp(timestamp: number): void;
  /** A NAL unit starts with this header, one byte (H.264) or two (H.265) as one number. */
  begin(header: number): void;
  /** More of its bytes. */
  append(buffer: Buffer, start: number, end: number): void;
  /** It is whole. */
  end(): void;
  /** Packets are missing: an unfinished NAL unit cannot be completed. */
  damaged(): void;
  /** The sender says that the picture is complete (marker bit). */
  unitEnd(): void;
}
