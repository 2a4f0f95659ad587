// RTCP receiver reports (RFC 3550, clause 6.4.2): how much arrives. Some servers end a UDP session without them.

/** What a report is made of, for one track. */
export class ReceptionReport {
  readonly #ownSource: number;
  readonly #rate: number;
  #source = -1;
  #base = 0;
  #highest = 0;
  #cycles = 0;
  #received = 0;
  #reportedExpected = 0;
  #reportedReceived = 0;
  #transit: number | undefined;
  #jitter = 0;
  #senderReport = 0;
  #senderReportMs = 0;

  /**
   * @param ownSource - synchronisation source of the reports, 32 bits
   * @param rate - RTP ticks a second
   */
  constructor(ownSource: number, rate: number) {
    this.#ownSource = ownSource;
    this.#rate = rate;
  }

  /** An RTP packet arrived, in whatever order. */
  packet(packet: Buffer, arrivalMs: number): void {
    if (packet.length < 12) return;
    const sequence = packet.readUInt16BE(2);
    const source = packet.readUInt32BE(8);
    if (source !== this.#source) this.#begin(source, sequence);
    this.#received += 1;
    if (((sequence - this.#highest) & 0xffff) < 0x8000) {
      if (sequence < this.#highest) this.#cycles += 0x1_0000;
      this.#highest = sequence;
    }
    const transit = (arrivalMs * this.#rate) / 1000 - packet.readUInt32BE(4);
    const step = Math.abs(transit - (this.#transit ?? transit));
    this.#transit = transit;
    // A wrapped or set timestamp says nothing of jitter.
    if (step < this.#rate) this.#jitter += (step - this.#jitter) / 16;
  }

  /** A sender report arrived; `ntp` is the middle of its NTP time. */
  senderReport(ntp: number, arrivalMs: number): void {
    this.#senderReport = ntp >>> 0;
    this.#senderReportMs = arrivalMs;
  }

  /** The report and a source description as one packet; undefined before the first RTP packet. */
  encode(nowMs: number): Buffer | undefined {
    if (this.#source === -1) return undefined;
    const expected = this.#cycles + this.#highest - this.#base + 1;
    const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, expected - this.#received));
    const expectedNow = expected - this.#reportedExpected;
    const lostNow = expectedNow - (this.#received - this.#reportedReceived);
    this.#reportedExpected = expected;
    this.#reportedReceived = this.#received;
    const packet = Buffer.alloc(32 + 20);
    packet.writeUInt32BE(0x81c9_0007, 0);
    packet.writeUInt32BE(this.#ownSource, 4);
    packet.writeUInt32BE(this.#source, 8);
    packet[12] = expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow));
    packet.writeIntBE(lost, 13, 3);
    packet.writeUInt32BE((this.#cycles + this.#highest) >>> 0, 16);
    packet.writeUInt32BE(Math.floor(this.#jitter), 20);
    packet.writeUInt32BE(this.#senderReport, 24);
    packet.writeUInt32BE(this.#senderReport === 0 ? 0 : Math.min(0xffff_ffff, Math.max(0, Math.round((nowMs - this.#senderReportMs) * 65.536))), 28);
    // SDES with CNAME: one chunk, seven letters, padded to 32 bits.
    packet.writeUInt32BE(0x81ca_0004, 32);
    packet.writeUInt32BE(this.#ownSource, 36);
    packet[40] = 1;
    packet[41] = 7;
    packet.write('wanglou', 42, 'latin1');
    return packet;
  }

  #begin(source: number, sequence: number): void {
    this.#source = source;
    this.#base = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.#received = 0;
    this.#reportedExpected = 0;
    this.#reportedReceived = 0;
    this.#transit = undefined;
    this.#jitter = 0;
  }
}
