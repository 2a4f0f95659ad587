// Runs of routine entries, folded into one line: a quiet night is a thousand heartbeats and nothing else.
import type { AuditRecord } from '@wanglou/core';

/** Kinds that the campus writes by itself, minute by minute. */
const routine: ReadonlySet<string> = new Set(['audit.heartbeat', 'recording.sealed']);
/** Shorter runs stay as they are. */
const shortestFold = 3;

/** One line of the list. */
export type AuditLine = { readonly kind: 'record'; readonly record: AuditRecord } | { readonly kind: 'fold'; readonly records: readonly AuditRecord[] };

/** Records as lines; a fold whose first place is in `open` is shown entry by entry. */
export function foldRoutine(records: readonly AuditRecord[], open: ReadonlySet<number>): readonly AuditLine[] {
  const lines: AuditLine[] = [];
  for (let from = 0; from < records.length; ) {
    let to = from;
    while (to < records.length && routine.has(records[to]!.entry.kind)) to++;
    const run = records.slice(from, to);
    if (run.length >= shortestFold && !open.has(run[0]!.seq)) lines.push({ kind: 'fold', records: run });
    else lines.push(...run.map((record) => ({ kind: 'record' as const, record })));
    if (run.length === 0) lines.push({ kind: 'record', record: records[to++]! });
    from = to;
  }
  return lines;
}
