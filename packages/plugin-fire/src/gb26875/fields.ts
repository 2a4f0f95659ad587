// The fields that objects are made of: how many bytes, how they are read, how they are written.
import { analogValue, readSigned } from './analog-types.ts';
import { fromHex, littleEndian, readLittleEndian, toHex, wholeNumber } from './bytes.ts';
import { FireCodecError } from './codec-error.ts';
import type { Profile } from './profile.ts';
import { deviceOperationFlags, facilityOperationFlags, flagsSet, stateFlags, type FlagTable } from './state-flags.ts';
import { readTimeTag, timeTagBytes, writeTimeTag } from './time-tag.ts';
import type { ObjectDraft, UnitObject } from './unit-object.ts';
import type { FieldName } from './unit-types.ts';
import { readText, writeText } from './wire-text.ts';

/** A field on the wire. */
export interface Field {
  /** Bytes at least. A text says with its first byte how many more there are. */
  readonly bytes: number;
  readonly hasLength?: true;
  /** Names that an object must have to be written. */
  readonly needs: readonly (keyof UnitObject)[];
  /** Reads `bytes` at `at`; they are there. */
  read(bytes: Uint8Array, at: number, to: ObjectDraft, profile: Profile): void;
  /** The bytes. @throws FireCodecError */
  write(from: UnitObject, profile: Profile): Iterable<number>;
}

type NumberName = { [Key in keyof UnitObject]-?: NonNullable<UnitObject[Key]> extends number ? (number extends NonNullable<UnitObject[Key]> ? Key : never) : never }[keyof UnitObject];

/** Bytes of a description. */
const descriptionBytes = 31;

const fields: Readonly<Record<Extract<FieldName, string>, Field>> = {
  system: join(byte('systemType'), byte('systemAddress')),
  componentType: byte('componentType'),
  componentAddress: {
    bytes: 4,
    needs: ['componentAddress'],
    read(bytes, at, to, profile) {
      const low = readLittleEndian(bytes, at, 2);
      const high = readLittleEndian(bytes, at + 2, 2);
      const isLowPoint = profile.addressOrder === 'lowIsPoint';
      to.componentAddress = high * 0x1_0000 + low;
      to.addressLow16 = low;
      to.addressHigh16 = high;
      to.point = isLowPoint ? low : high;
      to.zone = isLowPoint ? high : low;
    },
    write: (from) => littleEndian(wholeNumber('componentAddress', from.componentAddress ?? -1, 0, 0xffff_ffff), 4),
  },
  systemState: state('statusWord', 2, () => stateFlags.system),
  componentState: state('statusWord', 2, (profile) => profile.componentFlags),
  deviceState: state('statusByte', 1, () => stateFlags.device),
  facilityOperation: operation(facilityOperationFlags),
  deviceOperation: operation(deviceOperationFlags),
  operator: byte('operatorId'),
  analog: {
    bytes: 3,
    needs: ['analogType', 'raw'],
    read(bytes, at, to) {
      const { analogType, raw, value, unit } = analogValue(bytes[at] ?? 0, readSigned(bytes, at + 1));
      Object.assign(to, { analogType, raw, value, unit });
    },
    write(from) {
      const raw = wholeNumber('raw', from.raw ?? Number.NaN, -0x8000, 0x7fff);
      return [wholeNumber('analogType', from.analogType ?? -1, 0, 255), ...littleEndian(raw & 0xffff, 2)];
    },
  },
  description: {
    bytes: descriptionBytes,
    needs: ['description'],
    read(bytes, at, to) {
      to.description = readText(bytes, at, at + descriptionBytes);
      to.descriptionHex = toHex(bytes, at, at + descriptionBytes);
    },
    write(from) {
      const text = writeText({ field: 'description', text: from.description ?? '', hex: from.descriptionHex, maximumBytes: descriptionBytes });
      return [...text, ...Array.from({ length: descriptionBytes - text.length }, () => 0)];
    },
  },
  text: {
    bytes: 1,
    hasLength: true,
    needs: ['text'],
    read(bytes, at, to) {
      const length = bytes[at] ?? 0;
      to.length = length;
      to.text = readText(bytes, at + 1, at + 1 + length);
      to.textHex = toHex(bytes, at + 1, at + 1 + length);
    },
    write(from) {
      const maximumBytes = wholeNumber('length', from.length ?? 255, 0, 255);
      const text = writeText({ field: 'text', text: from.text ?? '', hex: from.textHex, maximumBytes });
      const length = from.length ?? text.length;
      return [length, ...text, ...Array.from({ length: length - text.length }, () => 0)];
    },
  },
  version: join(byte('major'), byte('minor')),
  records: byte('records'),
  answerTimeout: byte('answerTimeoutMinutes'),
  reserved: byte('reserved'),
  at: moment('at', 'atHex'),
  time: moment('time', 'timeHex'),
  since: moment('since', 'sinceHex'),
};

