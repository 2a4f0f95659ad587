// The moov box of a film that plays from its first byte in any player: sample tables instead of fragments (ISO/IEC 14496-12, clause 8).
import { findBox, boxes } from '../fmp4/box-reader.ts';
import { box, fullBox, identityMatrix, uint16, uint32, uint64 } from '../fmp4/box-writer.ts';
import type { InitTrack } from '../fmp4/fragment-info.ts';

/** Samples of one track of a film. */
export interface FilmTrack {
  readonly track: InitTrack;
  /** When its first sample begins, in seconds from the beginning of the film; negative where sound begins before the picture. */
  readonly startSeconds: number;
  readonly sizes: readonly number[];
  readonly durations: readonly number[];
  readonly compositions: readonly number[];
  /** Numbers of sync samples, from 1. */
  readonly keys: readonly number[];
  /** Samples that lie one after another, and where the first lies in the mdat payload. */
  readonly chunks: readonly { readonly samples: number; readonly at: number }[];
}

const movieScale = 90_000;
/** Enabled, in the movie. */
const trackFlags = 3;

/** Makes the moov box; what describes the codecs is taken from the init segment as it is. `mdatAt` is the first byte of the mdat payload. */
export function filmTables(init: Buffer, tracks: readonly FilmTrack[], mdatAt: number): Buffer {
  const moov = findBox(init, ['moov']);
  const traks = moov === undefined ? [] : [...boxes(init, moov.payload, moov.end)].filter(({ type }) => type === 'trak');
  const made = tracks.map((track) => {
    const trak = traks.find((one) => idOf(init, one) === track.track.id);
    if (trak === undefined) throw new Error(`the init segment has no track ${track.track.id}`);
    return trackBox(init.subarray(trak.start, trak.end), track, mdatAt);
  });
  const seconds = Math.max(0, ...tracks.map((track) => track.startSeconds + mediaSeconds(track)));
  const header = fullBox('mvhd', 1, 0, uint32(0, 0, 0, 0, movieScale), ticks64(seconds * movieScale), uint32(0x10000), uint16(0x100, 0), uint32(0, 0), identityMatrix, uint32(0, 0, 0, 0, 0, 0, Math.max(...tracks.map(({ track }) => track.id)) + 1));
  return box('moov', header, ...made);
}

function idOf(init: Buffer, trak: { readonly payload: number; readonly end: number }): number {
  const tkhd = findBox(init, ['tkhd'], trak.payload, trak.end);
  return tkhd === undefined ? 0 : init.readUInt32BE(tkhd.payload + (init[tkhd.payload] === 1 ? 20 : 12));
}

function mediaSeconds({ durations, track }: FilmTrack): number {
  return durations.reduce((sum, duration) => sum + duration, 0) / track.timescale;
}

function trackBox(trak: Buffer, film: FilmTrack, mdatAt: number): Buffer {
  const copy = (...path: string[]): Buffer => {
    const found = findBox(trak, ['trak', ...path]);
    if (found === undefined) throw new Error(`the init segment has no ${path.join('/')}`);
    return trak.subarray(found.start, found.end);
  };
  const seconds = mediaSeconds(film);
  const video = film.track.handler === 'vide';
  // tkhd ends with two 16.16 numbers: the size of the picture.
  const size = copy('tkhd').subarray(-8);
  const header = fullBox('tkhd', 1, trackFlags, uint32(0, 0, 0, 0, film.track.id, 0), ticks64((film.startSeconds + seconds) * movieScale), uint32(0, 0), uint16(0, 0, video ? 0 : 0x100, 0), identityMatrix, size);
  const mediaHeader = fullBox('mdhd', 1, 0, uint32(0, 0, 0, 0, film.track.timescale), ticks64(seconds * film.track.timescale), uint16(0x55c4, 0));
  const media = box('minf', copy('mdia', 'minf', video ? 'vmhd' : 'smhd'), copy('mdia', 'minf', 'dinf'), sampleTable(copy('mdia', 'minf', 'stbl', 'stsd'), film, mdatAt));
  return box('trak', header, editList(film, seconds), box('mdia', mediaHeader, copy('mdia', 'hdlr'), media));
}

/** Where the track begins in the film: after an empty stretch, or with its first samples left out. Composition offsets do not shift it. */
function editList({ track, startSeconds, compositions }: FilmTrack, seconds: number): Buffer {
  const firstShown = compositions[0] ?? 0;
  const skipped = Math.max(0, -startSeconds);
  const edit = (durationSeconds: number, mediaTime: number): Buffer => Buffer.concat([ticks64(durationSeconds * movieScale), mediaTime < 0 ? uint32(0xffff_ffff, 0xffff_ffff) : ticks64(mediaTime), uint16(1, 0)]);
  const edits = [...(startSeconds > 0 ? [edit(startSeconds, -1)] : []), edit(seconds - skipped, Math.round(skipped * track.timescale) + firstShown)];
  return box('edts', fullBox('elst', 1, 0, uint32(edits.length), ...edits));
}

function sampleTable(stsd: Buffer, film: FilmTrack, mdatAt: number): Buffer {
  const { sizes, durations, compositions, keys, chunks } = film;
  const runs = (values: readonly number[]): Buffer[] => runLengths(values).map(([count, value]) => uint32(count, value));
  const times = runs(durations);
  const offsets = runs(compositions);
  const chunkRuns = chunks.flatMap(({ samples }, index) => (index > 0 && chunks[index - 1]?.samples === samples ? [] : [uint32(index + 1, samples, 1)]));
  return box(
    'stbl', stsd,
    fullBox('stts', 0, 0, uint32(times.length), ...times),
    ...(compositions.some((value) => value !== 0) ? [fullBox('ctts', compositions.some((value) => value < 0) ? 1 : 0, 0, uint32(offsets.length), ...offsets)] : []),
    ...(keys.length < sizes.length ? [fullBox('stss', 0, 0, uint32(keys.length), uint32(...keys))] : []),
    fullBox('stsc', 0, 0, uint32(chunkRuns.length), ...chunkRuns),
    fullBox('stsz', 0, 0, uint32(0, sizes.length), uint32(...sizes)),
    fullBox('co64', 0, 0, uint32(chunks.length), ...chunks.map(({ at }) => uint64(BigInt(mdatAt + at)))),
  );
}

function runLengths(values: readonly number[]): [count: number, value: number][] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else runs.push([1, value]);
  }
  return runs;
}

/** Ticks, in whole numbers. */
function ticks64(ticks: number): Buffer {
  return uint64(BigInt(Math.round(Math.max(0, ticks))));
}
