// Frames and units of every type a profile knows, by chance.
import { unitTypeOf, unitTypes, type FieldName, type FrameInput, type Profile, type UnitInput, type UnitObject } from '../../src/gb26875.ts';
import type { Choose } from './chooser.ts';

const words = ['##', '@@', 'A', '7', ' ', '-', '层', '走廊', '感烟', '２', '\u{20000}', 'ḿ', '。', 'é'];

/** Text of at most so many bytes in GB 18030, without spaces around it. */
function randomText(choose: Choose, maximumBytes: number): string {
  let text = '';
  // No character of ours takes more than four bytes.
  for (let room = maximumBytes; room >= 4 && choose(8) > 0; room -= 4) text += words[choose(words.length)]!.slice(0, 2);
  return text.trim();
}

function randomTime<Name extends string>(choose: Choose, name: Name): Record<Name, string | null> {
  // Month 0, and a byte that is no number in either coding.
  if (choose(10) === 0) return { [name]: null, [`${name}Hex`]: choose(2) === 0 ? '0000000000ff' : 'ffffffffffff' } as Record<Name, string | null>;
  const two = (value: number): string => String(value).padStart(2, '0');
  return { [name]: `20${two(choose(100))}-${two(1 + choose(12))}-${two(1 + choose(28))}T${two(choose(24))}:${two(choose(60))}:${two(choose(60))}` } as Record<Name, string | null>;
}

function randomField(choose: Choose, name: FieldName): UnitObject {
  if (typeof name !== 'string') return { rawHex: Array.from({ length: name.rawBytes }, () => choose(256).toString(16).padStart(2, '0')).join('') };
  switch (name) {
    case 'system': return { systemType: choose(256), systemAddress: choose(256) };
    case 'componentType': return { componentType: choose(256) };
    case 'componentAddress': return { componentAddress: choose(2 ** 32) };
    case 'systemState': case 'componentState': return { statusWord: choose(65_536) };
    case 'deviceState': return { statusByte: choose(256) };
    case 'facilityOperation': case 'deviceOperation': return { operationByte: choose(256) };
    case 'operator': return { operatorId: choose(256) };
    case 'analog': return { analogType: choose(20), raw: choose(65_536) - 32_768 };
    case 'description': return { description: randomText(choose, 31) };
    case 'text': return { text: randomText(choose, 60) };
    case 'version': return { major: choose(256), minor: choose(256) };
    case 'records': return { records: choose(256) };
    case 'answerTimeout': return { answerTimeoutMinutes: choose(256) };
    case 'reserved': return { reserved: choose(256) };
    case 'at': case 'time': case 'since': return randomTime(choose, name);
  }
}

/** The types that a profile knows. */
export function typesOf(profile: Profile): readonly number[] {
  return [...new Set([...unitTypes.keys(), ...profile.types.keys()])];
}

/** One to four objects of a type. */
export function randomUnit(choose: Choose, profile: Profile, typeFlag: number): UnitInput & { readonly objects: readonly UnitObject[] } {
  const layouts = unitTypeOf(profile, typeFlag)!.layouts;
  const layout = layouts[choose(layouts.length)]!;
  const objects = Array.from({ length: 1 + choose(4) }, () => Object.assign({}, ...layout.map((name) => randomField(choose, name))) as UnitObject);
  return { typeFlag, objects };
}

/** A frame with a unit, or without one. */
export function randomFrame(choose: Choose, profile: Profile): FrameInput {
  const types = typesOf(profile);
  const app = choose(10) === 0 ? {} : randomUnit(choose, profile, types[choose(types.length)]!);
  const { sentAt, ...rest } = randomTime(choose, 'sentAt');
  return { serial: choose(65_536), versionMajor: choose(256), versionMinor: choose(256), sentAt, ...rest, sourceDec: choose(2 ** 48), destinationDec: choose(2 ** 48), command: choose(256), ...app };
}
