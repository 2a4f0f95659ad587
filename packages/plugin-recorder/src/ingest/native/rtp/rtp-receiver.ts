// Reads RTP packets of one track (RFC 3550, clause 5.1): checks the header, filters foreign senders, counts losses. Allocates nothing per packet.

/** Takes the payload of accepted packets; bytes are valid during the call only. */
export interface RtpPayloadHandler {
  /**
   * @param timestamp - RTP timestamp, 32 bits
   * @param marker - marker bit
   * @param lost - true when packets are missing right before this one
   */
  payload(buffer: Buffer, start: number, end: number, timestamp: number, marker: boolean, lost: boolean): void;
}

/** Foreign or out-of-order packets in a row after which the sender is believed to have restarted. */
const restartAfter = 40;

/** Receiver of one synchronisation source. */
export class RtpReceiver {
  packets = 0;
  lost = 0;
  malformed = 0;
  readonly #payloadType: number;
  readonly #handler: RtpPayloadHandler;
  #source = -1;
  #sequence = -1;
  #strange = 0;

  constructor(payloadType: number, handler: RtpPayloadHandler) {
    this.#payloadType = payloadType;
    this.#handler = handler;
  }

  /** Synchronisation source in use; -1 before the first packet. */
  get source(): number {
    return this.#source;
  }

  /** Takes one packet; false when it is malformed. Packets of others (some cameras mix them on one channel) are skipped. */
  packet(buffer: Buffer, start: number, end: number): boolean {
    const payload = this.#payloadStart(buffer, start, end);
    const first = buffer[start] ?? 0;
    const padding = (first & 0x20) === 0 ? 0 : (buffer[end - 1] ?? 0);
    if (payload < 0 || payload + padding > end) {
      this.malformed += 1;
      return false;
    }
    if (((buffer[start + 1] ?? 0) & 0x7f) !== this.#payloadType) return true;
    const missing = this.#follow(buffer.readUInt32BE(start + 8), buffer.readUInt16BE(start + 2));
    if (missing < 0) return true;
    this.packets += 1;
    this.lost += missing;
    if (payload < end - padding) {
      this.#handler.payload(buffer, payload, end - padding, buffer.readUInt32BE(start + 4), ((buffer[start + 1] ?? 0) & 0x80) !== 0, missing > 0);
    }
    return true;
  }

  #payloadStart(buffer: Buffer, start: number, end: number): number {
    const first = buffer[start] ?? 0;
    if (end - start < 12 || first >> 6 !== 2) return -1;
    const payload = start + 12 + (first & 15) * 4;
    if ((first & 0x10) === 0) return payload > end ? -1 : payload;
    if (payload + 4 > end) return -1;
    const extended = payload + 4 + buffer.readUInt16BE(payload + 2) * 4;
    return extended > end ? -1 : extended;
  }

  /** Number of packets missing before this one; -1 when it is to be skipped. */
  #follow(source: number, sequence: number): number {
    if (this.#source === -1) return this.#restart(source, sequence, 0);
    const ahead = (sequence - this.#sequence - 1) & 0xffff;
    if (source !== this.#source || ahead >= 0x8000) {
      this.#strange += 1;
      return this.#strange < restartAfter ? -1 : this.#restart(source, sequence, this.#strange);
    }
    this.#strange = 0;
    this.#sequence = sequence;
    return ahead;
  }

  #restart(source: number, sequence: number, missing: number): number {
    this.#source = source;
    this.#sequence = sequence;
    this.#strange = 0;
    return missing;
  }
}
