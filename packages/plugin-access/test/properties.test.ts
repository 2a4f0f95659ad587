// What holds after any sequence of calls. Seeds are fixed: a failure can be run again.
import { exportFootage, isCodedError, playBack, watchLive, type AccessRequest, type Action, type Facts, type Grant, type Operation, type Principal, type Resource } from '@wanglou/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amendRequest, approveRequest, beginDuty, createDelegation, denyRequest, endGrant, listInbox, listMyRequests, readRequest, revokeGrant, submitRequest, withdrawRequest } from '../src/contract.ts';
import { startCampus, type TestCampus } from './harness.ts';

/** More runs for `npm run soak -- permission`. */
const times = Number(process.env['PROPERTY_TIMES'] ?? 1);

const minute = 60_000;
const fromMs = Date.UTC(2026, 10, 22, 10);
const toMs = fromMs + 10 * minute;
const seed = 20_131_113;

let test: TestCampus;
beforeEach(async () => {
  test = await startCampus([], undefined, { openRequests: 1000 });
});
afterEach(() => test[Symbol.asyncDispose]());

/** Runs a call; refusals and other coded failures are answers too, anything else is a fault. */
async function attempt<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isCodedError(error)) return undefined;
    throw error;
  }
}

const ask = (as: Principal, over: object = {}) => test.kernel.call(submitRequest, { cameras: ['gate'], fromMs, toMs, actions: ['playback'], purpose: 'incident', reason: '核查', ...over }, as);
const approve = (request: Pick<AccessRequest, 'id' | 'sha256'>, as: string) => test.kernel.call(approveRequest, { request: request.id, sha256: request.sha256 }, test.as(as));

/** Keys of an operation's input, from its schema. */
function keysOf({ input }: Operation<any, any>): readonly string[] {
  const { shape, properties } = input as { shape?: object; properties?: object };
  return Object.keys(shape ?? properties ?? {});
}

describe('an individual', () => {
  it('never gets a lease, whatever is called in whatever order with whatever is known of the campus', { timeout: 60_000 * times }, async () => {
    await test.kernel.call(beginDuty, {}, test.as('operator'));
    const request = await ask(test.as('operator'), { actions: ['live', 'playback', 'copy'], destination: '派出所' });
    await approve(request, 'section-head');
    const grant = (await approve(request, 'office-head')).grant!;
    const { lease } = await test.kernel.call(playBack, { camera: 'gate', fromMs, toMs }, test.as('operator'));
    const student = test.as('student');
    const operations = test.kernel.operations().map(({ operation }) => operation);
    expect(operations.length).toBeGreaterThan(60);

    const known: Record<string, readonly unknown[]> = {
      camera: ['gate', 'library'], cameras: [['gate'], ['library']], fromMs: [fromMs], toMs: [toMs], actions: [['live'], ['playback'], ['copy']], action: ['live', 'playback', 'copy'], purpose: ['case', 'incident'],
      reason: ['看'], destination: ['派出所'], request: [request.id], grant: [grant.id], sha256: [request.sha256], person: ['student', 'operator', 'section-head'], roles: [['office-head'], ['operator']], role: ['office-head', 'section-head'],
      to: ['student'], kind: ['post', 'life', 'certificate'], workstation: ['w'], name: ['operator', 'w'], id: ['w', 'student-2'], addresses: [['127.0.0.1']], password: ['a long password'], lease: [lease], companions: [['student']], visitor: ['v1'],
      code: ['123456'], unit: ['section'], untilMs: [4e12], active: [true], verdict: ['upheld'], operation: ['recording.playback'], input: [{ camera: 'gate', fromMs, toMs }], limit: [10], totp: [true], standing: ['staff'], delegation: ['x'], proposal: ['x'], concerned: [true],
    };
    const pick = (keys: readonly string[], seeds: readonly number[]) => Object.fromEntries(keys.flatMap((key, index) => (known[key] ? [[key, known[key][seeds[index % seeds.length]! % known[key].length]]] : [])));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: operations.length - 1 }), fc.array(fc.nat(7), { minLength: 4, maxLength: 4 })), { minLength: 5, maxLength: 25 }), async (steps) => {
        for (const [index, seeds] of steps) {
          const operation = operations[index]!;
          await attempt(test.kernel.call(operation, pick(keysOf(operation), seeds), student));
          if (test.kernel.leases.list().some(({ principal }) => principal.id === 'student')) throw new Error(`${operation.id} gave a lease`);
        }
        // Nor by somebody else's: the lease of the operator is not served to the individual.
        await expect(test.kernel.leases.serve(lease, student, { path: 'a', query: {} })).rejects.toMatchObject({ code: 'LEASE_UNKNOWN' });
      }),
      { seed, numRuns: 40 * times },
    );
    for (const operation of operations) await attempt(test.kernel.call(operation, pick(keysOf(operation), [0, 0, 0, 0]), student));
    for (const footage of [playBack, watchLive, exportFootage]) expect(await attempt(test.kernel.call(footage as Operation<any, any>, { ...(footage === exportFootage ? { cameras: ['gate'], destination: '派出所' } : { camera: 'gate' }), ...(footage !== watchLive && { fromMs, toMs }) }, student))).toBeUndefined();
    expect(test.kernel.leases.list().filter(({ principal }) => principal.id === 'student')).toEqual([]);
  });
});

