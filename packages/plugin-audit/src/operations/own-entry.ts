// Entries that the log writes of itself.
import type { AuditEntry } from '@wanglou/core';

/** An entry of the log's own. `open` is what it states for everybody who checks. */
export function ownEntry(kind: string, atMs: number, open: NonNullable<AuditEntry['open']>): AuditEntry {
  return { kind, atMs, principal: { kind: 'plugin', id: 'audit' }, open };
}
