// A log as the contract describes it, written naively: all in memory, every file in a map.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, checkpointText, formatTlogProof, receiptExtra, tilePath, utf8, type Json, type LogSource } from '../src/index.ts';
import { testKey, testNote, type TestKey } from './keys.ts';
import { naiveLeaf, naivePath, naiveRoot } from './naive-tree.ts';

export const logKey = testKey('wanglou/test');
export const office = testKey('office.example/w1', 4);
export const archive = testKey('archive.example/w1', 4);
/** Both witnesses are asked for. */
export const bothPolicy = `log ${logKey.vkey}\nwitness office ${office.vkey}\nwitness archive ${archive.vkey}\ngroup both all office archive\nquorum both\n`;
export const startMs = 1_790_000_000_000;

/** An entry as the log writes it. */
export function entryOf(members: Readonly<Record<string, Json>>): string {
  return canonicalJson({ v: 1, kind: 'decision', atMs: startMs, principal: { kind: 'system', id: 'core' }, ...members })!;
}

/** Entries of one kind, ten seconds apart, a heartbeat each minute. */
export function entriesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => entryOf({ kind: index % 6 === 0 ? 'audit.heartbeat' : 'decision', atMs: startMs + index * 10_000, call: `c${index}` }));
}

/** A log, and what can be made of it. */
export interface TestLog {
  readonly entries: readonly string[];
  readonly leaves: readonly Uint8Array[];
  readonly files: Map<string, Uint8Array>;
  checkpoint(size?: number, signers?: readonly TestKey[]): string;
  receipt(index: number, disclosed?: { readonly salt: Uint8Array; readonly private: string }, size?: number, signers?: readonly TestKey[]): string;
}

const everybody = [logKey, office, archive];

/** Writes a log. Without `signers` all sign. */
export function createTestLog(entries: readonly string[], signers: readonly TestKey[] = everybody): TestLog {
  const data = entries.map((entry) => utf8(entry));
  const leaves = data.map(naiveLeaf);
  const files = new Map<string, Uint8Array>();
  for (let from = 0; from < data.length; from += 256) {
    const part = data.slice(from, from + 256);
    files.set(tilePath('entries', from / 256, part.length), bundleOf(part));
  }
  let row: readonly Uint8Array[] = leaves;
  for (let level = 0; row.length > 0; level++) {
    const above: Uint8Array[] = [];
    for (let from = 0; from < row.length; from += 256) {
      const part = row.slice(from, from + 256);
      files.set(tilePath(level, from / 256, part.length), new Uint8Array(Buffer.concat(part)));
      if (part.length === 256) above.push(naiveRoot(part));
    }
    row = above;
  }
  const checkpoint = (size = entries.length, by: readonly TestKey[] = everybody) => {
    const text = checkpointText(logKey.name, size, naiveRoot(leaves.slice(0, size)));
    return testNote(text, ...by.map((key) => key.sign(text)));
  };
  files.set('checkpoint', utf8(checkpoint(entries.length, signers)));
  return {
    entries,
    leaves,
    files,
    checkpoint,
    receipt: (index, disclosed, size = entries.length, by = everybody) => formatTlogProof({ extra: receiptExtra({ entry: entries[index]!, ...disclosed }), index, proof: naivePath(index, leaves.slice(0, size)), checkpoint: checkpoint(size, by) }),
  };
}

/** Entries with their lengths. */
export function bundleOf(entries: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(entries.flatMap((entry) => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry])));
}

/** Reads the files of a map. */
export function sourceOf(files: ReadonlyMap<string, Uint8Array>): LogSource {
  return { read: async (path) => files.get(path) };
}

/** Writes the files into a folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
