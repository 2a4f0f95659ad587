// Turns access units of one connection into runs and fragments: decides where fragments and runs begin, and keeps the clocks.
import type { ByteArena } from '../../fmp4/byte-arena.ts';
import { initSegment } from '../../fmp4/init-segment.ts';
import type { SlabPool } from '../../fmp4/slab-pool.ts';
import { codecString, type AudioTrackInfo, type TrackInfo } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestOptions, IngestWarning, Interruption } from '../ingest-engine.ts';
import type { AudioSink } from './audio/audio-format.ts';
import { AudioTimeline } from './audio/audio-timeline.ts';
import { FragmentBuilder } from './fragment-builder.ts';
import type { MediaClock } from './media-clock.ts';
import type { PictureKind, UnitTarget } from './video/access-unit-assembler.ts';
import { DecodeClock } from './video/decode-clock.ts';
import type { ParameterSets } from './video/parameter-sets.ts';
import { PresentationClock } from './video/presentation-clock.ts';
import type { VideoCodec } from './video/video-codec.ts';
import { WallClock } from './wall-clock.ts';

/** What a run writer works with. */
export interface RunWriterOptions {
  readonly sink: FragmentSink;
  readonly pool: SlabPool;
  readonly ingest: IngestOptions;
  readonly codec: VideoCodec;
  readonly sets: ParameterSets;
  readonly videoClock: MediaClock;
  readonly audioClock: MediaClock;
  readonly audio: AudioTrackInfo | undefined;
  /** Longest fragment, as of now. */
  readonly fragmentMs: () => number;
  /** RTP packets lost so far on the video track. */
  readonly lostPackets: () => number;
  /** Something that people should know while recording goes on. */
  readonly warn: (warning: IngestWarning) => void;
}

interface Run {
  readonly decode: DecodeClock;
  readonly wall: WallClock;
  readonly audio: AudioTimeline | undefined;
  sequence: number;
  fragmentTicks: number;
  fragmentStartMs: number;
  lastTicks: number;
  frameTicks: number;
}

const ticksPerMs = 90;
const firstGuessTicks = 3600;
/** Files begin at keyframes: beyond this they grow long, and a reconnection costs as much. */
export const rareKeyframeMs = 15_000;

/** Writes the runs of one connection. */
export class RunWriter implements UnitTarget, AudioSink {
  frames = 0;
  bytes = 0;
  readonly #options: RunWriterOptions;
  readonly #builder: FragmentBuilder;
  readonly #presentation: PresentationClock;
  #run: Run | undefined;
  #renew = false;
  #signed = false;
  /** The key picture that began the run is the newest one: pictures that refer back over it cannot be decoded. */
  #leadingLost = false;
  #unitAt = 0;
  #unitTicks = 0;
  #unitComposition = 0;
  #unitKey = false;
  #open = false;
  #lost = 0;
  #leftOut = 0;
  #keyMs: number | undefined;
  #told = false;

  constructor(options: RunWriterOptions) {
    this.#options = options;
    this.#builder = new FragmentBuilder(options.sink, options.pool, options.ingest.memory.unitBytes);
    this.#presentation = new PresentationClock(options.videoClock);
  }

  /** Bytes of pictures and sound that were not delivered yet. */
  get heldBytes(): number {
    return this.#builder.heldBytes;
  }

  parametersChanged(): void {
    this.#renew = true;
  }

  signed(): void {
    this.#signed = true;
  }

