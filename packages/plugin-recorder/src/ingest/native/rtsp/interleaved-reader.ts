// Splits the bytes of an RTSP connection into interleaved packets (RFC 2326, clause 10.12) and text messages, without a copy where a packet is whole.
import { IngestError } from '../../ingest-error.ts';
import { parseRtspHead, type RtspHead, type RtspResponse, type RtspServerRequest } from './rtsp-message.ts';

/** Largest head of a message. */
export const headLimitBytes = 64 * 1024;
/** Largest body of a message; an SDP is a few kilobytes. */
export const bodyLimitBytes = 256 * 1024;

const dollar = 0x24;

/** Receives what the reader finds. The packet bytes are only valid during the call. */
export interface InterleavedHandler {
  packet(channel: number, buffer: Buffer, start: number, end: number): void;
  message(message: RtspResponse | RtspServerRequest): void;
}

/** Incremental parser; `push` throws {@link IngestError} `PROTOCOL` for bytes that cannot be RTSP. */
export class InterleavedReader {
  readonly #handler: InterleavedHandler;
  /** Start of a packet or message that was cut by the end of a read. */
  #carry: Buffer = Buffer.allocUnsafe(2048);
  #carried = 0;
  #head: { readonly head: RtspHead; readonly bytes: number } | undefined;

  constructor(handler: InterleavedHandler) {
    this.#handler = handler;
  }

  /** Consumes `chunk[0, length)`. */
  push(chunk: Buffer, length: number): void {
    let at = this.#carried > 0 ? this.#complete(chunk, length) : 0;
    while (at < length) {
      const used = this.#consume(chunk, at, length);
      if (used === 0) break;
      at += used;
    }
    if (at < length) this.#keep(chunk, at, length);
  }

  /** Feeds the carried item until it is whole; returns how much of the chunk was used. */
  #complete(chunk: Buffer, length: number): number {
    let at = 0;
    while (this.#carried > 0 && at < length) {
      const wanted = this.#missing();
      const take = Math.min(length - at, wanted);
      this.#keep(chunk, at, at + take);
      at += take;
      const before = this.#carried;
      const used = this.#consume(this.#carry, 0, before);
      if (used === 0) continue;
      // A text message may end before the bytes that were taken for it: those are read again from the chunk.
      at -= before - used;
      this.#carried = 0;
    }
    return at;
  }

  /** How many bytes can be taken into the carry without running past what it is for. */
  #missing(): number {
    if (this.#carry[0] !== dollar) return 4096;
    if (this.#carried < 4) return 4 - this.#carried;
    return 4 + this.#carry.readUInt16BE(2) - this.#carried;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#carried + end - start;
    if (needed > this.#carry.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#carry.length * 2));
      this.#carry.copy(larger, 0, 0, this.#carried);
      this.#carry = larger;
    }
    chunk.copy(this.#carry, this.#carried, start, end);
    this.#carried = needed;
  }

  /** Handles one item at `at`; 0 when it is not whole yet. */
  #consume(buffer: Buffer, at: number, end: number): number {
    if (buffer[at] !== dollar) return this.#text(buffer, at, end);
    if (end - at < 4) return 0;
    const length = buffer.readUInt16BE(at + 2);
    if (end - at < 4 + length) return 0;
    this.#handler.packet(buffer[at + 1] ?? 0, buffer, at + 4, at + 4 + length);
    return 4 + length;
  }

  #text(buffer: Buffer, at: number, end: number): number {
    const first = buffer[at] ?? 0;
    // Line breaks between messages are tolerated; everything else must start like a status line or a method.
    if (first === 0x0d || first === 0x0a) return 1;
    if (first < 0x41 || first > 0x5a) throw new IngestError('PROTOCOL', `the camera sent bytes that are neither RTSP nor interleaved media (0x${first.toString(16).padStart(2, '0')})`);
    const parsed = this.#head ?? this.#parseHead(buffer, at, end);
    if (parsed === undefined) return 0;
    const total = parsed.bytes + parsed.head.contentLength;
    if (end - at < total) {
      this.#head = parsed;
      return 0;
    }
    this.#head = undefined;
    const { contentLength: _, ...head } = parsed.head;
    this.#handler.message(head.kind === 'request' ? head : { ...head, body: Buffer.from(buffer.subarray(at + parsed.bytes, at + total)) });
    return total;
  }

  #parseHead(buffer: Buffer, at: number, end: number): { head: RtspHead; bytes: number } | undefined {
    const bytes = buffer.subarray(at, end);
    const proper = bytes.indexOf('\r\n\r\n', 0, 'latin1');
    // Some servers end lines with a line feed alone.
    const bare = bytes.indexOf('\n\n', 0, 'latin1');
    const short = bare >= 0 && (proper < 0 || bare < proper);
    const stop = short ? bare : proper;
    if (stop < 0 ? end - at > headLimitBytes : stop > headLimitBytes) {
      throw new IngestError('PROTOCOL', `the camera sent an RTSP head of more than ${headLimitBytes} bytes`);
    }
    if (stop < 0) return undefined;
    const head = parseRtspHead(buffer.toString('latin1', at, at + stop));
    if (head === undefined) throw new IngestError('PROTOCOL', 'the camera sent a text message that is not RTSP');
    if (head.contentLength > bodyLimitBytes) throw new IngestError('PROTOCOL', `the camera announced an RTSP body of ${head.contentLength} bytes; at most ${bodyLimitBytes} are read`);
    return { head, bytes: stop + (short ? 2 : 4) };
  }
}
