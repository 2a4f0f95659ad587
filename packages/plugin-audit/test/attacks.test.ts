// What an administrator with full access to the machine can try, and which protection notices it: the table of the design, against the
// real tables. Levels: the tables alone; with the checkpoint that the log's key signed; with a witness that cosigned at 900 entries;
// with the receipt for entry 950 that somebody took home.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkpointText, createFolderSource, openCheckpoint, parsePolicy, parseTlogProof, VerifyError, verifyLog, type Policy } from '@wanglou/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NoteKey } from '../src/note/note-key.ts';
import { receiptText } from '../src/receipt/receipt.ts';
import { verifyTables } from '../src/verification/verify-tables.ts';
import { canonicalJson, type AuditEntry } from '@wanglou/core';
import { entryOf, newKey, openLog } from './writer-harness.ts';

const size = 1000;
const witnessedSize = 900;
const receiptSeq = 950;

let folder: string;
let honest: string;
const key = newKey();
const stranger = newKey();
/** What outsiders hold: the witness's last checkpoint, and a receipt. Both are signed by the log. */
let witnessed: string;
let receipt: string;

const all = (count: number) => Array.from({ length: count }, (_, n) => entryOf(n));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-attacks-'));
  honest = join(folder, 'honest');
  await using log = await openLog(honest, key);
  await log.append(...all(witnessedSize));
  witnessed = await log.publish();
  await log.append(...all(size).slice(witnessedSize, receiptSeq + 10));
  const note = await log.publish();
  const entry = await log.reader.one(receiptSeq);
  receipt = receiptText({ seq: receiptSeq, entry: entry.body, path: await log.writer.inclusion(receiptSeq, receiptSeq + 10), note, canonical: canonicalJson });
  await log.append(...all(size).slice(receiptSeq + 10));
  await log.publish();
});
afterAll(() => rm(folder, { recursive: true }));

/** What each level says of a folder: `false` when it notices something. */
async function levels(campus: string): Promise<Record<'tables' | 'signed' | 'witnessed' | 'receipt', boolean>> {
  const policy = parsePolicy(`log ${key.vkey}\nquorum none\n`);
  return {
    tables: (await tablesOf(campus)).ok,
    signed: await isSigned(campus, policy),
    witnessed: await continues(campus, policy, witnessed),
    receipt: await continues(campus, policy, `${parseTlogProof(receipt).checkpoint}`),
  };
}

async function tablesOf(campus: string, known: Parameters<typeof verifyTables>[1] = []) {
  const database = new DatabaseSync(join(campus, 'audit.db'), { readOnly: true });
  try {
    return await verifyTables(
      {
        minimumIndex: async () => 0,
        async *leaves(fromSeq) {
          yield database.prepare('SELECT seq, body FROM entry WHERE seq >= ? ORDER BY seq').all(fromSeq) as { seq: number; body: string }[];
        },
        tile: async (level, index) => database.prepare('SELECT hashes FROM tile WHERE level = ? AND place = ?').get(level, index)?.['hashes'] as Uint8Array | undefined,
      },
      known,
    );
  } finally {
    database.close();
  }
}

/** The tables against the checkpoint that is published, and against the mac. */
async function isSigned(campus: string, policy: Policy): Promise<boolean> {
  try {
    const published = openCheckpoint(await readFile(join(campus, 'audit-mirror', 'checkpoint'), 'utf8'), policy);
    const found = await tablesOf(campus, [published]);
    const database = new DatabaseSync(join(campus, 'audit.db'), { readOnly: true });
    const mac = database.prepare('SELECT mac FROM entry ORDER BY seq DESC LIMIT 1').get()?.['mac'] as Uint8Array;
    database.close();
    return found.ok && key.hasMac(checkpointText(key.name, found.size, Buffer.from(found.root!, 'base64')), mac);
  } catch (error) {
    if (error instanceof VerifyError) return false;
    throw error;
  }
}

/** The published log against a checkpoint that somebody has kept. */
async function continues(campus: string, policy: Policy, since: string): Promise<boolean> {
  if (!(await isSigned(campus, policy))) return false;
  return (await verifyLog(createFolderSource(join(campus, 'audit-mirror')), { policy, since })).ok;
}

/** A copy of the honest campus, for an attack. */
async function attacked(name: string, attack: (campus: string) => Promise<void>): ReturnType<typeof levels> {
  const campus = join(folder, name);
  await cp(honest, campus, { recursive: true });
  await attack(campus);
  return levels(campus);
}

function change(campus: string, statements: string): void {
  const database = new DatabaseSync(join(campus, 'audit.db'));
  database.exec(statements);
  database.close();
}

/** Writes the whole log anew with our own writer and some key, and publishes it: what an attacker with our source does. */
async function rewrite(campus: string, entries: readonly AuditEntry[], withKey: NoteKey): Promise<void> {
  await rm(campus, { recursive: true });
  await using log = await openLog(campus, withKey);
  await log.append(...entries);
  await log.publish();
}