  openUnit(kind: PictureKind, timestamp: number): ByteArena | undefined {
    const arrivalMs = this.#options.ingest.now();
    const key = kind === 'key';
    if (key) this.#keyframe(arrivalMs);
    else if (kind === 'leading' && this.#leadingLost) return undefined;
    else this.#awaitKeyframe(arrivalMs);
    const presentation = this.#presentation.next(timestamp, arrivalMs, this.#run?.frameTicks ?? firstGuessTicks, this.#run !== undefined);
    if (this.#presentation.takeJump()) this.#renew = true;
    this.#limitWaiting();
    if (key && (this.#run === undefined || this.#renew || this.#run.wall.stepped)) this.#begin(presentation, arrivalMs);
    const run = this.#run;
    if (run === undefined) return undefined;
    const time = run.decode.next(presentation);
    run.wall.observe(time.decodeTicks / ticksPerMs, arrivalMs);
    if (run.lastTicks >= 0) run.frameTicks = Math.max(1, time.decodeTicks - run.lastTicks);
    this.#cut(run, key, time.decodeTicks);
    const arena = this.#builder.video;
    this.#unitAt = arena.length;
    this.#unitTicks = time.decodeTicks;
    this.#unitComposition = time.compositionTicks;
    this.#unitKey = key;
    this.#open = true;
    return arena;
  }

  closeUnit(): void {
    this.#open = false;
    const run = this.#run;
    const size = this.#builder.video.length - this.#unitAt;
    if (run === undefined || size <= 0) return;
    this.#builder.addPicture(size, this.#unitTicks, this.#unitComposition, this.#unitKey);
    run.lastTicks = this.#unitTicks;
    this.frames += 1;
    this.bytes += size;
  }

  dropUnit(): void {
    this.#open = false;
    this.#builder.video.truncate(this.#unitAt);
    // Without its keyframe a new run cannot be decoded: it waits for the next one.
    if (this.#builder.pictures === 0 && this.#unitTicks === 0) this.#run = undefined;
  }

  oversizedUnit(): void {
    this.#dropGroup({ cause: 'camera', detail: `a picture of more than ${this.#options.ingest.memory.unitBytes} bytes was dropped, and what follows it up to the next keyframe` });
  }

  leftOut(): void {
    this.#leftOut += 1;
  }

  audioUnit(buffer: Buffer, start: number, end: number, timestamp: number, ticks: number): void {
    const { audioClock, ingest } = this.#options;
    const unwrapped = audioClock.unwrapper.unwrap(timestamp);
    audioClock.arrived(unwrapped, ingest.now());
    const decode = this.#run?.audio?.place(unwrapped, ticks);
    if (decode !== undefined && this.#builder.addSound(buffer, start, end, decode)) this.bytes += end - start;
  }

  /** Delivers what is there; the connection, or its run, is over. */
  finish(): void {
    const run = this.#run;
    if (this.#open) this.#builder.video.truncate(this.#unitAt);
    this.#open = false;
    if (run !== undefined) this.#flush(run, run.lastTicks + run.frameTicks);
    this.#run = undefined;
    this.#builder.clear();
  }

  /** Memory is bounded: what cannot be kept goes up to the next keyframe, since it cannot be decoded in part, and is told. */
  #dropGroup(interruption: Interruption): void {
    if (this.#run === undefined) return;
    this.finish();
    this.#options.sink.interrupted(interruption);
  }

  #limitWaiting(): void {
    const limit = this.#options.ingest.memory.waitingBytes;
    if (this.#builder.waitingBytes <= limit) return;
    this.#dropGroup({ cause: 'recorder', detail: `${Math.round(this.#builder.waitingBytes / 1024)} KiB of fragments wait to be stored; pictures were dropped up to a keyframe after that` });
  }

  #keyframe(arrivalMs: number): void {
    this.#awaitKeyframe(arrivalMs);
    this.#keyMs = arrivalMs;
    this.#leadingLost = false;
  }

  /** Smart codecs send a keyframe every few minutes only. */
  #awaitKeyframe(arrivalMs: number): void {
    this.#keyMs ??= arrivalMs;
    if (this.#told || arrivalMs - this.#keyMs < rareKeyframeMs) return;
    this.#told = true;
    const detail = this.#run === undefined ? 'nothing can be recorded before the first one' : 'files grow long, and after a reconnection nothing is recorded until the next one';
    this.#options.warn({ code: 'KEYFRAMES_RARE', message: `the camera sent no keyframe for ${Math.round((arrivalMs - this.#keyMs) / 1000)} s, so ${detail}; set its keyframe interval to 2 s and switch smart coding (H.264+, H.265+) off` });
  }

  #begin(presentation: number, arrivalMs: number): void {
    const { codec, sets, audio, sink, audioClock, videoClock, ingest } = this.#options;
    const description = codec.describe(sets);
    if (description === undefined || this.#builder.waitingBytes > ingest.memory.waitingBytes / 2) return;
    const frame = this.#run?.frameTicks ?? firstGuessTicks;
    this.finish();
    this.#renew = false;
    this.#leadingLost = true;
    this.#presentation.declare(description.reorderDepth);
    const { depth, shiftTicks } = this.#presentation;
    const tracks: TrackInfo[] = audio === undefined ? [description.track] : [description.track, audio];
    const timeline = audio && new AudioTimeline({ audio: audioClock, video: videoClock, videoStart: presentation - shiftTicks, leadMs: (depth * frame) / ticksPerMs });
    this.#run = { decode: new DecodeClock(presentation, depth, frame), wall: new WallClock(arrivalMs), audio: timeline, sequence: 0, fragmentTicks: 0, fragmentStartMs: arrivalMs, lastTicks: -1, frameTicks: frame };
    this.#lost = this.#options.lostPackets();
    const name = `${Math.round(arrivalMs).toString(36)}${Math.floor(ingest.random() * 36 ** 4).toString(36).padStart(4, '0')}`;
    sink.run({ run: name, tracks, init: initSegment(tracks), codecs: tracks.map(codecString).join(',') });
  }

  /** Ends the fragment before a keyframe, or before the next picture would make it too long. */
  #cut(run: Run, key: boolean, ticks: number): void {
    if (this.#builder.pictures === 0) return;
    const length = ticks + run.frameTicks - run.fragmentTicks;
    if (key || this.#builder.full || length > this.#options.fragmentMs() * ticksPerMs + 1) this.#flush(run, ticks, key);
  }

  #flush(run: Run, endTicks: number, lastOfGroup = false): void {
    if (this.#builder.pictures === 0) return;
    run.sequence += 1;
    const durationMs = (endTicks - run.fragmentTicks) / ticksPerMs;
    const startMs = run.fragmentStartMs;
    run.wall.settle(durationMs);
    const endMs = Math.max(startMs, run.wall.at(endTicks / ticksPerMs));
    run.fragmentStartMs = endMs;
    run.fragmentTicks = endTicks;
    this.#tellLosses(startMs, endMs);
    const cameraOffsetMs = this.#options.videoClock.cameraOffsetMs();
    this.#builder.deliver({ sequence: run.sequence, startMs, endMs, durationMs, lastOfGroup, cameraSigned: this.#signed, cameraOffsetMs, videoEndTicks: endTicks, audioEndTicks: run.audio?.nextTicks ?? 0 });
  }

  #tellLosses(startMs: number, endMs: number): void {
    const { sink, lostPackets } = this.#options;
    const lost = lostPackets() - this.#lost;
    this.#lost += lost;
    if (lost > 0) sink.missing({ startMs, endMs, cause: 'network', detail: `${lost} RTP packets lost` });
    const { audioLeftOut } = this.#builder;
    if (this.#leftOut > 0) sink.missing({ startMs, endMs, cause: 'camera', detail: `${this.#leftOut} oversized messages beside the pictures were left out` });
    if (audioLeftOut > 0) sink.missing({ startMs, endMs, cause: 'camera', detail: `${audioLeftOut} units of sound came without pictures and were left out` });
    this.#leftOut = 0;
    this.#builder.audioLeftOut = 0;
  }
}
