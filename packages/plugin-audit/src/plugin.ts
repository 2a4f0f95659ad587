// Gives the campus its audit log.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alarmRaised, auditListeners, auditService, canonicalJson, definePlugin, storeService, type AuditEntry, type AuditLog, type AuditRecord, type Disposer } from '@wanglou/core';
import { parsePolicy, parseVkey, type Policy } from '@wanglou/verify';
import { auditConfig } from './config.ts';
import { AuditError } from './errors.ts';
import { EntryReader } from './log/entry-reader.ts';
import { TransparencyLog } from './log/transparency-log.ts';
import { Mirror } from './mirror/mirror.ts';
import { policyText } from './mirror/serve-log.ts';
import { Publisher } from './mirror/publisher.ts';
import { watchCameras } from './operations/camera-watch.ts';
import { addOperations } from './operations/operations.ts';
import { ownEntry } from './operations/own-entry.ts';
import type { AuditParts } from './operations/parts.ts';
import { startReconciling } from './operations/reconciling.ts';
import { startStamping } from './operations/stamping.ts';
import { startWatches } from './operations/watches.ts';
import { receiptCode, receiptText } from './receipt/receipt.ts';
import { SearchIndex } from './search/search-index.ts';
import { searchMigrations, type SearchTables } from './search/tables.ts';
import { Spool, type Spooled } from './spool/spool.ts';
import { auditMigrations, type AuditTables } from './tables.ts';
import { leafHash } from './tree/hash.ts';
import { verifyTables } from './verification/verify-tables.ts';

/** A waiting spool is tried again this often. */
const drainPeriodMs = 5000;
/** An entry that is older than the one before it by more than this says that the clock went back. */
const clockToleranceMs = 5000;
/** Longest wait for a witness. */
const witnessDeadlineMs = 5000;
/** The search index follows this long after an entry, so that many share one transaction. */
const indexDelayMs = 1000;

/**
 * The audit log: durable before effect, a transparency log that outsiders can verify.
 *
 * @example
 * audit({ path: './data', origin: 'audit.upc.edu.example/qingdao', witnesses: './witnesses.txt' })
 */
