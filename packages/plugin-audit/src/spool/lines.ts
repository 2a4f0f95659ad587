// The lines of a spool, read one by one: what a crash or a bad disk left of one must not hide the others.
import type { AuditEntry } from '@wanglou/core';

const newline = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parts a spool into entries and lines that are none. An unterminated last line was never acknowledged and is neither. */
export function readLines(bytes: Buffer, canonical: (value: unknown) => string): { readonly entries: readonly AuditEntry[]; readonly bad: readonly Buffer[] } {
  const entries: AuditEntry[] = [];
  const bad: Buffer[] = [];
  for (let start = 0, end = bytes.indexOf(newline); end >= 0; start = end + 1, end = bytes.indexOf(newline, start)) {
    const line = bytes.subarray(start, end);
    const entry = entryOf(line, canonical);
    if (entry) entries.push(entry);
    else bad.push(line);
  }
  return { entries, bad };
}

function entryOf(line: Buffer, canonical: (value: unknown) => string): AuditEntry | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(line));
    if (!isEntry(value)) return undefined;
    canonical(value);
    return value;
  } catch {
    // Not UTF-8, not JSON, or without a canonical form: the log could not store it.
    return undefined;
  }
}

/** Whether a value has what the log's columns are filled from. */
function isEntry(value: unknown): value is AuditEntry {
  const { kind, atMs, principal, operation } = Object(value) as Partial<Record<keyof AuditEntry, unknown>>;
  const { id } = Object(principal) as { id?: unknown };
  return typeof kind === 'string' && Number.isSafeInteger(atMs) && typeof id === 'string' && (operation === undefined || typeof operation === 'string');
}
