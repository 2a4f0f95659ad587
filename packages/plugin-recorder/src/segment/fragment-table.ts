// The fragments of a file in a packed blob, eight bytes each: enough to play and cut without opening the file.

/** One fragment of a file. */
export interface FragmentEntry {
  readonly length: number;
  /** Media time in 1/90000 s. */
  readonly durationTicks: number;
  readonly key: boolean;
}

/** Ticks per millisecond in the table. */
export const tableTicksPerMs = 90;

/** Packs: per fragment, length and (duration << 1 | key), big-endian. */
export function packFragmentTable(fragments: readonly FragmentEntry[]): Buffer {
  const table = Buffer.alloc(fragments.length * 8);
  fragments.forEach((fragment, index) => {
    table.writeUInt32BE(fragment.length, index * 8);
    table.writeUInt32BE((Math.min(0x7fffffff, Math.round(fragment.durationTicks)) * 2 + (fragment.key ? 1 : 0)) >>> 0, index * 8 + 4);
  });
  return table;
}

/** Unpacks; an incomplete last entry is left out. */
export function unpackFragmentTable(table: Uint8Array): FragmentEntry[] {
  const buffer = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  const fragments: FragmentEntry[] = [];
  for (let at = 0; at + 8 <= buffer.length; at += 8) {
    const packed = buffer.readUInt32BE(at + 4);
    fragments.push({ length: buffer.readUInt32BE(at), durationTicks: packed >>> 1, key: (packed & 1) === 1 });
  }
  return fragments;
}
