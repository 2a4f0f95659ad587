// H.265 (ITU-T H.265, RFC 7798) as the native engine sees it.
import { BitReader, withoutEmulation } from '../../../fmp4/bit-reader.ts';
import { H265Depacketizer } from './h265-depacketizer.ts';
import { parseH265SequenceParameters, skipProfile } from '../../../fmp4/h265-sequence-parameters.ts';
import { nalRole, nominalSize, parseSprop, roleTable, type VideoCodec } from './video-codec.ts';

const videoType = 32;
const sequenceType = 33;
const pictureType = 34;

/** NAL unit types of table 7-1. */
function role(type: number): number {
  if (type === 8 || type === 9) return nalRole.leading;
  if (type >= 16 && type <= 23) return nalRole.key;
  if (type < videoType) return nalRole.slice;
  if (type <= pictureType) return nalRole.set;
  // Delimiter, prefix SEI, and the reserved types that clause 7.4.2.4.4 lets begin an access unit.
  return type === 35 || type === 39 || (type >= 41 && type <= 44) || (type >= 48 && type <= 55) ? nalRole.before : nalRole.after;
}

const typeOf = (header: number): number => (header >> 9) & 63;

/** The codec. */
export const h265Codec: VideoCodec = {
  name: 'h265',
  label: 'H.265',
  headerBytes: 2,
  roles: roleTable(64, role),
  setTypes: [videoType, sequenceType, pictureType],
  typeOf,
  setId(nal) {
    const type = ((nal[0] ?? 0) >> 1) & 63;
    const reader = new BitReader(withoutEmulation(nal.subarray(2, 2 + 128)));
    if (type === videoType) return reader.bits(4);
    if (type === sequenceType) {
      reader.bits(4);
      const layers = reader.bits(3);
      reader.bit();
      skipProfile(reader, layers);
    }
    const id = reader.unsigned();
    return reader.overrun || id > 63 ? undefined : id;
  },
  setsOf: (media) => ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) => parseSprop(media.format.get(name) ?? '')),
  describe(sets) {
    if (!sets.complete) return undefined;
    const sps = sets.of(sequenceType);
    const found = parseH265SequenceParameters(sps[0] ?? Buffer.alloc(0));
    const { width, height } = found ?? nominalSize;
    const track = { kind: 'video', codec: 'h265', timescale: 90_000, width, height, vps: sets.of(videoType), sps, pps: sets.of(pictureType) } as const;
    return { track, reorderDepth: found?.reorderFrames ?? 0 };
  },
  depacketizer(sink, media) {
    return new H265Depacketizer(sink, Number(media.format.get('sprop-max-don-diff') ?? 0) > 0);
  },
};
