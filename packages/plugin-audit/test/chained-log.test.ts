import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditListeners, definePlugin, objectSchema, storeService, type AuditRecord } from '@wanglou/core';
import { fake, pluginChecks } from '@wanglou/core/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit, chainHash, hashBody, verifyChain, type ChainVerification, type RecordRow } from '../src/index.ts';
import { loadSigner } from '../src/chain/signer.ts';
import { listAudit, verifyAudit } from '../src/contract.ts';
import { entry, seqs, startAudit, type AuditCampus } from './harness.ts';

let path: string;
let campus: AuditCampus;

async function reopen(): Promise<void> {
  await campus[Symbol.asyncDispose]();
  campus = await startAudit(path);
}

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'wanglou-audit-'));
  campus = await startAudit(path);
  expect(campus.kernel.problems()).toEqual([]);
});
afterEach(async () => {
  await campus[Symbol.asyncDispose]();
  await rm(path, { recursive: true });
});

/** Changes the file while nobody has it open, as an administrator with the file in his hands could. */
async function change(act: (database: DatabaseSync) => void): Promise<void> {
  await campus[Symbol.asyncDispose]();
  const database = new DatabaseSync(join(path, 'audit.db'));
  act(database);
  database.close();
}

/** Changes the file, and verifies it as the command line does. */
async function tamper(statements: string): Promise<ChainVerification> {
  let rows: RecordRow[] = [];
  let checkpoint: unknown;
  await change((database) => {
    database.exec(statements);
    rows = database.prepare('SELECT seq, body, hash FROM record ORDER BY seq').all() as unknown as RecordRow[];
    checkpoint = database.prepare('SELECT size, hash, at_ms AS atMs, signature, key FROM checkpoint').get();
  });
  return verifyChain(rows, checkpoint as never);
}

/** Changes a record and makes all hashes and the head fit again; answers the new head. */
function recompute(database: DatabaseSync): string {
  database.exec(`UPDATE record SET body = replace(body, '"n":1', '"n":7') WHERE seq = 1`);
  let head = '0'.repeat(64);
  for (const { seq, body } of database.prepare('SELECT seq, body FROM record ORDER BY seq').all() as unknown as RecordRow[]) {
    head = chainHash(head, hashBody(body));
    database.prepare('UPDATE record SET hash = ? WHERE seq = ?').run(head, seq);
  }
  database.prepare('UPDATE checkpoint SET hash = ?').run(head);
  return head;
}

describe('the audit log', () => {
  it('numbers records without holes, chains them and verifies', async () => {
    const places = await Promise.all(Array.from({ length: 200 }, (_, n) => campus.log.append(entry(n))));
    expect(places.map((place) => place.seq)).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 200, checkpoint: { size: 200 } });
  });

  it('goes on after a restart where it ended', async () => {
    await campus.log.append(entry(0));
    await reopen();
    expect(await campus.log.append(entry(1))).toEqual({ seq: 1 });
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 2 });
  });

  it('finds the records of one camera, whatever stands in its id', async () => {
    for (const camera of ['cam_1', 'cam-1', '100%', 'a\\b', 'axb']) await campus.log.append({ ...entry(0), resource: { cameras: [camera] } });
    for (const [seq, camera] of ['cam_1', 'cam-1', '100%', 'a\\b', 'axb'].entries()) expect(await seqs(campus.log, { limit: 9, camera })).toEqual([seq]);
    expect(await seqs(campus.log, { limit: 9, camera: '%' })).toEqual([]);
  });

  it('hands each record to every listener, and reports one that fails', async () => {
    const seen: AuditRecord[] = [];
    const listeners = definePlugin({
      id: 'listeners',
      config: objectSchema({}),
      setup(ctx) {
        ctx.contribute(auditListeners, () => {
          throw new Error('this listener fails');
        });
        ctx.contribute(auditListeners, (record) => void seen.push(record));
      },
    });
    await campus.kernel.load([listeners()]);
    expect(await campus.log.append(entry(0))).toEqual({ seq: 0 });
    expect(await campus.log.append(entry(1))).toEqual({ seq: 1 });
    expect(seen.map((record) => record.seq)).toEqual([0, 1]);
    expect(campus.kernel.errors).toMatchObject([{ message: 'this listener fails' }, { message: 'this listener fails' }]);
  });

  it('refuses an entry without a canonical form, and none beside it', async () => {
    const results = await Promise.allSettled([campus.log.append(entry(0)), campus.log.append({ ...entry(1), detail: '\ud800' }), campus.log.append(entry(2))]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 2 });
  });

  it('answers queries by person, camera, operation and place, newest first', async () => {
    for (let n = 0; n < 12; n++) await campus.log.append(entry(n));
    const found = (query: Parameters<typeof seqs>[1]) => seqs(campus.log, query);
    expect(await found({ limit: 3 })).toEqual([11, 10, 9]);
    expect(await found({ limit: 2, beforeSeq: 9 })).toEqual([8, 7]);
    expect(await found({ limit: 9, person: 'p-1' })).toEqual([10, 7, 4, 1]);
    expect(await found({ limit: 9, camera: 'cam-1', person: 'p-0' })).toEqual([9, 3]);
    expect(await found({ limit: 9, camera: 'cam' })).toEqual([]);
    expect(await found({ limit: 9, fromMs: 1010, toMs: 1011 })).toEqual([10]);
    expect((await campus.log.read(9, 10)).map((record) => record.seq)).toEqual([9, 10, 11]);
  });

  it('proves a record against the checkpoint', async () => {
    for (let n = 0; n < 5; n++) await campus.log.append(entry(n));
    const [before, ...bodies] = await campus.log.proof(2);
    expect(bodies.reduce((hash, body) => chainHash(hash, body), before!)).toBe((await campus.log.checkpoint()).hash);
    await expect(campus.log.proof(5)).rejects.toMatchObject({ code: 'AUDIT_RECORD_UNKNOWN' });
  });

  it('reads through the gate, and the reading is itself a record', async () => {
    await campus.log.append(entry(0));
    const head = { kind: 'person', id: 'head' } as const;
    expect((await campus.kernel.call(listAudit, { limit: 10 }, head)).records.map((record) => record.entry.operation)).toEqual(['audit.list', 'test.do']);
    expect(await campus.kernel.call(verifyAudit, {}, head)).toMatchObject({ ok: true });
    campus.kernel.denied.add('audit');
    await expect(campus.kernel.call(listAudit, { limit: 10 }, head)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('keeps its key to this user alone', async () => {
    expect((await stat(join(path, 'audit-key.pem'))).mode & 0o077).toBe(0);
  });

  it('refuses a key file that is no key, by name', async () => {
    await chmod(join(path, 'audit-key.pem'), 0o600);
    await writeFile(join(path, 'audit-key.pem'), 'not a key');
    await reopen();
    expect(campus.kernel.errors[0]).toMatchObject({ code: 'AUDIT_KEY_UNUSABLE', message: expect.stringContaining('audit-key.pem') });
  });

  it('refuses appends when the disk refuses, and goes on when it is well again', async () => {
    await campus.log.append(entry(0));
    const database = await campus.store.open('audit', []);
    await sql`ALTER TABLE record RENAME TO away`.execute(database);
    await expect(campus.log.append(entry(1))).rejects.toThrow('no such table');
    await sql`ALTER TABLE away RENAME TO record`.execute(database);
    expect(await campus.log.append(entry(2))).toEqual({ seq: 1 });
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 2 });
  });
});

