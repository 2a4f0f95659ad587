// Reads the codecs parameter back out of an init segment, for files that are found without their index row.
import { findBox, boxes } from './box-reader.ts';
import { codecStringOfProfile } from './hevc-configuration.ts';
import { codecString } from './track-info.ts';

/** Where the entries of stsd begin, and what stands in an entry before its own boxes. */
export const sampleEntriesAt = 8;
export const visualEntryBytes = 78;
export const audioEntryBytes = 28;

/** RFC 6381 codecs of the tracks, comma-separated; unknown sample entries give their four letters. */
export function codecsOfInit(init: Buffer): string {
  const moov = findBox(init, ['moov']);
  if (moov === undefined) return '';
  const codecs: string[] = [];
  for (const trak of boxes(init, moov.payload, moov.end)) {
    const table = trak.type === 'trak' ? findBox(init, ['mdia', 'minf', 'stbl', 'stsd'], trak.payload, trak.end) : undefined;
    if (table === undefined) continue;
    for (const entry of boxes(init, table.payload + sampleEntriesAt, table.end)) codecs.push(codecOfEntry(init, entry.type, entry.payload, entry.end));
  }
  return codecs.join(',');
}

function codecOfEntry(init: Buffer, type: string, payload: number, end: number): string {
  if (type === 'avc1' || type === 'avc3') {
    const configuration = findBox(init, ['avcC'], payload + visualEntryBytes, end);
    if (configuration !== undefined && configuration.payload + 4 <= configuration.end) {
      return `${type}.${init.toString('hex', configuration.payload + 1, configuration.payload + 4)}`;
    }
  }
  if (type === 'hvc1' || type === 'hev1') {
    const configuration = findBox(init, ['hvcC'], payload + visualEntryBytes, end);
    if (configuration !== undefined && configuration.payload + 13 <= configuration.end) {
      return codecStringOfProfile(init.subarray(configuration.payload + 1, configuration.payload + 13)).replace('hvc1', type);
    }
  }
  if (type === 'Opus' || type === 'fLaC') return type.toLowerCase();
  if (type === 'mp4a') {
    const descriptor = findBox(init, ['esds'], payload + audioEntryBytes, end);
    const config = descriptor === undefined ? undefined : decoderSpecific(init.subarray(descriptor.payload + 4, descriptor.end));
    if (config !== undefined) return codecString({ kind: 'audio', codec: 'aac', timescale: 1, channels: 1, config });
  }
  return type;
}

/** DecoderSpecificInfo inside ES_Descriptor > DecoderConfigDescriptor (ISO/IEC 14496-1, clause 7.2.6). */
export function decoderSpecific(bytes: Buffer): Buffer | undefined {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const tag = bytes[at];
    at += 1;
    let length = 0;
    for (let count = 0; count < 4; count += 1) {
      const byte = bytes[at] ?? 0;
      at += 1;
      length = (length << 7) | (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
    }
    if (tag === 5) return at + length <= bytes.length && length > 0 ? bytes.subarray(at, at + length) : undefined;
    at += tag === 3 ? 3 : tag === 4 ? 13 : length;
  }
  return undefined;
}
