// The initialisation part of a fragmented MP4 file: ftyp + moov with empty sample tables (ISO/IEC 14496-12, 14496-14, 14496-15).
import { box, bytes, fullBox, uint16, uint32 } from './box-writer.ts';
import { audioTrackId, videoTrackId, type AacTrackInfo, type H264TrackInfo, type TrackInfo } from './track-info.ts';

const identityMatrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const undeterminedLanguage = 0x55c4;

/** Bytes that must precede the fragments of a run in every file. */
export function initSegment(tracks: readonly TrackInfo[]): Buffer {
  const header = fullBox('mvhd', 0, 0, uint32(0, 0, 1000, 0, 0x10000), uint16(0x100, 0), uint32(0, 0), identityMatrix, uint32(0, 0, 0, 0, 0, 0, 3));
  const defaults = tracks.map((track) => fullBox('trex', 0, 0, uint32(trackId(track), 1, 0, 0, 0)));
  return Buffer.concat([
    box('ftyp', Buffer.from('iso5'), uint32(512), Buffer.from('iso5iso6mp41')),
    box('moov', header, ...tracks.map(trackBox), box('mvex', ...defaults)),
  ]);
}

function trackId(track: TrackInfo): number {
  return track.kind === 'video' ? videoTrackId : audioTrackId;
}

function trackBox(track: TrackInfo): Buffer {
  const video = track.kind === 'video';
  const size = video ? uint32(track.width * 0x10000, track.height * 0x10000) : uint32(0, 0);
  const header = fullBox('tkhd', 0, 3, uint32(0, 0, trackId(track), 0, 0, 0, 0), uint16(0, 0, video ? 0 : 0x100, 0), identityMatrix, size);
  const handler = fullBox('hdlr', 0, 0, uint32(0), Buffer.from(video ? 'vide' : 'soun'), uint32(0, 0, 0), Buffer.from(video ? 'video\0' : 'audio\0'));
  const mediaHeader = fullBox('mdhd', 0, 0, uint32(0, 0, track.timescale, 0), uint16(undeterminedLanguage, 0));
  const kindHeader = video ? fullBox('vmhd', 0, 1, uint32(0, 0)) : fullBox('smhd', 0, 0, uint32(0));
  const dataReference = box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1)));
  const entry = video ? avcEntry(track) : aacEntry(track);
  return box('trak', header, box('mdia', mediaHeader, handler, box('minf', kindHeader, dataReference, emptySampleTable(entry))));
}

function emptySampleTable(entry: Buffer): Buffer {
  return box(
    'stbl',
    fullBox('stsd', 0, 0, uint32(1), entry),
    fullBox('stts', 0, 0, uint32(0)),
    fullBox('stsc', 0, 0, uint32(0)),
    fullBox('stsz', 0, 0, uint32(0, 0)),
    fullBox('stco', 0, 0, uint32(0)),
  );
}

/**
 * Samples keep the parameter sets that the camera sent inside them, bit for bit. Strictly that is `avc3`
 * (ISO/IEC 14496-15, clause 5.4.2), but players accept it as `avc1` and some refuse `avc3`.
 */
function avcEntry(track: H264TrackInfo): Buffer {
  return box(
    'avc1',
    uint32(0), uint16(0, 1), uint32(0, 0, 0, 0),
    uint16(track.width, track.height),
    uint32(0x480000, 0x480000, 0), uint16(1), Buffer.alloc(32), uint16(24, 0xffff),
    avcConfiguration(track),
  );
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, clause 5.3.3.1), four-byte NAL lengths. */
function avcConfiguration(track: H264TrackInfo): Buffer {
  const sps = track.sps[0] ?? new Uint8Array(4);
  const sets = (list: readonly Uint8Array[]): Buffer[] => list.map((set) => Buffer.concat([uint16(set.length), set]));
  return box(
    'avcC',
    bytes(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe0 | track.sps.length),
    ...sets(track.sps),
    bytes(track.pps.length),
    ...sets(track.pps),
  );
}

function aacEntry(track: AacTrackInfo): Buffer {
  const decoderSpecific = descriptor(5, track.config);
  const decoderConfig = descriptor(4, Buffer.concat([bytes(0x40, 0x15), Buffer.alloc(11), decoderSpecific]));
  const elementaryStream = descriptor(3, Buffer.concat([uint16(audioTrackId), bytes(0), decoderConfig, descriptor(6, bytes(2))]));
  // A rate above 65535 Hz does not fit into 16.16; readers then take it from the AudioSpecificConfig.
  const rate = track.timescale > 0xffff ? 0 : track.timescale * 0x10000;
  return box('mp4a', uint32(0), uint16(0, 1), uint32(0, 0), uint16(track.channels, 16), uint32(0), uint32(rate), fullBox('esds', 0, 0, elementaryStream));
}

/** MPEG-4 descriptor with the expandable length of ISO/IEC 14496-1, clause 8.3.3. */
function descriptor(tag: number, payload: Uint8Array): Buffer {
  const length: number[] = [payload.length & 0x7f];
  for (let rest = payload.length >> 7; rest > 0; rest >>= 7) length.unshift(0x80 | (rest & 0x7f));
  return Buffer.concat([bytes(tag, ...length), payload]);
}
