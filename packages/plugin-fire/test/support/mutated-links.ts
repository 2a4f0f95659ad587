// Links of devices, one of them undisturbed, the others sending mutated frames: what a server must be able to rely on, held for any number of cases.
import { decodeFrame, decodeUnit, encodeFrame, encodeUnit, Framer, profiles, type Piece, type Profile } from '../../src/gb26875.ts';
import { createChooser, type Choose } from './chooser.ts';
import { randomFrame } from './random-frames.ts';
import { hexOf, vectors } from './vectors.ts';

/** What came out. */
export interface MutationResult {
  readonly cases: number;
  /** Mutated frames that were decoded, by what became of them: `good`, or why not. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Good frames that were sent after mutated ones on the same link; each is confirmed, and that is asserted. */
  readonly sent: number;
  /** How many of them were confirmed only when their device sent them again. */
  readonly confirmedLater: number;
  /** Frames of the undisturbed link; each came at once, and that is asserted. */
  readonly undisturbed: number;
  readonly slowestMs: number;
}

/** How many and from where. */
export interface MutationOptions {
  readonly cases: number;
  readonly seed: number;
  /** Called every ten thousand cases. */
  readonly progress?: (done: number) => void;
}

/** A device repeats what was not confirmed after at most so long (clause 6). */
const retryMs = 10_001;

/** A link whose bytes are all accounted for: what is pushed comes out as pieces, once and in order. */
class CheckedLink {
  readonly #framer: Framer;
  #expected: Buffer = Buffer.alloc(0);

  constructor(profile: Profile) {
    this.#framer = new Framer({ profile });
  }

  push(bytes: Uint8Array, nowMs: number): readonly Piece[] {
    this.#expected = Buffer.concat([this.#expected, bytes]);
    return this.#check(this.#framer.push(bytes, nowMs));
  }

  expire(nowMs: number): readonly Piece[] {
    return this.#check(this.#framer.expire(nowMs));
  }

