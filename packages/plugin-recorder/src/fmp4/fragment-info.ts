// Reads times out of init segments and moof boxes, ours or another muxer's: needed by recovery, playback and export.
import { boxes, findBox, type BoxView } from './box-reader.ts';

/** What the init segment says about a track. */
export interface InitTrack {
  readonly id: number;
  readonly timescale: number;
  readonly handler: string;
  readonly defaultDuration: number;
  readonly defaultFlags: number;
}

/** One track of one fragment. */
export interface FragmentTrack {
  readonly id: number;
  /** Decode time of the first sample in track ticks. */
  readonly decodeTicks: number;
  readonly durationTicks: number;
  readonly samples: number;
  /** True when the first sample is a sync sample. */
  readonly key: boolean;
  /** Where the decode time is stored in the buffer and how wide it is; for rebasing. */
  readonly decodeTimeAt: number;
  readonly decodeTimeBytes: 4 | 8;
}

/** Tracks of an init segment (ftyp + moov). Empty when the bytes are damaged. */
export function initTracks(init: Buffer): InitTrack[] {
  const moov = findBox(init, ['moov']);
  if (moov === undefined) return [];
  const defaults = trackDefaults(init, moov);
  const tracks: InitTrack[] = [];
  for (const trak of boxes(init, moov.payload, moov.end)) {
    if (trak.type !== 'trak') continue;
    const track = initTrack(init, trak, defaults);
    if (track !== undefined) tracks.push(track);
  }
  return tracks;
}

function initTrack(init: Buffer, trak: BoxView, defaults: ReadonlyMap<number, { duration: number; flags: number }>): InitTrack | undefined {
  const tkhd = findBox(init, ['tkhd'], trak.payload, trak.end);
  const mdhd = findBox(init, ['mdia', 'mdhd'], trak.payload, trak.end);
  const hdlr = findBox(init, ['mdia', 'hdlr'], trak.payload, trak.end);
  if (tkhd === undefined || mdhd === undefined || hdlr === undefined) return undefined;
  const id = numberAt(init, tkhd, init[tkhd.payload] === 1 ? 20 : 12);
  const timescale = numberAt(init, mdhd, init[mdhd.payload] === 1 ? 20 : 12);
  if (id === undefined || !timescale || hdlr.payload + 12 > hdlr.end) return undefined;
  const handler = init.toString('latin1', hdlr.payload + 8, hdlr.payload + 12);
  const trex = defaults.get(id);
  return { id, timescale, handler, defaultDuration: trex?.duration ?? 0, defaultFlags: trex?.flags ?? 0 };
}

function trackDefaults(init: Buffer, moov: BoxView): Map<number, { duration: number; flags: number }> {
  const defaults = new Map<number, { duration: number; flags: number }>();
  const mvex = findBox(init, ['mvex'], moov.payload, moov.end);
  if (mvex === undefined) return defaults;
  for (const trex of boxes(init, mvex.payload, mvex.end)) {
    if (trex.type !== 'trex' || trex.payload + 24 > trex.end) continue;
    defaults.set(init.readUInt32BE(trex.payload + 4), { duration: init.readUInt32BE(trex.payload + 12), flags: init.readUInt32BE(trex.payload + 20) });
  }
  return defaults;
}

/** Tracks of the moof box at `moof`; undefined when it is damaged. */
export function fragmentTracks(buffer: Buffer, moof: BoxView, init: readonly InitTrack[]): FragmentTrack[] | undefined {
  const tracks: FragmentTrack[] = [];
  for (const traf of boxes(buffer, moof.payload, moof.end)) {
    if (traf.type !== 'traf') continue;
    const track = fragmentTrack(buffer, traf, init);
    if (track === undefined) return undefined;
    tracks.push(track);
  }
  return tracks.length === 0 ? undefined : tracks;
}

