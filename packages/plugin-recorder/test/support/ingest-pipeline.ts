// The native engine from RTP packets to fragments, without a network and with a clock that the test moves.
import { SlabPool } from '../../src/fmp4/slab-pool.ts';
import { defaultIngestOptions, type IngestOptions, type IngestWarning } from '../../src/ingest/ingest-engine.ts';
import { chooseMedia } from '../../src/ingest/native/choose-media.ts';
import { MediaClock } from '../../src/ingest/native/media-clock.ts';
import { RtpReceiver } from '../../src/ingest/native/rtp/rtp-receiver.ts';
import { RunWriter } from '../../src/ingest/native/run-writer.ts';
import { parseSdp } from '../../src/ingest/native/sdp.ts';
import { AccessUnitAssembler } from '../../src/ingest/native/video/access-unit-assembler.ts';
import { MemorySink } from './memory-sink.ts';

/** SDP sections without parameter sets. */
export const sections = {
  h264: 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n',
  h265: 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n',
} as const;

/** A pipeline for what an SDP offers. */
export class IngestPipeline {
  readonly sink: MemorySink;
  readonly writer: RunWriter;
  readonly video: RtpReceiver;
  readonly audio: RtpReceiver | undefined;
  readonly warnings: IngestWarning[] = [];
  nowMs = 1_700_000_000_000;

  constructor(sdp: string, options: Partial<IngestOptions> = {}, sink = new MemorySink()) {
    this.sink = sink;
    const media = chooseMedia(parseSdp(sdp));
    const ingest = { ...defaultIngestOptions, ...options, now: () => this.nowMs };
    this.writer = new RunWriter({
      sink, ingest, codec: media.codec, sets: media.sets, pool: new SlabPool(), videoClock: new MediaClock(90_000), audioClock: new MediaClock(media.audio?.media.clockRate || 8_000),
      audio: media.audio?.format.track, fragmentMs: () => ingest.fragmentMs, lostPackets: () => this.video.lost, warn: (warning) => void this.warnings.push(warning),
    });
    this.video = new RtpReceiver(media.video.payloadType, media.codec.depacketizer(new AccessUnitAssembler(this.writer, media.codec, media.sets, ingest.memory.unitBytes), media.video));
    this.audio = media.audio && new RtpReceiver(media.audio.media.payloadType, media.audio.format.depacketizer(this.writer));
  }

  /** Init segment of the first run and all fragments: a file that a player can open. */
  get film(): Buffer {
    return Buffer.concat([this.sink.runs[0]?.init ?? Buffer.alloc(0), ...this.sink.fragments.map((fragment) => fragment.bytes)]);
  }

  /** Feeds interleaved packets of the picture. */
  feed(packets: readonly Buffer[]): void {
    for (const packet of packets) this.video.packet(packet, 4, packet.length);
  }

  /** Feeds interleaved packets of the sound. */
  hear(packets: readonly Buffer[]): void {
    for (const packet of packets) this.audio?.packet(packet, 4, packet.length);
  }
}
