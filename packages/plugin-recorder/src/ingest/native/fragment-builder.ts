// Collects the samples of a run and delivers them as fragments; keeps account of the memory that one camera holds.
import { ByteArena } from '../../fmp4/byte-arena.ts';
import { fragmentHead, type TrackPart } from '../../fmp4/fragment-head.ts';
import { SampleList } from '../../fmp4/sample-list.ts';
import type { SlabPool } from '../../fmp4/slab-pool.ts';
import type { FragmentSink } from '../ingest-engine.ts';

/** Where a fragment lies. */
export interface FragmentSpan {
  readonly sequence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
  /** A keyframe follows. */
  readonly lastOfGroup: boolean;
  readonly cameraSigned: boolean;
  readonly cameraOffsetMs: number | undefined;
  /** Decode times at which the next sample of each track starts. */
  readonly videoEndTicks: number;
  readonly audioEndTicks: number;
}

/** Pictures in a fragment; only timestamps that make no sense give more. */
const pictureLimit = 1_000;
/** Sound in a fragment: ten seconds of stereo PCM at 48 kHz. What comes without pictures beyond that is left out. */
const audioLimitBytes = 2 * 1024 * 1024;
const audioLimitUnits = 20_000;

/** Builds the fragments of one connection. */
export class FragmentBuilder {
  readonly video: ByteArena;
  /** Units of sound that were left out since the last fragment. */
  audioLeftOut = 0;
  readonly #sink: FragmentSink;
  readonly #pool: SlabPool;
  readonly #fragmentLimit: number;
  readonly #audio: ByteArena;
  readonly #videoSamples = new SampleList();
  readonly #audioSamples = new SampleList();
  #waitingBytes = 0;

  /** @param fragmentLimitBytes - a fragment that is larger ends early */
  constructor(sink: FragmentSink, pool: SlabPool, fragmentLimitBytes: number) {
    this.#sink = sink;
    this.#pool = pool;
    this.#fragmentLimit = fragmentLimitBytes;
    this.video = new ByteArena(pool);
    this.#audio = new ByteArena(pool);
  }

  /** Bytes that were delivered and that the sink still holds. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Bytes that were not delivered yet. */
  get heldBytes(): number {
    return this.video.length + this.#audio.length;
  }

  /** Pictures since the last fragment. */
  get pictures(): number {
    return this.#videoSamples.count;
  }

  /** True when the fragment must end, whatever its length in time. */
  get full(): boolean {
    return this.video.length > this.#fragmentLimit || this.#videoSamples.count >= pictureLimit;
  }

  addPicture(bytes: number, decodeTicks: number, compositionTicks: number, key: boolean): void {
    this.#videoSamples.push(bytes, decodeTicks, compositionTicks, key);
  }

  /** @returns false when there is no room for it */
  addSound(buffer: Buffer, start: number, end: number, decodeTicks: number): boolean {
    if (this.#audio.length + end - start > audioLimitBytes || this.#audioSamples.count >= audioLimitUnits) {
      this.audioLeftOut += 1;
      return false;
    }
    this.#audio.append(buffer, start, end);
    this.#audioSamples.push(end - start, decodeTicks, 0, true);
    return true;
  }

  /** Delivers what is there as one fragment. */
  deliver(span: FragmentSpan): void {
    const samples = this.#videoSamples;
    const sound = this.#audioSamples;
    const audioPart: TrackPart | undefined = sound.count > 0 ? { samples: sound, endTicks: span.audioEndTicks, bytes: this.#audio.length } : undefined;
    const head = fragmentHead(span.sequence, { samples, endTicks: span.videoEndTicks, bytes: this.video.length }, audioPart);
    const key = samples.keys[0] === 1;
    const frames = samples.count;
    const video = this.video.take();
    const audio = this.#audio.take();
    samples.clear();
    sound.clear();
    const bytes = head.length + video.bytes + audio.bytes;
    const { sequence, startMs, endMs, durationMs, lastOfGroup, cameraSigned, cameraOffsetMs } = span;
    this.#waitingBytes += bytes;
    void this.#sink
      .fragment({ sequence, key, startMs, endMs, durationMs, frames, lastOfGroup, bytes, ...(cameraSigned && { cameraSigned }), chunks: [head, ...video.chunks, ...audio.chunks], ...(cameraOffsetMs === undefined ? {} : { cameraOffsetMs }) })
      .then(() => {
        this.#waitingBytes -= bytes;
        this.#pool.give(video.slabs);
        this.#pool.give(audio.slabs);
      });
  }

  /** Forgets everything that was not delivered. */
  clear(): void {
    this.video.clear();
    this.#audio.clear();
    this.#videoSamples.clear();
    this.#audioSamples.clear();
  }
}
