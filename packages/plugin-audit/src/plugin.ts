// Gives the campus its audit log.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { auditListeners, auditService, canonicalJson, definePlugin, storeService, type AuditEntry, type AuditLog, type AuditRecord } from '@wanglou/core';
import { z } from 'zod';
import { ChainedLog } from './chain/chained-log.ts';
import { loadSigner } from './chain/signer.ts';
import { verifyChain } from './chain/verify.ts';
import { listAudit, readCheckpoint, verifyAudit } from './contract.ts';
import { Spool, type Spooled } from './spool/spool.ts';
import { auditMigrations, type AuditTables } from './tables.ts';

const auditConfig = z.strictObject({
  path: z.string().min(1).describe('Folder of the signing key and the spool; best on another disk than the store'),
});

/** A waiting spool is tried again this often. */
const drainPeriodMs = 5000;

/**
 * The audit log: durable before effect, hash-chained and signed.
 *
 * @example
 * audit({ path: './data' })
 */
export const audit = definePlugin({
  id: 'audit',
  config: auditConfig,
  needs: { store: storeService },
  provides: [auditService],
  critical: true,
  async setup(ctx, { config, store }) {
    await mkdir(config.path, { recursive: true });
    const signer = await loadSigner(join(config.path, 'audit-key.pem'));
    const database = await store.open<AuditTables>('audit', auditMigrations);
    // Each listener on its own: one that fails takes nothing from the others, and nothing is swallowed.
    const hand = async (record: AuditRecord, listener: (record: AuditRecord) => unknown) => {
      try {
        await listener(record);
      } catch (error) {
        ctx.log.error({ err: error, seq: record.seq }, 'a listener of the audit log failed');
      }
    };
    const log = await ChainedLog.open({
      database,
      signer,
      now: () => ctx.clock.now(),
      canonical: canonicalJson,
      appended: (record) => {
        for (const listener of ctx.contributions(auditListeners)) void hand(record, listener);
      },
    });
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
    const service: AuditLog = {
      append: (entry) => log.append(entry),
      spool: (entry) => spool.add(entry),
      query: (query) => log.query(query),
      read: (fromSeq, limit) => log.read(fromSeq, limit),
      verify: async () => {
        // What is appended while the check runs is left for the next one.
        const { checkpoint } = log;
        return verifyChain(upTo(log.rows(), checkpoint.size), checkpoint, signer.key);
      },
      checkpoint: async () => log.checkpoint,
      proof: (seq) => log.proof(seq),
    };
    await takeOver();
    ctx.defer(takeOver);
    ctx.defer(ctx.clock.every(drainPeriodMs, () => void takeOver()));
    ctx.provide(auditService, service);
    ctx.handle(listAudit, async ({ limit, ...filters }) => ({ records: await service.query({ limit, ...defined(filters) }) }));
    ctx.handle(verifyAudit, () => service.verify());
    ctx.handle(readCheckpoint, () => service.checkpoint());
  },
});

/** The record of a gap: how many entries follow it late, from when to when, and how many could not be read any more. */
function gapOf({ entries, unreadable }: Spooled, nowMs: number): AuditEntry {
  const times = entries.map((entry) => entry.atMs);
  const range = times.length > 0 ? { fromMs: times[0]!, toMs: times.at(-1)! } : {};
  return { kind: 'audit.gap', atMs: nowMs, principal: { kind: 'plugin', id: 'audit' }, detail: { spooled: entries.length, ...range, ...(unreadable > 0 && { unreadable }) } };
}

async function* upTo<T extends { readonly seq: number }>(rows: AsyncIterable<T>, size: number): AsyncGenerator<T> {
  for await (const row of rows) {
    if (row.seq >= size) return;
    yield row;
  }
}

/** Without the keys that are `undefined`. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
