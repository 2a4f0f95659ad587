// Reads what a track is out of an init segment that another muxer wrote.
import { boxes, findBox, type BoxView } from './box-reader.ts';
import { initTracks } from './fragment-info.ts';
import { audioEntryBytes, decoderSpecific, sampleEntriesAt, visualEntryBytes } from './init-codecs.ts';
import type { TrackInfo } from './track-info.ts';

const h265Types = { vps: 32, sps: 33, pps: 34 } as const;

/** Tracks that can be recorded, in order; the four letters of a sample entry for those that cannot. */
export function describeInit(init: Buffer): readonly (TrackInfo | string)[] {
  const moov = findBox(init, ['moov']);
  if (moov === undefined) return [];
  const described: (TrackInfo | string)[] = [];
  const timescales = initTracks(init).map(({ timescale }) => timescale);
  for (const trak of boxes(init, moov.payload, moov.end)) {
    const table = trak.type === 'trak' ? findBox(init, ['mdia', 'minf', 'stbl', 'stsd'], trak.payload, trak.end) : undefined;
    const [entry] = table === undefined ? [] : boxes(init, table.payload + sampleEntriesAt, table.end);
    if (entry !== undefined) described.push(describeEntry(init, entry, timescales[described.length] ?? 0) ?? entry.type);
  }
  return described;
}

function describeEntry(init: Buffer, entry: BoxView, timescale: number): TrackInfo | undefined {
  if (timescale === 0) return undefined;
  switch (entry.type) {
    case 'avc1': case 'avc3': return describeH264(init, entry, timescale);
    case 'hvc1': case 'hev1': return describeH265(init, entry, timescale);
    case 'mp4a': return describeAac(init, entry, timescale);
    case 'Opus': return entry.payload + audioEntryBytes > entry.end ? undefined : { kind: 'audio', codec: 'opus', timescale, channels: init.readUInt16BE(entry.payload + 16) };
    default: return undefined;
  }
}

/** Width and height stand after 24 bytes of the visual entry (ISO/IEC 14496-12, clause 12.1.3). */
function sizeOf(init: Buffer, entry: BoxView): { width: number; height: number } {
  return { width: init.readUInt16BE(entry.payload + 24), height: init.readUInt16BE(entry.payload + 26) };
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, clause 5.3.3.1). */
function describeH264(init: Buffer, entry: BoxView, timescale: number): TrackInfo | undefined {
  const record = configuration(init, entry, 'avcC');
  if (record === undefined || record.length < 7) return undefined;
  const sets = new SetReader(record, 5);
  const sps = sets.list(sets.byte() & 0x1f);
  const pps = sets.list(sets.byte());
  return sets.damaged || sps.length === 0 ? undefined : { kind: 'video', codec: 'h264', timescale, ...sizeOf(init, entry), sps, pps };
}

/** HEVCDecoderConfigurationRecord (clause 8.3.3.1). */
function describeH265(init: Buffer, entry: BoxView, timescale: number): TrackInfo | undefined {
  const record = configuration(init, entry, 'hvcC');
  if (record === undefined || record.length < 23) return undefined;
  const sets = new SetReader(record, 22);
  const found = new Map<number, Uint8Array[]>();
  for (let arrays = sets.byte(); arrays > 0 && !sets.damaged; arrays -= 1) found.set(sets.byte() & 0x3f, sets.list(sets.short()));
  const of = (type: number): Uint8Array[] => found.get(type) ?? [];
  const sps = of(h265Types.sps);
  return sets.damaged || sps.length === 0 ? undefined : { kind: 'video', codec: 'h265', timescale, ...sizeOf(init, entry), vps: of(h265Types.vps), sps, pps: of(h265Types.pps) };
}

function describeAac(init: Buffer, entry: BoxView, timescale: number): TrackInfo | undefined {
  const box = findBox(init, ['esds'], entry.payload + audioEntryBytes, entry.end);
  const config = box === undefined ? undefined : decoderSpecific(init.subarray(box.payload + 4, box.end));
  return config === undefined ? undefined : { kind: 'audio', codec: 'aac', timescale, channels: init.readUInt16BE(entry.payload + 16), config };
}

function configuration(init: Buffer, entry: BoxView, type: string): Buffer | undefined {
  const box = findBox(init, [type], entry.payload + visualEntryBytes, entry.end);
  return box && init.subarray(box.payload, box.end);
}

/** Reads lists of parameter sets with two-byte lengths; stays inside the record. */
class SetReader {
  damaged = false;
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    this.#at += 1;
    this.damaged ||= value === undefined;
    return value ?? 0;
  }

  short(): number {
    return this.byte() * 256 + this.byte();
  }

  list(count: number): Uint8Array[] {
    const sets: Uint8Array[] = [];
    for (let index = 0; index < count && !this.damaged; index += 1) {
      const length = this.short();
      this.damaged ||= this.#at + length > this.#bytes.length;
      sets.push(this.#bytes.subarray(this.#at, this.#at + length));
      this.#at += length;
    }
    return sets;
  }
}
