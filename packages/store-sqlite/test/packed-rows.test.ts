// Rows between threads: what goes in comes out, with all blobs in one piece.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { packRows, unpackRows } from '../src/packed-rows.ts';
import { SqliteStore } from '../src/sqlite-store.ts';

it('gives every row its names back, and every blob its bytes', () => {
  const packed = structuredClone(packRows(['id', 'key', 'note', 'data'], [[1, Uint8Array.of(1, 2), 'a', new Uint8Array()], [2n, null, '', Uint8Array.of(3)]]));
  expect(unpackRows(packed)).toEqual([
    { id: 1, key: Uint8Array.of(1, 2), note: 'a', data: new Uint8Array() },
    { id: 2n, key: null, note: '', data: Uint8Array.of(3) },
  ]);
});

it('copies the blobs of all rows as one buffer', () => {
  const { values } = packRows(['data'], Array.from({ length: 100 }, (_, index) => [Uint8Array.of(index, index)]));
  expect(new Set(values.map(([blob]) => (blob as Uint8Array).buffer)).size).toBe(1);
});

it('gives no rows for none', () => {
  expect(unpackRows(packRows(['id'], []))).toEqual([]);
});

it('keeps the last of columns with the same name', () => {
  expect(unpackRows(packRows(['x', 'x'], [[1, 2]]))).toEqual([{ x: 2 }]);
});

it('names the columns that a table has now, not those it had when the statement was prepared', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wanglou-rows-'));
  try {
    await using store = await SqliteStore.create(folder);
    const database = await store.open('altered', []);
    const all = () => sql`select * from altered_thing`.execute(database).then(({ rows }) => rows);
    await sql`create table altered_thing (id integer primary key)`.execute(database);
    await sql`insert into altered_thing values (1)`.execute(database);
    expect(await all()).toEqual([{ id: 1 }]);
    await sql`alter table altered_thing add column note text default 'new'`.execute(database);
    expect(await all()).toEqual([{ id: 1, note: 'new' }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
