// The operations of the log.
import type { AuditQuery, Principal } from '@wanglou/core';
import { erasePerson, exportAudit, listAudit, openLog, readAuditStatus, readCheckpoint, reconcileLeases, takeReceipt, verifyAudit, type AuditFilters, type AuditStatus } from '../contract.ts';
import { leastRetentionDays } from '../config.ts';
import { AuditError } from '../errors.ts';
import { heartbeatGaps } from '../heartbeat/gaps.ts';
import { serveExport } from '../export/serve-export.ts';
import { serveLog } from '../mirror/serve-log.ts';
import { ownEntry } from './own-entry.ts';
import type { AuditParts } from './parts.ts';
import type { Reconciler } from './reconciling.ts';
import type { StampState } from './stamping.ts';

const dayMs = 86_400_000;
const entriesPerStep = 20_000;

/** Handles the operations. */
export function addOperations(parts: AuditParts, stamps: StampState, reconciler: Reconciler): void {
  const { ctx, log, publisher, service } = parts;
  ctx.handle(listAudit, async ({ limit, ...filters }) => ({ records: await service.query({ limit, ...defined(filters) }) }));
  ctx.handle(verifyAudit, () => service.verify());
  ctx.handle(readCheckpoint, () => ({ checkpoint: publisher.checkpoint, origin: log.origin, vkey: log.vkey }));
  ctx.handle(readAuditStatus, async () => {
    const reconciled = await reconciler.newest();
    return { ...(await statusOf(parts)), ...stamps, ...(reconciled && { reconciled }) };
  });
  ctx.handle(reconcileLeases, async (range, call) => {
    const found = await reconciler.compare(range);
    call.note({ served: found.served, unmatched: found.unmatched.length });
    return found;
  });
  ctx.handle(takeReceipt, async (input, { principal }) => {
    const seq = 'seq' in input ? input.seq : await seqOfCall(parts, input.call);
    await mayHave(parts, seq, principal);
    return service.receipt(seq);
  });
  ctx.handle(openLog, async (_input, call) => {
    // What is checked shall reach up to this very act.
    await publisher.publish();
    const { id, expiresMs } = call.lease({ serve: serveLog(parts) });
    return { lease: id, path: 'checkpoint', expiresMs };
  });
  ctx.handle(exportAudit, (filters, call) => {
    const { id, expiresMs } = call.lease({ serve: serveExport(parts, defined(filters)) });
    return { lease: id, path: 'audit.ocsf.jsonl', expiresMs };
  });
  ctx.handle(erasePerson, async ({ person, reason }, call) => {
    const erased = await erase(parts, person);
    // The decision's own private part named the person and went with the others.
    call.note({ reason, ...erased });
    return erased;
  });
}

async function statusOf({ ctx, log, reader, index, publisher, policy }: AuditParts): Promise<AuditStatus> {
  const nowMs = ctx.clock.now();
  const { witnessed } = publisher;
  return {
    origin: log.origin,
    vkey: log.vkey,
    size: log.size,
    checkpoint: publisher.checkpoint,
    ...(witnessed && { witnessed }),
    lagMs: publisher.lagMs(),
    witnesses: publisher.witnesses,
    hasQuorum: policy.quorum !== undefined,
    minimumIndex: await reader.minimumIndex(),
    gaps: heartbeatGaps(await index.timesOf('audit.heartbeat', nowMs - dayMs, nowMs), nowMs),
  };
}

/** The decision of a call: what a receipt is about. */
async function seqOfCall({ index }: AuditParts, call: string): Promise<number> {
  const [seq] = await index.find({ call, kind: 'decision', limit: 1 });
  if (seq === undefined) throw new AuditError('AUDIT_ENTRY_UNKNOWN', { seq: call });
  return seq;
}

/** Whose act it was may have the receipt, and whoever may read the log. */
async function mayHave({ ctx, service }: AuditParts, seq: number, principal: Principal): Promise<void> {
  const [record] = await service.read(seq, 1);
  const own = record?.seq === seq && record.entry.principal.kind === 'person' && record.entry.principal.id === principal.id;
  if (own || (await ctx.wouldDecide(listAudit, {}, principal)).effect === 'permit') return;
  throw new AuditError('AUDIT_RECEIPT_FOREIGN');
}

async function erase({ ctx, log, index, service }: AuditParts, person: string): Promise<{ readonly entries: number }> {
  const last = await index.lastActOf(person);
  const untilMs = (last?.atMs ?? 0) + leastRetentionDays * dayMs;
  if (untilMs > ctx.clock.now()) throw new AuditError('AUDIT_PERSON_KEPT', { person, until: new Date(untilMs).toISOString().slice(0, 10) });
  await log.eraseSalt(person);
  let entries = 0;
  // In steps: acts of people go on meanwhile.
  for (let fromSeq = 0; fromSeq < log.size; fromSeq += entriesPerStep) entries += await log.ask('erasePrivateParts', person, fromSeq, fromSeq + entriesPerStep);
  const [erased] = last ? await service.read(last.seq, 1) : [];
  await index.rename(person, erased?.entry.principal.id ?? 'erased');
  await service.append(ownEntry('audit.erased', ctx.clock.now(), { entries }));
  return { entries };
}

/** Without the keys that are `undefined`. */
function defined(filters: AuditFilters): Omit<AuditQuery, 'limit'> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
