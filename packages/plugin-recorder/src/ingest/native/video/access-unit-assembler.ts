// Groups NAL units into access units. What precedes the first slice (delimiter, parameter sets, SEI) waits until that slice shows
// whether a keyframe begins, so that a fragment is never cut between a picture and its SEI.
import { signingId } from '../../../segment/camera-signature.ts';
import type { ByteArena } from '../../../fmp4/byte-arena.ts';
import type { NalSink } from './nal-sink.ts';
import type { ParameterSets } from './parameter-sets.ts';
import { nalRole, type VideoCodec } from './video-codec.ts';

/** What a picture is to those after it: `leading` ones refer back over the random access picture before them. */
export type PictureKind = 'key' | 'leading' | 'plain';

/** Stores access units. */
export interface UnitTarget {
  /**
   * A picture begins.
   * @returns where its bytes go; undefined to skip it
   */
  openUnit(kind: PictureKind, timestamp: number): ByteArena | undefined;
  /** The picture is whole: everything appended since `openUnit` belongs to it. */
  closeUnit(): void;
  /** Bytes of the picture are missing; it is to be forgotten. */
  dropUnit(): void;
  /** The picture is larger than is believed; it is to be forgotten, and what builds on it with it. */
  oversizedUnit(): void;
  /** Data before a picture is larger than is believed and was left out. */
  leftOut(): void;
  /** Parameter sets changed; they are valid from the next keyframe on. */
  parametersChanged(): void;
  /** Its camera signs the footage: the picture that begins now carries a unit of ONVIF Media Signing. */
  signed(): void;
}

/** Largest amount of non-slice data before one picture; signing and metadata SEI stay far below. */
export const heldLimitBytes = 1024 * 1024;
/** The first bit of a slice after its header says, in both codecs, whether it is the first of its picture. */
const firstSlice = 0x80;

/** Assembles one video track. */
export class AccessUnitAssembler implements NalSink {
  readonly #target: UnitTarget;
  readonly #codec: VideoCodec;
  readonly #sets: ParameterSets;
  readonly #unitLimit: number;
  #held: Buffer = Buffer.allocUnsafe(1024);
  #heldLength = 0;
  #arena: ByteArena | undefined;
  /** Bytes that the picture may still have. */
  #room = 0;
  #timestamp = -1;
  #open = false;
  #damaged = false;
  /** Packets were missing before this picture: its first slice must prove to be the first. */
  #suspect = false;
  #nalAt = -1;
  #nalHeld = false;
  #nalHeader = 0;
  #nalRole: number = nalRole.after;
  #checkFirstSlice = false;
  /** A slice follows parameter sets or SEI inside a picture: its first byte shows whether it continues the picture. */
  #undecided = false;

  /** @param unitLimitBytes - largest picture that is believed */
  constructor(target: UnitTarget, codec: VideoCodec, sets: ParameterSets, unitLimitBytes: number) {
    this.#target = target;
    this.#codec = codec;
    this.#sets = sets;
    this.#unitLimit = unitLimitBytes;
  }

