import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { storeService, type Migration } from '@wanglou/core';
import { createTestKernel, pluginChecks, storeChecks } from '@wanglou/core/testing';
import { sql, type Kysely } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sqlite, SqliteStore } from '../src/index.ts';

interface RowTables {
  row: { id: number; text: string };
}
const rowMigrations: readonly Migration[] = [
  { id: 1, name: 'row', up: async ({ schema }) => void (await schema.createTable('row').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('text', 'text').execute()) },
];
const ids = async (database: Kysely<RowTables>) => (await database.selectFrom('row').select('id').orderBy('id').execute()).map((row) => row.id);

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-store-'));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await chmod(folder, 0o700);
    await rm(folder, { recursive: true });
  }
});

describe('the store contract on SQLite', () => {
  const make = async () => {
    const path = await newFolder();
    let store = await SqliteStore.create(path);
    return {
      store,
      async reopen() {
        await store[Symbol.asyncDispose]();
        return (store = await SqliteStore.create(path));
      },
      close: () => store[Symbol.asyncDispose](),
    };
  };
  for (const check of storeChecks(make)) it(check.name, () => check.run());
});

describe('clustered tables', () => {
  it('lie in the order of their key', async () => {
    const folder = await newFolder();
    await using store = await SqliteStore.create(folder);
    const key = (name: string) => ({ schema }: Kysely<any>) => schema.createTable(name).addColumn('id', 'integer', (column) => column.primaryKey()).execute();
    await store.open('rows', [{ id: 1, name: 'two', clustered: ['one'], up: async (database) => { await key('one')(database); await key('other')(database); } }, { id: 2, name: 'third', up: key('third') }]);
    using file = new DatabaseSync(join(folder, 'rows.db'), { readOnly: true });
    const made = file.prepare("select name, sql like '%without rowid' as clustered from sqlite_master where type = 'table' and name <> 'migration' order by name").all();
    expect(made.map(({ name, clustered }) => [name, clustered])).toEqual([['one', 1], ['other', 0], ['third', 0]]);
  });
});

describe('the plugin', () => {
  it('passes the checks every plugin must', async () => {
    for (const check of pluginChecks(sqlite({ path: await newFolder() }))) await check.run();
  });

  it('reports a writer thread that ended by itself, with what to do', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    await using kernel = await createTestKernel();
    await kernel.load([sqlite({ path: await newFolder() })]);
    const database = await kernel.service(storeService)!.open<RowTables>('rows', rowMigrations);
    const thread = posted.mock.contexts.at(-1) as Worker;
    posted.mockRestore();
    const waiting = database.insertInto('row').values({ id: 1, text: 'x' }).execute();
    await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'STORE_LOST' }), thread.terminate()]);
    expect(kernel.errors).toMatchObject([{ code: 'STORE_LOST', message: expect.stringMatching(/rows\.db.*restart the campus/), text: { zh: expect.stringContaining('请重新启动校区') } }]);
    await expect(database.selectFrom('row').selectAll().execute()).rejects.toMatchObject({ code: 'STORE_LOST' });
    const again = await kernel.service(storeService)!.open<RowTables>('rows', rowMigrations);
    expect(await again.selectFrom('row').selectAll().execute()).toEqual([]);
  });
});

describe('a lock that another program holds too long', () => {
  const lockedStore = async () => {
    const path = await newFolder();
    const store = await SqliteStore.create(path, { busyTimeoutMs: 20 });
    const database = await store.open<RowTables>('rows', rowMigrations);
    const foreign = new DatabaseSync(join(path, 'rows.db'));
    foreign.exec('BEGIN IMMEDIATE');
    return { store, database, foreign };
  };

  it('refuses a transaction with what to close, and nothing after it', async () => {
    const { store, database, foreign } = await lockedStore();
    await using _store = store;
    const insert = (id: number) => database.transaction().execute((transaction) => transaction.insertInto('row').values({ id, text: 'x' }).execute());
    await expect(insert(1)).rejects.toMatchObject({ code: 'STORE_BUSY', message: expect.stringContaining('rows.db'), text: { zh: expect.stringContaining('请关闭该程序') } });
    foreign.close();
    await insert(2);
    await database.insertInto('row').values({ id: 3, text: 'x' }).execute();
    expect(await ids(database)).toEqual([2, 3]);
  });

  it('refuses statements that stand alone, and nothing after them', async () => {
    const { store, database, foreign } = await lockedStore();
    await using _store = store;
    const insert = (id: number) => database.insertInto('row').values({ id, text: 'x' }).execute();
    const refused = await Promise.allSettled([insert(1), insert(2)]);
    expect(refused).toMatchObject([{ reason: { code: 'STORE_BUSY' } }, { reason: { code: 'STORE_BUSY' } }]);
    foreign.close();
    await insert(3);
    expect(await ids(database)).toEqual([3]);
  });
});

