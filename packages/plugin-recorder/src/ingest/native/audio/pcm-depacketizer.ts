// G.711 and linear PCM over RTP (RFC 3551, clauses 4.5.11 and 4.5.14), stored as FLAC: every browser plays it, and no sample is lost.
import { flacBlockSamples } from '../../../fmp4/sample-entries.ts';
import type { FlacTrackInfo } from '../../../fmp4/track-info.ts';
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { SdpMedia } from '../sdp.ts';
import type { AudioFormat, AudioSink } from './audio-format.ts';
import { FlacFrameEncoder } from './flac-frame-encoder.ts';
import { expansionTable } from './g711.ts';

const sources: Readonly<Record<string, FlacTrackInfo['source']>> = { PCMA: 'pcma', PCMU: 'pcmu', L16: 'l16' };

/** Reads the SDP section; undefined when it is not G.711 or 16-bit PCM. */
export function pcmFormat(media: SdpMedia): AudioFormat | undefined {
  const source = sources[media.encoding];
  const rate = media.clockRate || 8_000;
  // What FLAC's frame header can say without looking elsewhere, which covers every rate of RFC 3551.
  if (source === undefined || rate > 0xffff || media.channels > 2) return undefined;
  const track: FlacTrackInfo = { kind: 'audio', codec: 'flac', timescale: rate, channels: media.channels, source };
  return { track, depacketizer: (sink) => new PcmDepacketizer(track, sink) };
}

/** Turns packets into FLAC frames; all memory is allocated once. */
export class PcmDepacketizer implements RtpPayloadHandler {
  readonly #sink: AudioSink;
  readonly #channels: number;
  readonly #table: Int16Array | undefined;
  readonly #encoder: FlacFrameEncoder;
  readonly #samples = new Int32Array(flacBlockSamples.most * 2);
  /** Instants in `#samples`: what is too short for a block waits for the next packet. */
  #waiting = 0;
  #waitingTimestamp = 0;

  constructor(track: FlacTrackInfo, sink: AudioSink) {
    this.#sink = sink;
    this.#channels = track.channels;
    this.#table = track.source === 'l16' ? undefined : expansionTable(track.source);
    this.#encoder = new FlacFrameEncoder(track.timescale, track.channels);
  }

  payload(buffer: Buffer, start: number, end: number, timestamp: number): void {
    const channels = this.#channels;
    const width = this.#table === undefined ? 2 : 1;
    const instants = Math.floor((end - start) / (channels * width));
    if (this.#waiting === 0) this.#waitingTimestamp = timestamp;
    // What waits and is not continued is too short to be heard: fifteen samples at most.
    else if (((timestamp - this.#waitingTimestamp) | 0) !== this.#waiting) {
      this.#waiting = 0;
      this.#waitingTimestamp = timestamp;
    }
    let at = start;
    for (let left = instants; left > 0; ) {
      const take = Math.min(left, flacBlockSamples.most - this.#waiting);
      this.#expand(buffer, at, take);
      at += take * channels * width;
      left -= take;
      this.#flush();
    }
  }

  /** Channels are stored one after the other, as FLAC wants them. */
  #expand(buffer: Buffer, start: number, instants: number): void {
    const channels = this.#channels;
    const table = this.#table;
    let at = start;
    for (let instant = this.#waiting; instant < this.#waiting + instants; instant += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const slot = channel * flacBlockSamples.most + instant;
        if (table === undefined) {
          this.#samples[slot] = buffer.readInt16BE(at);
          at += 2;
        } else {
          this.#samples[slot] = table[buffer[at] ?? 0] ?? 0;
          at += 1;
        }
      }
    }
    this.#waiting += instants;
  }

  #flush(): void {
    const instants = this.#waiting;
    if (instants < flacBlockSamples.least) return;
    const length = this.#encoder.encode(this.#samples, instants);
    this.#sink.audioUnit(this.#encoder.output, 0, length, this.#waitingTimestamp, instants);
    this.#waiting = 0;
    this.#waitingTimestamp = (this.#waitingTimestamp + instants) >>> 0;
  }
}
