// One connection to a camera from OPTIONS to its end: wires packets to depacketizers and watches for silence.
import type { SlabPool } from '../../fmp4/slab-pool.ts';
import type { TrackInfo } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestOptions, IngestPace, IngestSource, IngestWarning } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import { chooseMedia, type ChosenMedia } from './choose-media.ts';
import { MediaClock } from './media-clock.ts';
import { RtpReceiver } from './rtp/rtp-receiver.ts';
import { parseSenderReport } from './rtp/sender-report.ts';
import { parseRtspAddress } from './rtsp/rtsp-address.ts';
import { RtspClient, type Channels, type Description } from './rtsp/rtsp-client.ts';
import { RtspConnection } from './rtsp/rtsp-connection.ts';
import type { DrainTick } from './rtsp/drain-tick.ts';
import { RunWriter } from './run-writer.ts';
import { AccessUnitAssembler } from './video/access-unit-assembler.ts';
import { nominalSize } from './video/video-codec.ts';

/** What all cameras of a process share. */
export interface SharedResources {
  readonly pool: SlabPool;
  readonly tick: DrainTick;
}

/** Malformed packets in a row that no camera sends by accident. */
const malformedLimit = 50;

/** Receives until it fails. */
export class NativeConnection {
  readonly #options: IngestOptions;
  readonly #sink: FragmentSink;
  readonly #shared: SharedResources;
  #connection: RtspConnection | undefined;
  #client: RtspClient | undefined;
  #writer: RunWriter | undefined;
  #video: { readonly receiver: RtpReceiver; readonly clock: MediaClock; readonly channels: Channels } | undefined;
  #audio: { readonly receiver: RtpReceiver; readonly clock: MediaClock; readonly channels: Channels } | undefined;
  #pace: IngestPace;
  #warnings: readonly IngestWarning[] = [];
  #activity = 0;
  #malformed = 0;

  constructor(sink: FragmentSink, options: IngestOptions, shared: SharedResources) {
    this.#sink = sink;
    this.#options = options;
    this.#shared = shared;
    this.#pace = { fragmentMs: options.fragmentMs, prompt: false };
  }

  /** Holds from the next fragment on. */
  setPace(pace: IngestPace): void {
    this.#pace = pace;
    this.#connection?.setPrompt(pace.prompt);
  }

  /** Connects, plays and receives; always ends with an {@link IngestError}. */
  async receive(source: IngestSource, onPlaying: () => void): Promise<never> {
    try {
      const { connection, client, description, media } = await this.#describe(source);
      this.#prepare(media);
      await this.#setup(client, description, media);
      await client.play();
      this.#connection?.setPrompt(this.#pace.prompt);
      onPlaying();
      for (const warning of media.warnings) this.#warn(warning);
      await this.#watch(connection);
      return await connection.closed;
    } finally {
      this.#client?.release();
      this.#writer?.finish();
      this.#connection?.fail(new IngestError('STOPPED', 'the connection is over'));
    }
  }

  /** Reads what the camera offers. */
  async probe(source: IngestSource): Promise<readonly TrackInfo[]> {
    try {
      const { media } = await this.#describe(source);
      const found = media.codec.describe(media.sets)?.track;
      // Without parameter sets in the description the size is only known from the stream itself.
      const unknown = { kind: 'video', timescale: 90_000, ...nominalSize, width: 0, height: 0, vps: [], sps: [], pps: [] } as const;
      const video: TrackInfo = found ?? (media.codec.name === 'h264' ? { ...unknown, codec: 'h264' } : { ...unknown, codec: 'h265' });
      return media.audio === undefined ? [video] : [video, media.audio.format.track];
    } finally {
      this.#connection?.fail(new IngestError('STOPPED', 'the probe is over'));
    }
  }

