// Cuts the byte stream of one link into frames, and finds the next frame again after damage.
import { frameBytes, frameStateAt, overheadBytes, type FrameState } from './frame-layout.ts';
import { readFrame, readHead, type Frame, type FrameHead } from './frame.ts';
import { standardProfile, type Profile } from './profile.ts';

/** Why bytes were left behind: as of a frame, or `stale` for a beginning whose rest has not come in time. */
export type PieceError = Exclude<FrameState, 'good' | 'needMore'> | 'stale';

/** What the stream holds, in its order: a good frame, or bytes that are none. `bytes` are copies. */
export type Piece =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly bytes: Uint8Array }
  /** `head` is there where only the checksum is wrong: the frame is to be denied. */
  | { readonly kind: 'rejected'; readonly error: PieceError; readonly bytes: Uint8Array; readonly head?: FrameHead };

/** How much and how long is kept. */
export interface FramerOptions {
  readonly profile?: Profile;
  /** Bytes that are kept of a link, 4 KiB unless given; never less than the longest frame of the profile. */
  readonly bufferLimitBytes?: number;
  /** How long the rest of a frame may take, 10 s unless given. */
  readonly partialLimitMs?: number;
}

/**
 * The framer of one link. After a wrong marker or an impossible length it goes on one byte further, since the length itself may be damaged;
 * a frame whose checksum alone is wrong is left behind as a whole. What it takes is linear in the bytes, what it keeps is bounded.
 */
export class Framer {
  readonly #profile: Profile;
  readonly #partialLimitMs: number;
  readonly #buffer: Uint8Array;
  #start = 0;
  #end = 0;
  /** The frame that begins at `#start` had begun to come by then. */
  #sinceMs = 0;
  /** When the newest byte came. */
  #newestMs = 0;

  constructor({ profile = standardProfile, bufferLimitBytes = 4096, partialLimitMs = 10_000 }: FramerOptions = {}) {
    this.#profile = profile;
    this.#partialLimitMs = partialLimitMs;
    this.#buffer = new Uint8Array(Math.max(bufferLimitBytes, overheadBytes + profile.maximumUnitBytes));
  }

  /** Bytes that wait for the rest of their frame. */
  get waitingBytes(): number {
    return this.#end - this.#start;
  }

  /**
   * Takes bytes as they come.
   * @param nowMs - any clock that does not go back; one that does only makes a beginning wait longer
   */
  push(bytes: Uint8Array, nowMs: number): readonly Piece[] {
    const pieces = [...this.expire(nowMs)];
    for (let at = 0; at < bytes.length; ) {
      if (this.waitingBytes === 0) this.#sinceMs = nowMs;
      this.#newestMs = nowMs;
      const taken = bytes.subarray(at, at + this.#buffer.length - this.#end);
      this.#buffer.set(taken, this.#end);
      this.#end += taken.length;
      at += taken.length;
      this.#cut(pieces);
    }
    return pieces;
  }

  /**
   * Gives up beginnings that are too old. Frames that had come behind one of them are found: a damaged length can make a frame wait for bytes that
   * belong to the next ones. Call it now and then on a quiet link, and with `Infinity` when the link ends.
   */
  expire(nowMs: number): readonly Piece[] {
    const pieces: Piece[] = [];
    this.#sinceMs = Math.min(this.#sinceMs, nowMs);
    this.#newestMs = Math.min(this.#newestMs, nowMs);
    while (this.waitingBytes > 0 && nowMs - this.#sinceMs > this.#partialLimitMs) this.#cut(pieces, true);
    return pieces;
  }

  /** Takes from the buffer what is complete or none; with `isStale`, the first byte is none whatever it begins. */
  #cut(pieces: Piece[], isStale = false): void {
    const before = this.#start;
    let from = before;
    let error: PieceError | undefined = isStale ? 'stale' : undefined;
    if (isStale) this.#start += 1;
    const leaveBehind = (): void => {
      if (error !== undefined) pieces.push({ kind: 'rejected', error, bytes: this.#buffer.slice(from, this.#start) });
      error = undefined;
    };
    for (;;) {
      const state = frameStateAt(this.#buffer, this.#start, this.#end, this.#profile.maximumUnitBytes);
      if (state === 'needMore') break;
      if (state === 'good' || state === 'checksum') {
        leaveBehind();
        pieces.push(this.#take(state));
        continue;
      }
      // Bytes without a start marker belong to what was wrong before them.
      if (error === undefined || state !== 'startMarker') {
        leaveBehind();
        error = state;
        from = this.#start;
      }
      this.#start += 1;
    }
    leaveBehind();
    if (this.#start === before) return;
    // What begins now cannot have begun to come later than the newest byte.
    this.#sinceMs = this.#newestMs;
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  #take(state: 'good' | 'checksum'): Piece {
    const bytes = this.#buffer.slice(this.#start, this.#start + frameBytes(this.#buffer, this.#start));
    this.#start += bytes.length;
    return state === 'good' ? { kind: 'frame', frame: readFrame(bytes, this.#profile), bytes } : { kind: 'rejected', error: state, bytes, head: readHead(bytes, this.#profile) };
  }
}
