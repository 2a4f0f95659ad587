// Source and destination of a frame: six bytes, low byte first (table 1 of the standard).
import { fromHex, littleEndian, readLittleEndian } from './bytes.ts';
import { FireCodecError } from './codec-error.ts';

/** Bytes of an address. */
export const addressBytes = 6;

/** The address as a number; the order of its six bytes on the wire is the reverse of the digits. */
export function readAddress(bytes: Uint8Array, at: number): number {
  return readLittleEndian(bytes, at, addressBytes);
}

/** The bytes of an address that is given as a number, as hexadecimal digits, or as both. @throws FireCodecError `FIRE_ADDRESS_INVALID` */
export function writeAddress(field: string, decimal: number | undefined, hex: string | undefined): readonly number[] {
  const isNumber = decimal !== undefined && Number.isInteger(decimal) && decimal >= 0 && decimal < 2 ** 48;
  const fromNumber = isNumber ? littleEndian(decimal, addressBytes) : undefined;
  const fromDigits = hex !== undefined && /^[0-9a-f]{12}$/i.test(hex) ? [...fromHex(field, hex)] : undefined;
  const isWrong = (decimal !== undefined && !isNumber) || (hex !== undefined && fromDigits === undefined);
  const differs = fromNumber !== undefined && fromDigits !== undefined && fromNumber.some((byte, index) => byte !== fromDigits[index]);
  const address = fromNumber ?? fromDigits;
  if (address === undefined || isWrong || differs) throw new FireCodecError('FIRE_ADDRESS_INVALID', { field, value: [decimal, hex].filter((value) => value !== undefined).join(' / ') || 'missing' });
  return address;
}
