// H.264 (ITU-T H.264, RFC 6184) as the native engine sees it.
import { BitReader, withoutEmulation } from '../../../fmp4/bit-reader.ts';
import { H264Depacketizer } from './h264-depacketizer.ts';
import { parseSequenceParameters } from '../../../fmp4/h264-sequence-parameters.ts';
import { nalRole, nominalSize, parseSprop, roleTable, type VideoCodec } from './video-codec.ts';

const sequenceType = 7;
const pictureType = 8;

/** NAL unit types of table 7-1. */
function role(type: number): number {
  if (type === 5) return nalRole.key;
  if (type === 3 || type === 4) return nalRole.part;
  if (type === 1 || type === 2) return nalRole.slice;
  if (type === sequenceType || type === pictureType) return nalRole.set;
  // SEI, delimiter and what clause 7.4.1.2.3 lets begin an access unit; end of sequence, end of stream and filler follow a picture.
  return type === 6 || type === 9 || (type >= 14 && type <= 18) ? nalRole.before : nalRole.after;
}

/** The codec. */
export const h264Codec: VideoCodec = {
  name: 'h264',
  label: 'H.264',
  headerBytes: 1,
  roles: roleTable(32, role),
  setTypes: [sequenceType, pictureType],
  typeOf: (header) => header & 31,
  setId(nal) {
    const skip = ((nal[0] ?? 0) & 31) === sequenceType ? 4 : 1;
    if (nal.length <= skip) return undefined;
    const id = new BitReader(withoutEmulation(nal.subarray(skip, skip + 8))).unsigned();
    return id > 255 ? undefined : id;
  },
  setsOf: (media) => parseSprop(media.format.get('sprop-parameter-sets') ?? ''),
  describe(sets) {
    if (!sets.complete) return undefined;
    const sps = sets.of(sequenceType);
    const found = parseSequenceParameters(sps[0] ?? Buffer.alloc(0));
    const { width, height } = found ?? nominalSize;
    return { track: { kind: 'video', codec: 'h264', timescale: 90_000, width, height, sps, pps: sets.of(pictureType) }, reorderDepth: found?.reorderFrames ?? 0 };
  },
  depacketizer: (sink) => new H264Depacketizer(sink),
};
