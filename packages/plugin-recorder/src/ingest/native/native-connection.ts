// One connection to a camera from OPTIONS to its end: wires packets to depacketizers and watches for silence.
import type { SlabPool } from '../../fmp4/slab-pool.ts';
import type { TrackInfo } from '../../fmp4/track-info.ts';
import type { FragmentSink, IngestOptions, IngestPace, IngestSource, IngestWarning } from '../ingest-engine.ts';
import { IngestError } from '../ingest-error.ts';
import type { ConnectionCounters, IngestConnection } from '../reconnecting-session.ts';
import type { CameraMemory } from './camera-memory.ts';
import { chooseMedia, type ChosenMedia } from './choose-media.ts';
import { MediaClock } from './media-clock.ts';
import { MediaTrack } from './media-track.ts';
import { RtpReceiver } from './rtp/rtp-receiver.ts';
import { UdpReception } from './rtp/udp-reception.ts';
import { parseRtspAddress, redirected } from './rtsp/rtsp-address.ts';
import { RtspClient, type Description } from './rtsp/rtsp-client.ts';
import { RtspConnection } from './rtsp/rtsp-connection.ts';
import type { DrainTick } from './rtsp/drain-tick.ts';
import { RunWriter } from './run-writer.ts';
import type { SdpMedia } from './sdp.ts';
import { SilenceWatch } from './silence-watch.ts';
import { AccessUnitAssembler } from './video/access-unit-assembler.ts';

/** What all cameras of a process share. */
export interface SharedResources {
  readonly pool: SlabPool;
  readonly tick: DrainTick;
}

/** Malformed packets in a row that no camera sends by accident. */
const malformedLimit = 50;
const redirectLimit = 5;

/** Receives until it fails. */
export class NativeConnection implements IngestConnection {
  readonly #source: IngestSource;
  readonly #options: IngestOptions;
  readonly #sink: FragmentSink;
  readonly #shared: SharedResources;
  readonly #memory: CameraMemory;
  readonly #receptions: UdpReception[] = [];
  /** By interleaved channel. */
  readonly #media: (MediaTrack | undefined)[] = [];
  readonly #control: (MediaTrack | undefined)[] = [];
  #connection: RtspConnection | undefined;
  #client: RtspClient | undefined;
  #writer: RunWriter | undefined;
  #video: MediaTrack | undefined;
  #audio: MediaTrack | undefined;
  #watch: SilenceWatch | undefined;
  #pace: IngestPace;
  #warnings: readonly IngestWarning[] = [];
  #playing = false;
  #malformed = 0;

  constructor(source: IngestSource, sink: FragmentSink, options: IngestOptions, shared: SharedResources, memory: CameraMemory) {
    this.#source = source;
    this.#sink = sink;
    this.#options = options;
    this.#shared = shared;
    this.#memory = memory;
    this.#pace = { fragmentMs: options.fragmentMs, prompt: false };
  }

  /** Holds from the next fragment on. */
  setPace(pace: IngestPace): void {
    this.#pace = pace;
    this.#connection?.setPrompt(pace.prompt);
  }