describe('a full disk', () => {
  const big = 'x'.repeat(40_000);
  const fullStore = async () => {
    const store = await SqliteStore.create(await newFolder());
    const database = await store.open<RowTables>('rows', rowMigrations);
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(database);
    const limitTo = (pages: number) => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(database);
    await limitTo(rows[0]!.page_count);
    return { store, database, makeSpace: () => limitTo(1_000_000) };
  };

  it('refuses a statement as full, and goes on when there is space', async () => {
    const { store, database, makeSpace } = await fullStore();
    await using _store = store;
    const insert = () => database.insertInto('row').values({ id: 1, text: big }).execute();
    await expect(insert()).rejects.toMatchObject({ code: 'STORE_FULL', message: expect.stringContaining('rows.db') });
    await makeSpace();
    await insert();
    expect(await ids(database)).toEqual([1]);
  });

  it('refuses a transaction as full, and goes on when there is space', async () => {
    const { store, database, makeSpace } = await fullStore();
    await using _store = store;
    const insert = () =>
      database.transaction().execute(async (transaction) => {
        await transaction.insertInto('row').values({ id: 1, text: 'small' }).execute();
        await transaction.insertInto('row').values({ id: 2, text: big }).execute();
      });
    await expect(insert()).rejects.toMatchObject({ code: 'STORE_FULL' });
    await makeSpace();
    await insert();
    expect(await ids(database)).toEqual([1, 2]);
  });

  it('leaves nothing of a transaction, also when it goes on after the refusal', async () => {
    const { store, database, makeSpace } = await fullStore();
    await using _store = store;
    const stubborn = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('row').values({ id: 1, text: 'small' }).execute();
      await expect(transaction.insertInto('row').values({ id: 2, text: big }).execute()).rejects.toMatchObject({ code: 'STORE_FULL' });
      await expect(transaction.insertInto('row').values({ id: 3, text: 'small' }).execute()).rejects.toMatchObject({ code: 'STORE_FULL' });
    });
    await expect(stubborn).rejects.toMatchObject({ code: 'STORE_FULL' });
    await makeSpace();
    expect(await ids(database)).toEqual([]);
  });
});

describe('a commit', () => {
  it('that is refused leaves nothing open, and nobody writes in between', async () => {
    await using store = await SqliteStore.create(await newFolder());
    const database = await store.open<RowTables>('rows', [
      ...rowMigrations,
      { id: 2, name: 'child', up: async (tables) => void (await sql`CREATE TABLE child (parent INTEGER REFERENCES row (id) DEFERRABLE INITIALLY DEFERRED)`.execute(tables)) },
    ]);
    const orphan = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('row').values({ id: 1, text: 'x' }).execute();
      await sql`INSERT INTO child (parent) VALUES (99)`.execute(transaction);
    });
    const beside = database.insertInto('row').values({ id: 2, text: 'x' }).execute();
    await expect(orphan).rejects.toThrow('FOREIGN KEY constraint failed');
    await beside;
    expect(await ids(database)).toEqual([2]);
  });

  it('is shared by statements that wait together', async () => {
    const path = await newFolder();
    await using store = await SqliteStore.create(path);
    const database = await store.open<RowTables>('rows', rowMigrations);
    const log = join(path, 'rows.db-wal');
    const { size: before } = await stat(log);
    await Promise.all(Array.from({ length: 200 }, (_, id) => database.insertInto('row').values({ id, text: 'x' }).execute()));
    // Each commit adds at least one page of 4096 bytes to the write-ahead log.
    expect((await stat(log)).size - before).toBeLessThan(100 * 4096);
  });
});

describe('a folder', () => {
  it('is refused to a second campus while the first runs, and free when it has stopped', async () => {
    const path = await newFolder();
    const first = await SqliteStore.create(path);
    await expect(SqliteStore.create(path)).rejects.toMatchObject({ code: 'STORE_IN_USE', text: { zh: expect.stringContaining(path) } });
    await first[Symbol.asyncDispose]();
    await (await SqliteStore.create(path))[Symbol.asyncDispose]();
  });

  it('that is a file is refused with its name and what to check', async () => {
    const file = join(await newFolder(), 'data');
    await writeFile(file, 'not a folder');
    await expect(SqliteStore.create(file)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(file) });
  });

  it('with a damaged database says which file is damaged', async () => {
    const path = await newFolder();
    await writeFile(join(path, 'state.db'), 'x'.repeat(8192));
    await using store = await SqliteStore.create(path);
    await expect(store.open('state', [])).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('state.db') });
  });
});

describe('kill -9', () => {
  it('loses no acknowledged row, and the folder opens again at once', { timeout: 60_000 }, async () => {
    const path = await newFolder();
    const script = new URL('./fixtures/append-rows.ts', import.meta.url).pathname;
    let acknowledged = 0;
    for (const delayMs of [40, 90, 150]) {
      const child = spawn(process.execPath, ['--conditions=@wanglou/source', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
      await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const last = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1);
      acknowledged = Number(last);
      await using store = await SqliteStore.create(path);
      const database = await store.open<{ row: { id: number } }>('rows', [{ id: 1, name: 'row', up: async () => undefined }]);
      const { count } = await database.selectFrom('row').select((expression) => expression.fn.max('id').as('count')).executeTakeFirstOrThrow();
      expect(count).toBeGreaterThanOrEqual(acknowledged);
    }
    expect(acknowledged).toBeGreaterThan(0);
  });
});
