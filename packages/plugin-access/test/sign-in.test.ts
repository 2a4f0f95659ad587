import { auditService, factsChanged, sessionsService, storeService, type Principal } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginDuty, readSession, signIn } from '../src/contract.ts';
import { PasswordChecks } from '../src/people/password-checks.ts';
import { accessMigrations, type AccessTables } from '../src/tables.ts';
import { addresses, startCampus, type TestCampus } from './harness.ts';

const minute = 60_000;
const stranger: Principal = { kind: 'anonymous', id: 'anonymous', address: addresses.registered };

let test: TestCampus;
beforeEach(async () => {
  test = await startCampus();
});
afterEach(() => test[Symbol.asyncDispose]());

const enter = (name: string, password = 'a long password') => test.kernel.call(signIn, { name, password }, stranger);
const codes = async (tries: readonly Promise<unknown>[]) => {
  const results = await Promise.allSettled(tries);
  return Map.groupBy(results, (result) => (result.status === 'fulfilled' ? 'in' : (result.reason as { code: string }).code));
};
const tables = () => test.kernel.service(storeService)!.open<AccessTables>('access', accessMigrations);

describe('tries at the same moment', () => {
  it('are no more than tries in a row: of 20 guesses 5 are evaluated', async () => {
    const answers = await codes(Array.from({ length: 20 }, () => enter('operator', 'wrong password')));
    expect([answers.get('SIGN_IN_FAILED')?.length, answers.get('LOCKED_OUT')?.length]).toEqual([5, 15]);
    await expect(enter('operator')).rejects.toMatchObject({ code: 'LOCKED_OUT' });
  });
});

describe('password checks', () => {
  it('run two at a time, wait in order, and refuse when too many wait', async () => {
    let running = 0;
    let most = 0;
    const ends: (() => void)[] = [];
    const checks = new PasswordChecks({ atOnce: 2, waiting: 3 }, async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
      return true;
    });
    const work = Array.from({ length: 5 }, () => checks.check('a', undefined));
    await expect(checks.check('a', undefined)).rejects.toMatchObject({ code: 'SIGN_IN_BUSY' });
    for (let done = 0; done < 5; done++) {
      await expect.poll(() => ends.length).toBeGreaterThan(0);
      ends.shift()!();
    }
    expect(await Promise.all(work)).toEqual([true, true, true, true, true]);
    expect(most).toBe(2);
  });

  it('set the place free when one fails', async () => {
    const checks = new PasswordChecks({ atOnce: 1, waiting: 0 }, () => Promise.reject(new Error('broken')));
    await expect(checks.check('a', undefined)).rejects.toThrow('broken');
    await expect(checks.check('a', undefined)).rejects.toThrow('broken');
  });
});

describe('what was typed as a name', () => {
  it('stays in no log and no table when it is not the name of an account', async () => {
    await expect(enter('My S3cret passphrase', 'operator')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    await expect(enter('operator', 'wrong password')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    const records = await test.kernel.service(auditService)!.read(0, 100);
    const decisions = records.filter(({ entry }) => entry.kind === 'decision').map(({ entry }) => [entry.input, entry.resource]);
    expect(decisions).toEqual([
      [{ name: '(not an account name)' }, { subject: 'account:(not an account name)' }],
      [{ name: 'operator' }, { subject: 'account:operator' }],
    ]);
    expect(JSON.stringify(records)).not.toContain('S3cret');
    expect(JSON.stringify(await (await tables()).selectFrom('sign_in_failure').selectAll().execute())).not.toContain('S3cret');
  });
});

describe('what has expired', () => {
  it('goes: failures that no longer count', async () => {
    await expect(enter('operator', 'wrong password')).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
    const database = await tables();
    const failures = () => database.selectFrom('sign_in_failure').selectAll().execute();
    expect(await failures()).toHaveLength(2);
    test.clock.jump(15 * minute);
    await test.clock.advance(minute);
    await expect.poll(failures).toEqual([]);
  });

  it('goes: sessions, and whoever follows the person is told', async () => {
    await enter('operator');
    const told: (readonly string[] | undefined)[] = [];
    test.kernel.on(factsChanged, ({ principals }) => void told.push(principals));
    const database = await tables();
    const open = () => database.selectFrom('session').select('id').where('ended_ms', 'is', null).execute();
    expect(await open()).toHaveLength(1);
    await test.clock.advance(minute);
    expect(told).toEqual([]);
    test.clock.jump(30 * minute);
    await test.clock.advance(minute);
    await expect.poll(() => told).toEqual([['operator']]);
    expect(await open()).toEqual([]);
  });

  it('goes also while the campus is down: sessions', async () => {
    const { credential } = await enter('operator');
    await test.restart(12 * 60 * minute);
    expect(await (await tables()).selectFrom('session').select('id').where('ended_ms', 'is', null).execute()).toEqual([]);
    // A clock that is set back later wakes nothing up.
    test.clock.jump(-12 * 60 * minute);
    expect(await test.kernel.service(sessionsService)!.resolve(credential, addresses.registered)).toBeUndefined();
  });
});

describe('the session', () => {
  it('says since when one is on duty', async () => {
    const operator = test.as('operator');
    expect(await test.kernel.call(readSession, {}, operator)).not.toHaveProperty('dutySinceMs');
    const { sinceMs } = await test.kernel.call(beginDuty, {}, operator);
    test.clock.jump(5 * minute);
    expect(await test.kernel.call(readSession, {}, operator)).toMatchObject({ onDuty: true, dutySinceMs: sinceMs });
    await test.restart();
    expect(await test.kernel.call(readSession, {}, operator)).toMatchObject({ dutySinceMs: sinceMs });
  });
});
