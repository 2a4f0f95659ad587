// Bytes as hexadecimal digits, and whole numbers of a given width.
import { FireCodecError } from './codec-error.ts';

/** `bytes[from, to)` as lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('hex');
}

/** Hexadecimal digits as bytes. @throws FireCodecError `FIRE_HEX_INVALID` */
export function fromHex(field: string, hex: string, bytes?: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex) || (bytes !== undefined && hex.length !== bytes * 2)) throw new FireCodecError('FIRE_HEX_INVALID', { field, bytes: bytes ?? 'whole', value: hex });
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** A whole number that the field can hold. @throws FireCodecError `FIRE_FIELD_RANGE` */
export function wholeNumber(field: string, value: number, minimum: number, maximum: number): number {
  if (!Number.isInteger(value) || value < minimum || value > maximum) throw new FireCodecError('FIRE_FIELD_RANGE', { field, value, minimum, maximum });
  return value;
}

/** The bytes of a number, low byte first. */
export function littleEndian(value: number, width: number): number[] {
  const bytes: number[] = [];
  // Division, since shifts end at 32 bits and addresses have 48.
  for (let rest = value; bytes.length < width; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return bytes;
}

/** Reads a number of at most six bytes, low byte first. */
export function readLittleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = width - 1; index >= 0; index -= 1) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
