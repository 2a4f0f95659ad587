import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginChecks, storeChecks } from '@wanglou/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { sqlite, SqliteStore } from '../src/index.ts';

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

describe('the plugin', async () => {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-store-plugin-'));
  for (const check of pluginChecks(sqlite({ path }))) it(check.name, () => check.run());
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
