// What takes a second person in other plugins: who proposed it comes from them, whose voice somebody has from here. Lifting a hold is one.
import { confirmLift, definePlugin, objectSchema, placeHold, proposeLift, proposers, type Hold } from '@wanglou/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDelegation } from '../src/contract.ts';
import { refusals, startCampus, type TestCampus } from './harness.ts';

let test: TestCampus;
const proposed = new Map<string, string>();
const lifted: string[] = [];

const hold = {} as Hold;
const standInHolds = definePlugin({
  id: 'stand-in-holds',
  config: objectSchema({}),
  setup(ctx) {
    ctx.contribute(proposers, { kind: 'hold', proposedBy: (id) => proposed.get(id) });
    ctx.handle(placeHold, () => hold);
    ctx.handle(proposeLift, ({ hold: id }, { principal }) => {
      proposed.set(id, principal.id);
      return hold;
    });
    ctx.handle(confirmLift, ({ hold: id }) => {
      lifted.push(id);
      return hold;
    });
  },
});

beforeEach(async () => {
  proposed.clear();
  lifted.length = 0;
  test = await startCampus([standInHolds()]);
});
afterEach(() => test[Symbol.asyncDispose]());

const propose = (as: string) => test.kernel.call(proposeLift, { hold: 'h-1', reason: '结案' }, test.as(as));
const confirm = (as: string) => test.kernel.call(confirmLift, { hold: 'h-1' }, test.as(as));

describe('lifting a hold under upc-2013', () => {
  it('takes two heads', async () => {
    await propose('section-head');
    expect(await refusals(confirm('section-head'))).toEqual(['a12.3-lift-own']);
    expect(await refusals(confirm('administrator'))).not.toEqual([]);
    expect(lifted).toEqual([]);
    await confirm('office-head');
    expect(lifted).toEqual(['h-1']);
  });

  it('is proposed by heads alone, who also place holds', async () => {
    for (const id of ['operator', 'administrator', 'student']) {
      expect(await refusals(propose(id))).toContain(id === 'student' ? 'a14' : 'a12.3-lift');
      expect(await refusals(test.kernel.call(placeHold, { cameras: ['gate'], fromMs: 1, toMs: 2, reason: '立案' }, test.as(id)))).not.toEqual([]);
    }
    await test.kernel.call(placeHold, { cameras: ['gate'], fromMs: 1, toMs: 2, reason: '立案' }, test.as('section-head'));
  });

  it('is not confirmed by whoever borrows the voice of the one who proposed it', async () => {
    const nowMs = test.clock.now();
    await test.kernel.call(createDelegation, { to: 'clerk', role: 'section-head', fromMs: nowMs, toMs: nowMs + 86_400_000, reason: '出差' }, test.as('section-head'));
    await propose('section-head');
    expect(await refusals(confirm('clerk'))).toContain('a12.3-lift-own');
    await confirm('section-deputy');
  });
});
