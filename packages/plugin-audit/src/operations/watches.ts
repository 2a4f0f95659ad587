// What the log does by itself: heartbeats, publication, the alarm for late witnesses, pruning.
import { alarmRaised, alarmRestored } from '@wanglou/core';
import { heartbeatPeriodMs } from '../heartbeat/gaps.ts';
import { tileWidth } from '../tree/tile.ts';
import { ownEntry } from './own-entry.ts';
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
  await parts.service.append(ownEntry('audit.started', ctx.clock.now(), { pack: `${ctx.policy.pack().id}@${ctx.policy.pack().version}`, packSha256: ctx.policy.packSha256() }));
  const beat = () => parts.service.append(ownEntry('audit.heartbeat', ctx.clock.now(), { size: parts.log.size })).catch(failing('a heartbeat could not be written; its minute will show as a gap'));
  const watchWitnesses = witnessWatch(parts);
  await beat();
  await publisher.publish();
  ctx.defer(() => publisher.publish().then(() => undefined, failing('the last checkpoint could not be published')));
  ctx.defer(ctx.clock.every(heartbeatPeriodMs, () => void beat()));
  ctx.defer(ctx.clock.every(config.publishSeconds * 1000, () => void publisher.publish().then(() => undefined, failing('the log could not be published; it is tried again')).then(watchWitnesses)));
  if (config.retentionDays !== undefined) ctx.defer(ctx.clock.every(prunePeriodMs, () => void prune(parts, config.retentionDays!).catch(failing('old entries could not be pruned; it is tried again'))));
}

/** Raises the alarm when a quorum is late, and takes it back. */
function witnessWatch({ ctx, publisher }: AuditParts): () => void {
  let wasLate = false;
  return () => {
    const isLate = publisher.lagMs() >= latestWitnessMs;
    if (isLate === wasLate) return;
    wasLate = isLate;
    const nowMs = ctx.clock.now();
    if (isLate) {
      const absent = publisher.witnesses.filter(({ problem }) => problem).map(({ name }) => name).join(', ');
      ctx.emit(alarmRaised, { source: witnessSource, priority: 'medium', title: { zh: `审计日志已超过 5 分钟未获见证（${absent}）`, en: `The audit log has not been witnessed for 5 minutes (${absent})` }, cameras: [], raisedMs: nowMs });
    } else {
      ctx.emit(alarmRestored, { source: witnessSource, atMs: nowMs });
    }
  };
}

/** Prunes entries whose retention has ended, whole bundles at a time. Says so in the log first. */
export async function prune({ ctx, log, reader, index, mirror, publisher, service }: AuditParts, retentionDays: number): Promise<void> {
  const kept = (await index.firstSince(ctx.clock.now() - retentionDays * dayMs)) ?? log.size;
  const before = await reader.minimumIndex();
  const minimumIndex = Math.floor(kept / tileWidth) * tileWidth;
  if (minimumIndex <= before) return;
  await service.append(ownEntry('audit.pruned', ctx.clock.now(), { minimumIndex }));
  // Published before anything goes: whoever misses an entry finds the reason in the log.
  await publisher.publish();
  await mirror.prune(before, minimumIndex);
  await index.prune(minimumIndex);
  // In steps: acts of people go on meanwhile.
  for (let seq = before; seq < minimumIndex; ) await log.ask('prune', (seq = Math.min(seq + entriesPerStep, minimumIndex)));
}
