// Turns access units of one connection into runs and fragments: decides where fragments and runs begin, and keeps the clocks.
import { ByteArena } from '../../fmp4/byte-arena.ts';
import { fragmentHead, type TrackPart } from '../../fmp4/fragment-head.ts';
import { initSegment } from '../../fmp4/init-segment.ts';
import { SampleList } from '../../fmp4/sample-list.ts';
import type { SlabPool } from '../../fmp4/slab-pool.ts';
import { codecString, type H264TrackInfo, type TrackInfo } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestOptions } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import type { AacFormat, AudioSink } from './aac-depacketizer.ts';
import type { UnitTarget } from './access-unit-assembler.ts';
import { AudioTimeline } from './audio-timeline.ts';
import { DecodeClock } from './decode-clock.ts';
import { parseSequenceParameters, type ParameterSets } from './h264-parameter-sets.ts';
import type { MediaClock } from './media-clock.ts';
import { WallClock } from './wall-clock.ts';

/** What a run writer works with. */
export interface RunWriterOptions {
  readonly sink: FragmentSink;
  readonly pool: SlabPool;
  readonly ingest: IngestOptions;
  readonly sets: ParameterSets;
  readonly videoClock: MediaClock;
  readonly audioClock: MediaClock;
  readonly audio: AacFormat | undefined;
  /** Longest fragment, as of now. */
  readonly fragmentMs: () => number;
  /** RTP packets lost so far on the video track. */
  readonly lostPackets: () => number;
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
const longestStepTicks = 10_000 * ticksPerMs;
const deepestReorder = 4;
/** A picture larger than this is an attack or a fault: 64 MiB is beyond any level of H.264. */
const fragmentLimitBytes = 64 * 1024 * 1024;

/** Writes the runs of one connection. */
export class RunWriter implements UnitTarget, AudioSink {
  frames = 0;
  bytes = 0;
  readonly #options: RunWriterOptions;
  readonly #video: ByteArena;
  readonly #audio: ByteArena;
  readonly #videoSamples = new SampleList();
  readonly #audioSamples = new SampleList();
  #run: Run | undefined;
  #renew = false;
  #unitAt = 0;
  #unitTicks = 0;
  #unitComposition = 0;
  #unitKey = false;
  #previousPresentation: number | undefined;
  #shiftTicks = 0;
  #declaredDepth = 0;
  #detectedDepth = 0;
  #open = false;
  #lost = 0;

  constructor(options: RunWriterOptions) {
    this.#options = options;
    this.#video = new ByteArena(options.pool);
    this.#audio = new ByteArena(options.pool);
  }

  parametersChanged(): void {
    this.#renew = true;
  }