const staff = ['operator', 'operator-2', 'section-head', 'section-deputy', 'clerk', 'administrator', 'office-head', 'office-deputy'];

describe('after any sequence of requests, reviews, delegations and changes', () => {
  const step = fc.record({ kind: fc.constantFrom('submit', 'approve', 'approve', 'approve', 'deny', 'withdraw', 'amend', 'delegate', 'revoke', 'end', 'play', 'wait'), who: fc.constantFrom(...staff), other: fc.constantFrom(...staff), which: fc.nat(20), copy: fc.boolean(), minutes: fc.integer({ min: 1, max: 90 }) });

  it('nobody has judged what they, a companion, or whoever lent them the role asked for; and no lease outlives its grant', { timeout: 120_000 * times }, async () => {
    await test.kernel.call(beginDuty, {}, test.as('operator'));
    const ids: string[] = [];
    const grants: string[] = [];
    const seen = { approved: 0, played: 0, byDelegation: 0 };
    const read = async (id: string) => (await test.kernel.call(readRequest, { request: id }, test.as('section-head'))).request;

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        for (const { kind, who, other, which, copy, minutes } of steps) {
          const as = test.as(who);
          const id = ids.at(-1 - (which % Math.max(1, Math.min(6, ids.length))));
          const grant = grants.at(-1 - (which % Math.max(1, Math.min(6, grants.length))));
          const content = { actions: copy ? ['playback', 'copy'] : ['playback'], companions: other === who ? [] : [other], ...(copy && { destination: '派出所' }) };
          if (kind === 'submit') ids.push(...[(await attempt(ask(as, content)))?.id ?? []].flat());
          else if (kind === 'delegate') await attempt(test.kernel.call(createDelegation, { to: other, role: who.startsWith('office') ? 'office-head' : 'section-head', fromMs: test.clock.now(), toMs: test.clock.now() + minutes * minute, reason: '外出' }, as));
          else if (kind === 'wait') test.clock.jump(minutes * minute);
          else if (kind === 'play') seen.played += (await attempt(test.kernel.call(playBack, { camera: 'gate', fromMs, toMs }, as))) ? 1 : 0;
          else if (kind === 'revoke' && grant) await attempt(test.kernel.call(revokeGrant, { grant, reason: '撤销' }, as));
          else if (kind === 'end' && grant) await attempt(test.kernel.call(endGrant, { grant }, as));
          else if (id) {
            const request = await read(id);
            if (kind === 'approve') grants.push(...[(await attempt(test.kernel.call(approveRequest, { request: id, sha256: request.sha256, minutes }, as)))?.grant?.id ?? []].flat());
            else if (kind === 'deny') await attempt(test.kernel.call(denyRequest, { request: id, reason: '不同意' }, as));
            else if (kind === 'withdraw') await attempt(test.kernel.call(withdrawRequest, { request: id }, as));
            else if (kind === 'amend') await attempt(test.kernel.call(amendRequest, { cameras: ['gate'], fromMs, toMs, purpose: 'incident', reason: '改', ...content, request: id, sha256: request.sha256 } as never, as));
          }
          await holds();
        }
      }),
      { seed, numRuns: 25 * times },
    );
    // The runs were not idle.
    expect(seen.approved).toBeGreaterThan(0);
    expect(seen.played).toBeGreaterThan(0);
    expect(seen.byDelegation).toBeGreaterThan(0);

    async function holds(): Promise<void> {
      for (const id of ids.slice(-8)) {
        const request = await read(id);
        const parties = [request.requester, ...request.companions];
        for (const { reviewer, onBehalfOf, unit } of request.reviews) {
          if (parties.includes(reviewer) || (onBehalfOf !== undefined && parties.includes(onBehalfOf))) throw new Error(`${reviewer} judged ${id} of ${parties.join()}`);
          if (onBehalfOf !== undefined) seen.byDelegation++;
          if (!request.needs.some((step_) => step_.unit === unit)) throw new Error(`${unit} has no voice in ${id}`);
        }
        if (request.state === 'approved') {
          seen.approved++;
          for (const { unit, count = 1 } of request.needs) if (new Set(request.reviews.filter((review) => review.unit === unit).map(({ reviewer }) => reviewer)).size < count) throw new Error(`${id} lacks ${unit}`);
        }
      }
      await test.clock.advance(0);
      for (const lease of test.kernel.leases.list()) {
        const { grants: held } = await test.kernel.call(listMyRequests, { limit: 200 }, test.as(lease.principal.id));
        const alive = held.filter((grant: Grant) => grant.revokedMs === undefined && grant.endedMs === undefined && grant.endsMs >= Math.min(lease.expiresMs, test.clock.now()));
        if (test.clock.now() < lease.expiresMs && !alive.some((grant) => lease.expiresMs <= (grant.begunMs ?? test.clock.now()) + grant.useMs)) throw new Error(`a lease of ${lease.principal.id} outlives every grant`);
      }
    }
  });
});

