import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@wanglou/store-sqlite';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccessError } from '../src/index.ts';
import { LockOut } from '../src/sessions/lock-out.ts';
import { accessMigrations, type AccessTables } from '../src/tables.ts';

const address = '127.0.0.1';
let path: string;
let store: SqliteStore;
let database: Kysely<AccessTables>;
let lockOut: LockOut;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'wanglou-access-'));
  store = await SqliteStore.create(path);
  database = await store.open<AccessTables>('access', accessMigrations);
  let id = 0;
  lockOut = new LockOut(database, { failures: 5, minutes: 15 }, () => 1_000_000, () => String(++id));
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(path, { recursive: true });
});

const keys = async () => (await database.selectFrom('sign_in_failure').select('key').orderBy('key').execute()).map((row) => row.key);
const fails = () => Promise.resolve(false);

describe('the lock-out', () => {
  it('counts a try before its check begins, so that a check that never ends counts as well', async () => {
    let during: readonly string[] = [];
    await lockOut.guard('account:operator', address, async () => {
      during = await keys();
      return true;
    });
    expect(during).toEqual(['account:operator', `address:${address}`]);
    expect(await keys()).toEqual([]);
    await expect(lockOut.guard('account:operator', address, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await keys()).toHaveLength(2);
  });

  it('runs at most 5 checks of 20 that come at the same moment', async () => {
    let checked = 0;
    await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        lockOut.guard('account:operator', address, async () => {
          checked++;
          return false;
        }),
      ),
    );
    expect(checked).toBe(5);
  });

  it('forgets the failures of an account that signs in, but not the tries that are still being checked', async () => {
    await lockOut.guard('account:operator', address, fails);
    const { promise: end, resolve } = Promise.withResolvers<boolean>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const slow = lockOut.guard('account:operator', address, () => {
      begin();
      return end;
    });
    await begun;
    expect(await lockOut.guard('account:operator', address, () => Promise.resolve(true))).toBe(true);
    resolve(false);
    expect(await slow).toBe(false);
    expect(await keys()).toEqual(['account:operator', `address:${address}`, `address:${address}`]);
  });

  it('does not count a try for which nothing was checked', async () => {
    for (let n = 0; n < 6; n++) await expect(lockOut.guard('account:operator', address, () => Promise.reject(new AccessError('SIGN_IN_BUSY')))).rejects.toMatchObject({ code: 'SIGN_IN_BUSY', text: { zh: expect.stringContaining('重试') } });
    expect(await keys()).toEqual([]);
  });

  it('slows down who tries many accounts from one address', async () => {
    for (let n = 0; n < 50; n++) await lockOut.guard(`account:account-${n}`, address, fails);
    await expect(lockOut.guard('account:operator', address, fails)).rejects.toMatchObject({ code: 'LOCKED_OUT', params: { minutes: 15 } });
    expect(await lockOut.guard('account:operator', '127.0.0.2', fails)).toBe(false);
  });
});
