// Application data units: what is decoded, what is kept, what is refused.
import { describe, expect, it } from 'vitest';
import { componentTypes, decodeUnit, encodeUnit, profiles, standardProfile, systemTypes, unitTypes, type Profile } from '../src/gb26875.ts';
import { createChooser } from './support/chooser.ts';
import { randomUnit, typesOf } from './support/random-frames.ts';
import { bytesOf, hexOf } from './support/vectors.ts';

const fire = { systemType: 1, systemAddress: 3, componentType: 40, componentAddress: 0x0006_00d9, statusWord: 2, description: '１层走廊', at: '2026-01-02T03:04:05' };
const profile = (name: string): Profile => profiles.get(name)!;

describe('units', () => {
  it.each([...profiles.values()].flatMap((profile) => typesOf(profile).map((type) => [profile.name, type] as const)))('of %s, type %i, are decoded to what was encoded', (name, type) => {
    const choose = createChooser(type);
    for (let round = 0; round < 60; round += 1) {
      const unit = randomUnit(choose, profile(name), type);
      const bytes = encodeUnit(unit, { ...profile(name), maximumUnitBytes: 1024 });
      const decoded = decodeUnit(bytes, profile(name));
      expect(decoded.error).toBeUndefined();
      expect(decoded).toMatchObject({ ...unit, objectCount: unit.objects.length });
      expect(hexOf(encodeUnit({ ...decoded, appHex: '' }, { ...profile(name), maximumUnitBytes: 1024 }))).toBe(hexOf(bytes));
    }
  });

  it('of every other type keep their number and their bytes', () => {
    for (let type = 0; type < 256; type += 1) {
      if (unitTypes.has(type)) continue;
      const unit = decodeUnit(Uint8Array.of(type, 1, 0xaa, 0xbb));
      expect(unit).toMatchObject({ typeFlag: type, objectCount: 1, objects: [], [type > 127 && type < 255 ? 'vendorType' : 'reservedType']: true });
      expect(unit.appHex).toBe(`${hexOf(Uint8Array.of(type))}01aabb`);
      expect([...encodeUnit(unit)]).toEqual([type, 1, 0xaa, 0xbb]);
    }
  });

  it('that are cut short give the objects that are whole, and the error', () => {
    const bytes = encodeUnit({ typeFlag: 2, objects: [fire, fire] });
    const unit = decodeUnit(bytes.subarray(0, bytes.length - 1));
    expect(unit).toMatchObject({ error: 'truncated', objectCount: 2, objects: [{ flagsSet: ['fire'] }] });
    expect(encodeUnit(unit)).toEqual(bytes.slice(0, -1));
    expect(decodeUnit(Uint8Array.of(...bytes, 0))).toMatchObject({ error: 'trailing', objects: [fire, fire] });
    expect(decodeUnit(Uint8Array.of(2, 0))).toMatchObject({ error: 'noObjects', objects: [] });
    expect(decodeUnit(Uint8Array.of(2))).toEqual({ error: 'truncated', objects: [], appHex: '02' });
    expect(decodeUnit(Uint8Array.of())).toEqual({ error: 'truncated', objects: [], appHex: '' });
  });

  it('are never read past their end, whatever length is given', () => {
    for (const type of unitTypes.keys()) {
      for (let length = 2; length < 120; length += 1) {
        const unit = decodeUnit(new Uint8Array(length).fill(0xff).fill(type, 0, 1));
        expect(unit.error).toBe('truncated');
      }
    }
  });
});

describe('descriptions', () => {
  const described = (text: string): string => `0201010300000000000200${Buffer.from(text, 'latin1').toString('hex').padEnd(62, '0')}050403020119`;
  const read = (hex: string) => decodeUnit(bytesOf(hex)).objects[0]!;

  it('end at the first NUL, and the old bytes behind it are encoded again', () => {
    const hex = described('A1\0old text');
    expect(read(hex).description).toBe('A1');
    expect(hexOf(encodeUnit({ ...decodeUnit(bytesOf(hex)), appHex: '' }))).toBe(hex);
  });

  it('that were changed are written anew', () => {
    const object = { ...read(described('A1\0old text')), description: '二层' };
    const again = read(hexOf(encodeUnit({ typeFlag: 2, objects: [object] })));
    expect(again.description).toBe('二层');
    expect(again.descriptionHex).toBe('b6feb2e3'.padEnd(62, '0'));
  });

  it('of bytes that are no text are shown as such and kept', () => {
    const hex = described('\xff\xffA');
    expect(read(hex).description).toContain('A');
    expect(hexOf(encodeUnit({ ...decodeUnit(bytesOf(hex)), appHex: '' }))).toBe(hex);
  });

  it('may hold every character of GB 18030', () => {
    for (const character of ['Ａ', '呷', '\u{1F525}', '\u{20000}', 'ĸ', '€', 'ḿ', '龴', '︐']) {
      const bytes = encodeUnit({ typeFlag: 26, objects: [{ text: character }] });
      expect(decodeUnit(bytes).objects[0]!.text).toBe(character);
    }
  });
});

