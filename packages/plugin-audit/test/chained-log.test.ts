import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditService, storeService, type AuditEntry, type AuditLog, type Store } from '@wanglou/core';
import { createTestKernel, fake, pluginChecks, type TestKernel } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit, verifyChain, type RecordRow } from '../src/index.ts';
import { listAudit, verifyAudit } from '../src/contract.ts';

const entry = (n: number): AuditEntry => ({ kind: 'decision', atMs: 1000 + n, principal: { kind: 'person', id: `p-${n % 3}` }, operation: 'test.do', resource: { cameras: [`cam-${n % 2}`] }, detail: { n } });

let path: string;
let store: SqliteStore;
let kernel: TestKernel;
let log: AuditLog;

async function open(): Promise<void> {
  store = await SqliteStore.create(path);
  // The test kernel brings an audit log of its own; here the plugin must be the provider.
  kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true });
  await kernel.load([audit({ path })]);
  expect(kernel.problems()).toEqual([]);
  log = kernel.service(auditService)!;
}

async function close(): Promise<void> {
  await kernel[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
}

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'wanglou-audit-'));
  await open();
});
afterEach(async () => {
  await close();
  await rm(path, { recursive: true });
});

/** Changes the closed log as an administrator with the file in his hands could, and verifies it as the command line does. */
async function tamper(sql: string): Promise<Awaited<ReturnType<typeof verifyChain>>> {
  await close();
  const database = new DatabaseSync(join(path, 'audit.db'));
  database.exec(sql);
  const rows = database.prepare('SELECT seq, body, hash FROM record ORDER BY seq').all() as unknown as RecordRow[];
  const checkpoint = database.prepare('SELECT size, hash, at_ms AS atMs, signature, key FROM checkpoint').get() as never;
  const result = await verifyChain(rows, checkpoint);
  database.close();
  store = await SqliteStore.create(path);
  kernel = await createTestKernel();
  return result;
}

