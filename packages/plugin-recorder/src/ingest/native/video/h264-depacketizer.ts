// RTP payload format for H.264 (RFC 6184): single NAL units, STAP-A and FU-A become NAL units again, bit for bit.
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { NalSink } from './nal-sink.ts';

const aggregate = 24;
const fragment = 28;

/** Stateless but for the fragmented NAL unit that is under way. */
export class H264Depacketizer implements RtpPayloadHandler {
  readonly #sink: NalSink;
  #open = false;

  constructor(sink: NalSink) {
    this.#sink = sink;
  }

  payload(buffer: Buffer, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void {
    if (lost) this.#abort();
    this.#sink.timestamp(timestamp);
    const header = buffer[start] ?? 0;
    const type = header & 31;
    if (type === fragment) this.#fragment(buffer, start, end);
    else if (type === aggregate) this.#aggregate(buffer, start + 1, end);
    else if (type > 0 && type < aggregate) this.#single(buffer, start, end);
    if (marker) this.#sink.unitEnd();
  }

  #single(buffer: Buffer, start: number, end: number): void {
    if (this.#open) this.#abort();
    this.#sink.begin(buffer[start] ?? 0);
    this.#sink.append(buffer, start + 1, end);
    this.#sink.end();
  }

  /** STAP-A (clause 5.7.1): 16-bit size before each unit. */
  #aggregate(buffer: Buffer, start: number, end: number): void {
    let at = start;
    while (at + 2 <= end) {
      const size = buffer.readUInt16BE(at);
      at += 2;
      if (size === 0) continue;
      if (at + size > end) {
        this.#abort();
        return;
      }
      this.#single(buffer, at, at + size);
      at += size;
    }
  }

  /** FU-A (clause 5.8): the header byte is rebuilt from the indicator and the fragment header. */
  #fragment(buffer: Buffer, start: number, end: number): void {
    if (end - start < 2) return;
    const indicator = buffer[start] ?? 0;
    const header = buffer[start + 1] ?? 0;
    if ((header & 0x80) !== 0) {
      if (this.#open) this.#abort();
      this.#sink.begin((indicator & 0xe0) | (header & 31));
      this.#open = true;
    } else if (!this.#open) {
      this.#sink.damaged();
      return;
    }
    this.#sink.append(buffer, start + 2, end);
    if ((header & 0x40) === 0) return;
    this.#open = false;
    this.#sink.end();
  }

  #abort(): void {
    this.#open = false;
    this.#sink.damaged();
  }
}