describe('bit 0 of a state', () => {
  it('never takes a flag away, in no profile', () => {
    for (const { name } of profiles.values()) {
      for (const type of [1, 2, 21]) {
        for (const word of [0b10, 0b11]) {
          const { description: _, ...short } = fire;
          const objects = [{ ...(type === 2 ? fire : short), statusWord: word, statusByte: word }];
          const unit = decodeUnit(encodeUnit({ typeFlag: type, objects }), profile(name));
          expect([name, type, word, unit.objects[0]?.flagsSet]).toEqual([name, type, word, ['fire']]);
        }
      }
    }
  });

  it('is a label where the profile gives it a meaning', () => {
    const label = (bit0: Profile['bit0'], word: number) => decodeUnit(encodeUnit({ typeFlag: 2, objects: [{ ...fire, statusWord: word }] }), { ...standardProfile, bit0 }).objects[0]?.bit0Label;
    expect([label('ignore', 0), label('standard', 0), label('standard', 1), label('inverted', 0), label('inverted', 1)]).toEqual([undefined, 'test', 'normal', 'normal', 'test']);
  });
});

describe('profiles', () => {
  it('read the halves of a component address in their order', () => {
    const bytes = encodeUnit({ typeFlag: 2, objects: [fire] });
    expect(decodeUnit(bytes).objects[0]).toMatchObject({ addressLow16: 217, addressHigh16: 6, point: 217, zone: 6 });
    expect(decodeUnit(bytes, profile('dahua-v1.03')).objects[0]).toMatchObject({ addressLow16: 217, addressHigh16: 6, point: 6, zone: 217 });
  });

  it('read times in their coding, and keep what is none', () => {
    expect(decodeUnit(bytesOf('1c0130281710121a'), profile('dahua-v1.03')).objects[0]).toEqual({ at: null, atHex: '30281710121a' });
    expect(decodeUnit(bytesOf('1c01302817101226'), profile('dahua-v1.03')).objects[0]!.at).toBe('2026-12-10T17:28:30');
    expect(decodeUnit(bytesOf('1c010000001e021a')).objects[0]).toEqual({ at: null, atHex: '0000001e021a' });
    expect(decodeUnit(bytesOf('1c010000001d021c')).objects[0]).toEqual({ at: '2028-02-29T00:00:00' });
  });

  it('say what is over by messages of their own', () => {
    const bytes = encodeUnit({ typeFlag: 135, objects: [fire] }, profile('fubei-2018'));
    expect(decodeUnit(bytes, profile('fubei-2018'))).toMatchObject({ typeFlag: 135, restores: 2, objects: [{ flagsSet: ['fire'] }] });
    expect(decodeUnit(bytes)).toMatchObject({ vendorType: true, objects: [] });
  });

  it('take a layout by its length', () => {
    const { description: _, ...short } = fire;
    expect(decodeUnit(encodeUnit({ typeFlag: 2, objects: [short] }, profile('fubei-2018')), profile('fubei-2018')).objects[0]).toMatchObject(short);
    expect(decodeUnit(encodeUnit({ typeFlag: 2, objects: [fire] }, profile('fubei-2018')), profile('fubei-2018')).objects[0]).toMatchObject(fire);
    expect(decodeUnit(bytesOf(`0201${'ab'.repeat(16)}`), profile('fubei-2024')).objects).toEqual([{ rawHex: 'ab'.repeat(16) }]);
  });
});

describe('names', () => {
  it('are there in both languages, for the codes of the standard alone', () => {
    for (const table of [systemTypes, componentTypes, unitTypes]) for (const [code, { zh, en }] of table) expect([code, /\p{Script=Han}/u.test(zh), en.length > 0]).toEqual([code, true, true]);
    expect([systemTypes.size, componentTypes.size, unitTypes.size]).toEqual([17, 66, 29]);
  });
});

describe('what the wire cannot carry', () => {
  it.each([
    ['FIRE_FIELD_MISSING', { typeFlag: 2, objects: [{ ...fire, statusWord: undefined }] }],
    ['FIRE_FIELD_MISSING', { objects: [fire] }],
    ['FIRE_FIELD_RANGE', { typeFlag: 2, objects: [{ ...fire, statusWord: 65_536 }] }],
    ['FIRE_FIELD_RANGE', { typeFlag: 2, objects: [{ ...fire, systemType: 1.5 }] }],
    ['FIRE_FIELD_RANGE', { typeFlag: 3, objects: [{ ...fire, analogType: 3, raw: 40_000 }] }],
    ['FIRE_TIME_INVALID', { typeFlag: 2, objects: [{ ...fire, at: '2026-02-30T00:00:00' }] }],
    ['FIRE_TIME_INVALID', { typeFlag: 2, objects: [{ ...fire, at: null }] }],
    ['FIRE_HEX_INVALID', { typeFlag: 2, objects: [{ ...fire, at: null, atHex: '00' }] }],
    ['FIRE_TEXT_TOO_LONG', { typeFlag: 2, objects: [{ ...fire, description: '走'.repeat(16) }] }],
    ['FIRE_TEXT_UNWRITABLE', { typeFlag: 2, objects: [{ ...fire, description: 'A\0B' }] }],
    ['FIRE_TYPE_UNKNOWN', { typeFlag: 200, objects: [fire] }],
    ['FIRE_OBJECT_COUNT', { typeFlag: 2, objects: [] }],
    ['FIRE_UNIT_TOO_LONG', { typeFlag: 2, objects: Array.from({ length: 23 }, () => fire) }],
  ] as const)('is refused with %s', (code, unit) => {
    expect(() => encodeUnit(unit as never)).toThrow(expect.objectContaining({ name: 'FireCodecError', code, text: { zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.not.stringContaining('{') } }));
  });
});
