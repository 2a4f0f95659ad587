// Compares served leases with the log at five minutes past each full hour, and whenever somebody asks.
import { alarmRaised, servedLeaseSources, type AuditRecord } from '@wanglou/core';
import type { Reconciliation, UnmatchedLease } from '../contract.ts';
import { AuditError } from '../errors.ts';
import { hourToCompare } from '../reconcile/hours.ts';
import { reconcile, type LoggedLeases, type ReconciledRange } from '../reconcile/reconcile.ts';
import { ownEntry } from './own-entry.ts';
import type { AuditParts } from './parts.ts';

const kind = 'audit.reconciled';
/** It is looked this often whether an hour is due; a comparison that failed is tried again as soon. */
const lookPeriodMs = 60_000;
/** A call is decided ten times at most. */
const decisionsOfCall = 50;
/** More than these are counted in the entry, not named. */
const namedInEntry = 1000;

/** The comparison, for the operations. */
export interface Reconciler {
  /** The newest comparison of an hour. */
  newest(): Promise<Reconciliation | undefined>;
  /** Compares now. Throws `AUDIT_SERVED_UNKNOWN`, `AUDIT_SPOOL_WAITS`. */
  compare(range: ReconciledRange): Promise<Reconciliation>;
}

/** Starts the hourly comparison; it goes on where the newest entry of it ended. */
export function startReconciling(parts: AuditParts): Reconciler {
  const { ctx, index, service } = parts;
  const log: LoggedLeases = {
    callOf: (lease) => index.callOfLease(lease),
    // Newest first: the last one is the first permit.
    permittedMs: async (call) => (await service.query({ call, kind: 'decision', effect: 'permit', limit: decisionsOfCall })).at(-1)?.entry.atMs,
  };
  const compare = async (range: ReconciledRange): Promise<Reconciliation> => {
    const sources = ctx.contributions(servedLeaseSources);
    if (sources.length === 0) throw new AuditError('AUDIT_SERVED_UNKNOWN');
    const served = (await Promise.all(sources.map((source) => source.between(range.fromMs, range.toMs)))).flat();
    // After the ledger was read: an entry that waits in the spool would be missed, and its lease blamed.
    if (!(await parts.drained())) throw new AuditError('AUDIT_SPOOL_WAITS');
    return reconcile(range, served, log);
  };

  let newest: Promise<Reconciliation | undefined> | undefined;
  const resumed = () =>
    (newest ??= service.query({ kind, limit: 1 }).then(([record]) => record && fromRecord(record))).catch((error: unknown) => {
      newest = undefined;
      throw error;
    });
  const look = async () => {
    // Without anybody who serves there is nothing to compare.
    while (!ctx.signal.aborted && ctx.contributions(servedLeaseSources).length > 0) {
      const hour = hourToCompare((await resumed())?.toMs, ctx.clock.now());
      if (!hour) return;
      const found = await compare(hour);
      const { unmatched, served } = found;
      await service.append({
        ...ownEntry(kind, ctx.clock.now(), { ...hour, served, unmatched: unmatched.length }),
        ...(unmatched.length > 0 && { detail: { unmatched: unmatched.slice(0, namedInEntry) } }),
      });
      newest = Promise.resolve(found);
      if (unmatched.length === 0) continue;
      ctx.log.error({ unmatched: unmatched.slice(0, 10), ...hour }, 'footage was served that the audit log does not account for');
      ctx.emit(alarmRaised, {
        source: 'audit:reconcile',
        priority: 'high',
        title: { zh: `${unmatched.length} 个访问凭证提供过录像，审计日志中却没有相应的许可`, en: `Footage was served under ${unmatched.length} leases that the audit log does not account for` },
        cameras: [],
        raisedMs: ctx.clock.now(),
      });
    }
  };
  let looking: Promise<void> | undefined;
  ctx.defer(
    ctx.clock.every(lookPeriodMs, () => {
      looking ??= look()
        .catch((error: unknown) => ctx.log.warn({ err: error }, 'served leases could not be compared with the audit log; it is tried again in a minute'))
        .finally(() => (looking = undefined));
    }),
  );
  // A comparison that is under way must not find the log closed.
  ctx.defer(() => looking);
  return { newest: resumed, compare };
}

function fromRecord({ entry: { open = {}, detail } }: AuditRecord): Reconciliation {
  const { fromMs, toMs, served } = open as Record<'fromMs' | 'toMs' | 'served', number>;
  return { fromMs, toMs, served, unmatched: (detail as { readonly unmatched?: readonly UnmatchedLease[] } | undefined)?.unmatched ?? [] };
}
