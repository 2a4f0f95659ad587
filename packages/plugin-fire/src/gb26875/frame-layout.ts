// Where things are in a frame (table 1 of the standard), and what a run of bytes is.
import { readLittleEndian } from './bytes.ts';

/** Offsets in bytes from the first start marker. */
export const offsets = { serial: 2, versionMajor: 4, versionMinor: 5, sentAt: 6, source: 12, destination: 18, appLength: 24, command: 26, app: 27 } as const;

/** Bytes of a frame beside its application data unit. */
export const overheadBytes = 30;

/** `@@` */
export const startMarker = 0x40;
/** `##` */
export const endMarker = 0x23;

/** What the bytes at a place are: a good frame, the beginning of one, or why neither. */
export type FrameState = 'good' | 'needMore' | 'startMarker' | 'tooLong' | 'endMarker' | 'checksum';

/** Length of the whole frame whose head is at `at`. */
export function frameBytes(bytes: Uint8Array, at: number): number {
  return overheadBytes + readLittleEndian(bytes, at + offsets.appLength, 2);
}

/** Sum of the control unit and the application data, modulo 256. */
export function checksumOf(bytes: Uint8Array, at: number, appLength: number): number {
  let sum = 0;
  for (let index = at + offsets.serial; index < at + offsets.app + appLength; index += 1) sum += bytes[index] ?? 0;
  return sum & 0xff;
}

/**
 * Judges `bytes[at, end)` by the length that the frame says, never by a search for the end marker, which may stand in the data.
 * The checksum is only summed where the end marker is in its place.
 */
export function frameStateAt(bytes: Uint8Array, at: number, end: number, maximumUnitBytes: number): FrameState {
  const length = end - at;
  if (length > 0 && bytes[at] !== startMarker) return 'startMarker';
  if (length > 1 && bytes[at + 1] !== startMarker) return 'startMarker';
  if (length < offsets.app) return 'needMore';
  const total = frameBytes(bytes, at);
  if (total > overheadBytes + maximumUnitBytes) return 'tooLong';
  if (length < total) return 'needMore';
  if (bytes[at + total - 1] !== endMarker || bytes[at + total - 2] !== endMarker) return 'endMarker';
  return bytes[at + total - 3] === checksumOf(bytes, at, total - overheadBytes) ? 'good' : 'checksum';
}
