// Sample entries of an init segment: what a decoder must know before the first sample (ISO/IEC 14496-12, 14496-14, 14496-15; Opus and FLAC in ISOBMFF).
import { box, bytes, fullBox, uint16, uint32 } from './box-writer.ts';
import { hevcConfiguration } from './hevc-configuration.ts';
import { audioTrackId, type AacTrackInfo, type AudioTrackInfo, type FlacTrackInfo, type H264TrackInfo, type OpusTrackInfo, type TrackInfo, type VideoTrackInfo } from './track-info.ts';

/** The entry of a track for `stsd`. */
export function sampleEntry(track: TrackInfo): Buffer {
  switch (track.codec) {
    // Samples keep the parameter sets that the camera sent inside them, bit for bit. Strictly that is `avc3` and `hev1`
    // (ISO/IEC 14496-15, clauses 5.4.2 and 8.4), but players accept it as `avc1` and `hvc1`, and some refuse the others.
    case 'h264': return visualEntry('avc1', track, box('avcC', avcConfiguration(track)));
    case 'h265': return visualEntry('hvc1', track, box('hvcC', hevcConfiguration(track)));
    case 'aac': return soundEntry('mp4a', track, elementaryStream(track));
    case 'opus': return soundEntry('Opus', track, opusSpecific(track));
    case 'flac': return soundEntry('fLaC', track, flacSpecific(track));
  }
}

function visualEntry(type: string, track: VideoTrackInfo, configuration: Buffer): Buffer {
  return box(
    type,
    uint32(0), uint16(0, 1), uint32(0, 0, 0, 0),
    uint16(track.width, track.height),
    uint32(0x480000, 0x480000, 0), uint16(1), Buffer.alloc(32), uint16(24, 0xffff),
    configuration,
  );
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, clause 5.3.3.1), four-byte NAL lengths. */
function avcConfiguration(track: H264TrackInfo): Buffer {
  const sps = track.sps[0] ?? new Uint8Array(4);
  const sets = (list: readonly Uint8Array[]): Buffer[] => list.map((set) => Buffer.concat([uint16(set.length), set]));
  return Buffer.concat([bytes(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe0 | track.sps.length), ...sets(track.sps), bytes(track.pps.length), ...sets(track.pps)]);
}

function soundEntry(type: string, track: AudioTrackInfo, configuration: Buffer): Buffer {
  // A rate above 65535 Hz does not fit into 16.16; readers then take it from the configuration.
  const rate = track.timescale > 0xffff ? 0 : track.timescale * 0x10000;
  return box(type, uint32(0), uint16(0, 1), uint32(0, 0), uint16(track.channels, 16), uint32(0), uint32(rate), configuration);
}

function elementaryStream(track: AacTrackInfo): Buffer {
  const decoderSpecific = descriptor(5, track.config);
  const decoderConfig = descriptor(4, Buffer.concat([bytes(0x40, 0x15), Buffer.alloc(11), decoderSpecific]));
  return fullBox('esds', 0, 0, descriptor(3, Buffer.concat([uint16(audioTrackId), bytes(0), decoderConfig, descriptor(6, bytes(2))])));
}

/** MPEG-4 descriptor with the expandable length of ISO/IEC 14496-1, clause 8.3.3. */
function descriptor(tag: number, payload: Uint8Array): Buffer {
  const length: number[] = [payload.length & 0x7f];
  for (let rest = payload.length >> 7; rest > 0; rest >>= 7) length.unshift(0x80 | (rest & 0x7f));
  return Buffer.concat([bytes(tag, ...length), payload]);
}

/** OpusSpecificBox: no pre-skip, since recording joins a stream that runs; mapping family 0. */
function opusSpecific(track: OpusTrackInfo): Buffer {
  return box('dOps', bytes(0, track.channels), uint16(0), uint32(track.timescale), uint16(0), bytes(0));
}

/** Smallest block that FLAC allows before the last one, and the largest that is written here. */
export const flacBlockSamples = { least: 16, most: 4096 } as const;

/** FLACSpecificBox with a STREAMINFO block: variable block size, 16 bits, unknown length and no MD5. */
function flacSpecific(track: FlacTrackInfo): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(flacBlockSamples.least, 0);
  info.writeUInt16BE(flacBlockSamples.most, 2);
  info.writeUInt32BE(((track.timescale << 12) | ((track.channels - 1) << 9) | (15 << 4)) >>> 0, 10);
  return fullBox('dfLa', 0, 0, bytes(0x80, 0, 0, info.length), info);
}
