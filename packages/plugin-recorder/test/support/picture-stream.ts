// A deterministic H.264 + AAC stream made of real parameter sets and numbered, random slices: no decoder can show it, but every bit can be followed.
import { createHash } from 'node:crypto';

/** Sequence and picture parameter set of a 640x360 Main profile stream without B-frames, and of another camera setting (320x180). */
export const parameterSets = {
  large: { sps: Buffer.from('674d401ed900a02ff97011000003000100000300320f162e48', 'hex'), pps: Buffer.from('68ebc3cb20', 'hex') },
  small: { sps: Buffer.from('674d400cd901419f9f011000000300100000030320f142a480', 'hex'), pps: Buffer.from('68ebc3cb20', 'hex') },
} as const;

/** One access unit. */
export interface Picture {
  readonly index: number;
  readonly key: boolean;
  /** NAL units in order, without start codes. */
  readonly nals: readonly Buffer[];
}

/** Bytes that look random but are the same for the same name. */
export function noise(name: string, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0, index = 0; size < length; index += 1) {
    const part = createHash('sha256').update(`${name}:${index}`).digest();
    parts.push(part);
    size += part.length;
  }
  // No zero bytes: nothing that could be taken for a start code.
  return Buffer.concat(parts).subarray(0, length).map((byte) => (byte === 0 ? 1 : byte)) as Buffer;
}

/** Settings of {@link pictures}. */
export interface PictureOptions {
  readonly group?: number;
  readonly sets?: { readonly sps: Buffer; readonly pps: Buffer };
  readonly sliceBytes?: number;
  /** Size of the SEI before every picture; large ones travel as FU-A. */
  readonly seiBytes?: number;
  readonly delimiter?: boolean;
}

/** The picture with this number. */
export function picture(index: number, { group = 10, sets = parameterSets.large, sliceBytes = 900, seiBytes = 40, delimiter = true }: PictureOptions = {}): Picture {
  const key = index % group === 0;
  const slice = Buffer.concat([Buffer.from([key ? 0x65 : 0x41, 0x88]), noise(`slice ${index}`, key ? sliceBytes * 6 : sliceBytes)]);
  slice.writeUInt32BE(index + 0x01010101, 2);
  const sei = Buffer.concat([Buffer.from([0x06, 0x05]), noise(`sei ${index}`, seiBytes)]);
  return { index, key, nals: [...(delimiter ? [Buffer.from([0x09, 0xf0])] : []), ...(key ? [sets.sps, sets.pps] : []), ...(seiBytes > 0 ? [sei] : []), slice] };
}

/** Four-byte length before each NAL unit, as in MP4. */
export function lengthPrefixed(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(nal.length);
    return [length, nal];
  }));
}

/** The audio unit with this number. */
export function audioUnit(index: number): Buffer {
  return Buffer.concat([Buffer.from([0x21]), noise(`audio ${index}`, 160)]);
}
