// A server with a store that can be told to wait or to fail, and a plugin whose leases serve what the test says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineOperation, definePlugin, objectSchema, servedLeaseSources, sessionsService, storeService, type MediaRequest, type MediaResponse, type Migration, type PluginUse, type Principal, type ServedLeaseSource, type Store } from '@wanglou/core';
import { createTestClock, createTestKernel, fake, type TestKernel } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import type { KyselyPlugin } from 'kysely';
import { httpServerService } from '../src/contract.ts';
import { http } from '../src/index.ts';

/** Who is signed in with every cookie. */
export const viewer: Principal = { kind: 'person', id: 'operator', session: 's-1' };
const resource = () => ({ cameras: ['gate'] });
const title = { zh: '测试', en: 'Test' };

/** Refused while the audit log fails. */
export const play = defineOperation<{ readonly lease: string }>()({ id: 'test.play', title, action: 'playback', input: objectSchema({}), resource });
/** Goes on while it fails. */
export const watch = defineOperation<{ readonly lease: string }>()({ id: 'test.watch', title, action: 'live', input: objectSchema({}), resource, whenAuditFails: 'spool' });

/** How the store behaves. */
export interface StoreMood {
  /** Every answer of the store waits for it. */
  wait: Promise<unknown>;
  /** Every statement is refused with it. */
  failure: Error | undefined;
}

/** A store whose namespace `http` has moods. */
export function moodyStore(store: Store, mood: StoreMood): Store {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (mood.failure) throw mood.failure;
      return node;
    },
    transformResult: async ({ result }) => {
      await mood.wait;
      return result;
    },
  };
  return {
    open: async <Tables>(namespace: string, migrations: readonly Migration[]) => {
      const database = await store.open<Tables>(namespace, migrations);
      return namespace === 'http' ? database.withPlugin(plugin) : database;
    },
    address: (namespace) => store.address(namespace),
  };
}

/** A running server. */
export interface ServedCampus extends AsyncDisposable {
  readonly kernel: TestKernel;
  readonly mood: StoreMood;
  readonly path: string;
  /** What every lease answers from now on. */
  serve: (request: MediaRequest, signal: AbortSignal) => MediaResponse | Promise<MediaResponse>;
  /** The ledger, as the audit log reads it. */
  readonly ledger: ServedLeaseSource;
  open(operation?: typeof play): Promise<string>;
  get(lease: string, headers?: Record<string, string>): Promise<Response>;
  /** Stops the server and the store and starts them on the same folder. */
  restart(): Promise<void>;
}

/** Starts a server on a free port, on a folder of its own. */
export async function startServed(clock = createTestClock()): Promise<ServedCampus> {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-ledger-'));
  const mood: StoreMood = { wait: Promise.resolve(), failure: undefined };
  let ledger: ServedLeaseSource | undefined;
  let store: SqliteStore;
  let kernel: TestKernel;
  const player = (): PluginUse =>
    definePlugin({
      id: 'player',
      config: objectSchema({}),
      setup(ctx) {
        ctx.follow(servedLeaseSources, (source) => void (ledger = source));
        for (const operation of [play, watch]) ctx.handle(operation, (_input, call) => ({ lease: call.lease({ maxAgeMs: 7 * 3_600_000, serve: (request, signal) => served.serve(request, signal) }).id }));
      },
    })();
  const start = async () => {
    store = await SqliteStore.create(path);
    const sessions = fake(sessionsService, { resolve: async () => ({ principal: viewer, person: { id: 'operator', name: 'operator', unit: 'u', roles: [], standing: 'staff' }, mustChangePassword: false }), isOpen: () => true });
    kernel = await createTestKernel({ clock, fakes: [sessions, fake(storeService, moodyStore(store, mood))] });
    await kernel.load([player(), http({ port: 0 })]);
    if (kernel.state('http') !== 'active') throw new Error(String(kernel.problems()[0]));
  };
  const stop = async () => {
    await kernel[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  };
  const served: ServedCampus = {
    get kernel() {
      return kernel;
    },
    mood,
    path,
    serve: () => ({ status: 200, headers: {}, body: 'footage' }),
    get ledger() {
      return ledger!;
    },
    open: async (operation = play) => (await kernel.call(operation, {}, viewer)).lease,
    get: (lease, headers = {}) => fetch(`${kernel.service(httpServerService)!.address}/media/${lease}/s/1.m4s`, { headers: { cookie: 'wanglou-session=any', ...headers } }),
    async restart() {
      await stop();
      await start();
    },
    async [Symbol.asyncDispose]() {
      mood.failure = undefined;
      await stop();
      await rm(path, { recursive: true });
    },
  };
  await start();
  return served;
}
