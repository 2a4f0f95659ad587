// What was acknowledged survives the server, and a server that would lose it is refused.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresStore, type StoreError } from '../src/index.ts';
import { postgresFolder, startCluster, withoutPostgres, type Cluster } from './cluster.ts';
import { connectTo } from './support/connect-to.ts';
import { ids, rowMigrations, type RowTables } from './support/rows.ts';

describe.skipIf(!postgresFolder)(`durable on PostgreSQL (${withoutPostgres})`, { timeout: 60_000 }, () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);

  it('kill -9 of the server loses no acknowledged row', async () => {
    const database = await cluster.createDatabase();
    const all = new Set<number>();
    for (let round = 0; round < 3; round++) {
      const lost = Promise.withResolvers<StoreError>();
      await using store = await PostgresStore.create({ url: cluster.url(database), lost: lost.resolve });
      const tables = await store.open<RowTables>('rows', rowMigrations);
      const connection = await connectTo(store);
      const before = all.size;
      const write = async (from: number, append: (id: number) => Promise<unknown>): Promise<unknown> => {
        for (let id = from; ; id += 3) {
          try {
            await append(id);
          } catch (error) {
            return error;
          }
          all.add(id);
        }
      };
      const start = round * 1_000_000;
      const writers = [
        write(start, (id) => connection.commit([{ into: 'row', columns: ['id', 'text'], rows: [[id, 'x']] }])),
        write(start + 1, (id) => tables.insertInto('row').values({ id, text: 'x' }).execute()),
        write(start + 2, (id) => tables.transaction().execute((transaction) => transaction.insertInto('row').values({ id, text: 'x' }).execute())),
      ];
      await expect.poll(() => all.size - before, { timeout: 20_000 }).toBeGreaterThan(60);
      await cluster.kill();
      const [first, ...others] = await Promise.all(writers);
      expect(first).toMatchObject({ code: 'STORE_LOST' });
      for (const error of others) expect(error).toMatchObject({ code: expect.stringMatching(/^STORE_(LOST|UNAVAILABLE)$/) });
      await lost.promise;
      await expect(connection.commit([])).rejects.toMatchObject({ code: 'STORE_LOST' });
      await expect(connection.query('SELECT 1', [])).rejects.toMatchObject({ code: 'STORE_LOST' });
      await expect(ids(tables)).rejects.toMatchObject({ code: 'STORE_LOST' });
      await connection.close();
      await cluster.restart();
      const found = new Set(await ids(await store.open<RowTables>('rows', rowMigrations)));
      expect([...all].filter((id) => !found.has(id))).toEqual([]);
      const again = await connectTo(store);
      expect((await again.query('SELECT count(*) AS count FROM row', []))[0]!['count']).toBe(found.size);
      await again.close();
    }
  });

  it('synchronous_commit off for the database and the role is overruled on every connection', async () => {
    const database = await cluster.createDatabase();
    await cluster.query(database, `ALTER DATABASE ${database} SET synchronous_commit = off`);
    await cluster.query(database, `ALTER ROLE ${cluster.user} IN DATABASE ${database} SET synchronous_commit = off`);
    expect(await cluster.query(database, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    await using store = await PostgresStore.create({ url: cluster.url(database) });
    const tables = await store.open<RowTables>('rows', rowMigrations);
    const seen = await Promise.all([1, 2, 3, 4].map(() => sql<{ value: string }>`SELECT current_setting('synchronous_commit') AS value, pg_sleep(0.02)::text`.execute(tables)));
    expect(seen.map(({ rows }) => rows[0]!.value)).toEqual(['on', 'on', 'on', 'on']);
    const connection = await connectTo(store);
    expect(await connection.query("SELECT current_setting('synchronous_commit') AS value", [])).toEqual([{ value: 'on' }]);
    await connection.close();
  });

  it('a server that is told to forget while it runs is refused from then on', async () => {
    const database = await cluster.createDatabase();
    const lost = Promise.withResolvers<StoreError>();
    await using store = await PostgresStore.create({ url: cluster.url(database), heartbeatMs: 50, lost: lost.resolve });
    const tables = await store.open<RowTables>('rows', rowMigrations);
    try {
      await cluster.query(database, 'ALTER SYSTEM SET fsync = off');
      await cluster.query(database, 'SELECT pg_reload_conf()');
      expect(await lost.promise).toMatchObject({ code: 'STORE_NOT_DURABLE' });
      await expect(ids(tables)).rejects.toMatchObject({ code: 'STORE_NOT_DURABLE' });
      await expect(connectTo(store)).rejects.toMatchObject({ code: 'STORE_NOT_DURABLE' });
    } finally {
      await cluster.query(database, 'ALTER SYSTEM RESET fsync');
      await cluster.query(database, 'SELECT pg_reload_conf()');
    }
  });

  it.each(['fsync', 'full_page_writes'])('a server with %s off is refused with what to do', async (setting) => {
    const url = cluster.url(await cluster.createDatabase());
    await cluster.restart({ settings: { [setting]: 'off' } });
    try {
      await expect(PostgresStore.create({ url })).rejects.toMatchObject({ code: 'STORE_NOT_DURABLE', message: expect.stringMatching(new RegExp(`${setting} is off.*postgresql\\.conf`)), text: { zh: expect.stringContaining('请在 postgresql.conf 中设为 on') } });
    } finally {
      await cluster.restart();
    }
    await (await PostgresStore.create({ url }))[Symbol.asyncDispose]();
  });
});