  openUnit(key: boolean, timestamp: number): ByteArena | undefined {
    const arrivalMs = this.#options.ingest.now();
    const presentation = this.#presentation(timestamp, arrivalMs);
    if (key && (this.#run === undefined || this.#renew || this.#run.wall.stepped)) this.#begin(presentation, arrivalMs);
    const run = this.#run;
    if (run === undefined) return undefined;
    const time = run.decode.next(presentation);
    run.wall.observe(time.decodeTicks / ticksPerMs, arrivalMs);
    if (run.lastTicks >= 0) run.frameTicks = Math.max(1, time.decodeTicks - run.lastTicks);
    this.#cut(run, key, time.decodeTicks);
    if (this.#video.length > fragmentLimitBytes) throw new IngestError('PROTOCOL', 'the camera sent a picture of more than 64 MiB');
    this.#unitAt = this.#video.length;
    this.#unitTicks = time.decodeTicks;
    this.#unitComposition = time.compositionTicks;
    this.#unitKey = key;
    this.#open = true;
    return this.#video;
  }

  closeUnit(): void {
    this.#open = false;
    const run = this.#run;
    const size = this.#video.length - this.#unitAt;
    if (run === undefined || size <= 0) return;
    this.#videoSamples.push(size, this.#unitTicks, this.#unitComposition, this.#unitKey);
    run.lastTicks = this.#unitTicks;
    this.frames += 1;
    this.bytes += size;
  }

  dropUnit(): void {
    this.#open = false;
    this.#video.truncate(this.#unitAt);
    // Without its keyframe a new run cannot be decoded: it waits for the next one.
    if (this.#videoSamples.count === 0 && this.#unitTicks === 0) this.#run = undefined;
  }

  audioUnit(buffer: Buffer, start: number, end: number, timestamp: number): void {
    const { audio, audioClock, ingest } = this.#options;
    const ticks = audioClock.unwrapper.unwrap(timestamp);
    audioClock.arrived(ticks, ingest.now());
    const timeline = this.#run?.audio;
    if (timeline === undefined || audio === undefined) return;
    const decode = timeline.place(ticks);
    if (decode === undefined) return;
    this.#audio.append(buffer, start, end);
    this.#audioSamples.push(end - start, decode, 0, true);
    this.bytes += end - start;
  }

  /** Delivers what is there; the connection is over. */
  finish(): void {
    const run = this.#run;
    if (this.#open) this.#video.truncate(this.#unitAt);
    this.#open = false;
    if (run !== undefined) this.#flush(run, run.lastTicks + run.frameTicks);
    this.#run = undefined;
    this.#video.clear();
    this.#audio.clear();
    this.#audioSamples.clear();
  }

  /** Timestamp without wrap and without jumps: a camera that sets its clock back or far ahead goes on with the next picture, and a new run at the next keyframe. */
  #presentation(timestamp: number, arrivalMs: number): number {
    const { videoClock } = this.#options;
    const ticks = videoClock.unwrapper.unwrap(timestamp);
    videoClock.arrived(ticks, arrivalMs);
    const before = this.#previousPresentation;
    const frame = this.#run?.frameTicks ?? firstGuessTicks;
    let shifted = ticks + this.#shiftTicks;
    const step = before === undefined ? 0 : shifted - before;
    const reordered = this.#depth() > 0 && step < 0 && step > -longestStepTicks / 10;
    if (this.#run !== undefined && before !== undefined && !reordered && (step <= 0 || step > longestStepTicks)) {
      if (step < 0 && step > -longestStepTicks / 10) this.#detectedDepth = Math.min(deepestReorder, this.#detectedDepth + 1);
      shifted = before + frame;
      this.#shiftTicks = shifted - ticks;
      this.#renew = true;
    }
    this.#previousPresentation = reordered ? Math.max(before ?? shifted, shifted) : shifted;
    return shifted;
  }

  #depth(): number {
    return Math.max(this.#declaredDepth, this.#detectedDepth);
  }

  #begin(presentation: number, arrivalMs: number): void {
    const { sets, audio, sink, audioClock, videoClock, ingest } = this.#options;
    const track = sets.complete ? videoTrack(sets) : undefined;
    if (track === undefined) return;
    const frame = this.#run?.frameTicks ?? firstGuessTicks;
    this.finish();
    this.#renew = false;
    this.#declaredDepth = Math.min(deepestReorder, track.depth);
    const decode = new DecodeClock(presentation, this.#depth(), frame);
    const tracks: TrackInfo[] = audio === undefined ? [track.info] : [track.info, audio.track];
    const timeline = audio && new AudioTimeline({ unitTicks: audio.unitTicks, audio: audioClock, video: videoClock, videoStart: presentation - this.#shiftTicks, leadMs: (this.#depth() * frame) / ticksPerMs });
    const run: Run = { decode, wall: new WallClock(arrivalMs), audio: timeline, sequence: 0, fragmentTicks: 0, fragmentStartMs: arrivalMs, lastTicks: -1, frameTicks: frame };
    this.#run = run;
    this.#lost = this.#options.lostPackets();
    const name = `${Math.round(arrivalMs).toString(36)}${Math.floor(ingest.random() * 36 ** 4).toString(36).padStart(4, '0')}`;
    sink.run({ run: name, tracks, init: initSegment(tracks), codecs: tracks.map(codecString).join(',') });
  }

  /** Ends the fragment before a keyframe, or before the next picture would make it too long. */
  #cut(run: Run, key: boolean, ticks: number): void {
    if (this.#videoSamples.count === 0) return;
    const length = ticks + run.frameTicks - run.fragmentTicks;
    if (key || length > this.#options.fragmentMs() * ticksPerMs + 1) this.#flush(run, ticks, key);
  }

  #flush(run: Run, endTicks: number, lastOfGroup = false): void {
    const samples = this.#videoSamples;
    if (samples.count === 0) return;
    run.sequence += 1;
    const audioPart = this.#audioSamples.count > 0 ? this.#audioPart(run) : undefined;
    const videoPart: TrackPart = { samples, endTicks, bytes: this.#video.length };
    const head = fragmentHead(run.sequence, videoPart, audioPart);
    const key = samples.keys[0] === 1;
    const frames = samples.count;
    const video = this.#video.take();
    const audio = this.#audio.take();
    const durationMs = (endTicks - run.fragmentTicks) / ticksPerMs;
    const startMs = run.fragmentStartMs;
    run.wall.settle(durationMs);
    const endMs = Math.max(startMs, run.wall.at(endTicks / ticksPerMs));
    run.fragmentStartMs = endMs;
    run.fragmentTicks = endTicks;
    samples.clear();
    this.#audioSamples.clear();
    const { sink, pool, videoClock, lostPackets } = this.#options;
    const lost = lostPackets() - this.#lost;
    this.#lost += lost;
    if (lost > 0) sink.missing({ startMs, endMs, cause: 'network', detail: `${lost} RTP packets lost` });
    const cameraOffsetMs = videoClock.cameraOffsetMs();
    void sink
      .fragment({
        sequence: run.sequence, key, startMs, endMs, durationMs, frames, lastOfGroup,
        chunks: [head, ...video.chunks, ...audio.chunks],
        bytes: head.length + video.bytes + audio.bytes,
        ...(cameraOffsetMs === undefined ? {} : { cameraOffsetMs }),
      })
      .then(() => {
        pool.give(video.slabs);
        pool.give(audio.slabs);
      });
  }

  #audioPart(run: Run): TrackPart {
    return { samples: this.#audioSamples, endTicks: run.audio?.nextTicks ?? 0, bytes: this.#audio.length };
  }
}

function videoTrack(sets: ParameterSets): { info: H264TrackInfo; depth: number } | undefined {
  const sps = sets.sps[0];
  const parameters = sps === undefined ? undefined : parseSequenceParameters(sps);
  // A parameter set that makes no sense to us may still make sense to a decoder (cameras do send odd ones): record with a nominal size.
  const { width, height, reorderFrames } = parameters ?? { width: 1920, height: 1080, reorderFrames: undefined };
  return { info: { kind: 'video', codec: 'h264', timescale: 90_000, width, height, sps: sets.sps, pps: sets.pps }, depth: reorderFrames ?? 0 };
}
