// What the log does by itself: heartbeats, publication, the alarm for late witnesses, pruning.
import { alarmRaised, alarmRestored, type AuditEntry } from '@wanglou/core';
import { heartbeatPeriodMs } from '../heartbeat/gaps.ts';
import { tileWidth } from '../tree/tile.ts';
import type { AuditParts } from './parts.ts';

/** Entries that no quorum has witnessed for this long are an alarm. */
const latestWitnessMs = 300_000;
const prunePeriodMs = 3_600_000;
const dayMs = 86_400_000;
const entriesPerStep = 80 * tileWidth;
const witnessSource = 'audit:witnesses';

/** Starts them; resolves when the first checkpoint is published. */
export async function startWatches(parts: AuditParts): Promise<void> {
  const { ctx, config, publisher } = parts;
  const failing = (what: string) => (error: unknown) => ctx.log.warn({ err: error }, what);
  const own = (kind: string, open: NonNullable<AuditEntry['open']>): AuditEntry => ({ kind, atMs: ctx.clock.now(), principal: { kind: 'plugin', id: 'audit' }, open });

  await parts.service.append(own('audit.started', { pack: `${ctx.policy.pack().id}@${ctx.policy.pack().version}`, packSha256: ctx.policy.packSha256() }));
  const beat = () => parts.service.append(own('audit.heartbeat', { size: parts.log.size })).catch(failing('a heartbeat could not be written; its minute will show as a gap'));
  await beat();
  await publisher.publish();
  ctx.defer(() => publisher.publish().then(() => undefined, failing('the last checkpoint could not be published')));
  ctx.defer(ctx.clock.every(heartbeatPeriodMs, () => void beat()));
  ctx.defer(ctx.clock.every(config.publishSeconds * 1000, () => void publisher.publish().then(() => undefined, failing('the log could not be published; it is tried again')).then(() => watchWitnesses(parts))));
  if (config.retentionDays !== undefined) ctx.defer(ctx.clock.every(prunePeriodMs, () => void prune(parts, config.retentionDays!).catch(failing('old entries could not be pruned; it is tried again'))));
}

const late = new WeakSet<AuditParts>();

function watchWitnesses(parts: AuditParts): void {
  const { ctx, publisher } = parts;
  const isLate = publisher.lagMs() >= latestWitnessMs;
  if (isLate === late.has(parts)) return;
  const nowMs = ctx.clock.now();
  if (isLate) {
    late.add(parts);
    const absent = publisher.witnesses.filter(({ problem }) => problem).map(({ name }) => name).join(', ');
    ctx.emit(alarmRaised, { source: witnessSource, priority: 'medium', title: { zh: `审计日志已超过 5 分钟未获见证（${absent}）`, en: `The audit log has not been witnessed for 5 minutes (${absent})` }, cameras: [], raisedMs: nowMs });
  } else {
    late.delete(parts);
    ctx.emit(alarmRestored, { source: witnessSource, atMs: nowMs });
  }
}

/** Prunes entries whose retention has ended, whole bundles at a time. Says so in the log first. */
export async function prune({ ctx, log, reader, index, mirror, publisher, service }: AuditParts, retentionDays: number): Promise<void> {
  const kept = (await index.firstSince(ctx.clock.now() - retentionDays * dayMs)) ?? log.size;
  const before = await reader.minimumIndex();
  const minimumIndex = Math.floor(kept / tileWidth) * tileWidth;
  if (minimumIndex <= before) return;
  await service.append({ kind: 'audit.pruned', atMs: ctx.clock.now(), principal: { kind: 'plugin', id: 'audit' }, open: { minimumIndex } });
  // Published before anything goes: whoever misses an entry finds the reason in the log.
  await publisher.publish();
  await mirror.prune(before, minimumIndex);
  await index.prune(minimumIndex);
  // In steps: acts of people go on meanwhile.
  for (let seq = before; seq < minimumIndex; ) await log.ask('prune', (seq = Math.min(seq + entriesPerStep, minimumIndex)));
}