const changed = (at: number) => all(size).map((entry, n) => (n === at ? { ...entry, kind: 'outcome' } : entry));
const unnoticed = { tables: true, signed: true, witnessed: true, receipt: true };
const noticedFrom = { tables: { tables: false, signed: false, witnessed: false, receipt: false }, signed: { tables: true, signed: false, witnessed: false, receipt: false }, witnessed: { tables: true, signed: true, witnessed: false, receipt: false }, receipt: { tables: true, signed: true, witnessed: true, receipt: false } };

describe('the eight attacks', () => {
  it('an honest log passes all levels', async () => {
    expect(await levels(honest)).toEqual(unnoticed);
  });

  it('1. a row edited, nothing recomputed: the tables notice', async () => {
    expect(await attacked('edit', async (campus) => change(campus, `UPDATE entry SET body = replace(body, '"decision"', '"outcome"') WHERE seq = 500`))).toEqual(noticedFrom.tables);
  });

  it('2. a row deleted, nothing recomputed: the tables notice', async () => {
    expect(await attacked('delete', async (campus) => change(campus, 'DELETE FROM entry WHERE seq = 500'))).toEqual(noticedFrom.tables);
  });

  it('3. the last 200 rows cut, with their tiles: the signed checkpoint notices', async () => {
    expect(await attacked('cut-200', async (campus) => change(campus, 'DELETE FROM entry WHERE seq >= 800'))).toEqual(noticedFrom.signed);
  });

  it('4. the last 50 rows cut, after the witness: the signed checkpoint notices', async () => {
    expect(await attacked('cut-50', async (campus) => change(campus, 'DELETE FROM entry WHERE seq >= 950'))).toEqual(noticedFrom.signed);
  });

  it('5. a row rewritten and everything recomputed, without the key: the signed checkpoint notices', async () => {
    expect(await attacked('no-key', (campus) => rewrite(campus, changed(500), stranger))).toEqual(noticedFrom.signed);
  });

  it('6. a row rewritten, everything recomputed and signed anew with the stolen key: the witness notices', async () => {
    expect(await attacked('stolen-key', (campus) => rewrite(campus, changed(500), key))).toEqual(noticedFrom.witnessed);
  });

  it('7. a backup of 800 restored, and gone on from there: the witness notices', async () => {
    expect(await attacked('backup', (campus) => rewrite(campus, [...all(800), ...all(1100).slice(800).map((entry) => ({ ...entry, kind: 'outcome' }))], key))).toEqual(noticedFrom.witnessed);
  });

  it('8. only what came after the witness rewritten, with the stolen key: the receipt notices', async () => {
    expect(await attacked('after-witness', (campus) => rewrite(campus, changed(receiptSeq), key))).toEqual(noticedFrom.receipt);
  });
});

describe('the writer itself', () => {
  const reopened = (name: string, attack: (campus: string) => void) => attacked(name, async (campus) => attack(campus)).then(() => openLog(join(folder, name), key).then(async (log) => log[Symbol.asyncDispose]()));

  it('adds nothing to a log whose end it has not written: whatever is added would vouch for the change', async () => {
    await expect(reopened('open-edit', (campus) => change(campus, `UPDATE entry SET body = replace(body, '"decision"', '"outcome"') WHERE seq = 999`))).rejects.toMatchObject({ code: 'AUDIT_BROKEN' });
    await expect(reopened('open-cut', (campus) => change(campus, 'DELETE FROM entry WHERE seq >= 950'))).rejects.toMatchObject({ code: 'AUDIT_BROKEN' });
    await expect(reopened('open-tile', (campus) => change(campus, 'DELETE FROM tile WHERE place = 1'))).rejects.toMatchObject({ code: 'AUDIT_BROKEN', message: expect.stringContaining('level 1 of the tree has 2 of 3 hashes') });
    await expect(openLog(honest, stranger)).rejects.toMatchObject({ code: 'AUDIT_BROKEN', message: expect.stringContaining('audit-key.pem or the origin is another one now') });
  });

  it('signs nothing that is not on disk: after a commit that failed it looks again', async () => {
    await using log = await openLog(join(folder, 'failing'), key);
    await log.append(...all(300));
    const before = await log.writer.head();
    const database = new DatabaseSync(join(folder, 'failing', 'audit.db'));
    database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON private_part BEGIN SELECT RAISE(ABORT, 'not now'); END`);
    await expect(log.append(...all(20))).rejects.toThrow('not now');
    expect(await log.writer.head()).toEqual(before);
    expect((await log.writer.tile(0, 1, 44)).length).toBe(44 * 32);
    database.exec('DROP TRIGGER refuse');
    database.close();
    expect(await log.append(entryOf(1))).toBe(300);
    expect(await verifyTables(log.reader, [await log.writer.head()])).toMatchObject({ ok: true, size: 301 });
  });

  it('refuses tables of the time before the first release', async () => {
    const old = join(folder, 'old');
    await using log = await openLog(old, key);
    await log.append(entryOf(0));
    await log[Symbol.asyncDispose]();
    change(old, 'DROP TABLE entry');
    await expect(openLog(old, key)).rejects.toMatchObject({ code: 'AUDIT_OLD_FORMAT' });
  });
});
