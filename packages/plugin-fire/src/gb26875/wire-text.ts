// Text fields: GB 18030 in a field of fixed size, padded with NUL or spaces.
import { fromHex } from './bytes.ts';
import { FireCodecError } from './codec-error.ts';
import { decodeGb18030, encodeGb18030 } from './gb18030.ts';

/** The text of a field: cut at the first NUL, since devices leave old bytes behind it, and without spaces around it. */
export function readText(bytes: Uint8Array, from: number, to: number): string {
  let end = from;
  while (end < to && bytes[end] !== 0) end += 1;
  return decodeGb18030(bytes.subarray(from, end)).trim();
}

/** What is to be written. */
export interface TextToWrite {
  readonly field: string;
  readonly text: string;
  /** The bytes as they were received: written again where they still say `text`. */
  readonly hex: string | undefined;
  readonly maximumBytes: number;
}

/** The bytes of a text, without padding. @throws FireCodecError `FIRE_TEXT_TOO_LONG`, `FIRE_TEXT_UNWRITABLE`, `FIRE_HEX_INVALID` */
export function writeText({ field, text, hex, maximumBytes }: TextToWrite): Uint8Array {
  if (hex !== undefined) {
    const received = fromHex(`${field}Hex`, hex);
    if (received.length <= maximumBytes && readText(received, 0, received.length) === text) return received;
  }
  const bytes: number[] = [];
  for (const character of text) {
    const code = encodeGb18030(character);
    if (code === undefined || character === '\0') throw new FireCodecError('FIRE_TEXT_UNWRITABLE', { field, value: `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` });
    for (const byte of code) bytes.push(byte);
  }
  if (bytes.length > maximumBytes) throw new FireCodecError('FIRE_TEXT_TOO_LONG', { field, bytes: bytes.length, maximum: maximumBytes });
  return Uint8Array.from(bytes);
}