export const audit = definePlugin({
  id: 'audit',
  config: auditConfig,
  needs: { store: storeService },
  provides: [auditService],
  critical: true,
  async setup(ctx, { config, store }) {
    await mkdir(config.path, { recursive: true });
    const reader = new EntryReader(await store.open<AuditTables>('audit', auditMigrations));
    // Each listener on its own: one that fails takes nothing from the others, and nothing is swallowed.
    const hand = async (record: AuditRecord, listener: (record: AuditRecord) => unknown) => {
      try {
        await listener(record);
      } catch (error) {
        ctx.log.error({ err: error, seq: record.seq }, 'a listener of the audit log failed');
      }
    };
    const log = await TransparencyLog.open({
      store: store.address('audit'),
      keyFile: join(config.path, 'audit-key.pem'),
      ...(config.origin !== undefined && { origin: config.origin }),
      canonical: canonicalJson,
      randomBytes: (length) => ctx.random.bytes(length),
      appended: (seq, entry, hash) => {
        followSoon();
        const listeners = ctx.contributions(auditListeners);
        if (listeners.length === 0) return;
        const record: AuditRecord = { seq, entry, hash: Buffer.from(hash).toString('hex') };
        for (const listener of listeners) void hand(record, listener);
      },
      lost: (error) => ctx.log.error({ err: error }, 'the thread of the audit log is gone: every act is refused until the campus is restarted'),
    });
    ctx.defer(() => log.close());

    const index = new SearchIndex(await store.open<SearchTables>('audit-index', searchMigrations), (fromSeq, limit) => reader.read(fromSeq, limit));
    let cancelFollowing: Disposer | undefined;
    const followSoon = () => {
      if (cancelFollowing || ctx.signal.aborted) return;
      cancelFollowing = ctx.clock.after(indexDelayMs, () => {
        cancelFollowing = undefined;
        index.catchUp().catch((error: unknown) => ctx.log.warn({ err: error }, 'the index of the audit log could not follow it; it is tried again with the next entry'));
      });
    };
    ctx.defer(async () => {
      await cancelFollowing?.();
      await index.stop();
    });

    const policy = await readPolicy(config.witnesses, log.vkey);
    const mirror = await Mirror.open(config.mirror ?? join(config.path, 'audit-mirror'), {
      tile: ({ level, index: place, width }) => log.ask('tile', level, place, width),
      entries: (fromSeq, count) => reader.bodies(fromSeq, count),
    });
    const publisher = new Publisher({
      mirror,
      policy,
      clock: ctx.clock,
      fetch,
      witnessDeadlineMs,
      head: () => log.ask('head'),
      root: (size) => log.ask('root', size),
      consistency: (before, size) => log.ask('consistency', before, size),
      forked: (witness, { zh, en }) =>
        ctx.emit(alarmRaised, { source: `audit:fork-${witness}`, priority: 'high', title: { zh: `见证方 ${witness}：${zh}`, en: `Witness ${witness}: ${en}` }, cameras: [], raisedMs: ctx.clock.now() }),
    });
    await publisher.resume();
    await mirror.write('log.vkey', `${log.vkey}\n`);

    const spool = new Spool({
      file: join(config.path, 'audit-spool.jsonl'),
      canonical: canonicalJson,
      setAside: (file, lines) => ctx.log.error({ file, lines }, 'lines of the audit spool could not be read; they are kept in this file, look what can be made of them'),
    });
    /** What was spooled and the entry for its gap are written in one commit. A failure waits for the next round: it must not stop a campus. */
    const takeOver = async () => {
      try {
        await spool.drain(async (spooled) => void (await log.appendAll([gapOf(spooled, ctx.clock.now()), ...spooled.entries])));
      } catch (error) {
        ctx.log.warn({ err: error }, 'what was spooled while the audit log could not be written still waits to be taken over');
      }
    };

    const [newest] = await reader.read(Math.max(0, log.size - 1), 1);
    let latestMs = newest?.entry.atMs ?? 0;
    const append = async (entry: AuditEntry): Promise<{ readonly seq: number }> => {
      const before = latestMs;
      latestMs = entry.atMs;
      if (entry.atMs >= before - clockToleranceMs) return log.append(entry);
      const { seq } = await log.appendAll([ownEntry('audit.clock', entry.atMs, { fromMs: before, toMs: entry.atMs }), entry]);
      return { seq: seq + 1 };
    };
    const service: AuditLog = {
      append,
      spool: (entry) => spool.add(entry),
      query: async (query) => reader.pick(await index.find(query)),
      read: (fromSeq, limit) => reader.read(fromSeq, limit),
      size: () => log.size,
      verify: async () => {
        const { checkpoint } = publisher;
        const head = await log.ask('head');
        return { ...(await verifyTables(reader, [head, { size: checkpoint.size, root: Buffer.from(checkpoint.root, 'base64') }], head.size)), checkpoint };
      },
      checkpoint: () => publisher.checkpoint,
      receipt: async (seq) => {
        const { body, privatePart } = await reader.one(seq);
        const checkpoint = seq < publisher.checkpoint.size ? publisher.checkpoint : await publisher.publish();
        const path = await log.ask('inclusion', seq, checkpoint.size);
        return { seq, code: receiptCode(seq, leafHash(Buffer.from(body))), checkpoint, text: receiptText({ seq, entry: body, ...(privatePart && { privatePart }), path, note: checkpoint.note, canonical: canonicalJson }) };
      },
      policy: () => policyText({ config, log }),
    };

    await takeOver();
    ctx.defer(takeOver);
    ctx.defer(ctx.clock.every(drainPeriodMs, () => void takeOver()));
    const parts: AuditParts = { ctx, config, log, reader, index, mirror, publisher, policy, service, drained: () => takeOver().then(() => !spool.isWaiting) };
    await startWatches(parts);
    watchCameras(parts);
    ctx.provide(auditService, service);
    addOperations(parts, await startStamping(parts), startReconciling(parts));
  },
});

/** Whom the campus trusts: the witness policy, with its own log. */
async function readPolicy(file: string | undefined, vkey: string): Promise<Policy> {
  const own = { key: parseVkey(vkey) };
  if (file === undefined) return { logs: [own], witnesses: [], quorum: undefined };
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    throw new AuditError('AUDIT_POLICY_UNREADABLE', { file, reason: (error as Error).message }, { cause: error });
  }
  const policy = parsePolicy(text);
  return { ...policy, logs: [own, ...policy.logs.filter(({ key }) => key.vkey !== own.key.vkey)] };
}

/** The entry of a gap: how many entries follow it late, from when to when, and how many could not be read any more. */
function gapOf({ entries, unreadable }: Spooled, nowMs: number): AuditEntry {
  const times = entries.map((entry) => entry.atMs);
  const range = times.length > 0 ? { fromMs: times[0]!, toMs: times.at(-1)! } : {};
  return ownEntry('audit.gap', nowMs, { spooled: entries.length, ...range, ...(unreadable > 0 && { unreadable }) });
}
