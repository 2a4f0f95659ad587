// Who watched a camera: decisions and leases of the audit log, put together by call, grouped by person.
import type { AuditRecord, TimeRange } from '@wanglou/core';
import type { RegisterRow } from '@wanglou/plugin-access/contract';
import { factsOf } from '../entry-words.ts';

/** Actions that show or give out footage. */
const watching: ReadonlySet<string> = new Set(['live', 'playback', 'copy']);

/** One act: what somebody saw, or was refused. */
export interface WatchedAct {
  /** Place of its decision. */
  readonly seq: number;
  readonly person: string;
  readonly action: string;
  readonly atMs: number;
  readonly effect: 'permit' | 'deny';
  readonly articles: readonly string[];
  /** Footage that was asked for; absent for live view. */
  readonly footage?: TimeRange;
  /** How long its lease was open, without its pauses; absent while it is open, or where no end stands in the log. */
  readonly openMs?: number;
  readonly paused: boolean;
  /** How the lease ended. */
  readonly end?: string;
  /** Watched by right of duty, without a grant. */
  readonly byDuty: boolean;
  readonly purpose?: string;
  readonly caseNumber?: string;
  readonly destination?: string;
  readonly accompaniedBy: readonly string[];
  readonly erased: boolean;
}

/** The acts of one person. */
export interface WatchedBy {
  readonly person: string;
  /** As the register knows it. */
  readonly name?: string;
  readonly erased: boolean;
  /** Newest first. */
  readonly acts: readonly WatchedAct[];
  readonly permitted: number;
  readonly refused: number;
  readonly openMs: number;
}

/** Puts records and lines of the register together. Acts count whose time falls into the range, from decision to the end of the lease. */
export function watchedBy(records: readonly AuditRecord[], rows: readonly RegisterRow[], range: TimeRange): readonly WatchedBy[] {
  const rowOf = new Map(rows.map((row) => [row.seq, row]));
  const leases = Map.groupBy(records.filter(({ entry }) => entry.kind === 'lease' && entry.call !== undefined), ({ entry }) => entry.call!);
  // A call that was judged more than once counts once, with its last decision.
  const decisions = new Map<string, AuditRecord>();
  for (const record of records.toSorted((a, b) => a.seq - b.seq)) {
    const { kind, action, call } = record.entry;
    if (kind === 'decision' && watching.has(action ?? '')) decisions.set(call ?? `seq ${record.seq}`, record);
  }
  const acts = [...decisions.values()].map((record) => actOf(record, leases.get(record.entry.call ?? '') ?? [], rowOf.get(record.seq)));
  const inRange = acts.filter(({ atMs, openMs }) => atMs < range.toMs && atMs + (openMs ?? 0) >= range.fromMs);
  return [...Map.groupBy(inRange, ({ person }) => person)]
    .map(([person, own]) => groupOf(person, own.sort((a, b) => b.seq - a.seq), own.map(({ seq }) => rowOf.get(seq)?.personName).find(Boolean)))
    .sort((a, b) => b.acts[0]!.seq - a.acts[0]!.seq);
}

function groupOf(person: string, acts: readonly WatchedAct[], name: string | undefined): WatchedBy {
  const permitted = acts.filter(({ effect }) => effect === 'permit').length;
  return { person, ...(name !== undefined && { name }), erased: acts.some(({ erased }) => erased), acts, permitted, refused: acts.length - permitted, openMs: acts.reduce((sum, { openMs = 0 }) => sum + openMs, 0) };
}

function actOf({ seq, entry, erased }: AuditRecord, leases: readonly AuditRecord[], row: RegisterRow | undefined): WatchedAct {
  const decision = entry.decision!;
  const facts = factsOf(entry);
  const ends = leases.filter(({ entry: { outcome } }) => outcome !== 'paused' && outcome !== 'resumed').sort((a, b) => b.entry.atMs - a.entry.atMs);
  const [last] = ends;
  const purpose = row?.purpose ?? facts.purpose;
  const caseNumber = row?.caseNumber ?? facts.caseNumber;
  const destination = row?.destination ?? facts.destination;
  return {
    seq,
    person: entry.principal.id,
    action: entry.action ?? '',
    atMs: entry.atMs,
    effect: decision.effect,
    articles: decision.effect === 'deny' ? [...new Set(decision.denials.map(({ article }) => article))] : decision.articles,
    ...(entry.resource?.range && { footage: entry.resource.range }),
    ...(last && { openMs: Math.max(0, last.entry.atMs - entry.atMs - pausedMs(leases, last.entry.atMs)) }),
    ...(last?.entry.outcome !== undefined && { end: last.entry.outcome }),
    paused: leases.some(({ entry: { outcome } }) => outcome === 'paused'),
    byDuty: decision.effect === 'permit' && entry.action === 'live' && decision.facts['grant.id'] === undefined,
    ...(purpose !== undefined && { purpose }),
    ...(caseNumber !== undefined && { caseNumber }),
    ...(destination !== undefined && { destination }),
    accompaniedBy: row?.accompaniedBy ?? [],
    erased: erased === true,
  };
}

/** How long a call's leases stood still before they ended. */
function pausedMs(leases: readonly AuditRecord[], endMs: number): number {
  let sinceMs: number | undefined;
  let sum = 0;
  for (const { entry } of leases.toSorted((a, b) => a.seq - b.seq)) {
    if (entry.outcome === 'paused') sinceMs ??= entry.atMs;
    else if (sinceMs !== undefined) {
      sum += Math.min(entry.atMs, endMs) - sinceMs;
      sinceMs = undefined;
    }
  }
  return sum;
}