describe('the audit log', () => {
  it('numbers records without holes, chains them and verifies', async () => {
    const places = await Promise.all(Array.from({ length: 200 }, (_, n) => log.append(entry(n))));
    expect(places.map((place) => place.seq)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(await log.verify()).toMatchObject({ ok: true, size: 200, checkpoint: { size: 200 } });
  });

  it('goes on after a restart where it ended', async () => {
    await log.append(entry(0));
    await close();
    await open();
    expect(await log.append(entry(1))).toEqual({ seq: 1 });
    expect(await log.verify()).toMatchObject({ ok: true, size: 2 });
  });

  it('answers queries by person, camera, operation and place, newest first', async () => {
    for (let n = 0; n < 12; n++) await log.append(entry(n));
    const seqs = async (query: Parameters<AuditLog['query']>[0]) => (await log.query(query)).map((record) => record.seq);
    expect(await seqs({ limit: 3 })).toEqual([11, 10, 9]);
    expect(await seqs({ limit: 2, beforeSeq: 9 })).toEqual([8, 7]);
    expect(await seqs({ limit: 9, person: 'p-1' })).toEqual([10, 7, 4, 1]);
    expect(await seqs({ limit: 9, camera: 'cam-1', person: 'p-0' })).toEqual([9, 3]);
    expect(await seqs({ limit: 9, camera: 'cam' })).toEqual([]);
    expect(await seqs({ limit: 9, fromMs: 1010, toMs: 1011 })).toEqual([10]);
    expect((await log.read(9, 10)).map((record) => record.seq)).toEqual([9, 10, 11]);
  });

  it('proves a record against the checkpoint', async () => {
    for (let n = 0; n < 5; n++) await log.append(entry(n));
    const { chainHash } = await import('../src/index.ts');
    const [before, ...bodies] = await log.proof(2);
    expect(bodies.reduce((hash, body) => chainHash(hash, body), before!)).toBe((await log.checkpoint()).hash);
    await expect(log.proof(5)).rejects.toMatchObject({ code: 'AUDIT_RECORD_UNKNOWN' });
  });

  it('reads through the gate, and the reading is itself a record', async () => {
    await log.append(entry(0));
    const head = { kind: 'person', id: 'head' } as const;
    expect((await kernel.call(listAudit, { limit: 10 }, head)).records.map((record) => record.entry.operation)).toEqual(['audit.list', 'test.do']);
    expect(await kernel.call(verifyAudit, {}, head)).toMatchObject({ ok: true });
    kernel.denied.add('audit');
    await expect(kernel.call(listAudit, { limit: 10 }, head)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('takes over what was spooled while it could not be written, with an entry for the gap', async () => {
    await log.spool(entry(1));
    await log.spool(entry(2));
    await kernel.clock.advance(5000);
    await expect.poll(async () => (await log.query({ limit: 9 })).map((record) => record.entry.kind)).toEqual(['decision', 'decision', 'audit.gap']);
    await close();
    await open();
    expect((await log.query({ limit: 9 })).length).toBe(3);
  });

  it('keeps its key to this user alone', async () => {
    const { stat } = await import('node:fs/promises');
    expect((await stat(join(path, 'audit-key.pem'))).mode & 0o077).toBe(0);
  });

  it('refuses a key file that is no key, by name', async () => {
    await close();
    await chmod(join(path, 'audit-key.pem'), 0o600);
    await writeFile(join(path, 'audit-key.pem'), 'not a key');
    store = await SqliteStore.create(path);
    kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true });
    await kernel.load([audit({ path })]);
    expect(kernel.errors[0]).toMatchObject({ code: 'AUDIT_KEY_UNUSABLE', message: expect.stringContaining('audit-key.pem') });
  });

  it('adds nothing to a log whose end was cut', async () => {
    for (let n = 0; n < 5; n++) await log.append(entry(n));
    await tamper('DELETE FROM record WHERE seq >= 3');
    await kernel[Symbol.asyncDispose]();
    kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true });
    await kernel.load([audit({ path })]);
    expect(kernel.errors[0]).toMatchObject({ code: 'AUDIT_BROKEN', params: { seq: 3 } });
  });

  it('refuses appends when the disk refuses, and goes on when it is well again', async () => {
    await log.append(entry(0));
    const broken = await store.open('audit', []).catch((error: unknown) => error);
    expect(broken).toBeDefined();
    const database = (await store.open<{ record: { seq: number } }>('audit', [])) as never as { schema: { alterTable(name: string): { renameTo(to: string): { execute(): Promise<void> } } } };
    await database.schema.alterTable('record').renameTo('away').execute();
    await expect(log.append(entry(1))).rejects.toThrow();
    await database.schema.alterTable('away').renameTo('record').execute();
    expect(await log.append(entry(2))).toEqual({ seq: 1 });
    expect(await log.verify()).toMatchObject({ ok: true, size: 2 });
  });
});

describe('tampering with the file is found, and said where', () => {
  beforeEach(async () => {
    for (let n = 0; n < 10; n++) await log.append(entry(n));
  });

  it.each([
    ['one changed character', `UPDATE record SET body = replace(body, '"n":4', '"n":5') WHERE seq = 4`, 4],
    ['a removed record', 'DELETE FROM record WHERE seq = 6', 6],
    ['two records that changed places', 'UPDATE record SET seq = 99 WHERE seq = 2; UPDATE record SET seq = 2 WHERE seq = 3; UPDATE record SET seq = 3 WHERE seq = 99', 2],
    ['a cut end', 'DELETE FROM record WHERE seq >= 8', 8],
    ['a changed hash', `UPDATE record SET hash = '${'0'.repeat(64)}' WHERE seq = 1`, 1],
    ['a checkpoint that was set back with the end', `DELETE FROM record WHERE seq >= 8; UPDATE checkpoint SET size = 8, hash = (SELECT hash FROM record WHERE seq = 7)`, 8],
    ['a removed checkpoint', 'DELETE FROM checkpoint', 0],
  ])('%s', async (_name, sql, seq) => {
    expect(await tamper(sql)).toMatchObject({ ok: false, broken: { seq } });
  });
});

describe('the plugin', () => {
  const fakes = () => [fake(storeService, { open: ((namespace: string, migrations: never) => store.open(namespace, migrations)) as Store['open'] })];
  it('passes the checks every plugin must', async () => {
    for (const check of pluginChecks(audit({ path }), fakes(), { ownAudit: true })) await check.run();
  });
});
