import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { auditService, storeService } from '@wanglou/core';
import { createTestKernel, fake } from '@wanglou/core/testing';
import { audit } from '@wanglou/plugin-audit';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeVkey } from '@wanglou/verify';
import { createFolder, run, type Said } from './harness.ts';

const witnessKey = makeVkey('office.example', 4, new Uint8Array(32).fill(7)).vkey;

let folder: Awaited<ReturnType<typeof createFolder>>;

/** Writes a log of 300 entries as a campus does. */
async function writeLog(path: string): Promise<void> {
  await using store = await SqliteStore.create(path);
  await using kernel = await createTestKernel({ fakes: [fake(storeService, store)], ownAudit: true });
  await kernel.load([audit({ path, origin: 'audit.example/test' })]);
  const log = kernel.service(auditService)!;
  await Promise.all(Array.from({ length: 300 }, (_, n) => log.append({ kind: 'decision', atMs: kernel.clock.now(), principal: { kind: 'person', id: 'p-1' }, detail: { n } })));
}

function change(statements: string): void {
  const database = new DatabaseSync(join(folder.path, 'audit.db'));
  database.exec(statements);
  database.close();
}

/** Runs the command for both readers. */
async function verify(...options: readonly string[]): Promise<{ readonly en: Said; readonly zh: Said }> {
  const args = ['audit', 'verify', '--data', folder.path, ...options];
  return { en: await run(args), zh: await run(args, 'zh') };
}

beforeEach(async () => {
  folder = await createFolder();
  await writeLog(folder.path);
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('wanglou audit verify', () => {
  it('says that a good log is good, and what was published', async () => {
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^✔ The audit log verifies: 302 entries, root \S{44}\n {2}Published checkpoint: 302 entries, audit\.example\/test$/) });
    expect(zh).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^✔ 审计日志完好：302 条，根 \S{44}\n {2}已公布的校验点：302 条/) });
  });

  it.each([
    ['an entry of a full tile', 'UPDATE entry SET body = replace(body, \'"decision"\', \'"outcome"\') WHERE seq = 100', 100, 'its hash is not the one that was written with it', '其哈希与写入时不一致'],
    ['an entry of the last tile', 'UPDATE entry SET body = replace(body, \'"decision"\', \'"outcome"\') WHERE seq = 280', 256, 'an entry from here up to 301 is not the one that was signed', '自此条至第 301 条中'],
    ['an entry that is gone', 'DELETE FROM entry WHERE seq = 100', 100, 'entry 100 is missing', '缺少第 100 条'],
    ['a cut end', 'DELETE FROM entry WHERE seq > 290', 291, 'the log was cut: 302 entries were signed, 291 are left', '日志被截断：已签名 302 条，仅余 291 条'],
    ['a tile', 'DELETE FROM tile', 0, 'tile 0 of level 0 is missing', '缺少第 0 层第 0 块'],
  ])('says where a changed log was changed: %s', async (_name, statements, seq, en, zh) => {
    change(statements);
    const found = await verify();
    expect(found.en).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`does not verify at entry ${seq}: ${en}`) });
    expect(found.zh).toMatchObject({ code: 1, out: '', err: expect.stringContaining(zh) });
    expect(found.en.err).toContain('[AUDIT_BROKEN]');
  });

  it('finds an end that the campus has not written, where nothing was published', async () => {
    await rm(join(folder.path, 'audit-mirror', 'checkpoint'));
    change('UPDATE entry SET body = replace(body, \'"decision"\', \'"outcome"\') WHERE seq = 299');
    expect((await verify()).en).toMatchObject({ code: 1, err: expect.stringContaining('The end of the audit log (entry 301) was not written with the key of audit.example/test') });
  });

  it('verifies a copy without the key against a key that is named, and warns when there is none', async () => {
    const vkey = (await readFile(join(folder.path, 'audit-mirror', 'log.vkey'), 'utf8')).trim();
    await rm(join(folder.path, 'audit-key.pem'));
    expect((await verify('--key', vkey)).en).toMatchObject({ code: 0, err: '' });
    expect((await verify()).en).toMatchObject({ code: 0, err: expect.stringContaining('There is no key and no checkpoint to compare with') });
    expect((await verify('--key', 'audit.example/test+00000000+AAAA')).en).toMatchObject({ code: 1, err: expect.stringContaining('[AUDIT_KEY_UNREADABLE]') });
  });

  it('refuses a checkpoint that another key has signed', async () => {
    await using other = await createFolder();
    await writeLog(other.path);
    await cp(join(other.path, 'audit-mirror', 'checkpoint'), join(folder.path, 'audit-mirror', 'checkpoint'));
    expect((await verify()).en).toMatchObject({ code: 1, err: expect.stringContaining('[AUDIT_CHECKPOINT_REFUSED]') });
  });

  it('names the witnesses that a policy asks for and that have not cosigned', async () => {
    const vkey = (await readFile(join(folder.path, 'audit-mirror', 'log.vkey'), 'utf8')).trim();
    const policy = join(folder.path, 'witnesses.txt');
    await writeFile(policy, `log ${vkey}\nwitness office witness+f13a86db+AdYV1Ztajd9BvyjP2HgpwrqYL6TjOwIjGMOq8Bu42xbN\nquorum office\n`);
    expect((await verify('--policy', policy)).en.err).toContain('[AUDIT_KEY_UNREADABLE]');
    await writeFile(policy, `log ${vkey}\nwitness office ${witnessKey}\nquorum office\n`);
    expect((await verify('--policy', policy)).en).toMatchObject({ code: 1, err: '✖ The checkpoint lacks witnesses: office  [NOT_WITNESSED]' });
  });

  it('says what is wrong with the file itself', async () => {
    expect((await run(['audit', 'verify', '--data', join(folder.path, 'nowhere')])).err).toContain('[AUDIT_NOT_FOUND]');
    await writeFile(join(folder.path, 'audit.db'), 'no database');
    await rm(join(folder.path, 'audit.db-wal'), { force: true });
    expect((await verify()).en).toMatchObject({ code: 1, err: expect.stringContaining('[AUDIT_NOT_A_LOG]') });
  });
});