/** The field of a name. */
export function fieldOf(name: FieldName): Field {
  return typeof name === 'string' ? fields[name] : opaque(name.rawBytes);
}

function byte(name: NumberName): Field {
  return {
    bytes: 1,
    needs: [name],
    read(bytes, at, to) {
      to[name] = bytes[at] ?? 0;
    },
    write: (from) => [wholeNumber(name, from[name] ?? -1, 0, 255)],
  };
}

function join(first: Field, second: Field): Field {
  return {
    bytes: first.bytes + second.bytes,
    needs: [...first.needs, ...second.needs],
    read(bytes, at, to, profile) {
      first.read(bytes, at, to, profile);
      second.read(bytes, at + first.bytes, to, profile);
    },
    write: (from, profile) => [...first.write(from, profile), ...second.write(from, profile)],
  };
}

/** A state: every named bit but bit 0 is told as it is, whatever bit 0 says. */
function state(name: 'statusWord' | 'statusByte', width: number, table: (profile: Profile) => FlagTable): Field {
  return {
    bytes: width,
    needs: [name],
    read(bytes, at, to, profile) {
      const word = readLittleEndian(bytes, at, width);
      to[name] = word;
      to.flagsSet = flagsSet(word, table(profile));
      if (profile.bit0 !== 'ignore') to.bit0Label = ((word & 1) === 1) === (profile.bit0 === 'standard') ? 'normal' : 'test';
    },
    write: (from) => littleEndian(wholeNumber(name, from[name] ?? -1, 0, 256 ** width - 1), width),
  };
}

function operation(table: FlagTable): Field {
  return {
    bytes: 1,
    needs: ['operationByte'],
    read(bytes, at, to) {
      const byte = bytes[at] ?? 0;
      to.operationByte = byte;
      to.operationsSet = flagsSet(byte, table);
    },
    write: (from) => [wholeNumber('operationByte', from.operationByte ?? -1, 0, 255)],
  };
}

function moment(name: 'at' | 'time' | 'since', hexName: 'atHex' | 'timeHex' | 'sinceHex'): Field {
  return {
    bytes: timeTagBytes,
    needs: [name],
    read(bytes, at, to, profile) {
      const time = readTimeTag(bytes, at, profile.timeCoding);
      to[name] = time;
      if (time === null) to[hexName] = toHex(bytes, at, at + timeTagBytes);
    },
    write: (from, profile) => writeMoment(name, from[name] ?? null, from[hexName], profile),
  };
}

/** A time tag; where the time is `null`, the six bytes that were received. @throws FireCodecError `FIRE_TIME_INVALID`, `FIRE_HEX_INVALID` */
export function writeMoment(field: string, time: string | null, hex: string | undefined, profile: Profile): Iterable<number> {
  if (time !== null) return writeTimeTag(field, time, profile.timeCoding);
  if (hex === undefined) throw new FireCodecError('FIRE_TIME_INVALID', { field, value: 'null' });
  return fromHex(`${field}Hex`, hex, timeTagBytes);
}

function opaque(count: number): Field {
  return {
    bytes: count,
    needs: ['rawHex'],
    read(bytes, at, to) {
      to.rawHex = toHex(bytes, at, at + count);
    },
    write: (from) => fromHex('rawHex', from.rawHex ?? '', count),
  };
}
