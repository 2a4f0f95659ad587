// Published frames, units, streams and values: decoded to what their sources say, and encoded back to the same bytes.
import { describe, expect, it } from 'vitest';
import { decodeAnalog, decodeFrame, decodeUnit, encodeFrame, encodeUnit, Framer, literalStates } from '../src/gb26875.ts';
import { bytesOf, hexOf, vectorsOf } from './support/vectors.ts';

describe('published frames', () => {
  it.each(vectorsOf('frame'))('%s', (_, { hex, expect: { sourceConsumed, ...expected } }) => {
    const frame = decodeFrame(bytesOf(hex));
    expect(frame).toMatchObject(expected);
    if (frame.valid) expect(hexOf(encodeFrame(frame))).toBe(hex);
    else if (sourceConsumed !== undefined) expect(frame.consumed).toBe(sourceConsumed);
  });
});

describe('published application data units', () => {
  it.each(vectorsOf('appdata'))('%s', (_, { hex, expect: expected }) => {
    const unit = decodeUnit(bytesOf(hex));
    expect(unit).toMatchObject(expected);
    if (expected.error === undefined) expect(unit.error).toBeUndefined();
    expect(hexOf(encodeUnit(unit))).toBe(hex);
    if (unit.objects.length > 0) expect(hexOf(encodeUnit({ ...unit, appHex: '' }))).toBe(hex);
  });
});

describe('published streams', () => {
  it.each(vectorsOf('stream'))('%s', (_, { hex, expect: expected }) => {
    const pieces = new Framer().push(bytesOf(hex), 0);
    const frames = pieces.flatMap((piece) => (piece.kind === 'frame' ? [piece.frame] : []));
    expect(frames.length).toBe(expected.framesDecoded);
    expect(frames.map((frame) => frame.typeFlag)).toEqual(expected.typeFlags);
    expect(pieces.length - frames.length).toBeGreaterThanOrEqual(expected.framesRejectedAtLeast ?? 0);
  });
});

describe('published values', () => {
  it.each(vectorsOf('analog'))('%s', (_, { hex, expect: expected }) => {
    expect(decodeAnalog(bytesOf(hex), expected.analogType)).toMatchObject(expected);
  });

  it.each(vectorsOf('status'))('%s', (_, { hex, expect: { kind, word, literalStates: states } }) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(bytes.readUIntLE(0, bytes.length)).toBe(word);
    expect(literalStates(word!, kind!)).toEqual(states);
  });
});
