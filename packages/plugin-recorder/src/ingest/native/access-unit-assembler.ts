// Groups NAL units into access units. What precedes the first slice (delimiter, parameter sets, SEI) waits until that slice shows
// whether a keyframe begins, so that a fragment is never cut between a picture and its SEI.
import type { ByteArena } from '../../fmp4/byte-arena.ts';
import type { NalSink } from './h264-depacketizer.ts';
import { nalType, type ParameterSets } from './h264-parameter-sets.ts';

/** Stores access units. */
export interface UnitTarget {
  /**
   * A picture begins.
   * @returns where its bytes go; undefined to skip it
   */
  openUnit(key: boolean, timestamp: number): ByteArena | undefined;
  /** The picture is whole: everything appended since `openUnit` belongs to it. */
  closeUnit(): void;
  /** Bytes of the picture are missing; it is to be forgotten. */
  dropUnit(): void;
  /** Parameter sets changed; they are valid from the next keyframe on. */
  parametersChanged(): void;
}

/** Largest amount of non-slice data before one picture; signing and metadata SEI stay far below. */
const heldLimit = 1024 * 1024;
const firstSliceType = 1;
const lastSliceType = 5;
/** first_mb_in_slice = 0 is the single bit 1 (clause 7.3.3). */
const firstMacroblock = 0x80;
/** Slice data partitions B and C do not say where in the picture they stand. */
const furtherPartitions = [3, 4];

/** Assembles one video track. */
export class AccessUnitAssembler implements NalSink {
  readonly #target: UnitTarget;
  readonly #sets: ParameterSets;
  #held: Buffer = Buffer.allocUnsafe(1024);
  #heldLength = 0;
  #arena: ByteArena | undefined;
  #timestamp = -1;
  #open = false;
  #damaged = false;
  /** Packets were missing before this picture: its first slice must prove to be the first. */
  #suspect = false;
  #nalAt = -1;
  #nalHeld = false;
  #nalHeader = 0;
  #checkFirstSlice = false;
  /** A slice follows parameter sets or SEI inside a picture: its first byte shows whether it continues the picture. */
  #undecided = false;

  constructor(target: UnitTarget, sets: ParameterSets) {
    this.#target = target;
    this.#sets = sets;
  }

  timestamp(timestamp: number): void {
    if (timestamp !== this.#timestamp) this.unitEnd();
    this.#timestamp = timestamp;
  }

  begin(header: number): void {
    const type = header & 31;
    const slice = type >= firstSliceType && type <= lastSliceType;
    this.#nalHeader = header;
    // These may only stand before the first slice of a picture (ITU-T H.264, clause 7.4.1.2.3), but GStreamer repeats parameter sets
    // before every slice of a keyframe. They are held, and the slice after them decides whether a new picture has begun.
    const between = this.#open && type >= nalType.supplemental && type <= nalType.delimiter;
    this.#undecided = this.#open && slice && this.#heldLength > 0;
    if (this.#undecided) return;
    if (slice && !this.#open) this.#openUnit(type === nalType.keySlice);
    this.#nalHeld = !this.#open || between;
    this.#startNal(header);
  }

  #startNal(header: number): void {
    if (this.#nalHeld) {
      this.#nalAt = this.#heldLength;
      this.#hold(5);
      this.#held[this.#nalAt + 4] = header;
      return;
    }
    if (this.#arena === undefined) return;
    this.#nalAt = this.#arena.length;
    this.#arena.putUint32(0);
    this.#arena.putByte(header);
  }

  append(buffer: Buffer, start: number, end: number): void {
    if (this.#undecided && start < end) this.#decide(((buffer[start] ?? 0) & firstMacroblock) !== 0);
    if (this.#checkFirstSlice && start < end) {
      this.#checkFirstSlice = false;
      if (((buffer[start] ?? 0) & firstMacroblock) === 0) this.#damaged = true;
    }
    if (this.#nalAt < 0) return;
    if (!this.#nalHeld) {
      this.#arena?.append(buffer, start, end);
      return;
    }
    const at = this.#heldLength;
    if (at + end - start > heldLimit) {
      this.damaged();
      return;
    }
    this.#hold(end - start);
    buffer.copy(this.#held, at, start, end);
  }

  end(): void {
    if (this.#nalAt < 0) return;
    if (this.#nalHeld) {
      this.#held.writeUInt32BE(this.#heldLength - this.#nalAt - 4, this.#nalAt);
      this.#learn(this.#nalHeader & 31);
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
      if (this.#suspect) this.#heldLength = 0;
      return;
    }
    this.#open = false;
    this.#undecided = false;
    this.#nalAt = -1;
    this.#checkFirstSlice = false;
    if (this.#damaged) this.#suspect = true;
    if (this.#damaged) this.#target.dropUnit();
    else this.#target.closeUnit();
    this.#damaged = false;
    this.#arena = undefined;
  }

  /** What was held belongs to the next picture, or between two slices of this one. */
  #decide(isFirstSlice: boolean): void {
    const type = this.#nalHeader & 31;
    this.#undecided = false;
    if (isFirstSlice && !furtherPartitions.includes(type)) {
      this.unitEnd();
      this.#openUnit(type === nalType.keySlice);
    } else {
      this.#arena?.append(this.#held, 0, this.#heldLength);
      this.#heldLength = 0;
    }
    this.#nalHeld = false;
    this.#startNal(this.#nalHeader);
  }

  #openUnit(key: boolean): void {
    this.#open = true;
    this.#checkFirstSlice = this.#suspect;
    this.#suspect = false;
    this.#arena = this.#target.openUnit(key, this.#timestamp);
    this.#arena?.append(this.#held, 0, this.#heldLength);
    this.#heldLength = 0;
  }

  #learn(type: number): void {
    if (type !== nalType.sequence && type !== nalType.picture) return;
    if (this.#sets.take(this.#held.subarray(this.#nalAt + 4, this.#heldLength))) this.#target.parametersChanged();
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
