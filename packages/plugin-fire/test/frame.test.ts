// Single frames: what is good, what is wrong with the others, what is encoded.
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, profiles, replyTo, standardProfile, type FrameInput } from '../src/gb26875.ts';
import { createChooser } from './support/chooser.ts';
import { randomFrame } from './support/random-frames.ts';
import { bytesOf, hexOf, vectors } from './support/vectors.ts';

const smoke = bytesOf(vectors[0]!.hex);
const base: FrameInput = { serial: 7, sentAt: '2026-01-02T03:04:05', sourceDec: 889, destinationDec: 88_888, command: 2 };
const withUnitOf = (bytes: number): FrameInput => ({ ...base, appHex: 'c801'.padEnd(bytes * 2, '5') });
const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
};

describe('frames', () => {
  it('of every profile are decoded to what was encoded', () => {
    for (const profile of profiles.values()) {
      const choose = createChooser(7);
      for (let round = 0; round < 1500; round += 1) {
        const frame = randomFrame(choose, profile);
        const bytes = encodeFrame(frame, profile);
        const decoded = decodeFrame(bytes, profile);
        if (!decoded.valid) throw new Error(`${profile.name}: ${decoded.error} for ${hexOf(bytes)}`);
        expect(decoded).toMatchObject(frame);
        expect(hexOf(encodeFrame(decoded, profile))).toBe(hexOf(bytes));
      }
    }
  });

  it('may be as long as the profile allows, and no longer', () => {
    const longest = encodeFrame(withUnitOf(1024));
    expect(longest.length).toBe(1054);
    expect(decodeFrame(longest)).toMatchObject({ valid: true, appLength: 1024, vendorType: true });
    expect(() => encodeFrame(withUnitOf(1025))).toThrow(expect.objectContaining({ code: 'FIRE_UNIT_TOO_LONG' }));
    const wide = { ...standardProfile, maximumUnitBytes: 2000 };
    expect(decodeFrame(encodeFrame(withUnitOf(1025), wide))).toEqual({ valid: false, error: 'tooLong', consumed: 1 });
    expect(decodeFrame(encodeFrame(withUnitOf(1025), wide), wide)).toMatchObject({ valid: true, appLength: 1025 });
    expect(decodeFrame(longest, profiles.get('dahua-v1.03'))).toMatchObject({ valid: false, error: 'tooLong' });
  });

  it('are told by what is wrong with them', () => {
    for (let length = 0; length < smoke.length; length += 1) expect(decodeFrame(smoke.subarray(0, length))).toEqual({ valid: false, error: 'needMore', consumed: 0 });
    expect(decodeFrame(changed(smoke, 1, 0x41))).toEqual({ valid: false, error: 'startMarker', consumed: 1 });
    expect(decodeFrame(changed(smoke, smoke.length - 1, 0))).toEqual({ valid: false, error: 'endMarker', consumed: 1 });
    expect(decodeFrame(Uint8Array.of(...smoke, 0))).toEqual({ valid: false, error: 'trailing', consumed: smoke.length });
    expect(decodeFrame(changed(smoke, 40, 0xee))).toMatchObject({ valid: false, error: 'checksum', consumed: smoke.length, head: { serial: 1, sourceDec: 889, command: 2 } });
  });

  it('stay good when their unit is not, and say so', () => {
    const frame = decodeFrame(encodeFrame({ ...base, appHex: '0201' }));
    expect(frame).toMatchObject({ valid: true, error: 'truncated', appHex: '0201', replyCommand: 3, objects: [] });
  });

  it('are found whatever their bytes are a view of', () => {
    expect(decodeFrame(Buffer.from(smoke))).toEqual(decodeFrame(smoke));
  });

  it('say their direction by their command, and replies by their addresses', () => {
    const direction = (command: number, sourceDec: number, destinationDec: number) => {
      const frame = decodeFrame(encodeFrame({ ...base, command, sourceDec, destinationDec }));
      return frame.valid ? frame.direction : undefined;
    };
    expect([1, 2, 4, 5].map((command) => direction(command, 0, 0))).toEqual(['down', 'up', 'down', 'up']);
    expect([direction(3, 889, 88_888), direction(3, 2 ** 48 - 1, 889), direction(6, 0, 0)]).toEqual(['up', 'down', null]);
  });

  it('keep a time that is none', () => {
    const bytes = encodeFrame({ ...base, sentAt: null, sentAtHex: '000000000000' });
    expect(decodeFrame(bytes)).toMatchObject({ valid: true, sentAt: null, sentAtHex: '000000000000' });
  });

  it.each([
    ['FIRE_FIELD_RANGE', { serial: 65_536 }],
    ['FIRE_ADDRESS_INVALID', { sourceDec: 2 ** 48 }],
    ['FIRE_ADDRESS_INVALID', { sourceHex: '790300000001' }],
    ['FIRE_TIME_INVALID', { sentAt: null }],
    ['FIRE_TIME_INVALID', { sentAt: '1999-01-01T00:00:00' }],
    ['FIRE_HEX_INVALID', { appHex: 'x' }],
  ] as const)('are refused with %s where the wire cannot carry a value', (code, part) => {
    expect(() => encodeFrame({ ...base, ...part })).toThrow(expect.objectContaining({ code }));
  });
});

describe('replies', () => {
  const sentAt = '2012-09-26T09:58:35';

  it('to a published frame are the published reply', () => {
    const frame = decodeFrame(smoke);
    if (!frame.valid) throw new Error(frame.error);
    expect(hexOf(encodeFrame(replyTo(frame, { with: 'confirm', sentAt })))).toBe(vectors.find(({ name }) => name === 'down-confirm')?.hex);
  });

  it('deny a frame with a wrong checksum by its head', () => {
    const frame = decodeFrame(changed(smoke, 40, 0xee));
    if (frame.valid || frame.head === undefined) throw new Error('it must be refused, with a head');
    expect(decodeFrame(encodeFrame(replyTo(frame.head, { with: 'deny', sentAt })))).toMatchObject({ valid: true, command: 6, serial: 1, appLength: 0, sourceDec: 88_888, destinationDec: 889 });
  });

  it('to a heartbeat are those of the profile', () => {
    const bytes = bytesOf(vectors.find(({ name }) => name === 'up-one-byte-handshake')!.hex);
    const profile = profiles.get('dgiot-captured')!;
    const frame = decodeFrame(bytes, profile);
    if (!frame.valid) throw new Error(frame.error);
    expect(frame.heartbeat).toBe(true);
    expect(frame.error ?? frame.typeFlag).toBeUndefined();
    expect(replyTo(frame, { with: 'confirm', sentAt }, profile)).toMatchObject({ command: 3, appHex: '17', serial: 105, versionMajor: 16, versionMinor: 0 });
    expect(decodeFrame(bytes)).toMatchObject({ valid: true, error: 'truncated', appHex: '16' });
  });
});
