// What is acknowledged is on disk, and what could not be written is not forgotten.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from '@wanglou/core';
import { SqliteStore } from '@wanglou/store-sqlite';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DutyBook } from '../src/duty/duty.ts';
import { GrantBook } from '../src/grants/grants.ts';
import { KeyRing } from '../src/secrets/key-ring.ts';
import { SessionBook } from '../src/sessions/sessions.ts';
import { accessMigrations, type AccessTables } from '../src/tables.ts';

let path: string;
let store: SqliteStore;
let database: Kysely<AccessTables>;
let full = false;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'wanglou-access-'));
  store = await SqliteStore.create(path);
  database = await store.open<AccessTables>('access', accessMigrations);
  full = false;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(path, { recursive: true });
});

/** The same tables on a disk that can be full. */
const fillable = () =>
  new Proxy(database, {
    get(target, name) {
      if (full && name === 'updateTable') throw new Error('the disk is full');
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

describe('the first use of a grant', () => {
  const grant: Grant = { id: 'g', holder: 'a', scope: { cameras: ['gate'], range: { fromMs: 0, toMs: 9 }, actions: ['playback'], purpose: 'incident' }, approvals: ['section'], startsMs: 100, beginByMs: 1000, useMs: 5000, endsMs: 1000 };
  const stored = async () => (await GrantBook.load(database)).get('g');

  it('counts although its row could not be written, which is made good with the next sweep', async () => {
    const book = await GrantBook.load(fillable());
    await book.add(grant);
    full = true;
    const begun = book.begin('g', 500)!;
    await expect(begun.written).rejects.toThrow('full');
    expect(book.get('g')).toMatchObject({ begunMs: 500, endsMs: 5500 });
    expect(book.begin('g', 700)).toBeUndefined();
    full = false;
    await book.sweep(2000);
    expect(await stored()).toMatchObject({ begunMs: 500, endsMs: 5500 });
  });

  it('leaves the grant to be revoked, also while its row is not written', async () => {
    const book = await GrantBook.load(fillable());
    await book.add(grant);
    full = true;
    await expect(book.begin('g', 500)!.written).rejects.toThrow('full');
    full = false;
    expect(await book.revoke('g', 'head', 2000)).toMatchObject({ revokedMs: 2000 });
    expect(await stored()).toMatchObject({ revokedMs: 2000 });
  });
});

describe('a proof of who one is', () => {
  it('that could not be written does not count', async () => {
    let nowMs = 1000;
    const book = await SessionBook.load(fillable(), { idleMs: 1e6, totalMs: 1e7 }, () => nowMs, () => 'x');
    const { session } = await book.open('a', '127.0.0.1', nowMs);
    nowMs = 2000;
    full = true;
    await expect(book.stepUp(session)).rejects.toThrow('full');
    await expect(book.bind(session, 'w', undefined)).rejects.toThrow('full');
    expect(book.get(session.id)).toMatchObject({ stepUpMs: 1000, workstation: undefined });
  });
});

describe('duty', () => {
  it('that is ended and begun again in one moment goes on', async () => {
    const book = await DutyBook.load(database);
    await book.begin('a', 1000);
    await book.end('a', 1000);
    expect(await book.begin('a', 1000)).toBe(1000);
    expect((await DutyBook.load(database)).sinceMs('a')).toBe(1000);
  });
});

describe('the key', () => {
  it('is one, whoever asks first, and is there whole', async () => {
    const folder = join(path, 'keys');
    const rings = Array.from({ length: 8 }, () => new KeyRing(folder));
    const sealed = await Promise.all(rings.map((ring) => ring.seal(Buffer.from('a secret'), 'context')));
    for (const bytes of sealed) expect((await new KeyRing(folder).open(bytes, 'context')).toString()).toBe('a secret');
    expect(await readdir(folder)).toEqual(['access-key']);
  });

  it('opens nothing under another context, and nothing that was changed', async () => {
    const ring = new KeyRing(path);
    const sealed = await ring.seal(Buffer.from('a secret'), 'totp:a');
    await expect(ring.open(sealed, 'totp:b')).rejects.toThrow();
    for (const at of [0, 13, sealed.length - 1]) await expect(ring.open(sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)), 'totp:a')).rejects.toThrow();
    await expect(ring.open(sealed.subarray(0, 5), 'totp:a')).rejects.toThrow();
  });
});
