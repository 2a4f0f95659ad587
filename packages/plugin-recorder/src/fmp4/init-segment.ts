// The initialisation part of a fragmented MP4 file: ftyp + moov with empty sample tables (ISO/IEC 14496-12, 14496-14, 14496-15).
import { box, fullBox, identityMatrix, uint16, uint32 } from './box-writer.ts';
import { sampleEntry } from './sample-entries.ts';
import { audioTrackId, videoTrackId, type TrackInfo } from './track-info.ts';

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
  return box('trak', header, box('mdia', mediaHeader, handler, box('minf', kindHeader, dataReference, emptySampleTable(sampleEntry(track)))));
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
