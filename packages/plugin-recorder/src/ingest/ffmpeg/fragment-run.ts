// Gives the fragments of ffmpeg what a run needs: a name, wall-clock times without holes, and bounded memory.
import { boxes, findBox } from '../../fmp4/box-reader.ts';
import { fragmentTracks, initTracks, type InitTrack } from '../../fmp4/fragment-info.ts';
import { describeInit } from '../../fmp4/init-description.ts';
import { mainTrack } from '../../fmp4/scan-file.ts';
import { codecString } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestOptions, RunStart } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import { WallClock } from '../native/wall-clock.ts';
import type { BoxTarget } from './box-splitter.ts';

/** What a run works with. */
export interface FragmentRunOptions {
  readonly sink: FragmentSink;
  readonly ingest: IngestOptions;
  /** The first run has begun. */
  readonly playing: () => void;
  /** RTP packets lost so far. */
  readonly lostPackets: () => number;
}

interface Arrived {
  readonly chunks: readonly Buffer[];
  readonly bytes: number;
  readonly frames: number;
  readonly key: boolean;
  /** Media time, in milliseconds of the track's clock. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly arrivalMs: number;
}

interface Run {
  readonly wall: WallClock;
  sequence: number;
  mediaMs: number;
  endMs: number;
}

/** A stream that begins with a burst of what ffmpeg gathered to look at it: its pace shows after that, at the latest after this. */
const burstLimitMs = 2_000;
/** Media time that jumps by more than this is another clock. */
const jumpMs = 1_000;

/** Delivers the fragments of one process. */
export class FragmentRun implements BoxTarget {
  frames = 0;
  bytes = 0;
  readonly #options: FragmentRunOptions;
  #init: Buffer = Buffer.alloc(0);
  #tracks: readonly InitTrack[] = [];
  /** Codecs, for people. */
  #described = '';
  #start: Omit<RunStart, 'run'> | undefined;
  #run: Run | undefined;
  /** Fragments of the burst. */
  #held: Arrived[] = [];
  #heldBytes = 0;
  #waitingBytes = 0;
  #playing = false;
  #lost = 0;

  constructor(options: FragmentRunOptions) {
    this.#options = options;
  }

  init(bytes: Buffer): void {
    const described = describeInit(bytes);
    const tracks = described.filter((track) => typeof track !== 'string');
    const video = tracks.find((track) => track.kind === 'video');
    this.#tracks = initTracks(bytes);
    this.#init = named(bytes);
    this.#described = described.map((track) => (typeof track === 'string' ? track : track.codec)).join(', ');
    this.#start = video === undefined || tracks.length < described.length ? undefined : { tracks, init: this.#init, codecs: tracks.map(codecString).join(',') };
  }

