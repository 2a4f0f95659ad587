// A real audit log behind the mock server: the plugin itself, on a folder, with acts of a day in it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditService, definePlugin, objectSchema, servedLeaseSources, storeService, systemClock, type AuditEntry, type MediaResponse, type Person, type Principal, type ServedLease } from '@wanglou/core';
import { createTestKernel, fake } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { SqliteStore } from '@wanglou/store-sqlite';

/** What the mock server asks of it. */
export interface RealAudit extends AsyncDisposable {
  /** Where the mirror lies. */
  readonly mirror: string;
  call(operation: string, input: unknown, person: Person): Promise<{ readonly output: unknown; readonly call: string | undefined }>;
  serve(lease: string, path: string, person: Person): Promise<MediaResponse>;
}

const principalOf = ({ id }: Person): Principal => ({ kind: 'person', id, session: `s-${id}`, address: '10.8.0.14' });

/** Starts a log of so many acts, each with its outcome and the end of its lease, and then of so many minutes in which nobody did anything. */
export async function startRealAudit(acts: number, quietMinutes = 0): Promise<RealAudit> {
  const path = await mkdtemp(join(tmpdir(), 'wanglou-console-audit-'));
  const store = await SqliteStore.create(path);
  // The clock of the system: what was written is as old as it says.
  const kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true, clock: systemClock as never });
  // One lease was served that no entry names; whoever asks for a whole day learns of it, and the hourly comparison does not.
  const between = async (fromMs: number, toMs: number): Promise<readonly ServedLease[]> => (toMs - fromMs < 86_400_000 ? [] : [{ lease: 'stolen', person: 'operator', kind: 'person', firstMs: toMs - 60_000, lastMs: toMs, responses: 1, bytes: 1 }]);
  const door = definePlugin({ id: 'door', config: objectSchema({}), setup: (ctx) => void ctx.contribute(servedLeaseSources, { between }) });
  await kernel.load([audit({ path }), door()]);
  const log = kernel.service(auditService);
  if (!log) throw new Error('the audit log did not start', { cause: kernel.errors[0] ?? kernel.problems()[0] });
  const startMs = Date.now() - 6 * 3_600_000;
  for (let index = 0; index < acts; index++) for (const entry of actOf(index, startMs + index * 30_000)) await log.append(entry);
  const beat = (minute: number): AuditEntry => ({ kind: 'audit.heartbeat', atMs: startMs + acts * 30_000 + minute * 60_000, principal: { kind: 'plugin', id: 'audit' }, open: { size: log.size() } });
  for (let minute = 0; minute < quietMinutes; minute++) await log.append(beat(minute));
  return {
    mirror: join(path, 'audit-mirror'),
    async call(id, input, person) {
      const found = kernel.operations().find(({ operation }) => operation.id === id);
      if (!found) throw new Error(`no ${id}`);
      const before = log.size();
      const output: unknown = await kernel.call(found.operation, input as never, principalOf(person));
      const decision = (await log.read(before, 20)).find(({ entry }) => entry.kind === 'decision' && entry.operation === id);
      return { output, call: decision?.entry.call };
    },
    serve: (lease, file, person) => kernel.leases.serve(lease, principalOf(person), { path: file, query: {} }),
    async [Symbol.asyncDispose]() {
      await kernel[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(path, { recursive: true, force: true });
    },
  };
}

const cameras = ['library', 'east-gate', 'canteen'] as const;
const actions = ['live', 'playback', 'copy'] as const;

function actOf(index: number, atMs: number): readonly AuditEntry[] {
  const action = actions[index % 3]!;
  const denied = index % 7 === 3;
  const range = { fromMs: atMs - 3_600_000, toMs: atMs - 3_000_000 };
  const principal: Principal = { kind: 'person', id: index % 5 === 0 ? 'section-head' : 'operator', session: 's-1', address: '10.8.0.14' };
  const base = { principal, call: `act-${index}`, operation: `recording.${action}`, action };
  const resource = { cameras: [cameras[index % 4 === 0 ? 0 : 1 + (index % 2)]!], ...(action !== 'live' && { range }) };
  const decision = { effect: denied ? 'deny' : 'permit', permits: denied ? [] : ['p10-grant'], denials: denied ? [{ rule: 'a10-playback', article: '10' }] : [], articles: ['10'], pack: 'upc-2013@1', packSha256: 'b'.repeat(64), facts: { 'actor.kind': 'person' } } as const;
  const decided: AuditEntry = { ...base, kind: 'decision', atMs, resource, decision, input: { camera: resource.cameras[0], ...(index % 6 === 0 && { caseNumber: '2026-17' }) } };
  if (denied) return [decided];
  return [decided, { ...base, kind: 'outcome', atMs: atMs + 5, outcome: 'done' }, ...(action === 'copy' ? [] : [{ ...base, kind: 'lease', atMs: atMs + 25_000, resource, outcome: 'released', detail: { lease: `lease-${index}` } } as const])];
}
