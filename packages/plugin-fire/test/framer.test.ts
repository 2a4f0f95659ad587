// Streams: frames are found however they are cut, and again after damage.
import { describe, expect, it } from 'vitest';
import { encodeFrame, Framer, standardProfile, type FrameInput, type Piece } from '../src/gb26875.ts';
import { bytesOf, hexOf, vectors } from './support/vectors.ts';

const base: FrameInput = { serial: 7, sentAt: '2026-01-02T03:04:05', sourceDec: 889, destinationDec: 88_888, command: 2 };
const fire = { systemType: 1, systemAddress: 3, componentType: 40, componentAddress: 217, statusWord: 2, at: '2026-01-02T03:04:05' };
const frameWith = (description: string, serial = 7): Uint8Array => encodeFrame({ ...base, serial, typeFlag: 2, objects: [{ ...fire, description }] });
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const told = (pieces: readonly Piece[]): readonly (number | string)[] => pieces.map((piece) => (piece.kind === 'frame' ? piece.frame.serial : piece.error));
const damaged = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};

describe('a stream', () => {
  const published = vectors.filter(({ layer, expect }) => layer === 'frame' && expect.valid).map(({ hex }) => bytesOf(hex));
  const stream = joined(...published, frameWith('##@@##'));

  it('gives the same frames wherever it is split', () => {
    const whole = new Framer().push(stream, 0);
    expect(whole.every(({ kind }) => kind === 'frame')).toBe(true);
    expect(whole.length).toBe(published.length + 1);
    for (let at = 0; at <= stream.length; at += 1) {
      const framer = new Framer();
      expect(told([...framer.push(stream.subarray(0, at), 0), ...framer.push(stream.subarray(at), 0)])).toEqual(told(whole));
    }
    const framer = new Framer();
    expect([...stream].flatMap((byte) => framer.push(Uint8Array.of(byte), 0))).toEqual(whole);
  });

  it('gives the markers that stand in data as data', () => {
    const [piece] = new Framer().push(joined(frameWith('@@##一层##@@')), 0);
    expect(piece).toMatchObject({ kind: 'frame', frame: { objects: [{ description: '@@##一层##@@' }] } });
  });

  it('gives several frames of one read, and their bytes', () => {
    const pieces = new Framer().push(joined(frameWith('A', 1), frameWith('B', 2)), 0);
    expect(told(pieces)).toEqual([1, 2]);
    expect(hexOf(pieces[1]!.bytes)).toBe(hexOf(frameWith('B', 2)));
  });

  it('may hold the longest frame, and goes on behind a longer one', () => {
    const longest = encodeFrame({ ...base, appHex: 'c801'.padEnd(2048, '5') });
    const tooLong = encodeFrame({ ...base, appHex: 'c801'.padEnd(2050, '5') }, { ...standardProfile, maximumUnitBytes: 2000 });
    expect(told(new Framer().push(joined(longest, tooLong, longest), 0))).toEqual([7, 'tooLong', 7]);
  });

  it('of a profile with longer units may be longer than what is kept of others', () => {
    const profile = { ...standardProfile, maximumUnitBytes: 8000 };
    const bytes = encodeFrame({ ...base, appHex: 'c801'.padEnd(16_000, '5') }, profile);
    const framer = new Framer({ profile });
    expect(told([...framer.push(bytes.subarray(0, 7000), 0), ...framer.push(bytes.subarray(7000), 0)])).toEqual([7]);
  });
});

describe('after damage', () => {
  it('before a frame, the frame is found', () => {
    expect(told(new Framer().push(joined(Uint8Array.of(1, 0x40, 2), frameWith('A')), 0))).toEqual(['startMarker', 7]);
  });

  it('to a checksum, the frame can be denied and the next one is found', () => {
    const pieces = new Framer().push(joined(damaged(frameWith('A', 1), 50, 0xee), frameWith('B', 2)), 0);
    expect(told(pieces)).toEqual(['checksum', 2]);
    expect(pieces[0]).toMatchObject({ head: { serial: 1, sourceDec: 889 }, bytes: damaged(frameWith('A', 1), 50, 0xee) });
  });

  it('to an end marker, the frame is left behind byte by byte, since its length may be wrong', () => {
    const hidden = frameWith('B', 2);
    const shortened = damaged(frameWith('A', 1), 24, 9);
    const pieces = new Framer().push(joined(shortened, hidden), 0);
    expect(told(pieces)).toEqual(['endMarker', 2]);
    expect(pieces[0]?.bytes).toEqual(shortened);
  });

  it('to a length, frames that were taken for data are found', () => {
    const framer = new Framer();
    const lengthened = damaged(frameWith('A', 1), 25, 2);
    expect(told(framer.push(joined(lengthened, frameWith('B', 2)), 0))).toEqual([]);
    expect(told(framer.push(joined(...Array.from({ length: 6 }, (_, index) => frameWith('C', 3 + index))), 1000))).toEqual(['endMarker', 2, 3, 4, 5, 6, 7, 8]);
  });

  it('to a length, and silence, they are found in time', () => {
    const framer = new Framer();
    expect(told(framer.push(joined(damaged(frameWith('A', 1), 25, 2), frameWith('B', 2)), 0))).toEqual([]);
    expect(told(framer.expire(10_000))).toEqual([]);
    expect(told(framer.expire(10_001))).toEqual(['stale', 2]);
    expect(framer.waitingBytes).toBe(0);
  });

  it('every byte is told of, once and in order', () => {
    const framer = new Framer();
    const stream = joined(Uint8Array.of(9, 9), damaged(frameWith('A', 1), 50, 0xee), damaged(frameWith('A', 1), 24, 9), frameWith('B', 2), frameWith('C').subarray(0, 40));
    const pieces = [...framer.push(stream, 0), ...framer.expire(Infinity)];
    expect(joined(...pieces.map(({ bytes }) => bytes))).toEqual(stream);
  });
});

describe('a beginning', () => {
  const begun = frameWith('A').subarray(0, 40);

  it('is dropped when its rest has not come in ten seconds', () => {
    const framer = new Framer();
    framer.push(begun, 0);
    expect(framer.waitingBytes).toBe(40);
    expect(told(framer.push(frameWith('B', 2), 10_001))).toEqual(['stale', 2]);
  });

  it('is completed within that time', () => {
    const framer = new Framer();
    framer.push(begun, 0);
    expect(told(framer.push(frameWith('A').subarray(40), 10_000))).toEqual([7]);
  });

  it('behind an older one has its own time', () => {
    const framer = new Framer();
    framer.push(damaged(frameWith('A', 1), 25, 2).subarray(0, 40), 0);
    framer.push(frameWith('B', 2).subarray(0, 40), 9_000);
    expect(told(framer.push(frameWith('B', 2).subarray(40), 11_000))).toEqual(['stale', 2]);
  });

  it('waits longer when the clock goes back, and not for ever', () => {
    const framer = new Framer();
    framer.push(begun, 1_000_000);
    expect(framer.expire(0)).toEqual([]);
    expect(told(framer.expire(10_001))).toEqual(['stale']);
  });
});