  fragment(moof: Buffer, mdat: readonly Buffer[], bytes: number): void {
    if (this.#start === undefined) return;
    const [view] = boxes(moof);
    const main = mainTrack(this.#tracks);
    const parts = view && fragmentTracks(moof, view, this.#tracks);
    if (parts === undefined || main === undefined) throw new IngestError('PROTOCOL', 'ffmpeg wrote a damaged fragment');
    const part = parts.find(({ id }) => id === main.id);
    // Sound alone, between two pictures that are far apart, would be a fragment without a picture: it has no place of its own.
    if (part === undefined || part.samples === 0) return;
    const fromMs = (part.decodeTicks / main.timescale) * 1000;
    this.#arrived({ chunks: [moof, ...mdat], bytes, frames: part.samples, key: part.key, fromMs, toMs: fromMs + (part.durationTicks / main.timescale) * 1000, arrivalMs: this.#options.ingest.now() });
  }

  /** Tracks that ffmpeg wrote and that cannot be recorded: not a failure yet, since it may just be saying what it needs in order to do better. */
  get unrecordable(): string | undefined {
    return this.#start === undefined && this.#described !== '' ? this.#described : undefined;
  }

  /** Delivers what is held back; the process is gone. */
  finish(): void {
    this.#release();
    this.#run = undefined;
  }

  #arrived(fragment: Arrived): void {
    if (this.#run !== undefined) {
      this.#deliver(fragment);
      return;
    }
    if (this.#held.length === 0 && !fragment.key) return;
    const before = this.#held.at(-1);
    this.#held.push(fragment);
    this.#heldBytes += fragment.bytes;
    const paced = before !== undefined && fragment.arrivalMs - before.arrivalMs >= (fragment.toMs - fragment.fromMs) / 2;
    const waitedMs = fragment.arrivalMs - (this.#held[0]?.arrivalMs ?? 0);
    if (paced || waitedMs >= burstLimitMs || this.#heldBytes > this.#options.ingest.memory.unitBytes) this.#release();
  }

  /** Begins a run with what is held: the earliest of all arrivals tells the time. */
  #release(): void {
    const held = this.#held;
    const [first] = held;
    this.#held = [];
    this.#heldBytes = 0;
    if (first === undefined) return;
    // A fragment is complete when the picture after it has arrived.
    const offsetMs = Math.min(...held.map(({ arrivalMs, toMs }) => arrivalMs - toMs));
    this.#begin(first, new WallClock(offsetMs));
    for (const fragment of held) this.#deliver(fragment);
  }

  #begin(first: Arrived, wall: WallClock): void {
    const { sink, ingest, playing } = this.#options;
    if (this.#start === undefined) return;
    const startMs = wall.at(first.fromMs);
    this.#run = { wall, sequence: 0, mediaMs: first.fromMs, endMs: startMs };
    if (!this.#playing) playing();
    this.#playing = true;
    const run = `${Math.round(startMs).toString(36)}${Math.floor(ingest.random() * 36 ** 4).toString(36).padStart(4, '0')}`;
    sink.run({ ...this.#start, run });
  }

  #deliver(fragment: Arrived): void {
    const run = this.#run;
    if (run === undefined) return;
    if (Math.abs(fragment.fromMs - run.mediaMs) > jumpMs || (fragment.key && run.wall.stepped)) return this.#renew(fragment);
    if (this.#waitingBytes > this.#options.ingest.memory.waitingBytes) return this.#drop();
    run.sequence += 1;
    const startMs = run.endMs;
    run.wall.observe(fragment.toMs, fragment.arrivalMs);
    run.wall.settle(fragment.toMs - run.mediaMs);
    const endMs = Math.max(startMs, run.wall.at(fragment.toMs));
    const durationMs = fragment.toMs - run.mediaMs;
    Object.assign(run, { mediaMs: fragment.toMs, endMs });
    this.#tellLosses(startMs, endMs);
    const { chunks, bytes, frames, key } = fragment;
    this.frames += frames;
    this.bytes += bytes;
    this.#waitingBytes += bytes;
    void this.#options.sink.fragment({ sequence: run.sequence, key, startMs, endMs, durationMs, chunks, bytes, frames }).then(() => {
      this.#waitingBytes -= bytes;
    });
  }

  #tellLosses(startMs: number, endMs: number): void {
    const lost = this.#options.lostPackets() - this.#lost;
    this.#lost += lost;
    if (lost > 0) this.#options.sink.missing({ startMs, endMs, cause: 'network', detail: `${lost} RTP packets lost` });
  }

  /** Another clock: what is told about times begins anew, with a keyframe. */
  #renew(fragment: Arrived): void {
    this.#run = undefined;
    this.#arrived(fragment);
  }

  /** Memory is bounded: what cannot be kept goes up to the next keyframe, and is told. */
  #drop(): void {
    this.#run = undefined;
    this.#options.sink.interrupted({ cause: 'recorder', detail: `${Math.round(this.#waitingBytes / 1024)} KiB of fragments wait to be stored; pictures were dropped up to a keyframe after that` });
  }
}

/** ffmpeg calls H.265 `hev1`; players know it as `hvc1`, and some refuse the other. */
function named(init: Buffer): Buffer {
  const moov = findBox(init, ['moov']);
  if (moov === undefined) return init;
  for (const trak of boxes(init, moov.payload, moov.end)) {
    const table = trak.type === 'trak' ? findBox(init, ['mdia', 'minf', 'stbl', 'stsd'], trak.payload, trak.end) : undefined;
    if (table !== undefined && init.toString('latin1', table.payload + 12, table.payload + 16) === 'hev1') init.write('hvc1', table.payload + 12, 'latin1');
  }
  return init;
}
