// A whole campus without devices: real store, real audit log, real rules, and a stand-in for the recorder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cameras, createCampus, createSignal, definePlugin, DeniedError, exportFootage, objectSchema, playBack, watchLive, type Call, type Camera, type Campus, type PluginUse, type PolicyPack, type Principal } from '@wanglou/core';
import { createTestClock, type TestClock } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { upc2013 } from '@wanglou/policies';
import { sqlite } from '@wanglou/store-sqlite';
import { access } from '../src/index.ts';

const password = 'a long password';
const trainedUntil = '2027-12-31';
export const addresses = { registered: '127.0.0.1', other: '127.0.0.9' };

export const people = [
  { id: 'operator', name: '监控员', unit: 'guard-team', roles: ['operator'], password, trainedUntil },
  { id: 'operator-2', name: '监控员二', unit: 'guard-team', roles: ['operator'], trainedUntil },
  { id: 'section-head', name: '科长', unit: 'section', roles: ['section-head'], trainedUntil },
  { id: 'section-deputy', name: '副科长', unit: 'section', roles: ['section-head'], trainedUntil },
  { id: 'administrator', name: '系统管理员', unit: 'section', roles: ['administrator'], trainedUntil },
  { id: 'office-deputy', name: '副处长', unit: 'office', roles: ['office-head'], trainedUntil },
  { id: 'clerk', name: '治安科干事', unit: 'section', roles: [], trainedUntil },
  { id: 'office-head', name: '处长', unit: 'office', roles: ['office-head'], password, trainedUntil },
  { id: 'student', name: '个人', unit: 'guard-team', roles: [], standing: 'individual' as const },
];

function standInCamera(id: string): Camera {
  return {
    id,
    info: { id, name: { zh: id, en: id } },
    state: createSignal('online'),
    problem: createSignal(undefined),
    has: () => false,
    get: () => {
      throw new Error('a stand-in can do nothing');
    },
  };
}

/** Answers footage operations with leases that serve their own path. */
const standInRecorder = definePlugin({
  id: 'stand-in-recorder',
  config: objectSchema({}),
  setup(ctx) {
    for (const id of ['gate', 'library']) ctx.contribute(cameras, standInCamera(id));
    const serve = ({ path }: { path: string }) => ({ status: 200, headers: { 'content-type': 'text/plain', 'x-footage': 'yes' }, body: path });
    const open = (call: Call) => {
      const lease = call.lease({ serve });
      return { lease: lease.id, path: 'index.m3u8', expiresMs: lease.expiresMs };
    };
    ctx.handle(watchLive, (_input, call) => open(call));
    ctx.handle(playBack, (_input, call) => ({ ...open(call), gaps: [] }));
    ctx.handle(exportFootage, (_input, call) => ({ ...open(call), gaps: [], export: 'e-1' }));
  },
});

/** A campus for tests. */
export interface TestCampus extends AsyncDisposable {
  readonly campus: Campus;
  readonly kernel: Campus['kernel'];
  readonly clock: TestClock;
  readonly path: string;
  /** Stops and starts it on the same folder, after some time without it. */
  restart(downMs?: number, policy?: PolicyPack): Promise<void>;
  as(id: string, over?: Partial<Principal>): Principal;
}

/** Runs a refused call; answers the rules that refused it. */
export async function refusals(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof DeniedError)) throw new Error(`expected a denial, got ${String(error)}`, { cause: error });
  return error.decision.denials.map((denial) => denial.rule);
}

/** Starts a campus in a folder of its own. `over` is configuration of plugin-access. */
export async function startCampus(plugins: readonly PluginUse[] = [], clock = createTestClock(), over: Parameters<typeof access>[0] = {}, policy: PolicyPack = upc2013()): Promise<TestCampus> {
  let rules = policy;
  const path = await mkdtemp(join(tmpdir(), 'wanglou-access-'));
  const start = () =>
    createCampus(
      {
        name: { zh: '试验校区', en: 'Test campus' },
        timeZone: 'Asia/Shanghai',
        policy: rules,
        store: sqlite({ path }),
        plugins: [audit({ path }), access({ path, people, workstations: [{ id: 'w', name: 'w', addresses: [addresses.registered] }], ...over }), standInRecorder(), ...plugins],
      },
      { clock },
    );
  let campus = await start();
  return {
    get campus() {
      return campus;
    },
    get kernel() {
      return campus.kernel;
    },
    clock,
    path,
    async restart(downMs = 0, nextPolicy = rules) {
      rules = nextPolicy;
      await campus[Symbol.asyncDispose]();
      clock.jump(downMs);
      campus = await start();
    },
    as: (id, over) => ({ kind: 'person', id, address: addresses.registered, ...over }),
    async [Symbol.asyncDispose]() {
      await campus[Symbol.asyncDispose]();
      await rm(path, { recursive: true });
    },
  };
}
