import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { judge, type ServerFacts } from '../src/durability.ts';
import { storeErrorTable } from '../src/errors.ts';
import { Gate } from '../src/gate.ts';
import { numberPlaceholders } from '../src/placeholders.ts';
import { readTarget, schemaOf, withoutSecrets } from '../src/target.ts';
import { storeTypes, toParameter } from '../src/values.ts';

const parse = (oid: number, text: string): unknown => storeTypes.getTypeParser(oid, 'text')(text);

describe('placeholders', () => {
  it.each([
    ['SELECT a FROM b WHERE c = ? AND d > ?', 'SELECT a FROM b WHERE c = $1 AND d > $2'],
    [`SELECT '?', 'it''s ?', "odd ? name" FROM b WHERE c = ?`, `SELECT '?', 'it''s ?', "odd ? name" FROM b WHERE c = $1`],
    ['SELECT 1 -- ?\nWHERE 1 = ? /* ? */', 'SELECT 1 -- ?\nWHERE 1 = $1 /* ? */'],
    ['SELECT 1', 'SELECT 1'],
  ])('%s', (sql, numbered) => expect(numberPlaceholders(sql)).toBe(numbered));
});

describe('values', () => {
  it('go as texts and bytes', () => {
    expect([null, 1.5, 'x', -3].map(toParameter)).toEqual([null, '1.5', 'x', '-3']);
    expect(toParameter(Uint8Array.of(1, 2, 3).subarray(1))).toEqual(Buffer.from([2, 3]));
  });

  it('come as from SQLite', () => {
    expect(parse(20, '4102444800000')).toBe(4_102_444_800_000);
    expect(parse(17, '\\x00ff')).toEqual(Uint8Array.of(0, 255));
    expect([parse(16, 't'), parse(16, 'f'), parse(701, '1.5'), parse(1700, '12'), parse(1700, '0.5'), parse(25, 'x'), parse(1114, '2026-01-01')]).toEqual([1, 0, 1.5, 12, 0.5, 'x', '2026-01-01']);
  });

  it('that a number cannot hold are refused both ways, and so is what SQLite would not take', () => {
    expect(() => parse(20, '9007199254740993')).toThrow('9007199254740993');
    expect(() => parse(1700, '9007199254740993')).toThrow(RangeError);
    expect(() => toParameter(2 ** 53)).toThrow(RangeError);
    expect(() => toParameter(true)).toThrow(TypeError);
    expect(() => toParameter(new Date(0))).toThrow(TypeError);
  });
});

describe('a target', () => {
  it('names host, port and database', () => {
    expect(readTarget('postgres://u:p%40ss@db.example:5433/campus?sslmode=disable', 1000)).toMatchObject({ place: 'db.example:5433/campus' });
    expect(readTarget('postgresql://u@[::1]/campus', 1000).place).toMatch(/::1.*5432\/campus/);
  });

  it.each(['', 'mysql://u:hunter2@h/d', 'postgres://u:hunter2@h:port/d', 'postgres://u:hunter%2@h/d', 'hunter2'])('%s is refused without a word of it', (url) => {
    let error: unknown;
    try {
      readTarget(url, 1000);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'STORE_URL_INVALID' });
    expect(inspect(error, { depth: 20, showHidden: true }).replaceAll(import.meta.url, '')).not.toContain('hunter');
  });

  it('takes its password out of the sentences of others', () => {
    const target = readTarget('postgres://u:p%40ss@h/d', 1000);
    expect(withoutSecrets(target, 'cannot use p@ss or p%40ss or postgres://u:p%40ss@h/d')).toBe('cannot use [secret] or [secret] or [secret]');
  });

  it('has a schema for each namespace, and none for what would be cut or is no name', () => {
    expect(schemaOf('plugin-audit')).toBe('wanglou_plugin_audit');
    for (const bad of ['', 'A', 'a_b', 'a"b', 'a'.repeat(56)]) expect(() => schemaOf(bad)).toThrow('bad namespace');
  });
});

describe('a server', () => {
  const good: ServerFacts = { version: 150_000, version_text: '15.0', encoding: 'UTF8', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', read_only: 'off' };

  it('that keeps its promises is taken', () => {
    for (const synchronous_commit of ['on', 'local', 'remote_write', 'remote_apply']) judge('h:1/d', { ...good, synchronous_commit });
  });

  it.each([
    ['STORE_TOO_OLD', { version: 140_019, version_text: '14.19' }, '14.19'],
    ['STORE_NOT_DURABLE', { fsync: 'off' }, 'fsync'],
    ['STORE_NOT_DURABLE', { full_page_writes: 'off' }, 'full_page_writes'],
    ['STORE_NOT_DURABLE', { synchronous_commit: 'off' }, 'synchronous_commit'],
    ['STORE_UNAVAILABLE', { encoding: 'SQL_ASCII' }, 'SQL_ASCII'],
    ['STORE_UNAVAILABLE', { read_only: 'on' }, 'read-only'],
  ])('is refused as %s for %o', (code, facts, word) => {
    expect(() => judge('h:1/d', { ...good, ...facts })).toThrow(expect.objectContaining({ code, message: expect.stringContaining(word), text: expect.objectContaining({ zh: expect.stringContaining('h:1/d') }) }));
  });
});

describe('the gate', () => {
  it('lets statements in side by side and transactions alone, in the order they came', async () => {
    const gate = new Gate(2);
    const entered: string[] = [];
    const enter = (name: string, alone: boolean) => gate.enter(alone).then((leave) => (entered.push(name), leave));
    const [one, two] = await Promise.all([enter('one', false), enter('two', false)]);
    const [three, alone, four] = [enter('three', false), enter('alone', true), enter('four', false)];
    one();
    const leaveThree = await three;
    two();
    expect(entered).toEqual(['one', 'two', 'three']);
    leaveThree();
    (await alone)();
    (await four)();
    expect(entered).toEqual(['one', 'two', 'three', 'alone', 'four']);
  });

  it('refuses whoever waits or comes once it is closed', async () => {
    const gate = new Gate(1);
    const leave = await gate.enter(true);
    const waiting = gate.enter(false);
    gate.close(new Error('gone'));
    leave();
    await expect(waiting).rejects.toThrow('gone');
    await expect(gate.enter(false)).rejects.toThrow('gone');
  });
});

describe('errors', () => {
  it('speak both languages', () => {
    for (const { en, zh } of Object.values(storeErrorTable)) expect([/[a-z]/.test(en), /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
  });
});