describe('adding a grant', () => {
  it('never widens what anyone else may do, and what its holder may do only within it', { timeout: 60_000 * times }, async () => {
    await test.kernel.call(beginDuty, {}, test.as('operator'));
    const asked: Operation<any, any>[] = [playBack, watchLive, exportFootage];
    const questions = asked.flatMap((operation) => ['gate', 'library'].flatMap((camera) => [0, 5, 20].map((shift) => ({ operation, input: { ...(operation === exportFootage ? { cameras: [camera], destination: '派出所' } : { camera }), ...(operation !== watchLive && { fromMs: fromMs + shift * minute, toMs: toMs + shift * minute }) } }))));
    const answers = async () => {
      const all = new Map<string, string>();
      for (const person of [...staff, 'student']) {
        for (const { operation, input } of questions) {
          const resource = operation.resource(input) as Resource;
          const effect = await decide(person, operation.action, resource);
          all.set(`${person} ${operation.id} ${JSON.stringify(input)}`, effect);
        }
      }
      return all;
    };
    const decide = async (person: string, action: Action, resource: Resource) => {
      const probe = { kind: 'operation' as const, id: 'test.probe', title: { zh: '试', en: 'Try' }, action, input: { '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) } }, resource: () => resource };
      return decisions.wouldDecide(probe, {}, test.as(person)).then(({ effect }) => effect);
    };
    const decisions = await probePlugin();
    let before = await answers();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...staff), fc.constantFrom<readonly string[]>(['playback'], ['playback', 'copy'], ['live']), fc.constantFrom('gate', 'library'), async (holder, actions, camera) => {
        const request = await attempt(ask(test.as(holder), { cameras: [camera], actions, ...(actions.includes('copy') && { destination: '派出所' }), ...(actions.includes('live') && { fromMs: test.clock.now(), toMs: test.clock.now() + minute }) }));
        if (!request) return;
        for (const reviewer of ['section-head', 'section-deputy', 'office-head', 'office-deputy']) await attempt(approve(request, reviewer));
        const after = await answers();
        for (const [question, effect] of after) {
          if (effect === before.get(question)) continue;
          const [person, operation, ...input] = question.split(' ');
          if (person !== holder) throw new Error(`a grant of ${holder} changed ${question}`);
          if (effect !== 'permit' || !input.join(' ').includes(camera) || (operation === 'recording.export' && !actions.includes('copy'))) throw new Error(`a grant for ${actions.join()} on ${camera} changed ${question} to ${effect}`);
        }
        before = after;
      }),
      { seed, numRuns: 30 * times },
    );
    expect([...before.values()].filter((effect) => effect === 'permit').length).toBeGreaterThan(3);
  });

  /** A plugin that asks what the policy would say. */
  async function probePlugin() {
    const { definePlugin, objectSchema } = await import('@wanglou/core');
    let context!: { wouldDecide(operation: Operation<any, any>, input: unknown, principal: Principal): Promise<{ effect: 'permit' | 'deny'; facts: Facts }> };
    await test.kernel.load([definePlugin({ id: 'probe', config: objectSchema({}), setup: (ctx) => void (context = ctx) })()]);
    return context;
  }
});

describe('two approvers at the same moment', () => {
  it('make one grant, over many rounds', async () => {
    for (let round = 0; round < 20; round++) {
      const request = await ask(test.as('administrator'));
      const outcomes = await Promise.allSettled([approve(request, 'section-head'), approve(request, 'section-deputy')]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    const { grants } = await test.kernel.call(listInbox, { limit: 200 }, test.as('section-head'));
    expect(grants).toHaveLength(20);
  });
});
