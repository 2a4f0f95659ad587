// Alarms while the store refuses: they are there at once, and written down as soon as it takes them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteStore } from '@wanglou/store-sqlite';
import { AlarmBook, type AlarmBookOptions, type Outcome } from '../src/alarms/alarm-book.ts';
import { alarmMigrations, type AlarmTables } from '../src/tables.ts';

let folder: string;
let store: SqliteStore;
let isFull = false;
let nowMs = 1_000_000;
let told = 0;
let options: AlarmBookOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-alarm-book-'));
  store = await SqliteStore.create(folder);
  const database = await store.open<AlarmTables>('alarm', alarmMigrations);
  const failing = new Proxy(database, {
    get(target, name) {
      if (name === 'insertInto' && isFull) throw new Error('disk full');
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as Kysely<AlarmTables>;
  [isFull, told] = [false, 0];
  let ids = 0;
  options = { database: failing, now: () => nowMs, newId: () => `alarm-${(ids += 1)}`, unwritten: () => (told += 1) };
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const fire = { source: 'fire:a', priority: 'fire', title: { zh: '火警', en: 'Fire' }, cameras: [], raisedMs: 5 } as const;
const alarmOf = (outcome: Outcome | undefined) => outcome?.alarm;

it('shows a fire that cannot be written down, and writes it in its order when it can', async () => {
  const book = await AlarmBook.load(options);
  isFull = true;
  expect(alarmOf(await book.raise(fire))).toMatchObject({ id: 'alarm-1', state: 'received' });
  await book.restore('fire:a');
  expect(told).toBe(2);
  // What a person does is not taken on trust.
  await expect(book.step('alarm-1', () => ({ kind: 'acknowledged', atMs: nowMs, person: 'operator' }))).rejects.toThrow('disk full');
  expect(book.open[0]?.state).toBe('received');
  await expect(book.flush()).rejects.toThrow('disk full');
  isFull = false;
  expect(alarmOf(await book.step('alarm-1', () => ({ kind: 'acknowledged', atMs: nowMs, person: 'operator' })))).toMatchObject({ state: 'acknowledged' });
  expect((await AlarmBook.load(options)).open).toEqual(book.open);
});

it('writes what waited when it is asked to', async () => {
  const book = await AlarmBook.load(options);
  isFull = true;
  await book.raise(fire);
  isFull = false;
  await book.flush();
  await book.flush();
  expect((await AlarmBook.load(options)).open).toEqual(book.open);
});

it('counts repeats also when writing them down fails', async () => {
  const book = await AlarmBook.load(options);
  await book.raise(fire);
  await book.raise(fire);
  nowMs += 60_000;
  isFull = true;
  expect(alarmOf(await book.raise(fire))?.count).toBe(3);
  isFull = false;
  await book.flush();
  expect((await AlarmBook.load(options)).open[0]?.count).toBe(3);
});

it('adds nothing to an alarm that was closed while a step waited for its turn', async () => {
  const book = await AlarmBook.load(options);
  await book.raise({ ...fire, priority: 'high' });
  const step = (kind: 'acknowledged' | 'test' | 'closed' | 'noted') => book.step('alarm-1', () => ({ kind, atMs: nowMs, person: 'operator', note: '测试' }));
  await step('acknowledged');
  await step('test');
  const [closed, noted] = await Promise.all([step('closed'), step('noted')]);
  expect(alarmOf(closed)?.state).toBe('closed');
  expect(noted).toMatchObject({ refusal: 'ALARM_CLOSED' });
  expect((await AlarmBook.load(options)).open).toEqual([]);
});

it('lists the newest of a time, counted', async () => {
  const book = await AlarmBook.load(options);
  for (const source of ['a', 'b', 'c']) {
    nowMs += 1;
    await book.raise({ ...fire, source });
  }
  await book.raise({ ...fire, source: 'c' });
  expect((await book.between(0, nowMs + 1, 2)).map(({ source, count }) => [source, count])).toEqual([['c', 2], ['b', 1]]);
});

it('counts a repeat once, however many steps are taken after it', async () => {
  const book = await AlarmBook.load(options);
  await book.raise(fire);
  await book.raise(fire);
  for (const kind of ['shown', 'acknowledged', 'noted'] as const) expect(alarmOf(await book.step('alarm-1', () => ({ kind, atMs: nowMs, person: 'operator' })))?.count).toBe(2);
  expect(book.open[0]?.count).toBe(2);
});

it('takes two persons at one alarm one after the other', async () => {
  const book = await AlarmBook.load(options);
  await book.raise(fire);
  const take = (person: string) => book.step('alarm-1', () => ({ kind: 'acknowledged', atMs: nowMs, person }));
  const [first, second] = await Promise.all([take('operator'), take('leader')]);
  expect(first).toMatchObject({ isChanged: true });
  expect(second).toMatchObject({ refusal: 'ALARM_STATE' });
});
