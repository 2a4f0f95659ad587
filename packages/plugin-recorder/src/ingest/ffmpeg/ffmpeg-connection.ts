// One connection to a camera through ffmpeg: starts it, learns from what it says, and takes its fragments until it ends.
import { Readable } from 'node:stream';
import { ffmpegCommand, type FfmpegProgram } from '../../ffmpeg/ffmpeg-program.ts';
import { FfmpegProcess } from '../../ffmpeg/ffmpeg-process.ts';
import type { FragmentSink, IngestOptions, IngestSource } from '../ingest-engine.ts';
import { IngestError, toIngestError } from '../ingest-error.ts';
import { SilenceWatch } from '../native/silence-watch.ts';
import type { ConnectionCounters, IngestConnection } from '../reconnecting-session.ts';
import { BoxSplitter } from './box-splitter.ts';
import { codecArguments, differs, fragmentArguments, learn, type EncodePlan } from './encode-plan.ts';
import { ffmpegFailure } from './ffmpeg-failure.ts';
import { ffmpegInput, hasNoClock, type FfmpegInput } from './ffmpeg-input.ts';
import { FragmentRun } from './fragment-run.ts';

/** What a connection works with. */
export interface FfmpegConnectionOptions {
  readonly source: IngestSource;
  readonly sink: FragmentSink;
  readonly ingest: IngestOptions;
  /** Throws `FFMPEG_MISSING`. */
  readonly program: () => Promise<FfmpegProgram>;
  readonly filesFolder: string | undefined;
  /** What connections learned about the camera. */
  readonly memory: { plan: EncodePlan };
}

/** ffmpeg looks at a stream for up to five seconds before it writes. */
const lookMs = 10_000;
/** Times that ffmpeg is started anew because of what it said. */
const startLimit = 4;
const keptLines = 20;
const lostPackets = /RTP: missed (\d+) packets/;

/** Receives until it fails. */
export class FfmpegConnection implements IngestConnection {
  readonly #options: FfmpegConnectionOptions;
  readonly #run: FragmentRun;
  #onPlaying: () => void = () => {};
  #plan: EncodePlan;
  #process: FfmpegProcess | undefined;
  #watch: SilenceWatch | undefined;
  #problem: IngestError | undefined;
  #lines: string[] = [];
  #playing = false;
  #fragments = 0;
  #lost = 0;

  constructor(options: FfmpegConnectionOptions) {
    this.#options = options;
    this.#plan = options.memory.plan;
    const { sink, ingest } = options;
    this.#run = new FragmentRun({ sink, ingest, playing: () => this.#begin(), lostPackets: () => this.#lost });
  }

  /** Footage comes as ffmpeg cuts it. */
  setPace(): void {}

  counters(): ConnectionCounters {
    return { frames: this.#run.frames, bytes: this.#run.bytes, packets: 0, lost: this.#lost, malformed: 0 };
  }

  async receive(onPlaying: () => void): Promise<never> {
    this.#onPlaying = onPlaying;
    const program = await this.#options.program();
    for (let starts = 1; ; starts += 1) {
      const used = { ...this.#plan, videoCodec: undefined, audioCodec: undefined };
      this.#plan = used;
      this.#lines = [];
      await this.#once(program, used);
      if (this.#problem !== undefined) throw this.#problem;
      this.#options.memory.plan = this.#plan;
      if (this.#playing || !differs(used, this.#plan) || starts === startLimit) throw this.#unrecordable() ?? ffmpegFailure(this.#lines, this.#playing);
    }
  }

  async stop(): Promise<void> {
    this.#fail(new IngestError('STOPPED', 'recording was stopped'));
    await this.#process?.ended;
  }

  /** One life of ffmpeg. */
  async #once(program: FfmpegProgram, plan: EncodePlan): Promise<void> {
    const { source, ingest, filesFolder } = this.#options;
    const codecs = codecArguments(plan, program);
    if (codecs === undefined) throw new IngestError('UNSUPPORTED_CODEC', `the camera's picture must be encoded as H.264, and ffmpeg ${program.version} has no encoder for it`);
    const input = await ffmpegInput({ source, ingest, filesFolder, arrivalTimes: plan.arrivalTimes });
    if (this.#problem !== undefined) return;
    const command = ffmpegCommand(program, input.file ?? Readable.from([input.script ?? '']), ['-loglevel', 'info', ...input.inputOptions])
      .outputOptions('-map', '0:v:0', '-map', '0:a:0?', ...codecs, ...fragmentArguments(plan, ingest.fragmentMs));
    const splitter = new BoxSplitter(this.#run, ingest.memory.unitBytes);
    const process = new FfmpegProcess({ command, take: (chunk) => this.#take(splitter, chunk), line: (line) => this.#line(line, input) });
    this.#process = process;
    const firstMs = ingest.connectMs + ingest.requestMs + lookMs;
    const first = setTimeout(() => {
      if (!this.#playing) this.#fail(this.#unrecordable() ?? new IngestError('TIMEOUT', `the camera sent no picture for ${Math.round(firstMs / 1000)} s`));
    }, firstMs);
    await process.ended;
    clearTimeout(first);
    this.#watch?.stop();
    this.#guard(() => this.#run.finish());
  }

  #take(splitter: BoxSplitter, chunk: Buffer): void {
    this.#fragments += 1;
    // What comes after a failure was not asked for; after a stop, it is the last fragment.
    if (this.#problem === undefined || this.#problem.code === 'STOPPED') this.#guard(() => splitter.push(chunk));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(toIngestError(error));
    }
  }

  #line(line: string, { redact }: FfmpegInput): void {
    this.#lost += Number(lostPackets.exec(line)?.[1] ?? 0);
    this.#lines.push(redact(line));
    if (this.#lines.length > keptLines) this.#lines.shift();
    if (this.#playing) return;
    const before = this.#plan;
    this.#plan = learn(before, line, hasNoClock(this.#options.source));
    if (differs(before, this.#plan)) this.#process?.stop();
  }

  #begin(): void {
    const { sink, ingest } = this.#options;
    this.#playing = true;
    this.#onPlaying();
    if (this.#plan.video === 'encode') {
      const message = `the camera sends ${this.#plan.videoCodec ?? 'a codec'} that is encoded as H.264 for the recording, which costs processor time and is not what the camera sent bit for bit; set it to H.264 or H.265 where it can`;
      sink.status({ state: 'recording', warnings: [{ code: 'PICTURE_ENCODED', message }] });
    }
    this.#watch = new SilenceWatch({
      silenceMs: Math.max(ingest.silenceMs, ingest.fragmentMs * 3), pictures: () => this.#fragments, life: () => 0,
      silent: (quietMs) => this.#fail(new IngestError('TIMEOUT', `the camera sent no picture for ${Math.round(quietMs / 1000)} s`)),
    });
  }

  #unrecordable(): IngestError | undefined {
    const tracks = this.#run.unrecordable;
    return tracks === undefined ? undefined : new IngestError('UNSUPPORTED_CODEC', `ffmpeg wrote tracks that cannot be recorded (${tracks})`);
  }

  /** The first reason counts. */
  #fail(problem: IngestError): void {
    this.#problem ??= problem;
    this.#process?.stop();
  }
}
