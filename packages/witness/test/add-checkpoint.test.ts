// Every status of c2sp.org/tlog-witness, over HTTP.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNote, toBase64 } from '@wanglou/verify';
import { createFolder, createSigningLog, nowMs, startWitness, type ServedWitness } from './harness.ts';

const log = createSigningLog('log.example/a');
const forked = createSigningLog('log.example/a', 'other history');
const second = createSigningLog('log.example/b');
const stranger = createSigningLog('stranger.example');

describe('add-checkpoint', () => {
  let folder: Awaited<ReturnType<typeof createFolder>>;
  let served: ServedWitness;
  beforeEach(async () => {
    folder = await createFolder();
    served = await startWitness(folder.path, [log, second]);
  });
  afterEach(async () => {
    await served[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  const monitor = (origin: string) => fetch(`${served.url}${createHash('sha256').update(origin).digest('hex')}/checkpoint`);
  const refused = () => readdir(join(folder.path, 'refused'));

  it('answers 200 with the line of a cosignature, for the first checkpoint, the next and the same again', async () => {
    for (const [old, size] of [[0, 5], [5, 8], [8, 8], [8, 21]] as const) {
      const { status, type, text } = await served.add(log.body(old, size));
      expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(text).toMatch(/^— office\.example\/w1 [A-Za-z0-9+/]+=*\n$/);
      // As a log does: append the line and open the note with the witness's key.
      expect(openNote(log.note(size) + text, [served.witness.key]).verified).toEqual([expect.objectContaining({ atMs: Math.floor(nowMs / 1000) * 1000 })]);
    }
    expect(served.events.map(({ kind, size }) => [kind, size])).toEqual([['cosigned', 5], ['cosigned', 8], ['cosigned', 8], ['cosigned', 21]]);
  });

  it('takes an empty log first', async () => {
    expect((await served.add(log.body(0, 0))).status).toBe(200);
    expect((await served.add(log.body(0, 3))).status).toBe(200);
  });

  it('keeps logs apart', async () => {
    await served.add(log.body(0, 5));
    expect((await served.add(second.body(0, 7))).status).toBe(200);
    expect(await served.add(log.body(0, 5))).toMatchObject({ status: 409, text: '5\n' });
  });

  it('answers 404 for an origin that it does not know', async () => {
    expect((await served.add(stranger.body(0, 5))).status).toBe(404);
    expect((await monitor(stranger.origin)).status).toBe(404);
  });

  it('answers 403 without a signature of the log, and with a bad one', async () => {
    const text = log.note(5).split('\n\n')[0]!;
    const foreign = stranger.note(5).split('\n\n')[1]!;
    expect((await served.add(log.body(0, 5, { note: `${text}\n\n${foreign}` }))).status).toBe(403);
    // A key of another log that the witness trusts vouches for nothing here.
    expect((await served.add(log.body(0, 5, { note: `${text}\n\n${second.note(5).split('\n\n')[1]!}` }))).status).toBe(403);
    expect((await served.add(log.body(0, 5, { note: log.note(5).replace('\n5\n', '\n6\n') }))).status).toBe(403);
    // One good and one bad signature of one key.
    expect((await served.add(log.body(0, 5, { note: log.note(5) + log.note(6).split('\n\n')[1]! }))).status).toBe(403);
    expect(await refused()).toEqual([]);
  });

  it('ignores signatures of unknown keys', async () => {
    expect((await served.add(log.body(0, 5, { note: log.note(5) + stranger.note(5).split('\n\n')[1]! }))).status).toBe(200);
    expect(await (await monitor(log.origin)).text()).not.toContain('stranger');
  });

  const good = log.body(0, 5);
  it.each<readonly [string, string | Uint8Array]>([
    ['nothing', ''],
    ['no old size line', good.slice(good.indexOf('\n') + 1)],
    ['an old size with a zero before it', good.replace('old 0', 'old 00')],
    ['a negative old size', good.replace('old 0', 'old -1')],
    ['an old size that no number holds', good.replace('old 0', 'old 99999999999999999999')],
    ['two spaces', good.replace('old 0', 'old  0')],
    ['carriage returns', good.replaceAll('\n', '\r\n')],
    ['a proof line that is no base64', good.replace('\n\n', '\nx\n\n')],
    ['a proof line of 31 bytes', good.replace('\n\n', `\n${toBase64(new Uint8Array(31))}\n\n`)],
    ['64 proof lines', good.replace('\n\n', `\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}\n`)],
    ['no checkpoint', 'old 0\n\n'],
    ['a checkpoint without signatures', 'old 0\n\nlog.example/a\n5\n'],
    ['a size that is none', good.replace('\n5\n', '\nfive\n')],
    ['no UTF-8', Uint8Array.of(0x6f, 0x6c, 0x64, 0x20, 0x30, 0x0a, 0x0a, 0xff)],
  ])('answers 400 for %s', async (_, body) => {
    expect((await served.add(body)).status).toBe(400);
  });

  it('answers 400 when the old size is above the size', async () => {
    await served.add(log.body(0, 8));
    expect((await served.add(log.body(8, 5, { proof: [] }))).status).toBe(400);
  });

  it('answers 409 with the size that it has, when the old size is another', async () => {
    expect(await served.add(log.body(5, 8))).toEqual({ status: 409, type: 'text/x.tlog.size', text: '0\n' });
    await served.add(log.body(0, 5));
    for (const old of [0, 3, 6]) expect(await served.add(log.body(old, 8, { proof: [] }))).toEqual({ status: 409, type: 'text/x.tlog.size', text: '5\n' });
  });

  it('answers 422 for a proof where the old size is 0, a wrong root of an empty tree, and a proof that does not hold', async () => {
    expect((await served.add(log.body(0, 5, { proof: [log.root(1)] }))).status).toBe(422);
    expect((await served.add(log.body(0, 0, { note: log.note(0, log.root(1)) }))).status).toBe(422);
    await served.add(log.body(0, 5));
    for (const proof of [[], log.proof(5, 8).slice(1), log.proof(4, 8), [...log.proof(5, 8), log.root(1)]]) expect((await served.add(log.body(5, 8, { proof }))).status).toBe(422);
    expect((await served.add(log.body(5, 5, { proof: [log.root(1)] }))).status).toBe(422);
    // None of it moved the witness.
    expect((await served.add(log.body(5, 8))).status).toBe(200);
  });

  it('refuses a fork, keeps the proof of it once, says so loudly, and goes on with the true history', async () => {
    await served.add(log.body(0, 5));
    const body = forked.body(5, 5);
    for (let times = 0; times < 3; times++) expect((await served.add(body)).status).toBe(422);
    expect(await served.add(forked.body(0, 5))).toMatchObject({ status: 409, text: '5\n' });
    const fork = served.events.find(({ kind }) => kind === 'fork')!;
    expect(fork.text).toEqual({ zh: expect.stringContaining('日志分叉：log.example/a'), en: expect.stringMatching(/^FORK: the log log\.example\/a signed another checkpoint of 5 entries .* the proof is in /) });
    expect(await readFile(fork.file!, 'utf8')).toBe(body);
    expect(await readFile(fork.file!.replace('.submitted', '.recorded'), 'utf8')).toContain(toBase64(log.root(5)));
    expect(await refused()).toHaveLength(2);
    expect((await served.add(log.body(5, 8))).status).toBe(200);
  });

  it('keeps a checkpoint that was not shown to be consistent once, whatever is sent along with it', async () => {
    await served.add(log.body(0, 5));
    for (const proof of [[], [log.root(1)], [log.root(2)]]) expect((await served.add(forked.body(5, 8, { proof }))).status).toBe(422);
    expect(served.events.filter(({ kind }) => kind === 'inconsistent')).toHaveLength(1);
    expect(await refused()).toHaveLength(2);
  });

  it('gives out what it cosigned, with the log’s signature', async () => {
    expect((await monitor(log.origin)).status).toBe(404);
    await served.add(log.body(0, 5));
    const { text } = await served.add(log.body(5, 8));
    const response = await monitor(log.origin);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await response.text()).toBe(log.note(8) + text);
  });
});

describe('refused checkpoints', () => {
  it('are kept up to a bound, the first ones, and forks apart from the rest', async () => {
    await using folder = await createFolder();
    await using served = await startWitness(folder.path, [log], { mostRefused: 2 });
    await served.add(log.body(0, 5));
    for (const size of [6, 7, 8, 9]) expect((await served.add(forked.body(5, size))).status).toBe(422);
    expect((await served.add(forked.body(5, 5))).status).toBe(422);
    const files = await readdir(join(folder.path, 'refused'));
    expect(files.filter((name) => name.endsWith('.submitted')).map((name) => name.replace(/-[0-9a-f]{16}-(\d+)-.*/, ' $1')).sort()).toEqual(['fork 5', 'inconsistent 6', 'inconsistent 7']);
  });
});
