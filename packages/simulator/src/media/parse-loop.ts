// Turns a fragmented MP4 (H.264 or H.265, optionally AAC or Opus) into a Loop. Anything else is refused with the command that makes it right.
import { SimulatorError } from '../simulator-error.ts';
import { listBoxes, requireBox } from './mp4-boxes.ts';
import { readFragments, readTrackDefaults } from './read-fragments.ts';
import type { AudioTrack, Loop, VideoTrack } from './loop.ts';

const recipe = 'make it with: ffmpeg -i IN -c:v libx264 -bf 0 -c:a aac -movflags +empty_moov+default_base_moof -frag_duration 60000000 OUT.mp4';

/**
 * Parses a loop file.
 * @param file - the bytes of a fragmented MP4
 * @param name - shown in errors
 * @throws SimulatorError `LOOP_INVALID`
 */
export function parseLoop(file: Buffer, name: string): Loop {
  try {
    return parse(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SimulatorError('LOOP_INVALID', `Loop ${name} cannot be served: ${reason}; ${recipe}`, { cause: error });
  }
}

function parse(file: Buffer): Loop {
  const moov = requireBox(file, 'moov');
  let video: VideoTrack | undefined;
  let audio: AudioTrack | undefined;
  for (const trak of listBoxes(moov).filter((box) => box.type === 'trak')) {
    const handler = requireBox(trak.payload, 'mdia', 'hdlr').toString('latin1', 8, 12);
    if (handler === 'vide') video ??= readVideo(file, moov, trak.payload);
    if (handler === 'soun') audio ??= readAudio(file, moov, trak.payload);
  }
  if (!video) throw new RangeError('no video track');
  return audio ? { video, audio } : { video };
}

function readTrack(file: Buffer, moov: Buffer, trak: Buffer) {
  const header = requireBox(trak, 'tkhd');
  const trackId = header.readUInt32BE(header.readUInt8(0) === 1 ? 20 : 12);
  const media = requireBox(trak, 'mdia', 'mdhd');
  const ticksPerSecond = media.readUInt32BE(media.readUInt8(0) === 1 ? 20 : 12);
  const track = readFragments(file, trackId, readTrackDefaults(moov, trackId));
  if (track.samples.length === 0 || track.durationTicks === 0 || ticksPerSecond === 0) throw new RangeError('a track without fragments');
  return { ticksPerSecond, ...track };
}

function sampleEntry(trak: Buffer, types: readonly string[]): { type: string; payload: Buffer } {
  const entries = requireBox(trak, 'mdia', 'minf', 'stbl', 'stsd').subarray(8);
  const entry = listBoxes(entries)[0];
  if (entry === undefined || !types.includes(entry.type)) throw new RangeError(`codec ${entry?.type ?? 'unknown'} where ${types.join(' or ')} is needed`);
  return entry;
}

function readVideo(file: Buffer, moov: Buffer, trak: Buffer): VideoTrack {
  const { type, payload: entry } = sampleEntry(trak, ['avc1', 'hvc1']);
  const configuration = type === 'avc1' ? readAvc(requireBox(entry.subarray(78), 'avcC')) : readHevc(requireBox(entry.subarray(78), 'hvcC'));
  if (configuration.sequenceParameterSets.length === 0 || configuration.pictureParameterSets.length === 0) throw new RangeError('no parameter sets');
  const track = readTrack(file, moov, trak);
  if (!track.samples[0]?.key) throw new RangeError('the first picture is not a key picture');
  return { ...track, ...configuration, width: entry.readUInt16BE(24), height: entry.readUInt16BE(26) };
}

type VideoConfiguration = Pick<VideoTrack, 'codec' | 'nalLengthBytes' | 'videoParameterSets' | 'sequenceParameterSets' | 'pictureParameterSets'>;

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 clause 5.3.3.1). */
function readAvc(config: Buffer): VideoConfiguration {
  let cursor = 5;
  const readSets = (count: number): Buffer[] =>
    Array.from({ length: count }, () => {
      const start = cursor + 2;
      cursor = start + config.readUInt16BE(cursor);
      return config.subarray(start, cursor);
    });
  const sequenceParameterSets = readSets(config.readUInt8(cursor++) & 0x1f);
  const pictureParameterSets = readSets(config.readUInt8(cursor++));
  return { codec: 'h264', nalLengthBytes: (config.readUInt8(4) & 3) + 1, videoParameterSets: [], sequenceParameterSets, pictureParameterSets };
}

/** HEVCDecoderConfigurationRecord (clause 8.3.3.1). */
function readHevc(config: Buffer): VideoConfiguration {
  const sets = new Map<number, Buffer[]>();
  let cursor = 23;
  for (let arrays = config.readUInt8(22); arrays > 0; arrays -= 1) {
    const type = config.readUInt8(cursor) & 63;
    const count = config.readUInt16BE(cursor + 1);
    cursor += 3;
    for (let index = 0; index < count; index += 1) {
      const end = cursor + 2 + config.readUInt16BE(cursor);
      sets.set(type, [...(sets.get(type) ?? []), config.subarray(cursor + 2, end)]);
      cursor = end;
    }
  }
  const of = (type: number): Buffer[] => sets.get(type) ?? [];
  return { codec: 'h265', nalLengthBytes: (config.readUInt8(21) & 3) + 1, videoParameterSets: of(32), sequenceParameterSets: of(33), pictureParameterSets: of(34) };
}

function readAudio(file: Buffer, moov: Buffer, trak: Buffer): AudioTrack {
  const { type, payload: entry } = sampleEntry(trak, ['mp4a', 'Opus']);
  const track = readTrack(file, moov, trak);
  if (type === 'Opus') return { codec: 'opus', ...track, channels: entry.readUInt16BE(16), samplesPerFrame: Math.round(track.durationTicks / track.samples.length) };
  const specificConfig = findSpecificConfig(requireBox(entry.subarray(28), 'esds').subarray(4));
  return { codec: 'aac', ...track, specificConfig, channels: readChannels(specificConfig), samplesPerFrame: 1024 };
}

/** channelConfiguration; the sample entry cannot be trusted, many writers say 2 for mono. Index 15 carries the frequency itself. */
function readChannels(specificConfig: Buffer): number {
  const bits = specificConfig.readUInt16BE(0);
  if (((bits >> 7) & 0xf) !== 0xf) return (bits >> 3) & 0xf;
  return (specificConfig.readUInt8(4) >> 3) & 0xf;
}

/** Descends ES_Descriptor (3) -> DecoderConfigDescriptor (4) -> DecoderSpecificInfo (5), ISO/IEC 14496-1 clause 7.2.6. */
function findSpecificConfig(descriptors: Buffer): Buffer {
  const skipBytes: Readonly<Record<number, number>> = { 3: 3, 4: 13 };
  let cursor = 0;
  while (cursor < descriptors.length) {
    const tag = descriptors.readUInt8(cursor++);
    let sizeBytes = 0;
    let byte: number;
    do {
      byte = descriptors.readUInt8(cursor++);
      sizeBytes = (sizeBytes << 7) | (byte & 0x7f);
    } while (byte & 0x80);
    if (tag === 5) return descriptors.subarray(cursor, cursor + sizeBytes);
    cursor += skipBytes[tag] ?? sizeBytes;
  }
  throw new RangeError('no AudioSpecificConfig in esds');
}
