// The filters of the audit log in the address, and back.
import type { Action } from '@wanglou/core';
import type { AuditFilters } from '@wanglou/plugin-audit/contract';

/** Actions that can be chosen. */
export const auditActions = ['live', 'playback', 'copy', 'emergency', 'control', 'configure', 'maintain', 'review', 'audit', 'view', 'request', 'duty', 'sign-in', 'erase'] as const satisfies readonly Action[];

/** Kinds that can be chosen; others may be in the address. */
export const auditKinds = ['decision', 'outcome', 'lease', 'malformed', 'recording.sealed', 'audit.heartbeat', 'audit.started', 'audit.gap', 'audit.clock', 'audit.pruned', 'audit.erased', 'audit.reconciled', 'camera.added', 'camera.changed', 'camera.removed', 'access.pack-installed'] as const;

/** Names in the address, by filter. */
const names: Readonly<Record<keyof AuditFilters, string>> = { person: 'person', camera: 'camera', operation: 'operation', action: 'action', kind: 'kind', effect: 'effect', caseNumber: 'case', call: 'call', fromMs: 'from', toMs: 'to' };
const textFilters = ['person', 'camera', 'operation', 'action', 'kind', 'caseNumber', 'call'] as const;

/** Reads the filters of an address, as the server takes them. Whatever cannot be read is left out. */
export function readAuditFilters(query: URLSearchParams): AuditFilters {
  const texts = textFilters.map((filter) => [filter, query.get(names[filter])?.trim().slice(0, 128) || undefined] as const);
  const effect = (['permit', 'deny'] as const).find((name) => name === query.get('effect'));
  const all = { ...Object.fromEntries(texts), effect, fromMs: readTime(query.get('from')), toMs: readTime(query.get('to')) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** What changes of filters are in the address; `undefined` takes one out, and what is not named stays. */
export function auditQueryOf(changes: Readonly<Partial<Record<keyof AuditFilters, string | number | undefined>>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(changes).map(([filter, value]) => [names[filter as keyof AuditFilters], value === undefined ? undefined : String(value)]));
}

/** The address of the log with these filters and nothing else. */
export function auditAddress(filters: AuditFilters): string {
  const query = new URLSearchParams(Object.entries(auditQueryOf(filters)).filter((pair): pair is [string, string] => pair[1] !== undefined));
  return query.size === 0 ? '/audit' : `/audit?${query.toString()}`;
}

/** The address of an entry. */
export function entryAddress(seq: number): string {
  return `/audit?entry=${seq}`;
}

/** A whole number of the address. */
export function readTime(value: string | null): number | undefined {
  return value !== null && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}

/** The entry that the address names. */
export function readEntry(query: URLSearchParams): number | undefined {
  return readTime(query.get('entry'));
}
