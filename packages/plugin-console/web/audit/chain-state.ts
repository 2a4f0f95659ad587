// How the chain stands, in one word, from what the server says of it and what a check found.
import type { AuditStatus, HeartbeatGap, WitnessStatus } from '@wanglou/plugin-audit/contract';
import type { LogCheck } from './check/log-check.ts';

/** `plain`: nobody has checked it here yet. */
export type ChainTone = 'good' | 'waiting' | 'broken' | 'plain';

/** Entries that witnesses have not seen for this long are late. */
const lateMs = 60_000;

/** The word for the strip. */
export function chainTone(status: AuditStatus | undefined, check: LogCheck | undefined): ChainTone {
  if (check?.state === 'broken') return 'broken';
  if (check?.state === 'unwitnessed' || (status && (isLate(status) || (status.reconciled?.unmatched.length ?? 0) > 0 || status.stampProblem))) return 'waiting';
  return check ? 'good' : 'plain';
}

/** Whether entries wait for a quorum too long, or a witness did not cosign the last checkpoint. */
export function isLate(status: Pick<AuditStatus, 'hasQuorum' | 'lagMs' | 'witnesses'>): boolean {
  return (status.hasQuorum && status.lagMs >= lateMs) || status.witnesses.some(({ problem }) => problem !== undefined);
}

/** Witnesses with a problem first. */
export function witnessesByNeed(witnesses: readonly WitnessStatus[]): readonly WitnessStatus[] {
  return [...witnesses].sort((a, b) => Number(a.problem === undefined) - Number(b.problem === undefined));
}

/** Where a gap stands in a strip that shows the last 24 hours, in minutes from its beginning. */
export function stretchOf({ fromMs, toMs }: HeartbeatGap, nowMs: number): { readonly from: number; readonly length: number } | undefined {
  const startMs = nowMs - dayMs;
  const [from, to] = [Math.max(fromMs, startMs), Math.min(toMs, nowMs)].map((atMs) => (atMs - startMs) / 60_000) as [number, number];
  // A short gap must still be seen.
  return to <= from ? undefined : { from, length: Math.max(to - from, 4) };
}

/** What the strip shows. */
export const dayMs = 86_400_000;

/** First characters of a root or hash, as they stand on paper. */
export function rootStart(root: string): string {
  return root.slice(0, 16);
}
