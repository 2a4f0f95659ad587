import type * as FileSystem from 'node:fs/promises';
import { access, mkdir, mkdtemp, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, type AuditEntry } from '@wanglou/core';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Spool, type Spooled } from '../src/spool/spool.ts';
import { entry, startAudit } from './harness.ts';

vi.mock('node:fs/promises', async (importOriginal) => {
  const actual = await importOriginal<typeof FileSystem>();
  return { ...actual, rm: vi.fn(actual.rm) };
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wanglou-spool-'));
  file = join(folder, 'audit-spool.jsonl');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const setAside = vi.fn<(file: string, lines: number) => void>();
const newSpool = () => new Spool({ file, canonical: canonicalJson, setAside });
const line = (one: AuditEntry) => `${canonicalJson(one)}\n`;

/** Takes all that waits. */
async function taken(spool: Spool): Promise<readonly Spooled[]> {
  const rounds: Spooled[] = [];
  await spool.drain(async (spooled) => void rounds.push(spooled));
  return rounds;
}

/** What every open file can do, so that a test may break it. */
async function fileHandlePrototype(): Promise<FileHandle> {
  const handle = await open(join(folder, 'any'), 'w');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

describe('the spool', () => {
  it('gives what was added, in order, and forgets it when it was taken', async () => {
    const spool = newSpool();
    await Promise.all([spool.add(entry(1)), spool.add(entry(2))]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await taken(spool)).toEqual([{ entries: [entry(1), entry(2)], unreadable: 0 }]);
    expect(await taken(spool)).toEqual([]);
    expect(await taken(newSpool())).toEqual([]);
  });

  it('refuses an entry that the log could not store, and writes nothing of it', async () => {
    const spool = newSpool();
    await expect(spool.add({ ...entry(1), detail: '\ud800' })).rejects.toThrow(TypeError);
    await expect(access(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['at once', 'only later'])('cuts a line that the disk took half of, %s', async (when) => {
    const prototype = await fileHandlePrototype();
    const spool = newSpool();
    await spool.add(entry(1));
    const writeFile = prototype.writeFile;
    vi.spyOn(prototype, 'writeFile').mockImplementationOnce(async function (this: FileHandle, data) {
      await writeFile.call(this, String(data).slice(0, 40));
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    });
    if (when === 'only later') vi.spyOn(prototype, 'truncate').mockRejectedValueOnce(new Error('not now'));
    await expect(spool.add(entry(2))).rejects.toMatchObject({ code: 'ENOSPC' });
    if (when === 'at once') expect(await readFile(file, 'utf8')).toBe(line(entry(1)));
    await spool.add(entry(3));
    expect(await readFile(file, 'utf8')).toBe(line(entry(1)) + line(entry(3)));
  });

  it('keeps nothing of an entry whose sync failed: its act was refused', async () => {
    const prototype = await fileHandlePrototype();
    const spool = newSpool();
    vi.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('input/output error'));
    await expect(spool.add(entry(1))).rejects.toThrow('input/output error');
    await spool.add(entry(2));
    expect(await taken(spool)).toEqual([{ entries: [entry(2)], unreadable: 0 }]);
  });

  it('cuts the last line that a crash left without its end, before the next is added', async () => {
    await writeFile(file, line(entry(1)) + line(entry(2)).slice(0, 30));
    const spool = newSpool();
    await spool.add(entry(3));
    expect(await taken(spool)).toEqual([{ entries: [entry(1), entry(3)], unreadable: 0 }]);
  });

  it('keeps what is added while it is being taken over, and does not make it wait', async () => {
    const spool = newSpool();
    await spool.add(entry(1));
    const rounds: Spooled[] = [];
    await spool.drain(async (spooled) => {
      if (rounds.push(spooled) === 1) await spool.add(entry(2));
    });
    expect(rounds.map(({ entries }) => entries)).toEqual([[entry(1)], [entry(2)]]);
  });

  it('gives again what could not be taken, also after a crash, and what came later after it', async () => {
    const spool = newSpool();
    await spool.add(entry(1));
    const failing = () =>
      spool.drain(async () => {
        throw new Error('the log is away');
      });
    await expect(failing()).rejects.toThrow('the log is away');
    await spool.add(entry(2));
    await expect(failing()).rejects.toThrow('the log is away');
    expect((await taken(newSpool())).map(({ entries }) => entries)).toEqual([[entry(1)], [entry(2)]]);
  });

  it('gives nothing twice when it was taken but could not be removed', async () => {
    const spool = newSpool();
    await spool.add(entry(1));
    vi.mocked(rm).mockRejectedValueOnce(new Error('read-only file system'));
    const rounds: Spooled[] = [];
    const take = () => spool.drain(async (spooled) => void rounds.push(spooled));
    await expect(take()).rejects.toThrow('read-only file system');
    await take();
    expect(rounds).toHaveLength(1);
    await expect(access(join(folder, 'audit-spool.taking.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('sets lines aside that are no entries, byte by byte and once, and gives the others', async () => {
    const bad = [Buffer.from('{"kind":"dec{"kind":"decision"}'), Buffer.alloc(20), Buffer.from('5'), Buffer.from('{"kind":"decision","atMs":1}'), Buffer.from(canonicalJson(entry(3)).replace('test.do', '\\ud800')), Buffer.from([0x22, 0xff, 0x22])];
    const badLines = Buffer.concat(bad.flatMap((one) => [one, Buffer.from('\n')]));
    await writeFile(file, Buffer.concat([Buffer.from(line(entry(1))), badLines, Buffer.from(line(entry(2)))]));
    const spool = newSpool();
    await expect(spool.drain(() => Promise.reject(new Error('the log is away')))).rejects.toThrow('the log is away');
    expect(await taken(spool)).toEqual([{ entries: [entry(1), entry(2)], unreadable: bad.length }]);
    expect(await readFile(join(folder, 'audit-spool.bad.jsonl'))).toEqual(badLines);
    expect(setAside.mock.calls).toEqual([[join(folder, 'audit-spool.bad.jsonl'), bad.length]]);
  });
});

describe('the plugin', () => {
  const kinds = async (campus: Awaited<ReturnType<typeof startAudit>>) => (await campus.log.query({ limit: 9 })).map((record) => record.entry.kind).filter((kind) => kind !== 'audit.started' && kind !== 'audit.heartbeat').toReversed();
  const startMs = entry(0).atMs;

  it('takes over what was spooled while the log could not be written, after an entry for the gap', async () => {
    await using campus = await startAudit(folder);
    await campus.log.spool(entry(1));
    await campus.log.spool(entry(2));
    await campus.kernel.clock.advance(5000);
    await expect.poll(() => kinds(campus)).toEqual(['audit.gap', 'decision', 'decision']);
    expect((await campus.log.query({ kind: 'audit.gap', limit: 9 })).map((record) => record.entry.open)).toEqual([{ spooled: 2, fromMs: startMs + 1, toMs: startMs + 2 }]);
    await campus.kernel.clock.advance(5000);
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 5 });
  });

  it('takes over any number of entries in one commit', async () => {
    const entries = Array.from({ length: 2500 }, (_, n) => entry(n));
    await writeFile(file, entries.map(line).join(''));
    await using campus = await startAudit(folder);
    expect(await campus.log.verify()).toMatchObject({ ok: true, size: 2503 });
    expect((await campus.log.read(2500, 1))[0]!.entry).toEqual(entries.at(-1));
  });

  it('writes no entry for a gap whose entries cannot be written yet', async () => {
    await using campus = await startAudit(folder);
    const database = await campus.store.open('audit', []);
    await sql`CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN new.body LIKE '%test.do%' BEGIN SELECT RAISE(ABORT, 'not now'); END`.execute(database);
    await campus.log.spool(entry(1));
    await campus.kernel.clock.advance(5000);
    await vi.waitFor(() => access(join(folder, 'audit-spool.taking.jsonl')));
    await sql`DROP TRIGGER refuse`.execute(database);
    await campus.kernel.clock.advance(5000);
    await expect.poll(() => kinds(campus)).toEqual(['audit.gap', 'decision']);
  });

  it('starts beside a spool with damaged lines, reports them, and says so in the log', async () => {
    await writeFile(file, `${line(entry(1))}garbage\n`);
    await using campus = await startAudit(folder);
    expect(campus.kernel.errors).toMatchObject([{ file: join(folder, 'audit-spool.bad.jsonl'), lines: 1 }]);
    expect((await campus.log.read(0, 2)).map(({ entry: { open, detail } }) => open ?? detail)).toEqual([{ spooled: 1, fromMs: startMs + 1, toMs: startMs + 1, unreadable: 1 }, { n: 1 }]);
  });

  it('starts when the spool cannot be taken over, and tries again', async () => {
    await mkdir(file);
    await using campus = await startAudit(folder);
    expect(await campus.log.append(entry(0))).toEqual({ seq: 2 });
    await rm(file, { recursive: true });
    await writeFile(file, line(entry(1)));
    await campus.kernel.clock.advance(5000);
    await expect.poll(() => kinds(campus)).toEqual(['decision', 'audit.gap', 'decision']);
  });
});
