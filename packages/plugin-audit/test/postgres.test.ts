// The whole log on PostgreSQL: the same contract, another store.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderSource, parsePolicy, verifyLog, verifyReceipt } from '@wanglou/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresFolder, startCluster, withoutPostgres, type Cluster } from '../../store-postgres/test/cluster.ts';
import { erasePerson, readAuditStatus } from '../src/contract.ts';
import { entry, seqs, startAudit } from './harness.ts';

const head = { kind: 'person', id: 'section-head', session: 's-1' } as const;
const dayMs = 86_400_000;

describe.skipIf(postgresFolder === undefined)(`on PostgreSQL (${withoutPostgres})`, { timeout: 60_000 }, () => {
  let folder: string;
  let cluster: Cluster;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wanglou-audit-postgres-'));
    cluster = await startCluster();
  }, 60_000);
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const policyOf = async () => parsePolicy(`log ${(await readFile(join(folder, 'audit-mirror', 'log.vkey'), 'utf8')).trim()}\nquorum none\n`);

  it('appends, finds, proves, erases and prunes as on SQLite, also after a restart', async () => {
    const database = cluster.url(await cluster.createDatabase());
    const retentionDays = 1100;
    {
      await using campus = await startAudit(folder, { database, retentionDays });
      const first = campus.log.size();
      await Promise.all(Array.from({ length: 600 }, (_, n) => campus.log.append(entry(n))));
      expect((await campus.log.read(first, 600)).map((record) => record.entry)).toEqual(Array.from({ length: 600 }, (_, n) => entry(n)));
      expect(await seqs(campus.log, { camera: 'cam-1', person: 'p-2', limit: 2 })).toEqual([first + 599, first + 593]);
      expect(await campus.log.verify()).toMatchObject({ ok: true });
      expect(verifyReceipt((await campus.log.receipt(300)).text, await policyOf())).toMatchObject({ ok: true });
    }
    await using later = await startAudit(folder, { database, retentionDays, startMs: entry(0).atMs + 1101 * dayMs });
    expect(await later.kernel.call(erasePerson, { person: 'p-2', reason: '本人申请' }, head)).toEqual({ entries: 201 });
    expect(await later.log.query({ person: 'p-2', limit: 9 })).toEqual([]);
    expect(await later.log.query({ person: 'p-1', limit: 500 })).toHaveLength(200);
    for (let minute = 0; minute < 60; minute++) await later.kernel.clock.advance(60_000);
    await expect.poll(async () => (await later.kernel.call(readAuditStatus, {}, head)).minimumIndex, { timeout: 10_000 }).toBe(512);
    expect(await later.log.verify()).toMatchObject({ ok: true });
    await expect.poll(() => later.log.checkpoint().size > 660, { timeout: 10_000 }).toBe(true);
    expect(await verifyLog(createFolderSource(join(folder, 'audit-mirror')), { policy: await policyOf() })).toMatchObject({ ok: true, pruned: 512 });
  });

  it('goes on by itself after the server was killed: what was acknowledged is there, what was not is said', async () => {
    const database = cluster.url(await cluster.createDatabase());
    const path = await mkdtemp(join(folder, 'campus-'));
    await using campus = await startAudit(path, { database });
    await campus.log.append(entry(0));
    await cluster.kill();
    await expect(campus.log.append(entry(1))).rejects.toThrow();
    await cluster.restart();
    await expect.poll(() => campus.log.append(entry(2)).then(() => true, String), { timeout: 20_000 }).toBe(true);
    const size = campus.log.size();
    expect(size).toBeGreaterThanOrEqual(4);
    await campus[Symbol.asyncDispose]();
    await using again = await startAudit(path, { database });
    expect(await again.log.verify()).toMatchObject({ ok: true });
    expect((await again.log.read(2, 1))[0]!.entry).toEqual(entry(0));
  });
});
