// Holds what was served against what was decided: no picture without a permit. Articles 12 and 27.
import type { ServedLease } from '@wanglou/core';
import type { Reconciliation, UnmatchedLease } from '../contract.ts';

/** What the log says of leases. */
export interface LoggedLeases {
  /** The call whose outcome names the lease. */
  callOf(lease: string): Promise<string | undefined>;
  /** When a call was first permitted, UTC epoch milliseconds. */
  permittedMs(call: string): Promise<number | undefined>;
}

/** A stretch of time, UTC epoch milliseconds. */
export interface ReconciledRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Compares the leases that were served in a stretch of time with the log. Rejects when the log cannot be asked. */
export async function reconcile({ fromMs, toMs }: ReconciledRange, served: readonly ServedLease[], log: LoggedLeases): Promise<Reconciliation> {
  const unmatched: UnmatchedLease[] = [];
  for (const { lease, person, firstMs } of served) {
    const reason = await faultOf(lease, firstMs, log);
    if (reason) unmatched.push({ lease, person, firstMs, reason });
  }
  return { fromMs, toMs, served: served.length, unmatched };
}

async function faultOf(lease: string, firstMs: number, log: LoggedLeases): Promise<UnmatchedLease['reason'] | undefined> {
  const call = await log.callOf(lease);
  if (call === undefined) return 'unknown';
  const permittedMs = await log.permittedMs(call);
  if (permittedMs === undefined) return 'undecided';
  return permittedMs > firstMs ? 'late' : undefined;
}
