// Frames (clause 6 of the standard), decoded and encoded.
import { addressBytes, readAddress, writeAddress } from './address.ts';
import { littleEndian, readLittleEndian, toHex, wholeNumber } from './bytes.ts';
import { command, replyCommandOf } from './commands.ts';
import { writeMoment } from './fields.ts';
import { checksumOf, endMarker, frameBytes, frameStateAt, offsets, overheadBytes, startMarker, type FrameState } from './frame-layout.ts';
import { standardProfile, type Profile } from './profile.ts';
import { readTimeTag, timeTagBytes } from './time-tag.ts';
import { decodeUnit, encodeUnit, type Unit, type UnitInput } from './unit.ts';

/** The control unit of a frame. */
export interface FrameHead {
  /**
   * From the device (`up`) or to it (`down`). The command says it; confirm and deny go both ways, and then the greater address is taken for the
   * centre's, as it is in every published frame. `null` where nothing tells. A server knows better which end of a link it is.
   */
  readonly direction: 'up' | 'down' | null;
  /** 0 to 65535; a reply repeats it. */
  readonly serial: number;
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** When it was sent, as `YYYY-MM-DDThh:mm:ss` by the sender's clock, without a zone; `null` where the bytes are no moment. */
  readonly sentAt: string | null;
  /** The six bytes, where `sentAt` is `null`. */
  readonly sentAtHex?: string;
  /** The six bytes of the address as on the wire. */
  readonly sourceHex: string;
  /** The same as a number. */
  readonly sourceDec: number;
  readonly destinationHex: string;
  readonly destinationDec: number;
  /** Bytes of the application data unit. */
  readonly appLength: number;
  /** See `commandNames`. */
  readonly command: number;
  /** The command of the good reply, where one is due. */
  readonly replyCommand?: number;
}

/** A good frame. `error` then speaks of its application data unit; such a frame is confirmed as well, since its device would repeat it for ever. */
export interface Frame extends FrameHead, Partial<Unit> {
  readonly valid: true;
  readonly appHex: string;
  /** The profile's sign of life: nothing in it is to be read. */
  readonly heartbeat?: true;
}

/**
 * Why bytes are no frame.
 * - `needMore` they end too early; `startMarker`, `endMarker` they do not begin with `@@` or do not end with `##` where their length says
 * - `tooLong` the unit is longer than the profile allows; `checksum` the sum is wrong; `trailing` there are bytes behind the frame
 */
export type FrameError = Exclude<FrameState, 'good'> | 'trailing';

/** Bytes that are no good frame. */
export interface RejectedFrame {
  readonly valid: false;
  readonly error: FrameError;
  /** How many bytes a reader should leave behind before it tries again; 0 where more may complete them. */
  readonly consumed: number;
  /** What the frame says of itself, where only its checksum is wrong: enough to deny it. */
  readonly head?: FrameHead;
}

/** What can be encoded: a decoded frame, or its parts. An address is given as number, as digits, or as both; the version is the profile's where absent. */
export interface FrameInput extends UnitInput {
  readonly serial: number;
  readonly versionMajor?: number;
  readonly versionMinor?: number;
  readonly sentAt: string | null;
  readonly sentAtHex?: string;
  readonly sourceDec?: number;
  readonly sourceHex?: string;
  readonly destinationDec?: number;
  readonly destinationHex?: string;
  readonly command: number;
}

/** Decodes the bytes of one frame, such as a datagram; never throws. Use a `Framer` for a stream. */
export function decodeFrame(bytes: Uint8Array, profile: Profile = standardProfile): Frame | RejectedFrame {
  const state = frameStateAt(bytes, 0, bytes.length, profile.maximumUnitBytes);
  if (state === 'good') return frameBytes(bytes, 0) === bytes.length ? readFrame(bytes, profile) : { valid: false, error: 'trailing', consumed: frameBytes(bytes, 0) };
  if (state === 'checksum') return { valid: false, error: state, consumed: frameBytes(bytes, 0), head: readHead(bytes, profile) };
  return { valid: false, error: state, consumed: state === 'needMore' ? 0 : 1 };
}

