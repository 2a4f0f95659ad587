// What a recording knows about its tracks; shared by the ingest engines, the muxer and the index.

/** Track ids are fixed, so that fragments of one camera fit together whatever the engine. */
export const videoTrackId = 1;
/** @see videoTrackId */
export const audioTrackId = 2;

/** An H.264 track. NAL units are stored with four-byte lengths. */
export interface H264TrackInfo {
  readonly kind: 'video';
  readonly codec: 'h264';
  /** Ticks per second. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** Sequence parameter sets, without start code. */
  readonly sps: readonly Uint8Array[];
  /** Picture parameter sets, without start code. */
  readonly pps: readonly Uint8Array[];
}

/** An AAC track; samples are raw access units. */
export interface AacTrackInfo {
  readonly kind: 'audio';
  readonly codec: 'aac';
  /** Ticks per second; equals the sampling rate. */
  readonly timescale: number;
  readonly channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3, clause 1.6.2.1). */
  readonly config: Uint8Array;
}

/** A track of a camera. */
export type TrackInfo = H264TrackInfo | AacTrackInfo;

/** The `codecs` parameter of one track (RFC 6381). */
export function codecString(track: TrackInfo): string {
  if (track.codec === 'aac') return `mp4a.40.${aacObjectType(track.config)}`;
  const sps = track.sps[0];
  const hex = (index: number): string => (sps?.[index] ?? 0).toString(16).padStart(2, '0');
  return `avc1.${hex(1)}${hex(2)}${hex(3)}`;
}

/** Audio object type, the first five bits, with the escape value 31 (ISO/IEC 14496-3, table 1.17). */
function aacObjectType(config: Uint8Array): number {
  const first = config[0] ?? 0;
  const type = first >> 3;
  return type === 31 ? 32 + (((first & 7) << 3) | ((config[1] ?? 0) >> 5)) : type;
}
