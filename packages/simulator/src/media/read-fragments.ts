// Reads the samples of one track out of the movie fragments of an MP4 (ISO/IEC 14496-12 clause 8.8).
import { findBox, listBoxes, requireBox } from './mp4-boxes.ts';
import type { LoopSample } from './loop.ts';

/** Defaults from `trex`, for values that neither `tfhd` nor `trun` gives. */
export interface FragmentDefaults {
  readonly durationTicks: number;
  readonly sizeBytes: number;
  readonly flags: number;
}

interface FragmentContext {
  readonly file: Buffer;
  readonly baseOffset: number;
  readonly defaults: FragmentDefaults;
}

const nonSyncSample = 0x10000;

/** Collects every sample of `trackId` in decode order, times counted from the first one. */
export function readFragments(file: Buffer, trackId: number, trex: FragmentDefaults): { samples: LoopSample[]; durationTicks: number } {
  const samples: LoopSample[] = [];
  let nextTicks = 0;
  for (const moof of listBoxes(file).filter((box) => box.type === 'moof')) {
    for (const traf of listBoxes(moof.payload).filter((box) => box.type === 'traf')) {
      const header = requireBox(traf.payload, 'tfhd');
      if (header.readUInt32BE(4) !== trackId) continue;
      const context = { file, ...readTrackHeader(header, moof.headerOffset, trex) };
      for (const run of listBoxes(traf.payload).filter((box) => box.type === 'trun')) {
        nextTicks = readRun(run.payload, context, samples, nextTicks);
      }
    }
  }
  return { samples, durationTicks: nextTicks };
}

/** `trex` of a track, zeros when the box is missing. */
export function readTrackDefaults(moov: Buffer, trackId: number): FragmentDefaults {
  const extends_ = findBox(moov, 'mvex');
  const trex = extends_ && listBoxes(extends_).find((box) => box.type === 'trex' && box.payload.readUInt32BE(4) === trackId)?.payload;
  if (!trex) return { durationTicks: 0, sizeBytes: 0, flags: 0 };
  return { durationTicks: trex.readUInt32BE(12), sizeBytes: trex.readUInt32BE(16), flags: trex.readUInt32BE(20) };
}

function readTrackHeader(header: Buffer, moofOffset: number, trex: FragmentDefaults): { baseOffset: number; defaults: FragmentDefaults } {
  const flags = header.readUInt32BE(0) & 0xffffff;
  let cursor = 8;
  const next = (present: number, fallback: number): number => {
    if ((flags & present) === 0) return fallback;
    cursor += 4;
    return header.readUInt32BE(cursor - 4);
  };
  let baseOffset = moofOffset;
  if (flags & 0x1) {
    baseOffset = Number(header.readBigUInt64BE(cursor));
    cursor += 8;
  }
  next(0x2, 0);
  const defaults = { durationTicks: next(0x8, trex.durationTicks), sizeBytes: next(0x10, trex.sizeBytes), flags: next(0x20, trex.flags) };
  return { baseOffset, defaults };
}

function readRun(run: Buffer, context: FragmentContext, samples: LoopSample[], startTicks: number): number {
  const version = run.readUInt8(0);
  const flags = run.readUInt32BE(0) & 0xffffff;
  const count = run.readUInt32BE(4);
  let cursor = 8;
  const next = (present: number, fallback: number): number => {
    if ((flags & present) === 0) return fallback;
    cursor += 4;
    return run.readUInt32BE(cursor - 4);
  };
  let dataOffset = context.baseOffset + (next(0x1, 0) | 0);
  const firstFlags = next(0x4, context.defaults.flags);
  let ticks = startTicks;
  for (let index = 0; index < count; index += 1) {
    const durationTicks = next(0x100, context.defaults.durationTicks);
    const sizeBytes = next(0x200, context.defaults.sizeBytes);
    const sampleFlags = next(0x400, index === 0 ? firstFlags : context.defaults.flags);
    const rawOffset = next(0x800, 0);
    const data = context.file.subarray(dataOffset, dataOffset + sizeBytes);
    if (data.length !== sizeBytes) throw new RangeError(`MP4 sample ${samples.length} lies outside the file`);
    const compositionOffsetTicks = version === 0 ? rawOffset : rawOffset | 0;
    samples.push({ data, startTicks: ticks, compositionOffsetTicks, key: (sampleFlags & nonSyncSample) === 0 });
    dataOffset += sizeBytes;
    ticks += durationTicks;
  }
  return ticks;
}
