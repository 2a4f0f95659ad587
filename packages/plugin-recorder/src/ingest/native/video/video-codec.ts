// What the native engine has to know of a video codec; H.264 and H.265 differ in this and in how packets hold their NAL units, no further.
import type { VideoTrackInfo } from '../../../fmp4/track-info.ts';
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { SdpMedia } from '../sdp.ts';
import type { NalSink } from './nal-sink.ts';
import type { ParameterSets } from './parameter-sets.ts';

/**
 * What a NAL unit is to the assembler. Numbers, since they are looked up in a table for every NAL unit.
 * - `after` belongs to the picture that is open; `before` stands before the first slice of a picture
 * - `set` a parameter set, otherwise like `before`
 * - `slice`, `key`, `leading` the slice of an ordinary picture, of a random access picture, of one that refers back over a random access picture
 * - `part` a slice partition, which does not say whether it is the first of its picture
 */
export const nalRole = { after: 0, before: 1, set: 2, slice: 3, key: 4, leading: 5, part: 6 } as const;

/** What the parameter sets say. */
export interface VideoDescription {
  readonly track: VideoTrackInfo;
  /** Pictures that may follow in decoding but precede in display; 0 without B-frames. */
  readonly reorderDepth: number;
}

/** A codec that the engine records. */
export interface VideoCodec {
  readonly name: VideoTrackInfo['codec'];
  /** For people. */
  readonly label: string;
  /** Bytes of a NAL unit header. */
  readonly headerBytes: 1 | 2;
  /** {@link nalRole} by NAL unit type. */
  readonly roles: Uint8Array;
  /** NAL unit types of the parameter sets, in the order in which one builds on another. */
  readonly setTypes: readonly number[];
  /** NAL unit type out of a header, given as one number. */
  typeOf(header: number): number;
  /** The id under which a parameter set is known; undefined when it is damaged. */
  setId(nal: Uint8Array): number | undefined;
  /** Parameter sets that the session description holds. */
  setsOf(media: SdpMedia): Buffer[];
  /** The track and its reorder depth; undefined while parameter sets are missing. */
  describe(sets: ParameterSets): VideoDescription | undefined;
  /** Takes NAL units out of RTP packets. */
  depacketizer(sink: NalSink, media: SdpMedia): RtpPayloadHandler;
}

/** A table of roles: `roles[type]`. */
export function roleTable(size: number, role: (type: number) => number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, type) => role(type));
}

/** A parameter set that makes no sense to us may still make sense to a decoder (cameras do send odd ones): record with a nominal size. */
export const nominalSize = { width: 1920, height: 1080 } as const;

/** Base64 parameter sets of an SDP attribute, separated by commas; some cameras leave start codes in. */
export function parseSprop(text: string): Buffer[] {
  return text.split(',').map((part) => stripStartCode(Buffer.from(part.trim(), 'base64'))).filter((nal) => nal.length > 1);
}

function stripStartCode(nal: Buffer): Buffer {
  let at = 0;
  while (at < nal.length && nal[at] === 0) at += 1;
  return at >= 2 && nal[at] === 1 ? nal.subarray(at + 1) : nal;
}
