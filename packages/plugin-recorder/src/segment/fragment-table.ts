// The fragments of a file in a packed blob, some four bytes each: enough to play and cut without opening the file, and small, so that an hour of rows lies
// on few pages of the index.

/** One fragment of a file. */
export interface FragmentEntry {
  readonly length: number;
  /** Media time in 1/90000 s. */
  readonly durationTicks: number;
  readonly key: boolean;
}

/** Ticks per millisecond in the table. */
export const tableTicksPerMs = 90;

const longestTicks = 0x7fff_ffff;
/** Two numbers of ten bytes. */
const longestEntryBytes = 20;

/**
 * Packs: per fragment its length, and how its duration differs from that of the one before, with whether it begins with a keyframe in the lowest bit; both
 * as numbers of seven bits a byte, least first (LEB128), the difference with its sign in its own lowest bit.
 */
export function packFragmentTable(fragments: readonly FragmentEntry[]): Buffer {
  const table = Buffer.allocUnsafe(fragments.length * longestEntryBytes);
  let at = 0;
  const put = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) table[at++] = (rest % 128) + 128;
    table[at++] = rest;
  };
  let before = 0;
  for (const { length, durationTicks, key } of fragments) {
    const ticks = Math.min(longestTicks, Math.round(durationTicks));
    const change = ticks - before;
    before = ticks;
    put(length);
    put((change < 0 ? -change * 2 - 1 : change * 2) * 2 + (key ? 1 : 0));
  }
  return Buffer.from(table.subarray(0, at));
}

/** Unpacks; an incomplete last entry is left out. */
export function unpackFragmentTable(table: Uint8Array): FragmentEntry[] {
  const fragments: FragmentEntry[] = [];
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = table[at++];
      if (byte === undefined) return Number.NaN;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
  };
  for (let durationTicks = 0; at < table.length; ) {
    const length = take();
    const packed = take();
    if (Number.isNaN(packed)) break;
    const change = Math.floor(packed / 2);
    durationTicks += change % 2 === 1 ? -(change + 1) / 2 : change / 2;
    fragments.push({ length, durationTicks, key: packed % 2 === 1 });
  }
  return fragments;
}
