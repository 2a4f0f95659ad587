// Other plugins take over duty and qualifications: the facts and the operations are the contract.
import { definePlugin, factSources, objectSchema, watchLive } from '@wanglou/core';
import { afterEach, describe, expect, it } from 'vitest';
import { beginDuty, endDuty, readSession } from '../src/contract.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

let test: TestCampus;
afterEach(() => test[Symbol.asyncDispose]());

/** A control room with a roster of its own, and a school. */
const controlRoom = (qualified: () => boolean) =>
  definePlugin({
    id: 'control-room',
    config: objectSchema({}),
    setup(ctx) {
      const onDuty = new Set<string>();
      ctx.handle(beginDuty, (_input, { principal }) => (onDuty.add(principal.id), { sinceMs: ctx.clock.now() }));
      ctx.handle(endDuty, (_input, { principal }) => (onDuty.delete(principal.id), {}));
      ctx.contribute(factSources, {
        id: 'control-room',
        read: ({ principal }) => ({ 'actor.onDuty': onDuty.has(principal.id), 'actor.postTrained': qualified(), 'actor.confidentialityTrained': qualified() }),
      });
    },
  })();

describe('duty and qualifications', () => {
  it('that another plugin answers for open and close the live view', async () => {
    let qualified = true;
    test = await startCampus([controlRoom(() => qualified)], undefined, { duty: 'elsewhere', qualifications: 'elsewhere' });
    const operator = test.as('operator');
    const watch = () => test.kernel.call(watchLive, { camera: 'gate' }, operator);
    expect(await refusals(watch())).toContain('a9.3-duty');
    await test.kernel.call(beginDuty, {}, operator);
    expect(await watch()).toHaveProperty('lease');
    expect(await test.kernel.call(readSession, {}, operator)).toMatchObject({ onDuty: true });
    qualified = false;
    expect(await refusals(watch())).toEqual(['a9.2-post', 'a9.2-confidentiality']);
  });

  it('that nobody answers for are not known, and open nothing', async () => {
    test = await startCampus([], undefined, { duty: 'elsewhere', qualifications: 'elsewhere' });
    expect(await refusals(test.kernel.call(watchLive, { camera: 'gate' }, test.as('operator')))).toEqual(expect.arrayContaining(['a9.2-post', 'a9.3-duty']));
    await expect(test.kernel.call(beginDuty, {}, test.as('operator'))).rejects.toMatchObject({ code: 'OPERATION_UNKNOWN' });
  });
});