  #check(pieces: readonly Piece[]): readonly Piece[] {
    for (const { bytes } of pieces) {
      if (!this.#expected.subarray(0, bytes.length).equals(bytes)) throw new Error(`a piece is not what was sent: ${hexOf(bytes)}`);
      this.#expected = this.#expected.subarray(bytes.length);
    }
    if (this.#expected.length !== this.#framer.waitingBytes) throw new Error(`${this.#expected.length} bytes were not told of, and ${this.#framer.waitingBytes} wait`);
    return pieces;
  }
}

/** Runs to the end. @throws what a server could not rely on; the message holds the frame in hexadecimal digits */
export function mutateLinks({ cases, seed, progress }: MutationOptions): MutationResult {
  const choose = createChooser(seed);
  const all = [...profiles.values()];
  const published = vectors.filter(({ layer }) => layer === 'frame').map(({ hex }) => Buffer.from(hex, 'hex'));
  const made = all.flatMap((profile) => Array.from({ length: 200 }, () => encodeFrame(randomFrame(choose, profile), profile)));
  const corpus: readonly Uint8Array[] = [...published, ...made];
  const quiet = encodeFrame({ serial: 0, sentAt: '2026-01-02T03:04:05', sourceDec: 1, destinationDec: 2, command: 2 });
  const links = all.map((profile) => ({ profile, link: new CheckedLink(profile) }));
  const undisturbed = new CheckedLink(all[0]!);
  const outcomes: Record<string, number> = {};
  let confirmedLater = 0;
  let slowestMs = 0;
  let nowMs = 0;
  for (let done = 0; done < cases; done += 1) {
    const startedMs = performance.now();
    const { profile, link } = links[choose(links.length)]!;
    const mutated = mutate(choose, corpus[choose(corpus.length)]!, corpus[choose(corpus.length)]!);
    try {
      const outcome = decodeMutated(mutated, profile);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      // The undisturbed link has a clock of its own, and gets one half of its frame before and one after.
      const before = undisturbed.push(quiet.subarray(0, done % 31), done);
      link.push(mutated, nowMs);
      if (!confirms(link, quiet, nowMs)) {
        nowMs += retryMs;
        confirmedLater += 1;
        if (!has(link.expire(nowMs), quiet) && !confirms(link, quiet, nowMs)) throw new Error('a frame was lost though its device sent it twice');
      }
      const after = undisturbed.push(quiet.subarray(done % 31), done);
      if (before.length + after.length !== 1 || !has([...before, ...after], quiet)) throw new Error('another link was disturbed');
    } catch (error) {
      throw new Error(`case ${done}, profile ${profile.name}, frame ${hexOf(mutated)}`, { cause: error });
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    nowMs += 1;
    if (done % 10_000 === 9_999) progress?.(done + 1);
  }
  return { cases, outcomes, sent: cases, confirmedLater, undisturbed: cases, slowestMs };
}

const has = (pieces: readonly Piece[], frame: Uint8Array): boolean => pieces.some((piece) => piece.kind === 'frame' && Buffer.compare(piece.bytes, frame) === 0);

function confirms(link: CheckedLink, frame: Uint8Array, nowMs: number): boolean {
  return has(link.push(frame, nowMs), frame);
}

/** Decodes as a datagram and as a unit; what is good must be encoded to the same bytes. */
function decodeMutated(bytes: Uint8Array, profile: Profile): string {
  const app = bytes.subarray(27, Math.min(bytes.length, 27 + profile.maximumUnitBytes));
  const unit = decodeUnit(app, profile);
  if (Buffer.compare(encodeUnit(unit, profile), app) !== 0) throw new Error(`the unit is encoded differently: ${hexOf(encodeUnit(unit, profile))}`);
  const frame = decodeFrame(bytes, profile);
  if (!frame.valid) return frame.error;
  const again = encodeFrame(frame, profile);
  if (Buffer.compare(again, bytes) !== 0) throw new Error(`the frame is encoded differently: ${hexOf(again)}`);
  return frame.error ?? 'good';
}

/** One to four changes. Half of the time the length and the checksum are put right, so that the change reaches what is behind them. */
function mutate(choose: Choose, start: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes = Buffer.from(start);
  for (let count = 1 + choose(4); count > 0; count -= 1) bytes = change(choose, bytes, other);
  if (choose(2) === 0 || bytes.length < 30) return bytes;
  bytes.writeUInt16LE(Math.min(bytes.length - 30, 0xffff), 24);
  bytes.fill('@', 0, 2);
  bytes.fill('#', bytes.length - 2);
  bytes[bytes.length - 3] = bytes.subarray(2, -3).reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

function change(choose: Choose, bytes: Buffer<ArrayBuffer>, other: Uint8Array): Buffer<ArrayBuffer> {
  const at = choose(bytes.length + 1);
  const length = 1 + choose(choose(4) === 0 ? 300 : 4);
  switch (choose(8)) {
    case 0: return set(bytes, at, (bytes[at] ?? 0) ^ (1 << choose(8)));
    case 1: return set(bytes, at, [0, 1, 0x23, 0x40, 0x7f, 0x80, 0xff, choose(256)][choose(8)]!);
    // The places that steer: markers, length, command, type, count, length of a text.
    case 2: return set(bytes, [0, 1, 24, 25, 26, 27, 28, 31, 32][choose(9)]!, choose(256));
    case 3: return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4: return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length))]);
    case 5: return bytes.subarray(0, at);
    case 6: return Buffer.concat([bytes.subarray(0, at), other.subarray(choose(other.length)), bytes.subarray(at)]);
    default: return Buffer.concat([bytes.subarray(0, at), Buffer.from(['##', '@@', '@', '\0', '##@@'][choose(5)]!), bytes.subarray(at)]);
  }
}

function set(bytes: Buffer<ArrayBuffer>, at: number, value: number): Buffer<ArrayBuffer> {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}
