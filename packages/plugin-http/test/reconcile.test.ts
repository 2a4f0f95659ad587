// A real campus over HTTP: every byte of footage that was served has a permit in the log, and a lease that bypassed it is found.
import { auditService, definePlugin, objectSchema, servedLeaseSources, type ServedLease } from '@wanglou/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCampus } from '../../plugin-access/test/harness.ts';
import { httpServerService } from '../src/contract.ts';
import { http } from '../src/index.ts';
import { Browser } from './browser.ts';

const hourMs = 3_600_000;
let test: Awaited<ReturnType<typeof startCampus>>;
let bypassed: ServedLease[] = [];

/** A door that somebody built beside the gate. */
const backDoor = definePlugin({ id: 'back-door', config: objectSchema({}), setup: (ctx) => void ctx.contribute(servedLeaseSources, { between: async () => bypassed }) });

beforeAll(async () => {
  test = await startCampus([http({ port: 0 }), backDoor()]);
});
afterAll(() => test[Symbol.asyncDispose]());

async function signedIn(name: string): Promise<Browser> {
  const browser = new Browser(test.kernel.service(httpServerService)!.address);
  await browser.signIn(name);
  await browser.call('duty.begin');
  return browser;
}

describe('what was served, held against the log', () => {
  it('is all accounted for, on request and hour by hour', async () => {
    const { clock } = test;
    const fromMs = clock.now();
    const operator = await signedIn('operator');
    for (let n = 0; n < 3; n++) {
      const { lease } = (await operator.call('recording.live', { camera: 'gate' })).json as { lease: string };
      for (const path of ['index.m3u8', 's/1.m4s', 's/2.m4s']) expect((await operator.fetch('GET', `/media/${lease}/${path}`)).status).toBe(200);
    }
    // Opened and never fetched: nothing to account for.
    await operator.call('recording.live', { camera: 'library' });
    const head = await signedIn('office-head');
    expect((await head.call('audit.reconcile', { fromMs, toMs: fromMs + hourMs })).json).toEqual({ fromMs, toMs: fromMs + hourMs, served: 3, unmatched: [] });

    clock.jump(hourMs + 6 * 60_000);
    await clock.advance(60_000);
    const log = test.kernel.service(auditService)!;
    await expect.poll(async () => (await log.query({ kind: 'audit.reconciled', limit: 1 }))[0]?.entry.open, { timeout: 10_000 }).toEqual({ fromMs, toMs: fromMs + hourMs, served: 3, unmatched: 0 });
  });

  it('names a lease that the gate knows nothing of', async () => {
    const { clock } = test;
    const fromMs = clock.now() - 60_000;
    bypassed = [{ lease: 'never-opened', person: 'administrator', kind: 'person', firstMs: fromMs, lastMs: fromMs, responses: 1, bytes: 1_000_000 }];
    const head = await signedIn('office-head');
    expect((await head.call('audit.reconcile', { fromMs, toMs: fromMs + hourMs })).json).toMatchObject({ served: 1, unmatched: [{ lease: 'never-opened', person: 'administrator', firstMs: fromMs, reason: 'unknown' }] });
  });
});
