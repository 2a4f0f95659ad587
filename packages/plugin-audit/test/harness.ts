// A campus of the store and the audit log alone, in a folder that outlives it.
import { auditService, storeService, type AuditEntry, type AuditLog, type AuditQuery, type Store } from '@wanglou/core';
import { createTestClock, createTestKernel, fake, type TestKernel } from '@wanglou/core/testing';
import { audit } from '../src/index.ts';
import { createStore } from './fixtures/stores.ts';

/** Where the clock of the tests begins. */
const startMs = createTestClock().now();

/** The n-th of many entries that differ. */
export const entry = (n: number): AuditEntry => ({ kind: 'decision', atMs: startMs + n, principal: { kind: 'person', id: `p-${n % 3}` }, operation: 'test.do', resource: { cameras: [`cam-${n % 2}`] }, detail: { n } });

/** The parts of a campus. */
export interface AuditCampus extends AsyncDisposable {
  readonly store: Store;
  readonly kernel: TestKernel;
  /** The log; throws when the plugin did not start. */
  readonly log: AuditLog;
}

/** What may differ from the usual campus. */
export interface AuditCampusOptions {
  /** When the clock begins. */
  readonly startMs?: number;
  readonly retentionDays?: number;
  readonly witnesses?: string;
  readonly timestamps?: { readonly url: string };
  /** Address of a PostgreSQL database for the tables; SQLite in the folder unless said. */
  readonly database?: string;
}

/** Starts the plugin on a folder. It may have failed: `kernel.errors` says how. */
export async function startAudit(path: string, { startMs: clockMs, database, ...config }: AuditCampusOptions = {}): Promise<AuditCampus> {
  const store = await createStore(database ?? path);
  // The test kernel brings an audit log of its own; here the plugin must be the provider.
  const kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true, clock: createTestClock(clockMs) });
  await kernel.load([audit({ path, ...config })]);
  return {
    store,
    kernel,
    get log() {
      const log = kernel.service(auditService);
      if (!log) throw new Error(`the audit plugin did not start: ${String(kernel.problems()[0])}`);
      return log;
    },
    async [Symbol.asyncDispose]() {
      await kernel[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

/** The places that a query finds. */
export async function seqs(log: AuditLog, query: AuditQuery): Promise<readonly number[]> {
  return (await log.query(query)).map((record) => record.seq);
}