describe('nothing is added to a log', () => {
  beforeEach(async () => {
    for (let n = 0; n < 5; n++) await campus.log.append(entry(n));
  });

  const refused = async () => {
    campus = await startAudit(path);
    expect(campus.kernel.errors[0]).toMatchObject({ code: 'AUDIT_BROKEN' });
    return (campus.kernel.errors[0] as { readonly text: { readonly zh: string; readonly en: string } }).text;
  };

  it('whose end was cut', async () => {
    await change((database) => database.exec('DELETE FROM record WHERE seq >= 3'));
    expect((await refused()).en).toContain('at record 3: 5 records were signed, 3 are there');
  });

  it('whose chain was computed anew after a change', async () => {
    await change((database) => void recompute(database));
    expect(await refused()).toMatchObject({ en: expect.stringContaining('the signature of its checkpoint is wrong'), zh: expect.stringContaining('校验点的签名有误') });
  });

  it('whose chain was computed anew and signed with a key that was made for it', async () => {
    const signer = await loadSigner(join(path, 'forged.pem'));
    await change((database) => {
      const { atMs, signature, key } = signer.sign(5, recompute(database), 1);
      database.prepare('UPDATE checkpoint SET at_ms = ?, signature = ?, key = ?').run(atMs, signature, key);
    });
    expect(await refused()).toMatchObject({ en: expect.stringMatching(/signed with the key [0-9a-f]{16}, and the key of this campus is [0-9a-f]{16}/), zh: expect.stringMatching(/由密钥 [0-9a-f]{16} 签名，而本校区的密钥为 [0-9a-f]{16}/) });
  });

  it('whose key file is gone, and it opens again with the first key', async () => {
    const key = join(path, 'audit-key.pem');
    const kept = await readFile(key);
    await change(() => undefined);
    await rm(key);
    expect((await refused()).en).toContain('put the first audit-key.pem back from a backup');
    await writeFile(key, kept);
    await reopen();
    expect(await campus.log.append(entry(5))).toEqual({ seq: 5 });
  });
});

describe('tampering with the file is found, and said where', () => {
  beforeEach(async () => {
    for (let n = 0; n < 10; n++) await campus.log.append(entry(n));
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

it('passes the checks every plugin must', async () => {
  const { store } = campus;
  const fakes = [fake(storeService, { open: (namespace, migrations) => store.open(namespace, migrations) })];
  for (const check of pluginChecks(audit({ path }), fakes, { ownAudit: true })) await check.run();
});
