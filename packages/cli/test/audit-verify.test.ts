import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { chainHash, emptyHash, hashBody } from '@wanglou/plugin-audit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolder, run, type Said } from './harness.ts';

let folder: Awaited<ReturnType<typeof createFolder>>;
let keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
const keyFile = () => join(folder.path, 'audit-key.pem');
const logFile = () => join(folder.path, 'audit.db');
const pem = (key: KeyObject) => key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' });
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const fingerprint = (key: KeyObject) => createHash('sha256').update(spki(key)).digest('hex').slice(0, 16);

/** Writes a log of three records, by the format as it is documented, signed with a key. */
function writeLog(signedWith: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): void {
  const database = new DatabaseSync(logFile());
  database.exec('CREATE TABLE IF NOT EXISTS record (seq INTEGER PRIMARY KEY, body TEXT, hash TEXT); CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY, size INTEGER, hash TEXT, at_ms INTEGER, signature TEXT, key TEXT); DELETE FROM record; DELETE FROM checkpoint');
  let hash = emptyHash;
  for (let seq = 0; seq < 3; seq++) {
    const body = `{"n":${seq}}`;
    hash = chainHash(hash, hashBody(body));
    database.prepare('INSERT INTO record VALUES (?, ?, ?)').run(seq, body, hash);
  }
  const atMs = Date.UTC(2026, 0, 1);
  const signature = sign(null, Buffer.from(`wanglou-audit\n3\n${hash}\n${atMs}\n`), signedWith.privateKey).toString('base64');
  database.prepare('INSERT INTO checkpoint VALUES (1, 3, ?, ?, ?, ?)').run(hash, atMs, signature, spki(signedWith.publicKey).toString('base64'));
  database.close();
}

function change(statements: string): void {
  const database = new DatabaseSync(logFile());
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
  keys = generateKeyPairSync('ed25519');
  writeLog(keys);
  await writeFile(keyFile(), pem(keys.privateKey));
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('wanglou audit verify', () => {
  it('says that a good log is good, and the fingerprint of the key that signed it', async () => {
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^✔ The audit log verifies: 3 records, checkpoint [0-9a-f]{16}… \(2026-01-01T00:00:00\.000Z\), key [0-9a-f]{16} \(that of .*audit-key\.pem\)$/) });
    expect(en.out).toContain(fingerprint(keys.publicKey));
    expect(zh).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^✔ 审计日志完好：3 条记录，校验点 .*，密钥 [0-9a-f]{16}（与 .*audit-key\.pem 一致）$/) });
  });

  it('says where a changed log was changed', async () => {
    change(`UPDATE record SET body = '{"n":9}' WHERE seq = 1`);
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^✖ The audit log does not verify at record 1: its hash does not fit its body.*\[AUDIT_BROKEN\]$/) });
    expect(zh).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^✖ 审计日志在第 1 条校验失败：其哈希与内容及之前的记录不符.*\[AUDIT_BROKEN\]$/) });
  });

  it('does not trust the key that stands in the log: one that was computed anew and signed anew is refused', async () => {
    const forger = generateKeyPairSync('ed25519');
    writeLog(forger);
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`signed with another key, signed with key ${fingerprint(forger.publicKey)} while ${keyFile()} is ${fingerprint(keys.publicKey)}`) });
    expect(zh).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/校验点由另一密钥签名.*\[AUDIT_BROKEN\]$/) });
  });

  it.each([
    ['a private key as PEM', () => pem(keys.privateKey)],
    ['a public key as PEM', () => pem(keys.publicKey)],
    ['a public key as SPKI in base64', () => `${spki(keys.publicKey).toString('base64')}\n`],
  ])('compares with a key that is kept elsewhere: %s', async (_name, text) => {
    const kept = join(folder.path, 'kept');
    await writeFile(kept, text());
    await rm(keyFile());
    expect((await verify('--key', kept)).en).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`key ${fingerprint(keys.publicKey)} (that of ${kept})`) });
    // The forger may have replaced the key beside the log, too.
    const forger = generateKeyPairSync('ed25519');
    writeLog(forger);
    await writeFile(keyFile(), pem(forger.privateKey));
    expect((await verify()).en.code).toBe(0);
    expect((await verify('--key', kept)).en).toMatchObject({ code: 1, err: expect.stringContaining('signed with another key') });
  });

  it('verifies without a key to compare with, and says plainly that it had none', async () => {
    await rm(keyFile());
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 0, out: expect.stringContaining(`key ${fingerprint(keys.publicKey)}`), err: expect.stringMatching(/^⚠ There is no key to compare with: .*audit-key\.pem is not there.*--key/) });
    expect(zh).toMatchObject({ code: 0, out: expect.stringContaining(`密钥 ${fingerprint(keys.publicKey)}`), err: expect.stringMatching(/^⚠ 没有可比对的密钥：.*--key/) });
    change('DELETE FROM record WHERE seq = 2');
    expect((await verify()).en).toMatchObject({ code: 1, err: expect.stringMatching(/the log was cut.*\n⚠ There is no key/) });
  });

  it.each([
    ['is no key', () => 'not a key'],
    ['is for something else', () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['is empty', () => ''],
  ])('refuses a key file that %s', async (_name, text) => {
    await writeFile(keyFile(), text());
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^✖ The key .*audit-key\.pem cannot be used: .+; name an Ed25519 key with --key.*\[AUDIT_KEY_UNREADABLE\]$/) });
    expect(zh).toMatchObject({ code: 1, err: expect.stringMatching(/请用 --key 指定 Ed25519 密钥.*\[AUDIT_KEY_UNREADABLE\]$/) });
  });

  it('refuses a named key file that is not there', async () => {
    expect((await verify('--key', join(folder.path, 'nowhere.pem'))).en).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/nowhere\.pem cannot be used.*\[AUDIT_KEY_UNREADABLE\]$/) });
  });

  it('says when there is no log', async () => {
    await rm(logFile());
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, err: expect.stringMatching(/^✖ There is no audit log at .*audit\.db; name the data folder with --data {2}\[AUDIT_NOT_FOUND\]$/) });
    expect(zh).toMatchObject({ code: 1, err: expect.stringMatching(/没有审计日志.*\[AUDIT_NOT_FOUND\]$/) });
  });

  it.each([
    ['garbage', 'garbage'.repeat(2000)],
    ['a few bytes', 'x'],
    ['nothing', ''],
  ])('says of a file that holds %s that it is no audit log, and what to do', async (_name, text) => {
    await writeFile(logFile(), text);
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^✖ The file .*audit\.db is no audit log: .+; keep it as it is .* restore audit\.db from a backup.*\[AUDIT_NOT_A_LOG\]$/) });
    expect(zh).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^✖ .*audit\.db 不是审计日志：.+请原样保留该文件.*\[AUDIT_NOT_A_LOG\]$/) });
  });

  it('says of a database with other tables that it is no audit log', async () => {
    change('DROP TABLE record');
    expect((await verify()).en).toMatchObject({ code: 1, err: expect.stringMatching(/no such table: record.*\[AUDIT_NOT_A_LOG\]$/) });
  });

  it('says of a log that cannot be opened what to check', async () => {
    await rm(logFile());
    await mkdir(logFile());
    const { en, zh } = await verify();
    expect(en).toMatchObject({ code: 1, err: expect.stringMatching(/^✖ The audit log .*audit\.db cannot be read: .+; check that this user may read it.*\[AUDIT_UNREADABLE\]$/) });
    expect(zh).toMatchObject({ code: 1, err: expect.stringMatching(/无法读取.*\[AUDIT_UNREADABLE\]$/) });
  });
});
