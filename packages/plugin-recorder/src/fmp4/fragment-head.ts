// Writes the moof box and the mdat header of a fragment (ISO/IEC 14496-12, clause 8.8). The payload follows from the arenas unchanged.
import type { SampleList } from './sample-list.ts';
import { audioTrackId, videoTrackId } from './track-info.ts';

const syncSample = 0x02000000;
const dependentSample = 0x01010000;
const baseIsMoof = 0x020000;

/** One track's part of a fragment. */
export interface TrackPart {
  readonly samples: SampleList;
  /** Decode time at which the next sample of this track starts; gives the last duration. */
  readonly endTicks: number;
  readonly bytes: number;
}

/** Box bytes up to and including the mdat header. Audio may be absent. */
export function fragmentHead(sequence: number, video: TrackPart, audio: TrackPart | undefined): Buffer {
  const audioSize = audio === undefined ? 0 : trafSize(audio.samples.count);
  const moofSize = 8 + 16 + trafSize(video.samples.count) + audioSize;
  const head = Buffer.allocUnsafe(moofSize + 8);
  let at = boxHeader(head, 0, moofSize, 'moof');
  at = boxHeader(head, at, 16, 'mfhd');
  head.writeUInt32BE(0, at);
  head.writeUInt32BE(sequence >>> 0, at + 4);
  at = writeTraf(head, at + 8, videoTrackId, video, moofSize + 8);
  if (audio !== undefined) at = writeTraf(head, at, audioTrackId, audio, moofSize + 8 + video.bytes);
  boxHeader(head, at, 8 + video.bytes + (audio?.bytes ?? 0), 'mdat');
  return head;
}

const trafFixed = 8 + 16 + 20 + 20;

function trafSize(samples: number): number {
  return trafFixed + samples * 16;
}

function writeTraf(head: Buffer, start: number, trackId: number, part: TrackPart, dataOffset: number): number {
  const { samples } = part;
  let at = boxHeader(head, start, trafSize(samples.count), 'traf');
  at = boxHeader(head, at, 16, 'tfhd');
  head.writeUInt32BE(baseIsMoof, at);
  head.writeUInt32BE(trackId, at + 4);
  at = boxHeader(head, at + 8, 20, 'tfdt');
  head.writeUInt32BE(0x01000000, at);
  const base = samples.decodeTicks[0] ?? 0;
  head.writeUInt32BE(Math.floor(base / 0x1_0000_0000), at + 4);
  head.writeUInt32BE(base % 0x1_0000_0000, at + 8);
  at = boxHeader(head, at + 12, 20 + samples.count * 16, 'trun');
  // Data offset, and per sample: duration, size, flags, composition offset.
  head.writeUInt32BE(0x000f01, at);
  head.writeUInt32BE(samples.count, at + 4);
  head.writeUInt32BE(dataOffset, at + 8);
  return writeSamples(head, at + 12, part);
}

function writeSamples(head: Buffer, start: number, part: TrackPart): number {
  const { count, sizes, decodeTicks, compositionTicks, keys } = part.samples;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const next = index + 1 < count ? (decodeTicks[index + 1] ?? 0) : part.endTicks;
    head.writeUInt32BE(Math.max(0, next - (decodeTicks[index] ?? 0)), at);
    head.writeUInt32BE(sizes[index] ?? 0, at + 4);
    head.writeUInt32BE(keys[index] === 1 ? syncSample : dependentSample, at + 8);
    head.writeUInt32BE(compositionTicks[index] ?? 0, at + 12);
    at += 16;
  }
  return at;
}

function boxHeader(head: Buffer, at: number, size: number, type: string): number {
  head.writeUInt32BE(size, at);
  head.write(type, at + 4, 'latin1');
  return at + 8;
}