function fragmentTrack(buffer: Buffer, traf: BoxView, init: readonly InitTrack[]): FragmentTrack | undefined {
  const tfhd = findBox(buffer, ['tfhd'], traf.payload, traf.end);
  const tfdt = findBox(buffer, ['tfdt'], traf.payload, traf.end);
  if (tfhd === undefined || tfdt === undefined) return undefined;
  const header = trackHeader(buffer, tfhd, init);
  const wide = buffer[tfdt.payload] === 1;
  if (header === undefined || tfdt.payload + (wide ? 12 : 8) > tfdt.end) return undefined;
  const decodeTicks = wide ? Number(buffer.readBigUInt64BE(tfdt.payload + 4)) : buffer.readUInt32BE(tfdt.payload + 4);
  let durationTicks = 0;
  let samples = 0;
  let key: boolean | undefined;
  for (const trun of boxes(buffer, traf.payload, traf.end)) {
    if (trun.type !== 'trun') continue;
    const run = runTotals(buffer, trun, header);
    if (run === undefined) return undefined;
    durationTicks += run.durationTicks;
    samples += run.samples;
    if (run.samples > 0) key ??= run.key;
  }
  return { id: header.id, decodeTicks, durationTicks, samples, key: key ?? false, decodeTimeAt: tfdt.payload + 4, decodeTimeBytes: wide ? 8 : 4 };
}

/** What holds for the samples of a track fragment that say nothing themselves. */
export interface TrackHeader {
  readonly id: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** Reads tfhd: optional fields in flag order (ISO/IEC 14496-12, clause 8.8.7). */
export function trackHeader(buffer: Buffer, tfhd: BoxView, init: readonly InitTrack[]): TrackHeader | undefined {
  const flags = numberAt(buffer, tfhd, 0);
  const id = numberAt(buffer, tfhd, 4);
  if (flags === undefined || id === undefined) return undefined;
  const track = init.find((candidate) => candidate.id === id);
  let at = 8;
  if (flags & 0x1) at += 8;
  if (flags & 0x2) at += 4;
  let duration = track?.defaultDuration ?? 0;
  if (flags & 0x8) {
    duration = numberAt(buffer, tfhd, at) ?? duration;
    at += 4;
  }
  let size = 0;
  if (flags & 0x10) {
    size = numberAt(buffer, tfhd, at) ?? 0;
    at += 4;
  }
  const sampleFlags = flags & 0x20 ? numberAt(buffer, tfhd, at) : track?.defaultFlags;
  return { id, duration, size, flags: sampleFlags ?? 0 };
}

/** trun: sums durations and reads the first sample's flags (clause 8.8.8). */
function runTotals(buffer: Buffer, trun: BoxView, header: TrackHeader): { durationTicks: number; samples: number; key: boolean } | undefined {
  const flags = numberAt(buffer, trun, 0);
  const samples = numberAt(buffer, trun, 4);
  if (flags === undefined || samples === undefined) return undefined;
  let at = trun.payload + 8 + (flags & 0x1 ? 4 : 0);
  let firstFlags = header.flags;
  if (flags & 0x4) {
    firstFlags = numberAt(buffer, trun, at - trun.payload) ?? firstFlags;
    at += 4;
  }
  const stride = 4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length;
  if (at + stride * samples > trun.end) return undefined;
  if (flags & 0x400 && samples > 0 && !(flags & 0x4)) firstFlags = buffer.readUInt32BE(at + (flags & 0x100 ? 4 : 0) + (flags & 0x200 ? 4 : 0));
  const key = (firstFlags & 0x10000) === 0;
  if (!(flags & 0x100)) return { durationTicks: samples * header.duration, samples, key };
  let durationTicks = 0;
  for (let index = 0; index < samples; index += 1) durationTicks += buffer.readUInt32BE(at + index * stride);
  return { durationTicks, samples, key };
}

function numberAt(buffer: Buffer, view: BoxView, offset: number): number | undefined {
  const at = view.payload + offset;
  return at + 4 > view.end ? undefined : buffer.readUInt32BE(at);
}
