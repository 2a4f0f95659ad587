// Application data units (clause 7 of the standard): type flag, number of objects, objects.
import { fromHex, toHex } from './bytes.ts';
import { FireCodecError } from './codec-error.ts';
import { fieldOf } from './fields.ts';
import { standardProfile, unitTypeOf, type Profile } from './profile.ts';
import type { ObjectDraft, UnitObject } from './unit-object.ts';
import type { Layout } from './unit-types.ts';

/**
 * What is wrong with a unit.
 * - `truncated` the bytes end before the objects do; `trailing` there are bytes behind the last object
 * - `noObjects` it says that it has none
 */
export type UnitError = 'truncated' | 'trailing' | 'noObjects';

/** A decoded application data unit. */
export interface Unit {
  /** Absent where the unit is shorter than two bytes, as some heartbeats are. */
  readonly typeFlag?: number;
  /** Number of objects that the unit says it has. */
  readonly objectCount?: number;
  /** The objects that are there as a whole: with an `error`, what could still be read. Empty for types without a known layout. */
  readonly objects: readonly UnitObject[];
  /** The whole unit in hexadecimal digits. */
  readonly appHex: string;
  readonly error?: UnitError;
  /** A type of a maker (128 to 254) that the profile does not know. */
  readonly vendorType?: true;
  /** A type that the standard reserves and the profile does not know. */
  readonly reservedType?: true;
  /** The type whose states are over: in some profiles a message of its own says so, and its flags tell what was. */
  readonly restores?: number;
}

/** What can be encoded: a decoded unit, or objects of a type. `appHex` is taken where the objects do not say all, that is with an `error`, or without objects. */
export type UnitInput = Partial<Unit>;

/** Decodes any bytes; never throws. */
export function decodeUnit(bytes: Uint8Array, profile: Profile = standardProfile): Unit {
  const [typeFlag, objectCount] = bytes;
  const appHex = toHex(bytes);
  if (typeFlag === undefined || objectCount === undefined) return { objects: [], appHex, error: 'truncated' };
  const type = unitTypeOf(profile, typeFlag);
  if (type === undefined) return { typeFlag, objectCount, objects: [], appHex, ...(typeFlag > 127 && typeFlag < 255 ? { vendorType: true } : { reservedType: true }) };
  const layout = type.layouts.find((layout) => fits(layout, objectCount, bytes.length - 2)) ?? type.layouts[0] ?? [];
  const { objects, end } = readObjects(bytes, objectCount, layout, profile);
  const error = objectCount === 0 ? 'noObjects' : objects.length < objectCount ? 'truncated' : end < bytes.length ? 'trailing' : undefined;
  return { typeFlag, objectCount, objects, appHex, ...(error === undefined ? {} : { error }), ...(type.restores === undefined ? {} : { restores: type.restores }) };
}

/**
 * Encodes a unit; a decoded one gives the bytes that it was decoded from.
 * @throws FireCodecError for values that the wire cannot carry
 */
export function encodeUnit(unit: UnitInput, profile: Profile = standardProfile): Uint8Array {
  const bytes = unitBytes(unit, profile);
  if (bytes.length > profile.maximumUnitBytes) throw new FireCodecError('FIRE_UNIT_TOO_LONG', { bytes: bytes.length, profile: profile.name, maximum: profile.maximumUnitBytes });
  return bytes;
}

function unitBytes({ typeFlag, objects = [], appHex, error }: UnitInput, profile: Profile): Uint8Array {
  if (appHex !== undefined && (error !== undefined || objects.length === 0)) return fromHex('appHex', appHex);
  if (typeFlag === undefined) throw new FireCodecError('FIRE_FIELD_MISSING', { type: '?', field: 'typeFlag' });
  const type = unitTypeOf(profile, typeFlag);
  const [first] = type?.layouts ?? [];
  if (type === undefined || first === undefined) throw new FireCodecError('FIRE_TYPE_UNKNOWN', { type: typeFlag, profile: profile.name });
  if (objects.length === 0 || objects.length > 255) throw new FireCodecError('FIRE_OBJECT_COUNT', { count: objects.length });
  const layout = type.layouts.find((layout) => objects.every((object) => missingField(layout, object) === undefined));
  if (layout === undefined) throw new FireCodecError('FIRE_FIELD_MISSING', { type: typeFlag, field: objects.map((object) => missingField(first, object)).find((name) => name !== undefined) ?? '?' });
  const bytes = [typeFlag, objects.length];
  for (const object of objects) for (const name of layout) for (const byte of fieldOf(name).write(object, profile)) bytes.push(byte);
  return Uint8Array.from(bytes);
}

function missingField(layout: Layout, object: UnitObject): string | undefined {
  for (const name of layout) for (const need of fieldOf(name).needs) if (object[need] === undefined) return need;
  return undefined;
}

/** Whether a layout of fixed size fills the bytes exactly. */
function fits(layout: Layout, objectCount: number, bytes: number): boolean {
  let size = 0;
  for (const name of layout) {
    const field = fieldOf(name);
    if (field.hasLength) return false;
    size += field.bytes;
  }
  return size * objectCount === bytes;
}

function readObjects(bytes: Uint8Array, count: number, layout: Layout, profile: Profile): { readonly objects: readonly UnitObject[]; readonly end: number } {
  const objects: UnitObject[] = [];
  let end = 2;
  while (objects.length < count) {
    const object: ObjectDraft = {};
    const next = readObject(bytes, end, layout, object, profile);
    if (next === undefined) break;
    objects.push(object);
    end = next;
  }
  return { objects, end };
}

/** Reads one object; the place behind it, or `undefined` where the bytes end before. */
function readObject(bytes: Uint8Array, start: number, layout: Layout, to: ObjectDraft, profile: Profile): number | undefined {
  let at = start;
  for (const name of layout) {
    const field = fieldOf(name);
    const end = at + field.bytes + (field.hasLength ? (bytes[at] ?? 0) : 0);
    if (end > bytes.length) return undefined;
    field.read(bytes, at, to, profile);
    at = end;
  }
  return at;
}
