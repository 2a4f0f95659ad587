// Packs NAL units (H.264 and H.265) and units of sound into RTP over interleaved channels, as a camera does.

/** Writes packets of one track. */
export class RtpPacker {
  sequence: number;
  readonly #channel: number;
  readonly #payloadType: number;
  readonly #source: number;
  readonly #codec: 'h264' | 'h265';

  constructor(channel: number, payloadType: number, source = 0x1234_5678, firstSequence = 65_500, codec: 'h264' | 'h265' = 'h264') {
    this.#codec = codec;
    this.#channel = channel;
    this.#payloadType = payloadType;
    this.#source = source;
    this.sequence = firstSequence;
  }

  /** One interleaved packet. */
  packet(payload: Buffer, timestamp: number, marker: boolean): Buffer {
    const head = Buffer.alloc(16);
    head[0] = 0x24;
    head[1] = this.#channel;
    head.writeUInt16BE(12 + payload.length, 2);
    head[4] = 0x80;
    head[5] = (marker ? 0x80 : 0) | this.#payloadType;
    head.writeUInt16BE(this.sequence & 0xffff, 6);
    this.sequence = (this.sequence + 1) & 0xffff;
    head.writeUInt32BE(timestamp >>> 0, 8);
    head.writeUInt32BE(this.#source, 12);
    return Buffer.concat([head, payload]);
  }

  /** All packets of one picture: small neighbours aggregated, large ones in fragments. */
  picture(nals: readonly Buffer[], timestamp: number, limit = 600): Buffer[] {
    const packets: Buffer[] = [];
    let small: Buffer[] = [];
    const last = nals[nals.length - 1];
    const flush = (marker: boolean): void => {
      const [first] = small;
      if (first === undefined) return;
      packets.push(this.packet(small.length === 1 ? first : aggregate(small, this.#codec), timestamp, marker));
      small = [];
    };
    for (const nal of nals) {
      if (nal.length <= limit) {
        if (small.reduce((sum, one) => sum + one.length + 2, 1) + nal.length > limit) flush(false);
        small.push(nal);
        continue;
      }
      flush(false);
      packets.push(...this.fragments(nal, timestamp, limit, nal === last));
    }
    flush(true);
    return packets;
  }

  /** Fragments of one NAL unit: FU-A, or the FU of H.265. */
  fragments(nal: Buffer, timestamp: number, limit: number, marker: boolean): Buffer[] {
    const h265 = this.#codec === 'h265';
    const first = nal[0] ?? 0;
    const header = h265 ? [(first & 0x81) | (49 << 1), nal[1] ?? 0] : [(first & 0xe0) | 28];
    const type = h265 ? (first >> 1) & 63 : first & 31;
    const packets: Buffer[] = [];
    for (let at = header.length; at < nal.length; at += limit) {
      const end = Math.min(nal.length, at + limit);
      const flags = (at === header.length ? 0x80 : 0) | (end === nal.length ? 0x40 : 0);
      packets.push(this.packet(Buffer.concat([Buffer.from([...header, flags | type]), nal.subarray(at, end)]), timestamp, marker && end === nal.length));
    }
    return packets;
  }

  /** Several AAC units in one packet (AAC-hbr, 13 + 3 bits). */
  audio(units: readonly Buffer[], timestamp: number): Buffer {
    const headers = Buffer.alloc(2 + units.length * 2);
    headers.writeUInt16BE(units.length * 16, 0);
    units.forEach((unit, index) => headers.writeUInt16BE(unit.length << 3, 2 + index * 2));
    return this.packet(Buffer.concat([headers, ...units]), timestamp, true);
  }
}

function aggregate(nals: readonly Buffer[], codec: 'h264' | 'h265'): Buffer {
  const parts = nals.flatMap((nal) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(nal.length);
    return [size, nal];
  });
  return Buffer.concat([Buffer.from(codec === 'h265' ? [48 << 1, 1] : [0x78]), ...parts]);
}

/** A sender report on an interleaved control channel. */
export function senderReport(channel: number, source: number, cameraMs: number, timestamp: number): Buffer {
  const packet = Buffer.alloc(32);
  packet[0] = 0x24;
  packet[1] = channel;
  packet.writeUInt16BE(28, 2);
  packet[4] = 0x80;
  packet[5] = 200;
  packet.writeUInt16BE(6, 6);
  packet.writeUInt32BE(source, 8);
  packet.writeUInt32BE(Math.floor(cameraMs / 1000) + 2_208_988_800, 12);
  packet.writeUInt32BE(Math.floor(((cameraMs % 1000) / 1000) * 0x1_0000_0000), 16);
  packet.writeUInt32BE(timestamp >>> 0, 20);
  return packet;
}
