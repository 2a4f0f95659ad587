import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEntry } from '@wanglou/core';
import { createFolderSource, parsePolicy, verifyLog, verifyReceipt } from '@wanglou/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entry, seqs, startAudit } from './harness.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'wanglou-audit-'))));
afterEach(() => rm(folder, { recursive: true }));

const mirror = () => join(folder, 'audit-mirror');
const policy = async () => parsePolicy(`log ${(await readFile(join(mirror(), 'log.vkey'), 'utf8')).trim()}\nquorum none\n`);

describe('the audit log', () => {
  it('answers in order, finds by person, camera and operation, and gives every entry back as it was', async () => {
    await using campus = await startAudit(folder);
    const own = campus.log.size();
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => campus.log.append(entry(n))));
    expect(answers.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, n) => own + n));
    expect((await campus.log.read(own, 300)).map((record) => record.entry)).toEqual(Array.from({ length: 300 }, (_, n) => entry(n)));
    expect(await seqs(campus.log, { person: 'p-1', limit: 2 })).toEqual([own + 298, own + 295]);
    expect(await seqs(campus.log, { camera: 'cam-1', person: 'p-2', beforeSeq: own + 100, limit: 1 })).toEqual([own + 95]);
    expect(await seqs(campus.log, { operation: 'test.other', limit: 5 })).toEqual([]);
  });

  it('is a log that the independent verifier accepts, also after a restart', async () => {
    for (let round = 0; round < 3; round++) {
      await using campus = await startAudit(folder);
      await Promise.all(Array.from({ length: 290 }, (_, n) => campus.log.append(entry(n))));
      expect((await campus.log.verify()).ok).toBe(true);
    }
    const result = await verifyLog(createFolderSource(mirror()), { policy: await policy() });
    expect(result).toMatchObject({ ok: true });
    expect(result.size).toBeGreaterThan(870);
  });

  it('gives a receipt that the independent verifier accepts, and that says what the entry says', async () => {
    await using campus = await startAudit(folder);
    const { seq } = await campus.log.append(entry(7));
    const receipt = await campus.log.receipt(seq);
    expect(receipt.code).toMatch(/^\d+-[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    const result = verifyReceipt(receipt.text, await policy());
    expect(result).toMatchObject({ ok: true });
    expect(JSON.stringify(result)).toContain(receipt.code);
  });

  it('holds nothing of a person in the files that anyone may fetch', async () => {
    await using campus = await startAudit(folder);
    const secret: AuditEntry = { kind: 'decision', atMs: entry(1).atMs, principal: { kind: 'person', id: 'zhang-san', session: 's-77', address: '192.0.2.77' }, resource: { subject: 'person:zhang-san', destination: '给李四', cameras: ['east-gate'] }, input: { name: '张三' }, detail: { note: '张三' } };
    const { seq } = await campus.log.append(secret);
    const { checkpoint } = await campus.log.receipt(seq);
    const bundle = await readFile(join(mirror(), `tile/entries/000.p/${checkpoint.size}`), 'utf8');
    expect(bundle).toContain('east-gate');
    for (const word of ['zhang-san', 's-77', '192.0.2.77', '李四', '张三']) expect(bundle).not.toContain(word);
  });
});
