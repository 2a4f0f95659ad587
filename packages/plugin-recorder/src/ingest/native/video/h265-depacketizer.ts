// RTP payload format for H.265 (RFC 7798): single NAL units, aggregation packets and fragmentation units become NAL units again, bit for bit.
import { IngestError } from '../../ingest-error.ts';
import type { RtpPayloadHandler } from '../rtp/rtp-receiver.ts';
import type { NalSink } from './nal-sink.ts';

const aggregate = 48;
const fragment = 49;
/** PACI packets (50) and the types after it carry control information that no camera sends. */
const lastOrdinary = 47;

/** Stateless but for the fragmented NAL unit that is under way. */
export class H265Depacketizer implements RtpPayloadHandler {
  readonly #sink: NalSink;
  /** Decoding order numbers stand in the packets (sprop-max-don-diff above 0). */
  readonly #numbered: boolean;
  #open = false;
  #order = -1;

  constructor(sink: NalSink, numbered: boolean) {
    this.#sink = sink;
    this.#numbered = numbered;
  }

  payload(buffer: Buffer, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void {
    if (lost) this.#abort();
    this.#sink.timestamp(timestamp);
    const type = end - start < 3 ? 63 : ((buffer[start] ?? 0) >> 1) & 63;
    if (type === fragment) this.#fragment(buffer, start, end);
    else if (type === aggregate) this.#aggregate(buffer, start + 2, end);
    else if (type <= lastOrdinary) this.#packet(buffer, start, end);
    if (marker) this.#sink.unitEnd();
  }

  /** A packet with one NAL unit (clause 4.4.1). */
  #packet(buffer: Buffer, start: number, end: number): void {
    if (!this.#numbered) this.#single(buffer, start, start + 2, end);
    else if (end - start >= 5) {
      this.#inOrder(buffer.readUInt16BE(start + 2));
      this.#single(buffer, start, start + 4, end);
    }
  }

  #single(buffer: Buffer, header: number, start: number, end: number): void {
    if (this.#open) this.#abort();
    this.#sink.begin(buffer.readUInt16BE(header));
    this.#sink.append(buffer, start, end);
    this.#sink.end();
  }

  /** Aggregation packet (clause 4.4.2): a size before each unit, and its order number or the step to it. */
  #aggregate(buffer: Buffer, start: number, end: number): void {
    let at = start;
    for (let index = 0; ; index += 1) {
      const order = this.#numbered ? (index === 0 ? 2 : 1) : 0;
      if (at + order + 2 > end) return;
      if (this.#numbered) this.#inOrder(index === 0 ? buffer.readUInt16BE(at) : (this.#order + 1 + (buffer[at] ?? 0)) & 0xffff);
      const size = buffer.readUInt16BE(at + order);
      at += order + 2;
      if (at + size > end) {
        this.#abort();
        return;
      }
      if (size > 2) this.#single(buffer, at, at + 2, at + size);
      at += size;
    }
  }

  /** Fragmentation unit (clause 4.4.3): the header is rebuilt from the payload header and the type in the fragment header. */
  #fragment(buffer: Buffer, start: number, end: number): void {
    const header = buffer[start + 2] ?? 0;
    let at = start + 3;
    if ((header & 0x80) !== 0) {
      if (this.#open) this.#abort();
      if (this.#numbered) {
        if (at + 2 > end) return;
        this.#inOrder(buffer.readUInt16BE(at));
        at += 2;
      }
      this.#sink.begin((buffer.readUInt16BE(start) & 0x81ff) | ((header & 63) << 9));
      this.#open = true;
    } else if (!this.#open) {
      this.#sink.damaged();
      return;
    }
    this.#sink.append(buffer, at, end);
    if ((header & 0x40) === 0) return;
    this.#open = false;
    this.#sink.end();
  }

  /** Sending out of decoding order would need a buffer of pictures; it is allowed, but no camera does it. */
  #inOrder(order: number): void {
    if (this.#order !== -1 && ((order - this.#order) << 16) >> 16 < 0) throw new IngestError('UNSUPPORTED_CODEC', 'the camera sends H.265 out of decoding order; switch interleaving off');
    this.#order = order;
  }

  #abort(): void {
    this.#open = false;
    this.#order = -1;
    this.#sink.damaged();
  }
}
