// A stretch of footage as a film: every sample bit for bit, a moov box at the start, who exported it, and a mark that traces the copy.
import { box, uint32 } from '../fmp4/box-writer.ts';
import { boxHeaderAt } from '../fmp4/box-reader.ts';
import { initTracks, type InitTrack } from '../fmp4/fragment-info.ts';
import { readFragmentSamples, type FragmentSample, type TrackSamples } from '../fmp4/fragment-samples.ts';
import type { PlannedFragment } from '../hls/playback-plan.ts';
import { readWhole } from '../media/read-range.ts';
import { filmTables, type FilmTrack } from './film-tables.ts';
import { markPlace, markUnit, type NalCodec } from './hidden-mark.ts';
import { surveillanceBoxes, type ExportStamp } from './surveillance-boxes.ts';

/** What a film is made of. */
export interface FilmOptions {
  readonly init: Buffer;
  /** Fragments of one run that follow each other without a hole; the first begins with a keyframe. */
  readonly fragments: readonly PlannedFragment[];
  readonly stamp: Omit<ExportStamp, 'startMs' | 'trackIds'>;
  /** Code of the hidden mark; absent for footage that its camera signed. */
  readonly mark?: Uint8Array;
}

/** A film that is made while it is read. */
export interface Film {
  readonly bytes: number;
  body(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Longest head of a fragment that is believed. */
const headLimitBytes = 4 * 1024 * 1024;

/** Reads the tables of all fragments and makes the film's own. Throws when a file is damaged. */
export async function makeFilm(options: FilmOptions, signal: AbortSignal): Promise<Film> {
  const { init, fragments, stamp, mark } = options;
  const tracks = initTracks(init);
  const codec: NalCodec = init.includes('hvcC') ? 'h265' : 'h264';
  const unit = mark === undefined ? undefined : markUnit(codec, mark);
  const plan = new FilmPlan(tracks, unit?.length ?? 0);
  for (const fragment of fragments) {
    signal.throwIfAborted();
    plan.add(await readHead(fragment, tracks, signal));
  }
  const films = plan.tracks();
  const front = Buffer.concat([box('ftyp', Buffer.from('isom'), uint32(512), Buffer.from('isomiso2mp41')), surveillanceBoxes({ ...stamp, startMs: fragments[0]?.startMs ?? 0, trackIds: films.map(({ track }) => track.id) })]);
  // The tables have the same length whatever the offsets in them are.
  const mdatAt = front.length + filmTables(init, films, 0).length + 16;
  const mdat = Buffer.alloc(16);
  mdat.writeUInt32BE(1);
  mdat.write('mdat', 4, 'latin1');
  mdat.writeBigUInt64BE(BigInt(plan.mdatBytes + 16), 8);
  const head = Buffer.concat([front, filmTables(init, films, mdatAt), mdat]);
  return {
    bytes: head.length + plan.mdatBytes,
    async *body(reading) {
      yield head;
      for (const fragment of fragments) {
        reading.throwIfAborted();
        const bytes = await readWhole(fragment, reading);
        const samples = readFragmentSamples(bytes, tracks);
        if (samples === undefined) throw damaged(fragment);
        for (const track of samples) yield Buffer.concat(track.samples.map((sample) => marked(bytes, sample, isVideo(tracks, track.id) ? unit : undefined, codec)));
      }
    },
  };
}

function marked(bytes: Buffer, { offset, size, key }: FragmentSample, unit: Buffer | undefined, codec: NalCodec): Buffer {
  const sample = bytes.subarray(offset, offset + size);
  if (unit === undefined || !key) return sample;
  const at = markPlace(codec, sample);
  return Buffer.concat([sample.subarray(0, at), unit, sample.subarray(at)]);
}

function isVideo(tracks: readonly InitTrack[], id: number): boolean {
  return tracks.find((track) => track.id === id)?.handler === 'vide';
}

/** A recording file does not hold what its index says. */
export class DamagedFootageError extends Error {
  override readonly name = 'DamagedFootageError';
}

function damaged({ path, offset }: PlannedFragment): DamagedFootageError {
  return new DamagedFootageError(`recording file ${path} is damaged at ${offset}`);
}

/** The sample table of a fragment, without its pictures. */
async function readHead(fragment: PlannedFragment, tracks: readonly InitTrack[], signal: AbortSignal): Promise<readonly TrackSamples[]> {
  const start = await readWhole({ ...fragment, length: Math.min(fragment.length, 16) }, signal);
  const moof = boxHeaderAt(start, 0);
  if (moof === undefined || moof.end > Math.min(headLimitBytes, fragment.length)) throw damaged(fragment);
  const head = await readWhole({ ...fragment, length: moof.end }, signal);
  // Samples are checked against the length of the whole fragment, which is not read now.
  const samples = readFragmentSamples(head, tracks, fragment.length);
  if (samples === undefined) throw damaged(fragment);
  return samples;
}

interface TrackPlan {
  readonly track: InitTrack;
  readonly firstTicks: number;
  readonly sizes: number[];
  readonly durations: number[];
  readonly compositions: number[];
  readonly keys: number[];
  readonly chunks: { samples: number; at: number }[];
}

/** Collects the tables of a film. */
class FilmPlan {
  mdatBytes = 0;
  readonly #tracks: readonly InitTrack[];
  readonly #markBytes: number;
  readonly #plans = new Map<number, TrackPlan>();

  constructor(tracks: readonly InitTrack[], marking: number) {
    this.#tracks = tracks;
    this.#markBytes = marking;
  }

  add(fragment: readonly TrackSamples[]): void {
    for (const { id, decodeTicks, samples } of fragment) {
      const track = this.#tracks.find((one) => one.id === id);
      if (track === undefined || samples.length === 0) continue;
      let plan = this.#plans.get(id);
      if (plan === undefined) this.#plans.set(id, (plan = { track, firstTicks: decodeTicks, sizes: [], durations: [], compositions: [], keys: [], chunks: [] }));
      plan.chunks.push({ samples: samples.length, at: this.mdatBytes });
      for (const sample of samples) {
        const size = sample.size + (track.handler === 'vide' && sample.key ? this.#markBytes : 0);
        plan.sizes.push(size);
        plan.durations.push(sample.durationTicks);
        plan.compositions.push(sample.compositionTicks);
        if (sample.key) plan.keys.push(plan.sizes.length);
        this.mdatBytes += size;
      }
    }
  }

  /** The picture begins the film; sound begins where it did beside it. */
  tracks(): readonly FilmTrack[] {
    const plans = [...this.#plans.values()].sort((left, right) => left.track.id - right.track.id);
    const main = plans.find(({ track }) => track.handler === 'vide') ?? plans[0];
    const zeroSeconds = main === undefined ? 0 : (main.firstTicks + (main.compositions[0] ?? 0)) / main.track.timescale;
    return plans.map(({ firstTicks, ...plan }) => ({ ...plan, startSeconds: plan.track === main?.track ? 0 : firstTicks / plan.track.timescale - zeroSeconds }));
  }
}
