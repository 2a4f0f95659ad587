// The store contract, and what every plugin must keep to, on a real server.
import { createTestKernel, pluginChecks, storeChecks } from '@wanglou/core/testing';
import { storeService } from '@wanglou/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgres, PostgresStore } from '../src/index.ts';
import { postgresFolder, startCluster, withoutPostgres, type Cluster } from './cluster.ts';
import { rowMigrations, type RowTables } from './support/rows.ts';

describe.skipIf(!postgresFolder)(`on PostgreSQL (${withoutPostgres})`, { timeout: 30_000 }, () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);

  describe('the store contract', () => {
    const make = async () => {
      const url = cluster.url(await cluster.createDatabase());
      let store = await PostgresStore.create({ url, lockWaitMs: 500 });
      return {
        store,
        async reopen() {
          await store[Symbol.asyncDispose]();
          return (store = await PostgresStore.create({ url, lockWaitMs: 500 }));
        },
        close: () => store[Symbol.asyncDispose](),
      };
    };
    for (const check of storeChecks(make)) it(check.name, () => check.run());
  });

  describe('the plugin', () => {
    it('passes the checks every plugin must', async () => {
      for (const check of pluginChecks(postgres({ url: cluster.url(await cluster.createDatabase()) }))) await check.run();
    });

    it('gives the store, and says when its database is gone, without the password', async () => {
      const database = await cluster.createDatabase();
      await using kernel = await createTestKernel();
      await kernel.load([postgres({ url: cluster.url(database) })]);
      const tables = await kernel.service(storeService)!.open<RowTables>('rows', rowMigrations);
      await tables.insertInto('row').values({ id: 1, text: 'x' }).execute();
      await cluster.query('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
      await expect.poll(() => kernel.errors.length, { timeout: 20_000 }).toBe(1);
      expect(kernel.errors).toMatchObject([{ code: 'STORE_LOST', message: expect.stringMatching(/terminating connection.*restart the campus/), text: { zh: expect.stringContaining('请重新启动校区') } }]);
      expect(JSON.stringify(kernel.errors, (_, value: unknown) => (value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value))).not.toContain(cluster.password);
    });

    it('that cannot start says why, without the password', async () => {
      await using kernel = await createTestKernel();
      await kernel.load([postgres({ url: cluster.url('nowhere') })]);
      const said = String(kernel.problems()[0] ?? kernel.errors[0]);
      expect(said).toContain(`${cluster.host}:${cluster.port}/nowhere`);
      expect(said).not.toContain(cluster.password);
      expect(said).not.toContain(encodeURIComponent(cluster.password));
    });
  });
});