/** Decodes what {@link frameStateAt} has found to be good. */
export function readFrame(bytes: Uint8Array, profile: Profile): Frame {
  const head = readHead(bytes, profile);
  const app = bytes.subarray(offsets.app, offsets.app + head.appLength);
  const appHex = toHex(app);
  if (head.command === profile.heartbeat.command && appHex === profile.heartbeat.appHex) return { valid: true, ...head, replyCommand: profile.heartbeat.replyCommand, appHex, heartbeat: true };
  return app.length === 0 ? { valid: true, ...head, appHex } : { valid: true, ...head, ...decodeUnit(app, profile) };
}

/** Decodes the control unit. */
export function readHead(bytes: Uint8Array, profile: Profile): FrameHead {
  const byte = bytes[offsets.command] ?? 0;
  const sentAt = readTimeTag(bytes, offsets.sentAt, profile.timeCoding);
  const sourceDec = readAddress(bytes, offsets.source);
  const destinationDec = readAddress(bytes, offsets.destination);
  const replyCommand = replyCommandOf(byte);
  return {
    direction: directionOf(byte, sourceDec, destinationDec),
    serial: readLittleEndian(bytes, offsets.serial, 2),
    versionMajor: bytes[offsets.versionMajor] ?? 0,
    versionMinor: bytes[offsets.versionMinor] ?? 0,
    sentAt,
    ...(sentAt === null ? { sentAtHex: toHex(bytes, offsets.sentAt, offsets.sentAt + timeTagBytes) } : {}),
    sourceHex: toHex(bytes, offsets.source, offsets.source + addressBytes),
    sourceDec,
    destinationHex: toHex(bytes, offsets.destination, offsets.destination + addressBytes),
    destinationDec,
    appLength: readLittleEndian(bytes, offsets.appLength, 2),
    command: byte,
    ...(replyCommand === undefined ? {} : { replyCommand }),
  };
}

function directionOf(byte: number, source: number, destination: number): FrameHead['direction'] {
  if (byte === command.control || byte === command.request) return 'down';
  if (byte === command.sendData || byte === command.answer) return 'up';
  return source === destination ? null : source < destination ? 'up' : 'down';
}

/**
 * Encodes a frame; a decoded one gives the bytes that it was decoded from.
 * @throws FireCodecError for values that the wire cannot carry
 */
export function encodeFrame(frame: FrameInput, profile: Profile = standardProfile): Uint8Array {
  const isEmpty = frame.typeFlag === undefined && frame.appHex === undefined && (frame.objects ?? []).length === 0;
  const app = isEmpty ? new Uint8Array(0) : encodeUnit(frame, profile);
  const bytes = new Uint8Array(overheadBytes + app.length);
  bytes.fill(startMarker, 0, 2);
  bytes.set(littleEndian(wholeNumber('serial', frame.serial, 0, 0xffff), 2), offsets.serial);
  bytes[offsets.versionMajor] = wholeNumber('versionMajor', frame.versionMajor ?? profile.version[0], 0, 255);
  bytes[offsets.versionMinor] = wholeNumber('versionMinor', frame.versionMinor ?? profile.version[1], 0, 255);
  bytes.set([...writeMoment('sentAt', frame.sentAt, frame.sentAtHex, profile)], offsets.sentAt);
  bytes.set(writeAddress('source', frame.sourceDec, frame.sourceHex), offsets.source);
  bytes.set(writeAddress('destination', frame.destinationDec, frame.destinationHex), offsets.destination);
  bytes.set(littleEndian(app.length, 2), offsets.appLength);
  bytes[offsets.command] = wholeNumber('command', frame.command, 0, 255);
  bytes.set(app, offsets.app);
  bytes[offsets.app + app.length] = checksumOf(bytes, 0, app.length);
  bytes.fill(endMarker, bytes.length - 2);
  return bytes;
}
