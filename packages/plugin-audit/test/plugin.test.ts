import { access, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { auditService, cameras, createSignal, definePlugin, objectSchema, storeService, type AuditEntry, type Camera, type CameraInfo, type CameraState, type Disposer } from '@wanglou/core';
import { createTestKernel, fake, pluginChecks } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { createFolderSource, parsePolicy, verifyLog, verifyReceipt } from '@wanglou/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promisify } from 'node:util';
import { findProgram } from '../../../scripts/peers.ts';
import { audit } from '../src/index.ts';
import { erasePerson, exportAudit, listAudit, openLog, readAuditStatus, readCheckpoint, takeReceipt, verifyAudit } from '../src/contract.ts';
import { entry, startAudit } from './harness.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'wanglou-audit-'))));
afterEach(() => rm(folder, { recursive: true }));

const hasPython = findProgram(['python3']) !== undefined;
const dayMs = 86_400_000;
const head = { kind: 'person', id: 'section-head', session: 's-1' } as const;
const operator = { kind: 'person', id: 'operator-1', session: 's-2' } as const;
const policyOf = async (path = folder) => parsePolicy(`log ${(await readFile(join(path, 'audit-mirror', 'log.vkey'), 'utf8')).trim()}\nquorum none\n`);

describe('what the log does by itself', () => {
  it('says that it started under which rules, and beats once a minute', async () => {
    await using campus = await startAudit(folder);
    for (let minute = 0; minute < 3; minute++) await campus.kernel.clock.advance(60_000);
    await expect.poll(async () => (await campus.log.query({ kind: 'audit.heartbeat', limit: 9 })).length).toBe(4);
    const [started] = await campus.log.query({ kind: 'audit.started', limit: 1 });
    expect(started!.entry.open).toMatchObject({ pack: 'permit-all@1', packSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(started!.entry.principal).toEqual({ kind: 'plugin', id: 'audit' });
  });

  it('shows minutes without a heartbeat as a gap', async () => {
    await using campus = await startAudit(folder);
    expect((await campus.kernel.call(readAuditStatus, {}, head)).gaps).toEqual([]);
    const beganMs = campus.kernel.clock.now();
    await campus[Symbol.asyncDispose]();
    await using later = await startAudit(folder, { startMs: beganMs + 3_600_000 });
    expect((await later.kernel.call(readAuditStatus, {}, head)).gaps).toEqual([{ fromMs: beganMs, toMs: beganMs + 3_600_000 }]);
  });

  it('publishes what is new every few seconds, and nothing when nothing is', async () => {
    await using campus = await startAudit(folder);
    const { size } = campus.log.checkpoint();
    await campus.log.append(entry(0));
    expect(campus.log.checkpoint().size).toBe(size);
    await campus.kernel.clock.advance(10_000);
    await expect.poll(() => campus.log.checkpoint().size).toBe(size + 1);
    const before = campus.log.checkpoint();
    await campus.kernel.clock.advance(10_000);
    expect(campus.log.checkpoint()).toBe(before);
    expect(await readFile(join(folder, 'audit-mirror', 'checkpoint'), 'utf8')).toBe(before.note);
  });

  it('says in the log that the clock went back', async () => {
    await using campus = await startAudit(folder);
    const { atMs } = entry(0);
    await campus.log.append({ ...entry(0), atMs: atMs + 600_000 });
    const { seq } = await campus.log.append(entry(1));
    const [step, late] = await campus.log.read(seq - 1, 2);
    expect(step!.entry).toEqual({ kind: 'audit.clock', atMs: atMs + 1, principal: { kind: 'plugin', id: 'audit' }, open: { fromMs: atMs + 600_000, toMs: atMs + 1 } });
    expect(late!.entry).toEqual(entry(1));
  });

  it('keeps the cameras: what came, what was exchanged, what went, and nothing when one is only offline', async () => {
    const camera = (info: CameraInfo): Camera => ({ id: info.id, info, state: createSignal<CameraState>('online'), problem: createSignal(undefined), has: () => false, get: () => undefined as never });
    const gate = { id: 'east-gate', name: { zh: '东门', en: 'East Gate' } };
    let contributed: Disposer = () => undefined;
    const bring = definePlugin({ id: 'test-cameras', config: objectSchema({}), setup: (ctx) => void (contributed = ctx.contribute(cameras, camera({ ...gate, serial: 'A1' }))) });
    const changes = async (campus: Awaited<ReturnType<typeof startAudit>>) => {
      await campus.kernel.clock.advance(60_000);
      await campus.kernel.clock.advance(60_000);
      return (await campus.log.query({ camera: 'east-gate', limit: 9 })).map(({ entry: { kind, open } }) => `${kind} ${String(open!['serial'])}`).toReversed();
    };
    {
      await using campus = await startAudit(folder);
      await campus.kernel.load([bring({})]);
      await expect.poll(() => changes(campus)).toEqual(['camera.added A1']);
    }
    await using campus = await startAudit(folder);
    const swap = definePlugin({ id: 'test-cameras', config: objectSchema({}), setup: (ctx) => void (contributed = ctx.contribute(cameras, camera(gate))) });
    await campus.kernel.load([swap({})]);
    expect(await changes(campus)).toEqual(['camera.added A1']);
    await contributed();
    await campus.kernel.load([definePlugin({ id: 'test-others', config: objectSchema({}), setup: (ctx) => void (contributed = ctx.contribute(cameras, camera({ ...gate, serial: 'B2' }))) })({})]);
    await expect.poll(() => changes(campus)).toEqual(['camera.added A1', 'camera.changed B2']);
    await contributed();
    await expect.poll(() => changes(campus)).toEqual(['camera.added A1', 'camera.changed B2', 'camera.removed B2']);
  });

  it('keeps the conformance of plugins', async () => {
    await using store = await SqliteStore.create(join(folder, 'checks'));
    for (const check of pluginChecks(audit({ path: join(folder, 'checks') }), [fake(storeService, { open: (namespace, migrations) => store.open(namespace, migrations), address: (namespace) => store.address(namespace) })], { ownAudit: true })) await check.run();
  });
});

describe('a log that was set back or rewritten', () => {
  const problem = async (path: string) => {
    await using campus = await startAudit(path);
    return String(campus.kernel.errors.map((error) => (error as Error).message).join('; '));
  };
  const removeTables = async () => {
    for (const name of (await readdir(folder)).filter((file) => file.startsWith('audit.db'))) await rm(join(folder, name));
  };
  const grow = async (count: number) => {
    await using campus = await startAudit(folder);
    await Promise.all(Array.from({ length: count }, (_, n) => campus.log.append(entry(n))));
  };

  it('does not start on tables from an old backup, and says what was known', async () => {
    await grow(10);
    await cp(join(folder, 'audit.db'), join(folder, 'backup'));
    await grow(20);
    await removeTables();
    await cp(join(folder, 'backup'), join(folder, 'audit.db'));
    expect(await problem(folder)).toMatch(/The audit log has 12 entries, and 34 were acknowledged before/);
  });

  it('does not start with an emptied log: it would look new', async () => {
    await grow(10);
    await removeTables();
    expect(await problem(folder)).toMatch(/The audit log has 0 entries, and 12 were acknowledged before/);
  });

  it('does not start with another key or another name', async () => {
    await grow(10);
    await rm(join(folder, 'audit-key.pem'));
    expect(await problem(folder)).toMatch(/was not written with the key|its end was not/);
    await removeTables();
    expect(await problem(folder)).toMatch(/holds a checkpoint that the key of this log has not signed/);
  });

  it('refuses a second writer on the same tables', async () => {
    await using campus = await startAudit(folder);
    const errors: unknown[] = [];
    await using kernel = await createTestKernel({ fakes: [fake(storeService, campus.store)], ownAudit: true });
    await kernel.load([audit({ path: join(folder, 'second') })]);
    errors.push(...kernel.errors);
    expect(kernel.service(auditService)).toBeUndefined();
    expect(errors).toMatchObject([{ code: 'STORE_IN_USE' }]);
    expect(await campus.log.append(entry(1))).toMatchObject({ seq: campus.log.size() - 1 });
  });

  it('says that a key file is no key, and leaves it', async () => {
    await writeFile(join(folder, 'audit-key.pem'), 'no key');
    expect(await problem(folder)).toMatch(/audit-key\.pem cannot be used/);
    expect(await readFile(join(folder, 'audit-key.pem'), 'utf8')).toBe('no key');
  });
});

describe('receipts', () => {
  it('are for the person whose act it was, and for whoever may read the log', async () => {
    await using campus = await startAudit(folder);
    const mine: AuditEntry = { ...entry(0), principal: operator, call: 'call-1' };
    const { seq } = await campus.log.append(mine);
    const receipt = await campus.kernel.call(takeReceipt, { call: 'call-1' }, operator);
    expect(receipt.seq).toBe(seq);
    const verified = verifyReceipt(receipt.text, await policyOf());
    expect(verified).toMatchObject({ ok: true });
    expect(JSON.stringify(verified)).toContain(receipt.code);
    await expect(campus.kernel.call(takeReceipt, { seq }, head)).resolves.toMatchObject({ code: receipt.code });
    campus.kernel.denied.add('audit');
    await expect(campus.kernel.call(takeReceipt, { seq }, head)).rejects.toMatchObject({ code: 'AUDIT_RECEIPT_FOREIGN' });
    await expect(campus.kernel.call(takeReceipt, { seq }, operator)).resolves.toMatchObject({ seq });
    await expect(campus.kernel.call(takeReceipt, { seq: 99_999 }, operator)).rejects.toMatchObject({ code: 'AUDIT_RECEIPT_FOREIGN' });
    campus.kernel.denied.clear();
    await expect(campus.kernel.call(takeReceipt, { seq: 99_999 }, head)).rejects.toMatchObject({ code: 'AUDIT_ENTRY_UNKNOWN' });
  });
});

describe('operations', () => {
  it('read, verify and publish; reading is itself an entry', async () => {
    await using campus = await startAudit(folder);
    await campus.log.append({ ...entry(0), input: { request: { caseNumber: '2026-17' } }, decision: { effect: 'deny', permits: [], denials: [{ rule: 'a10', article: '10' }], articles: ['10'], pack: 'p@1', packSha256: '00', facts: { 'actor.onDuty': true } } });
    const found = async (filters: Parameters<typeof campus.log.query>[0]) => (await campus.log.query(filters)).length;
    expect(await found({ caseNumber: '2026-17', limit: 9 })).toBe(1);
    expect(await found({ effect: 'deny', limit: 9 })).toBe(1);
    expect(await found({ kind: 'decision', fromMs: entry(0).atMs, toMs: entry(0).atMs + 1, limit: 9 })).toBe(1);
    const { records } = await campus.kernel.call(listAudit, { operation: 'audit.list' }, head);
    expect(records.map((record) => [record.entry.kind, record.entry.principal.id])).toEqual([['decision', 'section-head']]);
    expect(await campus.kernel.call(verifyAudit, {}, head)).toMatchObject({ ok: true });
    expect(await campus.kernel.call(readCheckpoint, {}, operator)).toMatchObject({ checkpoint: campus.log.checkpoint(), origin: expect.stringMatching(/^wanglou\/[0-9a-f]{16}$/) });
    expect(await campus.kernel.call(readAuditStatus, {}, head)).toMatchObject({ hasQuorum: false, lagMs: 0, witnesses: [], minimumIndex: 0 });
  });

  it('open the files of the log, and nothing beside them', async () => {
    await using campus = await startAudit(folder);
    const { lease } = await campus.kernel.call(openLog, {}, head);
    const get = (path: string) => campus.kernel.leases.serve(lease, head, { path, query: {} });
    const source = { read: async (path: string) => (await get(path).then(({ status, body }) => (status === 200 ? Buffer.from(body as Uint8Array) : undefined))) };
    expect(await verifyLog(source, { policy: await policyOf() })).toMatchObject({ ok: true, size: campus.log.checkpoint().size });
    expect(String((await get('witnesses.txt')).body)).toMatch(/^log wanglou\/\S+\nquorum none\n$/);
    for (const path of ['audit-key.pem', 'tile/0/../../../audit-key.pem', '../audit-key.pem', 'tile/entries', 'tile/99/000', 'checkpoint.new', 'log']) expect((await get(path)).status).toBe(404);
  });

  it.skipIf(!hasPython)('give a bundle out that an offline verifier accepts, though the log grows meanwhile (left out without Python)', async () => {
    await using campus = await startAudit(folder);
    await Promise.all(Array.from({ length: 600 }, (_, n) => campus.log.append(entry(n))));
    const { lease } = await campus.kernel.call(openLog, {}, head);
    const { body, headers } = await campus.kernel.leases.serve(lease, head, { path: 'bundle.zip', query: {} });
    expect(headers['content-type']).toBe('application/zip');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      if (chunks.push(chunk) !== 1) continue;
      // In the middle of the download the last tile becomes a full one, and partial ones go.
      await Promise.all(Array.from({ length: 300 }, (_, n) => campus.log.append(entry(n))));
      await campus.kernel.call(openLog, {}, head);
    }
    await writeFile(join(folder, 'bundle.zip'), Buffer.concat(chunks));
    await promisify(execFile)('python3', ['-m', 'zipfile', '-e', join(folder, 'bundle.zip'), join(folder, 'bundle')]);
    const source = createFolderSource(join(folder, 'bundle', 'log'));
    expect(await verifyLog(source, { policy: parsePolicy(await readFile(join(folder, 'bundle', 'witnesses.txt'))) })).toMatchObject({ ok: true });
    expect(await readFile(join(folder, 'bundle', 'verify.html'), 'utf8')).toContain('<html');
    expect(await readFile(join(folder, 'bundle', 'README.txt'), 'utf8')).toContain('npx @wanglou/verify log --policy witnesses.txt');
  });

  it('export entries as OCSF events, oldest first, with the filters', async () => {
    await using campus = await startAudit(folder);
    await Promise.all(Array.from({ length: 1200 }, (_, n) => campus.log.append({ ...entry(n), action: 'playback' })));
    const { lease, path } = await campus.kernel.call(exportAudit, { camera: 'cam-1' }, head);
    const { body } = await campus.kernel.leases.serve(lease, head, { path, query: {} });
    let text = '';
    for await (const chunk of body as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString();
    // The reading of this camera's entries is an entry that names the camera.
    const events = text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, any>).filter((event) => event['metadata'].event_code === 'decision' && event['api']?.operation === 'test.do');
    expect(events).toHaveLength(600);
    expect(events[0]).toMatchObject({ class_uid: 6003, category_uid: 6, activity_id: 2, type_uid: 600302, severity_id: 1, time: entry(1).atMs, actor: { user: { uid: 'p-1', type_id: 1 } }, api: { operation: 'test.do' }, resources: [{ uid: 'cam-1', type: 'camera' }], metadata: { version: '1.3.0', product: { name: 'Wanglou' } } });
    expect(events.map((event) => event['time'])).toEqual(events.map((event) => event['time']).toSorted((a: number, b: number) => a - b));
  });
});

describe('people in the log', () => {
  it('are erased three years after their last act: nothing names them any more, and every proof still holds', async () => {
    await using campus = await startAudit(folder);
    const act: AuditEntry = { ...entry(0), principal: { kind: 'person', id: 'zhang-san', address: '192.0.2.9' }, input: { why: '找回手机' } };
    const { seq } = await campus.log.append(act);
    await campus.log.append({ ...act, principal: head, resource: { subject: 'person:zhang-san' }, input: { person: 'zhang-san', name: '张三' } });
    await campus.log.append({ ...act, principal: { kind: 'person', id: 'zhang-san-2' }, input: {} });
    const receipt = await campus.log.receipt(seq);
    await expect(campus.kernel.call(erasePerson, { person: 'zhang-san', reason: '本人申请' }, head)).rejects.toMatchObject({ code: 'AUDIT_PERSON_KEPT', message: expect.stringContaining('2029-11-22') });
    await campus[Symbol.asyncDispose]();
    await using later = await startAudit(folder, { startMs: act.atMs + 1096 * dayMs });
    // Three acts that named the person, the refused attempt to erase, and this very one.
    expect(await later.kernel.call(erasePerson, { person: 'zhang-san', reason: '本人申请' }, head)).toEqual({ entries: 4 });
    const [erased] = await later.log.read(seq, 1);
    expect(erased).toMatchObject({ erased: true, hash: expect.any(String), entry: { kind: 'decision', principal: { kind: 'person', id: expect.stringMatching(/^erased-[0-9a-f]{12}$/) } } });
    expect(erased!.entry.input).toBeUndefined();
    expect(await later.log.query({ person: 'zhang-san', limit: 9 })).toEqual([]);
    expect(await later.log.query({ person: 'zhang-san-2', limit: 9 })).toHaveLength(1);
    expect(await later.log.verify()).toMatchObject({ ok: true });
    expect(verifyReceipt(receipt.text, await policyOf())).toMatchObject({ ok: true });
    expect(verifyReceipt((await later.log.receipt(seq)).text, await policyOf())).toMatchObject({ ok: true });
    await later[Symbol.asyncDispose]();
    for (const name of (await readdir(folder)).filter((file) => file.startsWith('audit') && file.includes('.db'))) {
      const bytes = await readFile(join(folder, name));
      for (const word of ['"zhang-san"', '张三', '192.0.2.9', '找回手机']) expect(bytes.includes(word), `${word} in ${name}`).toBe(false);
    }
  });
});

describe('pruning', () => {
  it('removes entries past their retention, whole bundles at a time, and keeps what proves the rest', async () => {
    const retentionDays = 1100;
    await using campus = await startAudit(folder, { retentionDays });
    await Promise.all(Array.from({ length: 600 }, (_, n) => campus.log.append(entry(n))));
    const receipt = await campus.log.receipt(300);
    await campus[Symbol.asyncDispose]();
    await using later = await startAudit(folder, { startMs: entry(0).atMs + 1101 * dayMs, retentionDays });
    for (let minute = 0; minute < 60; minute++) await later.kernel.clock.advance(60_000);
    await expect.poll(async () => (await later.kernel.call(readAuditStatus, {}, head)).minimumIndex).toBe(512);
    await expect(later.log.receipt(300)).rejects.toMatchObject({ code: 'AUDIT_ENTRY_PRUNED' });
    await expect(access(join(folder, 'audit-mirror/tile/entries/000'))).rejects.toMatchObject({ code: 'ENOENT' });
    await access(join(folder, 'audit-mirror/tile/0/000'));
    expect(await later.log.verify()).toMatchObject({ ok: true });
    await expect.poll(() => later.log.checkpoint().size > 660).toBe(true);
    expect(await verifyLog(createFolderSource(join(folder, 'audit-mirror')), { policy: await policyOf() })).toMatchObject({ ok: true, pruned: 512 });
    expect(verifyReceipt(receipt.text, await policyOf())).toMatchObject({ ok: true });
    await later[Symbol.asyncDispose]();
    const database = new DatabaseSync(join(folder, 'audit.db'));
    expect(database.prepare('SELECT MIN(seq) AS first FROM entry').get()?.['first']).toBe(512);
    database.close();
    await using again = await startAudit(folder, { startMs: later.kernel.clock.now(), retentionDays });
    expect(await again.log.verify()).toMatchObject({ ok: true });
  });
});
