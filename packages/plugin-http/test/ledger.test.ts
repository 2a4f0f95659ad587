// The ledger of served leases, over real HTTP and the embedded store.
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaRequest, MediaResponse } from '@wanglou/core';
import { createTestClock } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { ledgerMigrations, type LedgerTables } from '../src/ledger/tables.ts';
import { http } from '../src/index.ts';
import { startServed, viewer, watch } from './served-campus.ts';

const dayMs = 86_400_000;
const always = [0, Number.MAX_SAFE_INTEGER] as const;
const film = Buffer.alloc(100_000, 7);

/** Serves a film in pieces, whole or a range of it, as the recorder does. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 30_000) yield bytes.subarray(start, start + 30_000);
}
function serveFilm({ range }: MediaRequest): MediaResponse {
  if (!range) return { status: 200, headers: { 'content-length': String(film.length) }, body: pieces(film) };
  const end = Math.min(range.end ?? film.length - 1, film.length - 1);
  return { status: 206, headers: { 'content-length': String(end - range.start + 1) }, body: pieces(film.subarray(range.start, end + 1)) };
}

describe('the ledger of served leases', () => {
  it('has the row of a lease on disk before the first byte goes out, and waits for it once', async () => {
    await using campus = await startServed();
    const { promise, resolve } = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    campus.serve = () => {
      reached.resolve();
      return { status: 200, headers: {}, body: pieces(film) };
    };
    const lease = await campus.open();
    campus.mood.wait = promise;
    let isAnswered = false;
    const fetches = [campus.get(lease), campus.get(lease)].map((answer) => answer.then((response) => ((isAnswered = true), response)));
    await reached.promise;
    // Whatever could go out without the row would be out after these turns of another connection.
    for (let n = 0; n < 5; n++) expect((await campus.get('no-such-lease')).status).toBe(404);
    expect(isAnswered).toBe(false);
    resolve();
    for (const answer of fetches) expect(Buffer.from(await (await answer).arrayBuffer()).equals(film)).toBe(true);
    campus.mood.wait = new Promise(() => {});
    expect((await campus.get(lease)).status).toBe(200);
    campus.mood.wait = Promise.resolve();
  });

  it('tallies fetches and ranges by the bytes that were streamed, and nothing without a body', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    campus.serve = serveFilm;
    const startMs = clock.now();
    const lease = await campus.open();
    await (await campus.get(lease)).arrayBuffer();
    clock.jump(4000);
    const part = await campus.get(lease, { range: 'bytes=10-1009' });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 1000]);
    campus.serve = () => ({ status: 200, headers: {}, body: '望楼' });
    await (await campus.get(lease)).text();
    const other = await campus.open();
    campus.serve = () => ({ status: 404, headers: {}, body: '' });
    expect((await campus.get(other)).status).toBe(404);
    expect((await campus.get('no-such-lease')).status).toBe(404);
    expect(await campus.ledger.between(...always)).toEqual([{ lease, person: viewer.id, kind: 'person', firstMs: startMs, lastMs: startMs + 4000, responses: 3, bytes: 101_006 }]);
    expect(await campus.ledger.between(startMs + 4001, startMs + 9000)).toEqual([]);
    expect(await campus.ledger.between(0, startMs)).toEqual([]);
    expect(await campus.ledger.between(startMs + 1, startMs + 2)).toHaveLength(1);
  });

  it('counts what went out of a response that the viewer broke off', async () => {
    await using campus = await startServed();
    const broken = Promise.withResolvers<void>();
    async function* endless(signal: AbortSignal): AsyncGenerator<Uint8Array> {
      yield film;
      await once(signal, 'abort');
      broken.resolve();
    }
    campus.serve = (_request, signal) => ({ status: 200, headers: {}, body: endless(signal) });
    const lease = await campus.open();
    const response = await campus.get(lease);
    await response.body!.getReader().cancel();
    await broken.promise;
    expect(await campus.ledger.between(...always)).toMatchObject([{ lease, responses: 1, bytes: film.length }]);
  });

  it('writes later tallies every ten seconds, and the last ones when it stops', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    campus.serve = serveFilm;
    const [lease, second] = [await campus.open(), await campus.open()];
    for (const one of [lease, lease, second]) await (await campus.get(one)).arrayBuffer();
    const rows = async () => {
      const store = await SqliteStore.create(await copyOf(campus.path));
      const found = await (await store.open<LedgerTables>('http', ledgerMigrations)).selectFrom('served_lease').select(['lease', 'responses', 'bytes']).orderBy('responses', 'desc').execute();
      await store[Symbol.asyncDispose]();
      return found;
    };
    // As after kill -9 at this moment: both leases are named, their tallies are not there yet.
    expect((await rows()).map(({ lease: id, bytes }) => [id, bytes])).toEqual(expect.arrayContaining([[lease, 0], [second, 0]]));
    await clock.advance(10_000);
    await campus.ledger.between(...always);
    expect(await rows()).toEqual([{ lease, responses: 2, bytes: 200_000 }, { lease: second, responses: 1, bytes: 100_000 }]);
    await (await campus.get(lease)).arrayBuffer();
    await campus.restart();
    expect(await campus.ledger.between(...always)).toEqual(expect.arrayContaining([expect.objectContaining({ lease, responses: 3, bytes: 300_000 })]));
  });

  it('goes on with the tally of a lease that outlived the server', async () => {
    await using campus = await startServed();
    campus.serve = serveFilm;
    const lease = await campus.open();
    await (await campus.get(lease)).arrayBuffer();
    await campus.kernel.unload('http');
    await campus.kernel.load([http({ port: 0 })]);
    await (await campus.get(lease)).arrayBuffer();
    expect(await campus.ledger.between(...always)).toMatchObject([{ lease, responses: 2, bytes: 200_000 }]);
  });

  it('forgets what is older than 400 days', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    const old = await campus.open();
    await (await campus.get(old)).text();
    await campus.ledger.between(...always);
    clock.jump(400 * dayMs - 1);
    await clock.advance(0);
    const lease = await campus.open();
    await (await campus.get(lease)).text();
    await clock.advance(3_600_000);
    await expect.poll(async () => (await campus.ledger.between(...always)).map((row) => row.lease)).toEqual([lease]);
  });
});

describe('a ledger that cannot be written', () => {
  it('serves nothing but live view, whose tallies are kept and written when it can be written again', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    campus.serve = serveFilm;
    const [before, lease, live] = [await campus.open(), await campus.open(), await campus.open(watch)];
    expect((await campus.get(before)).status).toBe(200);
    await campus.ledger.between(...always);
    campus.mood.failure = new Error('the disk is full');
    const refused = await campus.get(lease);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect((await (await campus.get(live)).arrayBuffer()).byteLength).toBe(film.length);
    expect((await (await campus.get(live)).arrayBuffer()).byteLength).toBe(film.length);
    // A lease that is in the ledger already is no way around it.
    expect((await campus.get(before)).status).toBe(503);
    await expect(campus.ledger.between(...always)).rejects.toThrow('the disk is full');
    expect(campus.kernel.errors.filter((error) => error === campus.mood.failure)).toHaveLength(1);

    campus.mood.failure = undefined;
    expect((await campus.get(lease)).status).toBe(200);
    expect((await campus.ledger.between(...always)).map((row) => [row.lease, row.responses])).toEqual(expect.arrayContaining([[live, 2], [lease, 1], [before, 1]]));
  });

  it('that hangs holds live view up once, and nothing else is served', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    campus.serve = serveFilm;
    const [lease, live, other] = [await campus.open(), await campus.open(watch), await campus.open(watch)];
    const never = Promise.withResolvers<void>();
    campus.mood.wait = never.promise;
    const waiting = [campus.get(lease), campus.get(live)];
    await passUntil(clock, Promise.all(waiting));
    expect((await waiting[0]!).status).toBe(503);
    expect((await (await waiting[1]!).arrayBuffer()).byteLength).toBe(film.length);
    expect((await campus.get(live)).status).toBe(200);
    expect((await campus.get(other)).status).toBe(200);
    never.resolve();
    expect((await campus.ledger.between(...always)).map((row) => row.lease)).toEqual(expect.arrayContaining([live, other]));
  });
});

/** Lets the clock go on until something has happened. */
async function passUntil(clock: { advance(ms: number): Promise<void> }, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone) await clock.advance(1000);
}

/** A folder as it lies on the disk at this moment, without its locks. */
async function copyOf(path: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'wanglou-ledger-copy-'));
  copies.push(copy);
  await cp(path, copy, { recursive: true, filter: (source) => !/lock/.test(source) });
  return copy;
}
const copies: string[] = [];
afterAll(() => Promise.all(copies.map((copy) => rm(copy, { recursive: true }))));