  timestamp(timestamp: number): void {
    if (timestamp !== this.#timestamp) this.unitEnd();
    this.#timestamp = timestamp;
  }

  begin(header: number): void {
    const role = this.#codec.roles[this.#codec.typeOf(header)] ?? nalRole.after;
    const slice = role >= nalRole.slice;
    this.#nalHeader = header;
    this.#nalRole = role;
    // These may only stand before the first slice of a picture (ITU-T H.264, clause 7.4.1.2.3), but GStreamer repeats parameter sets
    // before every slice of a keyframe. They are held, and the slice after them decides whether a new picture has begun.
    const between = this.#open && (role === nalRole.before || role === nalRole.set);
    this.#undecided = this.#open && slice && this.#heldLength > 0;
    if (this.#undecided) return;
    if (slice && !this.#open) this.#openUnit();
    this.#nalHeld = !this.#open || between;
    this.#startNal();
  }

  append(buffer: Buffer, start: number, end: number): void {
    if (this.#undecided && start < end) this.#decide(((buffer[start] ?? 0) & firstSlice) !== 0);
    if (this.#checkFirstSlice && start < end) {
      this.#checkFirstSlice = false;
      if (((buffer[start] ?? 0) & firstSlice) === 0) this.#damaged = true;
    }
    if (this.#nalAt < 0) return;
    if (!this.#nalHeld) {
      this.#room -= end - start;
      if (this.#room >= 0) this.#arena?.append(buffer, start, end);
      else this.#giveUp();
      return;
    }
    const at = this.#heldLength;
    if (at + end - start > heldLimitBytes) {
      this.#target.leftOut();
      this.#heldLength = this.#nalAt;
      this.#nalAt = -1;
      return;
    }
    this.#hold(end - start);
    buffer.copy(this.#held, at, start, end);
  }

  end(): void {
    if (this.#nalAt < 0) return;
    if (this.#nalHeld) {
      this.#held.writeUInt32BE(this.#heldLength - this.#nalAt - 4, this.#nalAt);
      if (this.#nalRole === nalRole.set && this.#sets.take(this.#held.subarray(this.#nalAt + 4, this.#heldLength))) this.#target.parametersChanged();
    } else {
      this.#arena?.patchUint32(this.#nalAt, this.#arena.length - this.#nalAt - 4);
    }
    this.#nalAt = -1;
  }

  damaged(): void {
    if (this.#nalAt >= 0 && this.#nalHeld) this.#heldLength = this.#nalAt;
    if (this.#open) this.#damaged = true;
    else this.#suspect = true;
    this.#undecided = false;
    this.#nalAt = -1;
  }

  unitEnd(): void {
    if (!this.#open) {
      // Its slices were lost: what was held belongs to no picture. Without loss it belongs to the next one.
      if (this.#suspect) {
        this.#heldLength = 0;
        this.#nalAt = -1;
      }
      return;
    }
    const kept = this.#arena !== undefined;
    this.#open = false;
    this.#undecided = false;
    this.#nalAt = -1;
    this.#checkFirstSlice = false;
    this.#arena = undefined;
    if (this.#damaged) this.#suspect = true;
    if (kept && this.#damaged) this.#target.dropUnit();
    else if (kept) this.#target.closeUnit();
    this.#damaged = false;
  }

  #startNal(): void {
    const { headerBytes } = this.#codec;
    const header = this.#nalHeader;
    if (this.#nalHeld) {
      this.#nalAt = this.#heldLength;
      this.#hold(4 + headerBytes);
      this.#held.writeUIntBE(header, this.#nalAt + 4, headerBytes);
      return;
    }
    if (this.#arena === undefined) return;
    this.#nalAt = this.#arena.length;
    this.#arena.putUint32(0);
    if (headerBytes === 2) this.#arena.putByte(header >> 8);
    this.#arena.putByte(header & 0xff);
  }

  #giveUp(): void {
    if (this.#arena === undefined) return;
    this.#arena = undefined;
    this.#nalAt = -1;
    this.#target.oversizedUnit();
  }

  /** What was held belongs to the next picture, or between two slices of this one. */
  #decide(isFirstSlice: boolean): void {
    this.#undecided = false;
    if (isFirstSlice && this.#nalRole !== nalRole.part) {
      this.unitEnd();
      this.#openUnit();
    } else {
      this.#room -= this.#heldLength;
      if (this.#room >= 0) this.#arena?.append(this.#held, 0, this.#heldLength);
      else this.#giveUp();
      this.#heldLength = 0;
    }
    this.#nalHeld = false;
    this.#startNal();
  }

  #openUnit(): void {
    this.#open = true;
    if (this.#heldLength > signingId.length && this.#held.subarray(0, this.#heldLength).includes(signingId)) this.#target.signed();
    this.#checkFirstSlice = this.#suspect;
    this.#suspect = false;
    this.#arena = this.#target.openUnit(kindOf(this.#nalRole), this.#timestamp);
    this.#room = this.#unitLimit;
    this.#arena?.append(this.#held, 0, this.#heldLength);
    this.#heldLength = 0;
  }

  #hold(bytes: number): void {
    const needed = this.#heldLength + bytes;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#held.length * 2));
      this.#held.copy(larger, 0, 0, this.#heldLength);
      this.#held = larger;
    }
    this.#heldLength = needed;
  }
}

function kindOf(role: number): PictureKind {
  if (role === nalRole.key) return 'key';
  return role === nalRole.leading ? 'leading' : 'plain';
}
