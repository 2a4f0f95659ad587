// Gives the campus its audit log.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { auditListeners, auditService, canonicalJson, definePlugin, storeService, type AuditLog } from '@wanglou/core';
import { z } from 'zod';
import { ChainedLog } from './chain/chained-log.ts';
import { loadSigner } from './chain/signer.ts';
import { verifyChain } from './chain/verify.ts';
import { listAudit, readCheckpoint, verifyAudit } from './contract.ts';
import { Spool } from './spool/spool.ts';
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
    const log = await ChainedLog.open({
      database,
      signer,
      now: () => ctx.clock.now(),
      canonical: canonicalJson,
      appended: (record) => {
        for (const listener of ctx.contributions(auditListeners)) listener(record);
      },
    });
    const spool = new Spool(join(config.path, 'audit-spool.jsonl'));
    let spoolWaits = true;
    const takeOver = async () => {
      if (!spoolWaits) return;
      await spool.drain(async (entries) => {
        const principal = { kind: 'plugin', id: 'audit' } as const;
        await log.append({ kind: 'audit.gap', atMs: ctx.clock.now(), principal, detail: { spooled: entries.length, fromMs: entries[0]!.atMs, toMs: entries.at(-1)!.atMs } });
        await Promise.all(entries.map((entry) => log.append(entry)));
      });
      spoolWaits = false;
    };
    const service: AuditLog = {
      append: (entry) => log.append(entry),
      async spool(entry) {
        await spool.add(entry);
        spoolWaits = true;
      },
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
    ctx.defer(ctx.clock.every(drainPeriodMs, () => void takeOver().catch((error: unknown) => ctx.log.warn({ err: error }, 'the audit log still cannot be written'))));
    ctx.provide(auditService, service);
    ctx.handle(listAudit, async ({ limit, ...filters }) => ({ records: await service.query({ limit, ...defined(filters) }) }));
    ctx.handle(verifyAudit, () => service.verify());
    ctx.handle(readCheckpoint, () => service.checkpoint());
  },
});

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