  /** Ends reception for this reason, with a goodbye to the camera. */
  async stop(): Promise<void> {
    if (this.#client === undefined) this.#connection?.fail(new IngestError('STOPPED', 'recording was stopped'));
    else await this.#client.teardown();
  }

  /** Each warning once. */
  #warn(warning: IngestWarning): void {
    if (this.#warnings.some((known) => known.code === warning.code)) return;
    this.#warnings = [...this.#warnings, warning];
    this.#sink.status({ state: 'recording', warnings: this.#warnings });
  }

  /** Counters so far. */
  counters(): { frames: number; bytes: number; packets: number; lost: number; malformed: number } {
    const receivers = [this.#video?.receiver, this.#audio?.receiver].filter((receiver) => receiver !== undefined);
    const total = (pick: (receiver: RtpReceiver) => number): number => receivers.reduce((sum, receiver) => sum + pick(receiver), 0);
    return {
      frames: this.#writer?.frames ?? 0,
      bytes: this.#writer?.bytes ?? 0,
      packets: total((receiver) => receiver.packets),
      lost: total((receiver) => receiver.lost),
      malformed: total((receiver) => receiver.malformed),
    };
  }

  async #describe(source: IngestSource): Promise<{ connection: RtspConnection; client: RtspClient; description: Description; media: ChosenMedia }> {
    const address = parseRtspAddress(source);
    const { connectMs, requestMs } = this.#options;
    const connection = await RtspConnection.open({
      host: address.host, port: address.port, credentials: address.credentials, connectMs, requestMs, tick: this.#shared.tick,
      onPacket: (channel, buffer, start, end) => this.#packet(channel, buffer, start, end),
    });
    this.#connection = connection;
    const client = new RtspClient(connection, address.url);
    const description = await client.describe();
    return { connection, client, description, media: chooseMedia(description.sdp) };
  }

  #prepare(media: ChosenMedia): void {
    const videoClock = new MediaClock(media.video.clockRate || 90_000);
    const audioClock = new MediaClock(media.audio?.media.clockRate ?? 1);
    const writer = new RunWriter({
      sink: this.#sink, pool: this.#shared.pool, ingest: this.#options, codec: media.codec, sets: media.sets, videoClock, audioClock,
      audio: media.audio?.format.track,
      fragmentMs: () => this.#pace.fragmentMs,
      warn: (warning) => this.#warn(warning),
      lostPackets: () => this.#video?.receiver.lost ?? 0,
    });
    this.#writer = writer;
    const assembler = new AccessUnitAssembler(writer, media.codec, media.sets, this.#options.memory.unitBytes);
    const video = new RtpReceiver(media.video.payloadType, media.codec.depacketizer(assembler, media.video));
    this.#video = { receiver: video, clock: videoClock, channels: { media: -1, control: -1 } };
    if (media.audio === undefined) return;
    const audio = new RtpReceiver(media.audio.media.payloadType, media.audio.format.depacketizer(writer));
    this.#audio = { receiver: audio, clock: audioClock, channels: { media: -1, control: -1 } };
  }

  async #setup(client: RtspClient, description: Description, media: ChosenMedia): Promise<void> {
    const video = this.#video;
    if (video !== undefined) this.#video = { ...video, channels: await client.setup(description, media.video, 0) };
    const audio = this.#audio;
    if (audio !== undefined && media.audio !== undefined) this.#audio = { ...audio, channels: await client.setup(description, media.audio.media, 1) };
    this.#client = client;
  }

  #packet(channel: number, buffer: Buffer, start: number, end: number): void {
    const track = channel === this.#video?.channels.media ? this.#video : channel === this.#audio?.channels.media ? this.#audio : undefined;
    if (track !== undefined) {
      const good = track.receiver.packet(buffer, start, end);
      this.#malformed = good ? 0 : this.#malformed + 1;
      if (good) this.#activity += 1;
    } else if (channel === this.#video?.channels.control) this.#report(this.#video, buffer, start, end);
    else if (channel === this.#audio?.channels.control) this.#report(this.#audio, buffer, start, end);
    else this.#malformed += 1;
    if (this.#malformed > malformedLimit) throw new IngestError('PROTOCOL', `the camera sent ${this.#malformed} packets in a row that are not RTP of this stream`);
  }

  #report(track: { readonly receiver: RtpReceiver; readonly clock: MediaClock }, buffer: Buffer, start: number, end: number): void {
    const report = parseSenderReport(buffer, start, end);
    if (report === undefined || (track.receiver.source !== -1 && report.source !== track.receiver.source)) return;
    track.clock.reported(report, this.#options.now());
  }

  /** Starts the watchdog: a camera that sends nothing is gone, whatever TCP says. */
  async #watch(connection: RtspConnection): Promise<void> {
    const { silenceMs } = this.#options;
    let seen = this.#activity;
    let quietMs = 0;
    const stepMs = Math.max(10, Math.min(1_000, silenceMs / 4));
    const timer = setInterval(() => {
      quietMs = this.#activity === seen ? quietMs + stepMs : 0;
      seen = this.#activity;
      if (quietMs >= silenceMs) connection.fail(new IngestError('TIMEOUT', `the camera sent no picture for ${Math.round(silenceMs / 1000)} s`));
    }, stepMs);
    connection.closed.catch(() => clearInterval(timer));
  }
}
