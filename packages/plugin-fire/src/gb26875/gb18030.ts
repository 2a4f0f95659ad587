// GB 18030: read by the platform's decoder, written by a table that is made from the same decoder, so that the two cannot disagree.

const decoder = new TextDecoder('gb18030');

/** Four-byte codes of the basic plane, from 81308130 on; those of the other planes begin at 90308130. */
const basicPlaneCodes = 39_420;

let codes: ReadonlyMap<string, readonly number[]> | undefined;

/** The text; bytes that are none become U+FFFD. */
export function decodeGb18030(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** The bytes; `undefined` for a character that has no code (surrogate halves and U+FFFD, which stands for what could not be read). */
export function encodeGb18030(character: string): readonly number[] | undefined {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return [point];
  if (point >= 0x1_0000) return fourBytes(point - 0x1_0000, 0x90);
  codes ??= createCodes();
  return codes.get(character);
}

/** Takes some 100 ms, once, and only where text beyond ASCII is written. */
function createCodes(): ReadonlyMap<string, readonly number[]> {
  const codes = new Map<string, readonly number[]>();
  const add = (code: readonly number[]): void => {
    const text = decodeGb18030(Uint8Array.from(code));
    if (text.length === 1 && text !== '\uFFFD' && !codes.has(text)) codes.set(text, code);
  };
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) add([lead, trail]);
  }
  for (let index = 0; index < basicPlaneCodes; index += 1) add(fourBytes(index, 0x81));
  return codes;
}

function fourBytes(index: number, lead: number): readonly number[] {
  return [lead + Math.floor(index / 12_600), 0x30 + (Math.floor(index / 1_260) % 10), 0x81 + (Math.floor(index / 10) % 126), 0x30 + (index % 10)];
}
