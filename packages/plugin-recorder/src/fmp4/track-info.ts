// What a recording knows about its tracks; shared by the ingest engines, the muxer and the index.
import { hevcCodecString } from './hevc-configuration.ts';

/** Track ids are fixed, so that fragments of one camera fit together whatever the engine. */
export const videoTrackId = 1;
/** @see videoTrackId */
export const audioTrackId = 2;

interface VideoTrack {
  readonly kind: 'video';
  /** Ticks per second. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** Sequence parameter sets, without start code. */
  readonly sps: readonly Uint8Array[];
  /** Picture parameter sets, without start code. */
  readonly pps: readonly Uint8Array[];
}

/** An H.264 track. NAL units are stored with four-byte lengths. */
export interface H264TrackInfo extends VideoTrack {
  readonly codec: 'h264';
}

/** An H.265 track. NAL units are stored with four-byte lengths. */
export interface H265TrackInfo extends VideoTrack {
  readonly codec: 'h265';
  /** Video parameter sets, without start code. */
  readonly vps: readonly Uint8Array[];
}

interface AudioTrack {
  readonly kind: 'audio';
  /** Ticks per second; equals the sampling rate. */
  readonly timescale: number;
  readonly channels: number;
}

/** An AAC track; samples are raw access units. */
export interface AacTrackInfo extends AudioTrack {
  readonly codec: 'aac';
  /** AudioSpecificConfig (ISO/IEC 14496-3, clause 1.6.2.1). */
  readonly config: Uint8Array;
}

/** An Opus track; samples are Opus packets as the camera sent them (RFC 6716). */
export interface OpusTrackInfo extends AudioTrack {
  readonly codec: 'opus';
}

/** A FLAC track: what cameras send as G.711 or linear PCM, without loss. Samples are FLAC frames (RFC 9639) of 16 bits. */
export interface FlacTrackInfo extends AudioTrack {
  readonly codec: 'flac';
  /** What the camera sent. */
  readonly source: 'pcma' | 'pcmu' | 'l16';
}

/** A video track of a camera. */
export type VideoTrackInfo = H264TrackInfo | H265TrackInfo;

/** An audio track of a camera. */
export type AudioTrackInfo = AacTrackInfo | OpusTrackInfo | FlacTrackInfo;

/** A track of a camera. */
export type TrackInfo = VideoTrackInfo | AudioTrackInfo;

/** The `codecs` parameter of one track (RFC 6381). */
export function codecString(track: TrackInfo): string {
  if (track.codec === 'aac') return `mp4a.40.${aacObjectType(track.config)}`;
  if (track.codec === 'opus' || track.codec === 'flac') return track.codec;
  const sps = track.sps[0] ?? new Uint8Array(0);
  if (track.codec === 'h265') return hevcCodecString(sps);
  const hex = (index: number): string => (sps[index] ?? 0).toString(16).padStart(2, '0');
  return `avc1.${hex(1)}${hex(2)}${hex(3)}`;
}

/** Audio object type, the first five bits, with the escape value 31 (ISO/IEC 14496-3, table 1.17). */
function aacObjectType(config: Uint8Array): number {
  const first = config[0] ?? 0;
  const type = first >> 3;
  return type === 31 ? 32 + (((first & 7) << 3) | ((config[1] ?? 0) >> 5)) : type;
}
