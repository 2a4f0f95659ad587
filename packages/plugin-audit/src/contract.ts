/**
 * What other plugins and the console may use of plugin-audit: its operations.
 *
 * @packageDocumentation
 */
import { defineOperation, type AuditRecord, type Checkpoint, type MediaLease, type Receipt, type Text, type Verification } from '@wanglou/core';
import { z } from 'zod';

const text = z.string().min(1).max(128);

/** Which entries are wanted. */
export const auditFilters = z.strictObject({
  person: text.optional().describe('Person or plugin id'),
  camera: text.optional(),
  operation: text.optional(),
  action: text.optional(),
  kind: text.optional(),
  effect: z.enum(['permit', 'deny']).optional(),
  caseNumber: text.optional(),
  call: text.optional(),
  fromMs: z.int().min(0).optional(),
  toMs: z.int().min(0).optional(),
});

/** Entries by who, what, which camera, which case and when. */
export type AuditFilters = z.infer<typeof auditFilters>;

const touched = (input: { readonly camera?: string | undefined }) => (input.camera ? { cameras: [input.camera] } : {});

/** Reads the audit log, newest first. Reading is itself an entry. Articles 11 and 12. */
export const listAudit = defineOperation<{ readonly records: readonly AuditRecord[] }>()({
  id: 'audit.list',
  title: { zh: '查看审计日志', en: 'Read the audit log' },
  action: 'audit',
  articles: ['11', '12'],
  input: auditFilters.extend({ beforeSeq: z.int().min(0).optional(), limit: z.int().min(1).max(500).default(100) }),
  resource: touched,
});

/** Checks the whole log in the campus's own tables: every leaf, every tile, the root of the newest commit. */
export const verifyAudit = defineOperation<Verification>()({
  id: 'audit.verify',
  title: { zh: '校验审计日志', en: 'Verify the audit log' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** The newest published checkpoint. Open to all who have signed in: it stands on every paper that is printed. */
export const readCheckpoint = defineOperation<{ readonly checkpoint: Checkpoint; readonly origin: string; readonly vkey: string }>()({
  id: 'audit.checkpoint',
  title: { zh: '获取校验点', en: 'Take a checkpoint' },
  action: 'view',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** How a witness stands. */
export interface WitnessStatus {
  readonly name: string;
  /** Size of the newest checkpoint that it cosigned, and when. */
  readonly size?: number;
  readonly atMs?: number;
  /** Why it did not cosign the last one. */
  readonly problem?: Text;
}

/** A time without heartbeats: the campus was off, or its log could not be written. */
export interface HeartbeatGap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How the log stands. */
export interface AuditStatus {
  readonly origin: string;
  /** The log's verifier key (C2SP signed-note). */
  readonly vkey: string;
  readonly size: number;
  readonly checkpoint: Checkpoint;
  readonly witnessed?: Checkpoint;
  /** How long entries have been waiting for a quorum of witnesses; 0 when none wait, or none is asked for. */
  readonly lagMs: number;
  readonly witnesses: readonly WitnessStatus[];
  /** Whether witnesses are asked for at all. */
  readonly hasQuorum: boolean;
  /** Entries below it were pruned. */
  readonly minimumIndex: number;
  /** In the last 24 hours. */
  readonly gaps: readonly HeartbeatGap[];
  /** The newest RFC 3161 stamp. */
  readonly stamp?: { readonly size: number; readonly atMs: number };
  readonly stampProblem?: Text;
  /** The newest comparison of served leases with the log. */
  readonly reconciled?: Reconciliation;
}

/** Served leases against the log, for one stretch of time. */
export interface Reconciliation {
  readonly fromMs: number;
  readonly toMs: number;
  /** Leases under which something was served. */
  readonly served: number;
  readonly unmatched: readonly UnmatchedLease[];
}

/** A lease that was served and that the log does not account for. */
export interface UnmatchedLease {
  readonly lease: string;
  readonly person: string;
  readonly firstMs: number;
  /** `unknown`: no entry names the lease. `undecided`: its call has no permit. `late`: the permit came after the first byte. */
  readonly reason: 'unknown' | 'undecided' | 'late';
}

/** Size, witnesses, gaps. */
export const readAuditStatus = defineOperation<AuditStatus>()({
  id: 'audit.status',
  title: { zh: '查看审计日志状态', en: 'Read the state of the audit log' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/**
 * A receipt for an entry of one's own, by its place or by its call: who asked, received or handed over keeps it. Whoever may read the log
 * gets one for any entry.
 */
export const takeReceipt = defineOperation<Receipt>()({
  id: 'audit.receipt',
  title: { zh: '领取回执', en: 'Take a receipt' },
  action: 'request',
  articles: ['11'],
  input: z.union([z.strictObject({ seq: z.int().min(0) }), z.strictObject({ call: text })]),
  resource: () => ({}),
});

/** Opens the log's static files under a lease: `checkpoint`, `tile/…`, and `bundle.zip` with all of them and a page that verifies offline. */
export const openLog = defineOperation<MediaLease>()({
  id: 'audit.open',
  title: { zh: '打开日志以供校验', en: 'Open the log for checking' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({}),
  resource: () => ({}),
});

/** Entries as OCSF events, one JSON object a line, oldest first, for a SIEM. */
export const exportAudit = defineOperation<MediaLease>()({
  id: 'audit.export',
  title: { zh: '导出审计日志', en: 'Export the audit log' },
  action: 'audit',
  articles: ['11', '12'],
  input: auditFilters,
  resource: touched,
});

/** Compares served leases with the log now, for a stretch of at most a day. */
export const reconcileLeases = defineOperation<Reconciliation>()({
  id: 'audit.reconcile',
  title: { zh: '核对访问凭证', en: 'Reconcile leases with the log' },
  action: 'audit',
  articles: ['12', '27'],
  input: z.strictObject({ fromMs: z.int().min(0), toMs: z.int().min(0) }).refine(({ fromMs, toMs }) => toMs > fromMs && toMs - fromMs <= 86_400_000, 'the range must begin before it ends and be at most 24 h long'),
  resource: () => ({}),
});

/**
 * Erases a person from the log: the salt of the pseudonym, and every private part that names the person. Entries and proofs stay.
 * Refused while the person acted within the time that the law has records kept.
 */
export const erasePerson = defineOperation<{ readonly entries: number }>()({
  id: 'audit.erase-person',
  title: { zh: '从审计日志中抹除人员信息', en: 'Erase a person from the audit log' },
  action: 'audit',
  articles: ['12'],
  input: z.strictObject({ person: text, reason: z.string().min(1).max(500) }),
  resource: (input) => ({ subject: `person:${input.person}` }),
});