  /** Connects, plays and receives; always ends with an {@link IngestError}. */
  async receive(onPlaying: () => void): Promise<never> {
    const source = this.#source;
    try {
      const { connection, client, description, media } = await this.#describe(source);
      this.#prepare(media);
      await this.#setup(source, connection, client, description, media);
      this.#client = client;
      await client.play();
      this.#playing = true;
      connection.setPrompt(this.#pace.prompt);
      onPlaying();
      for (const warning of media.warnings) this.#warn(warning);
      this.#watch = this.#startWatch(connection);
      return await connection.closed;
    } finally {
      this.#watch?.stop();
      this.#client?.release();
      for (const reception of this.#receptions) reception.close();
      this.#writer?.finish();
      this.#connection?.fail(new IngestError('STOPPED', 'the connection is over'));
    }
  }

  /** Reads what the camera offers. */
  async probe(): Promise<readonly TrackInfo[]> {
    try {
      const { media } = await this.#describe(this.#source);
      const found = media.codec.describe(media.sets)?.track;
      // Without parameter sets in the description the size is only known from the stream itself.
      const unknown = { kind: 'video', timescale: 90_000, width: 0, height: 0, vps: [], sps: [], pps: [] } as const;
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

  /** Counters so far. */
  counters(): ConnectionCounters {
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

  /** Each warning once. */
  #warn(warning: IngestWarning): void {
    if (this.#warnings.some((known) => known.code === warning.code)) return;
    this.#warnings = [...this.#warnings, warning];
    this.#sink.status({ state: 'recording', warnings: this.#warnings });
  }

  async #describe(source: IngestSource): Promise<{ connection: RtspConnection; client: RtspClient; description: Description; media: ChosenMedia }> {
    const wanted = this.#memory.redirect;
    this.#memory.redirect = undefined;
    let where = wanted === undefined ? source : redirected(source, wanted);
    for (let hops = 0; ; hops += 1) {
      const { connection, client } = await this.#connect(where);
      try {
        const description = await client.describe();
        return { connection, client, description, media: chooseMedia(description.sdp) };
      } catch (error) {
        if (!(error instanceof IngestError) || error.location === undefined) throw error;
        connection.fail(error);
        if (hops === redirectLimit) throw new IngestError('REFUSED', `the camera redirects in a circle (${redirectLimit} times); configure the address that is meant`);
        where = redirected(where, error.location);
      }
    }
  }

  async #connect(source: IngestSource): Promise<{ connection: RtspConnection; client: RtspClient }> {
    const { host, port, secure, url, credentials } = parseRtspAddress(source);
    if (secure && source.transport === 'udp') throw new IngestError('UNSUPPORTED_ADDRESS', 'pictures over UDP would not be encrypted; use transport tcp with an rtsps:// address');
    const { connectMs, requestMs } = this.#options;
    const connection = await RtspConnection.open({
      host, port, credentials, connectMs, requestMs, secure: secure ? (source.tls ?? {}) : undefined, tick: this.#shared.tick,
      onPacket: (channel, buffer, start, end) => this.#packet(channel, buffer, start, end),
    });
    this.#connection = connection;
    return { connection, client: new RtspClient(connection, url, this.#memory.refusedKeepAlives) };
  }

  #prepare(media: ChosenMedia): void {
    const { now, memory } = this.#options;
    const videoClock = new MediaClock(media.video.clockRate || 90_000);
    const audioClock = new MediaClock(media.audio?.format.track.timescale ?? 1);
    const writer = new RunWriter({
      sink: this.#sink, pool: this.#shared.pool, ingest: this.#options, codec: media.codec, sets: media.sets, videoClock, audioClock,
      audio: media.audio?.format.track,
      fragmentMs: () => this.#pace.fragmentMs,
      lostPackets: () => this.#video?.receiver.lost ?? 0,
      warn: (warning) => this.#warn(warning),
    });
    this.#writer = writer;
    const assembler = new AccessUnitAssembler(writer, media.codec, media.sets, memory.unitBytes);
    this.#video = new MediaTrack(new RtpReceiver(media.video.payloadType, media.codec.depacketizer(assembler, media.video)), videoClock, now);
    if (media.audio === undefined) return;
    this.#audio = new MediaTrack(new RtpReceiver(media.audio.media.payloadType, media.audio.format.depacketizer(writer)), audioClock, now);
  }

  async #setup(source: IngestSource, connection: RtspConnection, client: RtspClient, description: Description, media: ChosenMedia): Promise<void> {
    const tracks: readonly (readonly [MediaTrack | undefined, SdpMedia | undefined])[] = [[this.#video, media.video], [this.#audio, media.audio?.media]];
    for (const [index, [track, section]] of tracks.entries()) {
      if (track === undefined || section === undefined) continue;
      const tcp = source.transport !== 'udp' && !(this.#memory.udp && source.transport !== 'tcp');
      if (tcp && (await this.#setupInterleaved(client, description, section, track, index))) continue;
      if (tcp && (source.transport === 'tcp' || parseRtspAddress(source).secure)) throw new IngestError('REFUSED', 'the camera does not send pictures over the RTSP connection (461); allow UDP for it');
      if (tcp) this.#memory.udp = true;
      await this.#setupUdp(connection, client, description, section, track);
    }
  }

  async #setupInterleaved(client: RtspClient, description: Description, section: SdpMedia, track: MediaTrack, index: number): Promise<boolean> {
    const wanted = { media: index * 2, control: index * 2 + 1 };
    // Known before the answer: some cameras send pictures before it.
    this.#media[wanted.media] = track;
    this.#control[wanted.control] = track;
    const given = await client.setupInterleaved(description, section, wanted);
    if (given?.media === wanted.media && given.control === wanted.control) return true;
    this.#media[wanted.media] = undefined;
    this.#control[wanted.control] = undefined;
    if (given === undefined) return false;
    this.#media[given.media] = track;
    this.#control[given.control] = track;
    return true;
  }

  async #setupUdp(connection: RtspConnection, client: RtspClient, description: Description, section: SdpMedia, track: MediaTrack): Promise<void> {
    const { now, random } = this.#options;
    const { local, remote } = connection.addresses;
    const reception = await UdpReception.open({ local, address: remote, track, now, random, rtp: (packet) => this.#datagram(connection, track, packet) });
    this.#receptions.push(reception);
    const controlPort = await client.setupUdp(description, section, reception.port);
    if (controlPort === undefined) throw new IngestError('REFUSED', 'the camera does not send pictures over UDP (461); use transport tcp or auto');
    reception.controlPort = controlPort;
  }

  /** A datagram, in order. What it does wrong ends the connection as it would over TCP. */
  #datagram(connection: RtspConnection, track: MediaTrack, packet: Buffer): void {
    try {
      this.#take(track, packet, 0, packet.length);
    } catch (error) {
      connection.fail(error instanceof IngestError ? error : new IngestError('PROTOCOL', 'the camera sent a packet that makes no sense', { cause: error }));
    }
  }

  #packet(channel: number, buffer: Buffer, start: number, end: number): void {
    const track = this.#media[channel];
    if (track !== undefined) this.#take(track, buffer, start, end);
    else if (this.#control[channel] !== undefined) this.#control[channel].rtcp(buffer, start, end);
    // Before the answer to PLAY, what an earlier session left may still come.
    else if (this.#playing) this.#refuse();
  }

  #take(track: MediaTrack, buffer: Buffer, start: number, end: number): void {
    if (track.receiver.packet(buffer, start, end)) this.#malformed = 0;
    else this.#refuse();
  }

  #refuse(): void {
    this.#malformed += 1;
    if (this.#malformed > malformedLimit) throw new IngestError('PROTOCOL', `the camera sent ${this.#malformed} packets in a row that are not RTP of this stream`);
  }

  #startWatch(connection: RtspConnection): SilenceWatch {
    return new SilenceWatch({
      silenceMs: this.#options.silenceMs,
      pictures: () => this.#video?.receiver.packets ?? 0,
      life: () => connection.answers + (this.#video?.reports ?? 0) + (this.#audio?.receiver.packets ?? 0),
      silent: (quietMs) => connection.fail(new IngestError('TIMEOUT', `the camera sent no picture for ${Math.round(quietMs / 1000)} s`)),
    });
  }
}
