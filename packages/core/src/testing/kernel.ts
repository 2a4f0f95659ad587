// A kernel whose audit log is an array and whose policy the test controls.
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { auditService, type AuditEntry, type AuditLog } from '../contracts/audit.ts';
import { factSources, type Action, type Facts, type Question } from '../contracts/permission.ts';
import { Kernel, type KernelOptions } from '../kernel/kernel.ts';
import { definePlugin } from '../plugin.ts';
import type { PolicyPack } from '../policy/pack.ts';
import type { ServiceRef } from '../refs.ts';
import { createTestClock, type TestClock } from './clock.ts';
import type { Random } from '../contracts/clock.ts';
import { createTestRandom } from './random.ts';

/** A stand-in for a service, by its ref. */
export type Fake = readonly [ref: ServiceRef<any>, value: unknown];

/** Types a fake against its ref; it may be partial. */
export function fake<T>(ref: ServiceRef<T>, value: Partial<NoInfer<T>>): Fake {
  return [ref, value];
}

/** A pack with one rule: everything that the test has not denied is permitted. */
export const permitAll: PolicyPack = {
  id: 'permit-all',
  version: '1',
  title: { zh: '测试规则', en: 'Test rules' },
  source: { name: { zh: '测试', en: 'Test' }, date: '2026-01-01', interpretedBy: 'test' },
  effective: '2026-01-01',
  units: [],
  roles: [],
  approvals: {},
  rules: [
    { id: 'permit', article: '1', text: { zh: '允许', en: 'Permitted' }, effect: 'permit' },
    { id: 'test-denies', article: '2', text: { zh: '测试拒绝', en: 'Denied by the test' }, effect: 'forbid', unless: { 'test.denied': false } },
  ],
  tests: [],
  properties: [],
};

/** A kernel for tests. */
export interface TestKernel extends Kernel {
  readonly clock: TestClock;
  /** The audit log, oldest first. */
  readonly audited: AuditEntry[];
  /** Everything that was reported as an error. */
  readonly errors: unknown[];
  /** Actions denied from now on, under {@link permitAll}. */
  readonly denied: Set<Action>;
  /** While true, the audit log cannot be written. */
  auditFails: boolean;
  /** Entries that went to the spool. */
  readonly spooled: AuditEntry[];
}

/** What {@link createTestKernel} takes. */
export interface TestKernelOptions {
  readonly fakes?: readonly Fake[];
  readonly pack?: PolicyPack;
  readonly clock?: TestClock;
  /** Each kernel begins the same row of random bytes unless it is given another, such as one that goes on after a restart. */
  readonly random?: Random;
  /** Facts beside `test.denied`, by question. Their declarations come with the pack. */
  readonly facts?: (question: Question) => Facts;
  /** The plugin under test provides the audit log itself. */
  readonly ownAudit?: boolean;
  readonly drainMs?: number;
  readonly onCriticalFailure?: NonNullable<KernelOptions['onCriticalFailure']>;
}

const anything: StandardSchemaV1<unknown> = { '~standard': { version: 1, vendor: 'wanglou-test', validate: (value) => ({ value }) } };

/**
 * Makes a kernel with an in-memory audit log, a clock that stands still, and fakes for services.
 *
 * @example
 * await using kernel = await createTestKernel({ fakes: [fake(plateReader, { read: () => 'A-1' })] });
 * await kernel.load([gatePlugin({})]);
 * kernel.denied.add('control');
 */
export async function createTestKernel(options: TestKernelOptions = {}): Promise<TestKernel> {
  const clock = options.clock ?? createTestClock();
  const audited: AuditEntry[] = [];
  const spooled: AuditEntry[] = [];
  const errors: unknown[] = [];
  const denied = new Set<Action>();
  const kernel = new Kernel({
    pack: options.pack ?? permitAll,
    clock,
    random: options.random ?? createTestRandom(),
    log: { debug() {}, info() {}, warn() {}, error: (fields) => void errors.push((fields as { err?: unknown }).err ?? fields) },
    drainMs: options.drainMs ?? 1000,
    ...(options.onCriticalFailure && { onCriticalFailure: options.onCriticalFailure }),
  });
  const state = { auditFails: false };
  const log: Partial<AuditLog> = {
    append: async (entry) => {
      if (state.auditFails) throw new Error('the test says that the disk is full');
      return { seq: audited.push(entry) - 1 };
    },
    spool: async (entry) => void spooled.push(entry),
  };
  const fakes: readonly Fake[] = [...(options.fakes ?? []), ...(options.ownAudit ? [] : [[auditService, log] as const])];
  const provider = definePlugin({
    id: 'test-fakes',
    config: anything,
    provides: fakes.map(([ref]) => ref),
    facts: [{ path: 'test.denied', type: 'boolean', text: { zh: '测试拒绝', en: 'Denied by the test' } }],
    setup(ctx) {
      for (const [ref, value] of fakes) ctx.provide(ref, value);
      ctx.contribute(factSources, {
        id: 'test',
        read: (question) => ({ 'test.denied': denied.has(question.action), ...options.facts?.(question) }),
      });
    },
  });
  await kernel.load([provider()]);
  const testing = { audited, spooled, errors, denied };
  Object.defineProperty(kernel, 'auditFails', {
    get: () => state.auditFails,
    set(value: boolean) {
      state.auditFails = value;
    },
  });
  return Object.assign(kernel, testing) as TestKernel;
}
