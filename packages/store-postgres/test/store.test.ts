import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Migration } from '@wanglou/core';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../src/connections.ts';
import { connectionsDialect } from '../src/dialect.ts';
import { PostgresStore, type StoreError } from '../src/index.ts';
import { migrate } from '../src/migrate.ts';
import { readTarget } from '../src/target.ts';
import { postgresFolder, startCluster, withoutPostgres, type Cluster } from './cluster.ts';
import { connectTo } from './support/connect-to.ts';
import { ids, rowMigrations, type RowTables } from './support/rows.ts';
import { startWire } from './support/wire.ts';

/** Everything that anybody could print of an error. */
const everythingOf = (error: unknown) => inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error);

describe.skipIf(!postgresFolder)(`the store on PostgreSQL (${withoutPostgres})`, { timeout: 30_000 }, () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster?.[Symbol.asyncDispose](), 60_000);
  const newUrl = async () => cluster.url(await cluster.createDatabase());

  describe('a database', () => {
    it('is refused to a second campus while the first runs, and free when it has stopped', async () => {
      const url = await newUrl();
      const first = await PostgresStore.create({ url });
      await expect(PostgresStore.create({ url, lockWaitMs: 20 })).rejects.toMatchObject({ code: 'STORE_IN_USE', text: { zh: expect.stringContaining(`${cluster.host}:${cluster.port}/`) } });
      await first[Symbol.asyncDispose]();
      await (await PostgresStore.create({ url }))[Symbol.asyncDispose]();
    });

    it('is free when the process of its campus was killed, with every acknowledged row', { timeout: 60_000 }, async () => {
      const url = await newUrl();
      let acknowledged = 0;
      for (let round = 0; round < 2; round++) {
        const child = spawn(process.execPath, ['--conditions=@wanglou/source', new URL('./fixtures/append-rows.ts', import.meta.url).pathname], { env: { ...process.env, DATABASE_URL: url }, stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
        await expect.poll(() => text.split('\n').length, { timeout: 20_000 }).toBeGreaterThan(20);
        child.kill('SIGKILL');
        await new Promise((resolve) => child.once('close', resolve));
        acknowledged = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
        await using store = await PostgresStore.create({ url });
        expect((await ids(await store.open<RowTables>('rows', rowMigrations))).length).toBeGreaterThanOrEqual(acknowledged);
      }
      expect(acknowledged).toBeGreaterThan(40);
    });

    it('has a schema for each namespace, with integers of 64 bits, bytes and texts that sort by code point', async () => {
      const database = await cluster.createDatabase();
      await using store = await PostgresStore.create({ url: cluster.url(database) });
      await store.open('plugin-x', [
        { id: 1, name: 'all', up: async ({ schema }) => void (await schema.createTable('all').addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()).addColumn('name', 'text').addColumn('bytes', 'blob').addColumn('share', 'real').execute()) },
      ]);
      const columns = await cluster.query(database, `SELECT column_name, data_type, collation_name FROM information_schema.columns WHERE table_schema = 'wanglou_plugin_x' AND table_name = 'all' ORDER BY ordinal_position`);
      expect(columns.map((column) => Object.values(column))).toEqual([['id', 'bigint', null], ['name', 'text', 'C'], ['bytes', 'bytea', null], ['share', 'double precision', null]]);
    });

    it('finds a text in a text, as SQLite does', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const database = await store.open<RowTables>('rows', rowMigrations);
      await database.insertInto('row').values([{ id: 1, text: '望楼' }, { id: 2, text: 'Tower' }]).execute();
      const found = await database.selectFrom('row').select('id').where((expression) => expression(expression.fn<number>('instr', ['text', expression.val('楼')]), '>', 0)).execute();
      expect(found).toEqual([{ id: 1 }]);
    });

    it('that has a damaged page says so, and a full disk that it is full', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const database = await store.open<RowTables>('rows', rowMigrations);
      const fail = (state: string) => sql.raw(`DO $$ BEGIN RAISE EXCEPTION 'as said' USING ERRCODE = '${state}'; END $$`).execute(database);
      for (const [state, code] of [['53100', 'STORE_FULL'], ['XX001', 'STORE_CORRUPT'], ['58030', 'STORE_UNAVAILABLE'], ['42501', 'STORE_UNAVAILABLE'], ['40P01', 'STORE_BUSY'], ['55P03', 'STORE_BUSY']] as const) {
        await expect(fail(state)).rejects.toMatchObject({ code, message: expect.stringContaining(`:${cluster.port}/`) });
      }
      const connection = await connectTo(store);
      await expect(connection.commit([{ sql: `DO $$ BEGIN RAISE EXCEPTION 'as said' USING ERRCODE = '53100'; END $$`, parameters: [] }])).rejects.toMatchObject({ code: 'STORE_FULL' });
      await connection.commit([{ into: 'row', columns: ['id', 'text'], rows: [[1, 'x']] }]);
      await connection.close();
      expect(await ids(database)).toEqual([1]);
    });
  });

  describe('migrations', () => {
    it('of two processes at once run once', async () => {
      const target = readTarget(await newUrl(), 5000);
      let runs = 0;
      const steps: readonly Migration[] = [
        ...rowMigrations,
        { id: 2, name: 'counted', up: async (tables) => { runs++; await sql`SELECT pg_sleep(0.05)`.execute(tables); await tables.insertInto('row').values({ id: 1, text: 'x' }).execute(); } },
      ];
      const processes = [1, 2, 3].map(() => {
        const connections = new Connections(target, 'rows', 'wanglou_rows', 2);
        return new Kysely<RowTables>({ dialect: connectionsDialect(connections) });
      });
      await Promise.all(processes.map((database) => migrate(database, 'rows', 'wanglou_rows', steps)));
      expect(runs).toBe(1);
      expect(await ids(processes[0]!)).toEqual([1]);
      for (const database of processes) await database.destroy();
    });

    it('that fail leave nothing, and may be tried again', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const broken: Migration = { id: 2, name: 'broken', up: async (tables) => { await sql`CREATE TABLE half (id BIGINT)`.execute(tables); throw new Error('on purpose'); } };
      await expect(store.open('rows', [...rowMigrations, broken])).rejects.toThrow('on purpose');
      const database = await store.open<RowTables>('rows', [...rowMigrations, { id: 2, name: 'whole', up: async (tables) => void (await sql`CREATE TABLE half (id BIGINT)`.execute(tables)) }]);
      expect(await ids(database)).toEqual([]);
    });
  });

  describe('a transaction', () => {
    it('of which a statement was refused is refused as a whole, also when it goes on', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const database = await store.open<RowTables>('rows', rowMigrations);
      const stubborn = database.transaction().execute(async (transaction) => {
        await transaction.insertInto('row').values({ id: 1, text: 'x' }).execute();
        await expect(transaction.insertInto('row').values({ id: 1, text: 'x' }).execute()).rejects.toThrow('duplicate key');
        await expect(transaction.insertInto('row').values({ id: 2, text: 'x' }).execute()).rejects.toThrow('duplicate key');
      });
      await expect(stubborn).rejects.toThrow('duplicate key');
      expect(await ids(database)).toEqual([]);
    });

    it('whose commit is refused leaves nothing open, and nobody writes in between', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const database = await store.open<RowTables>('rows', [
        ...rowMigrations,
        { id: 2, name: 'child', up: async (tables) => void (await sql`CREATE TABLE child (parent BIGINT REFERENCES row (id) DEFERRABLE INITIALLY DEFERRED)`.execute(tables)) },
      ]);
      const orphan = database.transaction().execute(async (transaction) => {
        await transaction.insertInto('row').values({ id: 1, text: 'x' }).execute();
        await sql`INSERT INTO child (parent) VALUES (99)`.execute(transaction);
      });
      const beside = database.insertInto('row').values({ id: 2, text: 'x' }).execute();
      await expect(orphan).rejects.toThrow('foreign key constraint');
      await beside;
      expect(await ids(database)).toEqual([2]);
      const connection = await connectTo(store);
      await expect(connection.commit([{ into: 'row', columns: ['id', 'text'], rows: [[3, 'x']] }, { into: 'child', columns: ['parent'], rows: [[99]] }])).rejects.toThrow('foreign key constraint');
      await connection.close();
      expect(await ids(database)).toEqual([2]);
    });

    it('says nothing of the values of a row that is refused', async () => {
      await using store = await PostgresStore.create({ url: await newUrl() });
      const database = await store.open<{ secret: { id: string } }>('rows', [{ id: 1, name: 'secret', up: async ({ schema }) => void (await schema.createTable('secret').addColumn('id', 'text', (column) => column.primaryKey()).execute()) }]);
      const insert = () => database.insertInto('secret').values({ id: '370102-1990' }).execute();
      await insert();
      const error = await insert().catch((caught: unknown) => caught);
      expect(everythingOf(error)).not.toContain('370102-1990');
    });
  });

  describe('when the lock is lost', () => {
    it('refuses everything, says so once, and works again when it is opened again', async () => {
      const database = await cluster.createDatabase();
      const lost: StoreError[] = [];
      await using store = await PostgresStore.create({ url: cluster.url(database), lost: (error) => void lost.push(error) });
      const tables = await store.open<RowTables>('rows', rowMigrations);
      await store.open<RowTables>('others', rowMigrations);
      await tables.insertInto('row').values({ id: 1, text: 'x' }).execute();
      const waiting = sql`SELECT pg_sleep(60)`.execute(tables);
      const late = tables.transaction().execute((transaction) => transaction.insertInto('row').values({ id: 2, text: 'x' }).execute());
      await Promise.all([
        expect(waiting).rejects.toMatchObject({ code: 'STORE_LOST' }),
        expect(late).rejects.toMatchObject({ code: 'STORE_LOST' }),
        cluster.query(database, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'wanglou campus' AND datname = current_database()`),
      ]);
      await expect(tables.selectFrom('row').selectAll().execute()).rejects.toMatchObject({ code: 'STORE_LOST' });
      expect(lost).toMatchObject([{ code: 'STORE_LOST', text: { zh: expect.stringContaining('请重新启动校区') } }]);
      const [again] = await Promise.all([store.open<RowTables>('rows', rowMigrations), store.open<RowTables>('others', rowMigrations)]);
      expect(await ids(again)).toEqual([1]);
      await expect(PostgresStore.create({ url: cluster.url(database), lockWaitMs: 20 })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    });

    it('finds out by itself when nothing comes through any more, and does not hang', async () => {
      await using wire = await startWire(cluster.host, cluster.port);
      const url = new URL(await newUrl());
      url.port = String(wire.port);
      const lost = Promise.withResolvers<StoreError>();
      await using store = await PostgresStore.create({ url: url.href, heartbeatMs: 100, answerTimeoutMs: 1500, connectTimeoutMs: 1500, lost: lost.resolve });
      const tables = await store.open<RowTables>('rows', rowMigrations);
      const connection = await connectTo(store);
      await connection.commit([{ into: 'row', columns: ['id', 'text'], rows: [[1, 'x']] }]);
      wire.cut();
      await Promise.all([
        expect(tables.selectFrom('row').selectAll().execute()).rejects.toMatchObject({ code: 'STORE_LOST' }),
        expect(connection.commit([{ into: 'row', columns: ['id', 'text'], rows: [[2, 'x']] }])).rejects.toMatchObject({ code: 'STORE_LOST', message: expect.stringContaining('no answer within 1.5 s') }),
      ]);
      expect(await lost.promise).toMatchObject({ code: 'STORE_LOST' });
      await expect(connection.query('SELECT 1', [])).rejects.toMatchObject({ code: 'STORE_LOST' });
      await expect(store.open('rows', rowMigrations)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await connection.close();
    });

    it('replaces a connection of the pool that broke alone', async () => {
      const database = await cluster.createDatabase();
      await using store = await PostgresStore.create({ url: cluster.url(database) });
      const tables = await store.open<RowTables>('rows', rowMigrations);
      const waiting = sql`SELECT pg_sleep(60)`.execute(tables);
      const refused = expect(waiting).rejects.toMatchObject({ code: 'STORE_LOST' });
      const running = () => cluster.query(database, `SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND application_name = 'wanglou rows'`);
      await expect.poll(running, { timeout: 20_000 }).not.toEqual([]);
      await refused;
      await tables.insertInto('row').values({ id: 1, text: 'x' }).execute();
      expect(await ids(tables)).toEqual([1]);
    });
  });

  describe('a server that cannot be used', () => {
    const failureOf = (url: string, connectTimeoutMs = 5000) => PostgresStore.create({ url, connectTimeoutMs }).then(() => new Error('it was taken'), (error: unknown) => error);

    it('says where it is and why, and never the password', async () => {
      const closed = createServer();
      await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
      const { port } = closed.address() as { port: number };
      await new Promise((resolve) => closed.close(resolve));
      const good = new URL(await newUrl());
      const with_ = (change: (url: URL) => void) => {
        const url = new URL(good);
        change(url);
        return url.href;
      };
      const failures = [
        [with_((url) => (url.port = String(port))), `127.0.0.1:${port}/`, 'ECONNREFUSED'],
        [with_((url) => (url.hostname = 'localhost', url.port = String(port))), `localhost:${port}/`, 'ECONNREFUSED'],
        [with_((url) => (url.pathname = '/nowhere')), '/nowhere', 'does not exist'],
        [with_((url) => (url.username = 'nobody')), `:${cluster.port}/`, 'refuses the user name or the password'],
        [with_((url) => (url.password = 'hunter2')), `:${cluster.port}/`, 'refuses the user name or the password'],
        [with_((url) => (url.search = '?sslmode=no-verify')), `:${cluster.port}/`, 'SSL'],
      ] as const;
      for (const [url, place, reason] of failures) {
        const error = await failureOf(url);
        expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(place) });
        expect((error as Error).message).toContain(reason);
        for (const secret of [cluster.password, encodeURIComponent(cluster.password), 'hunter2']) expect(everythingOf(error)).not.toContain(secret);
      }
    });

    it('that takes calls and says nothing is given up', async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => void sockets.push(socket));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as { port: number };
      expect(await failureOf(`postgres://u:p@127.0.0.1:${port}/d`, 200)).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('timeout') });
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    });
  });

  it('gives the connection of a thread back when the thread is ended, with what it committed', async () => {
    await using store = await PostgresStore.create({ url: await newUrl() });
    const database = await store.open<RowTables>('rows', rowMigrations);
    const thread = new Worker(new URL('./fixtures/hold-connection.ts', import.meta.url), { workerData: store.address('rows') });
    await once(thread, 'message');
    await thread.terminate();
    const connection = await connectTo(store);
    expect(await connection.query('SELECT text FROM row', [])).toEqual([{ text: 'from a thread' }]);
    await connection.close();
    expect(await ids(database)).toEqual([1]);
  });

  it('takes and gives no number that is not exact, and goes on', async () => {
    await using store = await PostgresStore.create({ url: await newUrl() });
    const database = await store.open<RowTables>('rows', rowMigrations);
    await expect(database.insertInto('row').values({ id: 2 ** 53, text: 'x' }).execute()).rejects.toThrow(RangeError);
    await sql`INSERT INTO row (id) VALUES (9007199254740993)`.execute(database);
    await expect(ids(database)).rejects.toThrow('9007199254740993');
    const connection = await connectTo(store);
    await expect(connection.query('SELECT id FROM row', [])).rejects.toThrow('9007199254740993');
    await expect(connection.commit([{ into: 'row', columns: ['id'], rows: [[2 ** 53]] }])).rejects.toThrow(RangeError);
    await connection.commit([{ sql: 'DELETE FROM row', parameters: [] }]);
    await connection.close();
    expect(await ids(database)).toEqual([]);
  });

  it('is closed once and for all', async () => {
    const store = await PostgresStore.create({ url: await newUrl() });
    const database = await store.open<RowTables>('rows', rowMigrations);
    // Under way, and waiting for its turn.
    const last = [1, 2, 3, 4, 5, 6].map((id) => database.insertInto('row').values({ id, text: 'x' }).execute());
    await last[0];
    await Promise.all([...last, store[Symbol.asyncDispose](), store[Symbol.asyncDispose]()]);
    await expect(ids(database)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(store.open('rows', rowMigrations)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});
