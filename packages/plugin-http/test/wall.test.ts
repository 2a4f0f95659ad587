// The wall's WebSocket, over real HTTP.
import { once } from 'node:events';
import type { MediaRequest, MediaResponse } from '@wanglou/core';
import { createTestClock } from '@wanglou/core/testing';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { httpServerService } from '../src/contract.ts';
import { startServed, watch, type ServedCampus } from './served-campus.ts';

const always = [0, Number.MAX_SAFE_INTEGER] as const;

/** Hands out pieces when it is told to. */
class Tap {
  readonly #waiting: ((piece: Uint8Array | undefined) => void)[] = [];
  readonly #ready: (Uint8Array | undefined)[] = [];
  requested = 0;

  give(piece: Uint8Array | undefined): void {
    const next = this.#waiting.shift();
    if (next) next(piece);
    else this.#ready.push(piece);
  }

  async *read(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (;;) {
      this.requested++;
      const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>();
      if (this.#ready.length > 0) resolve(this.#ready.shift());
      else this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(undefined));
      const piece = await promise;
      if (piece === undefined) return;
      yield piece;
    }
  }
}

/** A page with a wall: what came, in order. */
class Page {
  readonly socket: WebSocket;
  readonly got: (string | { readonly channel: number; readonly bytes: string })[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(campus: ServedCampus, headers: Record<string, string> = {}) {
    const { address } = campus.kernel.service(httpServerService)!;
    this.socket = new WebSocket(`${address.replace('http', 'ws')}/media/wall`, { headers: { cookie: 'wanglou-session=any', origin: address, ...headers } });
    this.socket.on('message', (data: Buffer, isBinary) => {
      this.got.push(isBinary ? { channel: data.readUInt16BE(0), bytes: data.subarray(2).toString() } : data.toString());
      this.#changed.resolve();
      this.#changed = Promise.withResolvers<void>();
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async until(count: number): Promise<void> {
    while (this.got.length < count) await this.#changed.promise;
  }
}

async function opened(campus: ServedCampus): Promise<Page> {
  const page = new Page(campus);
  await once(page.socket, 'open');
  return page;
}

/** Each lease has a tap of its own. */
function taps(campus: ServedCampus): { readonly served: string[]; readonly made: Tap[] } {
  const made: Tap[] = [];
  const served: string[] = [];
  campus.serve = ({ path }: MediaRequest, signal): MediaResponse => {
    const tap = new Tap();
    made.push(tap);
    served.push(path);
    return { status: 200, headers: { 'content-type': 'video/mp4' }, body: tap.read(signal) };
  };
  return { made, served };
}

const release = (campus: ServedCampus, lease: string) => fetch(`${campus.kernel.service(httpServerService)!.address}/media/${lease}`, { method: 'DELETE', headers: { cookie: 'wanglou-session=any', 'x-wanglou': '1' } });

describe('the wall’s WebSocket', () => {
  it('carries several leases, also in a smaller picture, piece by piece, and the ledger counts their bytes', async () => {
    await using campus = await startServed();
    const { made, served } = taps(campus);
    const page = await opened(campus);
    page.say({ open: await campus.open(watch), channel: 1 });
    page.say({ open: await campus.open(watch), channel: 500, small: true });
    await expect.poll(() => made.length).toBe(2);
    await page.until(2);
    made[0]!.give(Buffer.from('init'));
    await page.until(3);
    made[1]!.give(Buffer.from('other'));
    await page.until(4);
    made[0]!.give(Buffer.from('moof'));
    await page.until(5);
    expect(served).toEqual(['stream.mp4', 'small.mp4']);
    expect(page.got.splice(0, 2)).toEqual(['{"channel":1,"type":"video/mp4"}', '{"channel":500,"type":"video/mp4"}']);
    expect(page.got).toEqual([{ channel: 1, bytes: 'init' }, { channel: 500, bytes: 'other' }, { channel: 1, bytes: 'moof' }]);
    await expect.poll(async () => (await campus.ledger.between(...always)).map(({ bytes }) => bytes).sort()).toEqual([5, 8]);
    page.socket.terminate();
  });

  it('ends a channel with its lease and says why; the others go on', async () => {
    await using campus = await startServed();
    const { made } = taps(campus);
    const page = await opened(campus);
    const leases = [await campus.open(watch), await campus.open(watch)];
    for (const [index, lease] of leases.entries()) {
      page.say({ open: lease, channel: index });
      await expect.poll(() => made.length).toBe(index + 1);
    }
    await page.until(2);
    page.got.splice(0, 2);
    await release(campus, leases[0]!);
    await page.until(1);
    made[0]!.give(Buffer.from('too late'));
    made[1]!.give(Buffer.from('still'));
    await page.until(2);
    expect(page.got).toEqual(['{"channel":0,"ended":"released"}', { channel: 1, bytes: 'still' }]);
    // Given back by the page: nothing more comes, and nothing is said.
    page.say({ close: 1 });
    page.say({ open: leases[0], channel: 2 });
    await page.until(3);
    made[1]!.give(Buffer.from('too late'));
    page.say({ open: 'no-such-lease', channel: 3 });
    await page.until(4);
    expect(page.got.slice(2)).toEqual(['{"channel":2,"failed":"LEASE_ENDED"}', '{"channel":3,"failed":"LEASE_UNKNOWN"}']);
    page.socket.terminate();
  });

  it('says so when a stream begins anew', async () => {
    await using campus = await startServed();
    const { made } = taps(campus);
    const page = await opened(campus);
    page.say({ open: await campus.open(watch), channel: 7 });
    await page.until(1);
    made[0]!.give(undefined);
    await page.until(2);
    expect(page.got[1]).toBe('{"channel":7,"again":true}');
    page.socket.terminate();
  });

  it('says what serves no stream, and what fails', async () => {
    await using campus = await startServed();
    const page = await opened(campus);
    campus.serve = () => ({ status: 404, headers: {}, body: '' });
    page.say({ open: await campus.open(watch), channel: 1 });
    await page.until(1);
    campus.serve = () => {
      throw new Error('secret detail');
    };
    page.say({ open: await campus.open(watch), channel: 2 });
    await page.until(2);
    expect(page.got).toEqual(['{"channel":1,"failed":"NOT_LIVE"}', '{"channel":2,"failed":"UNEXPECTED"}']);
    page.socket.terminate();
  });

  it('is closed to other sites, to nobody in particular, and to who opens too many', async () => {
    await using campus = await startServed();
    const refused = async (headers: Record<string, string>): Promise<number> => {
      const { socket } = new Page(campus, headers);
      socket.on('error', () => undefined);
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }];
      response.destroy();
      return response.statusCode;
    };
    expect(await refused({ origin: 'https://elsewhere.example' })).toBe(403);
    expect(await refused({ origin: '' })).toBe(403);
    expect(await refused({ cookie: '' })).toBe(401);
    const pages = await Promise.all(Array.from({ length: 8 }, () => opened(campus)));
    expect(await refused({})).toBe(429);
    for (const { socket } of pages) socket.terminate();
    const { address } = campus.kernel.service(httpServerService)!;
    expect((await fetch(`${address}/media/wall`, { headers: { cookie: 'wanglou-session=any', origin: address } })).status).toBe(404);
  });

  it('is closed by anything that is not understood, whatever its form', async () => {
    await using campus = await startServed();
    for (const message of ['', 'x', '[]', 'null', '{}', '{"open":1,"channel":1}', '{"open":"a"}', '{"open":"a","channel":-1}', '{"open":"a","channel":65536}', '{"close":"1"}', '{"close":1.5}', '{"open":"a","channel":1,"close":1}x', `{"open":"${'a'.repeat(65)}","channel":1}`]) {
      const page = await opened(campus);
      page.say(message);
      expect((await once(page.socket, 'close'))[0], message).toBe(1002);
    }
    const page = await opened(campus);
    page.say('x'.repeat(2000));
    expect((await once(page.socket, 'close'))[0]).toBe(1009);
  });

  it('opens 64 channels and no more', async () => {
    await using campus = await startServed();
    const { made } = taps(campus);
    const page = await opened(campus);
    const lease = await campus.open(watch);
    for (let channel = 0; channel < 64; channel++) page.say({ open: lease, channel });
    await expect.poll(() => made.length).toBe(64);
    page.say({ open: lease, channel: 5 });
    expect((await once(page.socket, 'close'))[0]).toBe(1002);
  });

  it('asks for no more while a browser does not read', async () => {
    await using campus = await startServed();
    const { made } = taps(campus);
    const page = await opened(campus);
    page.socket.pause();
    page.say({ open: await campus.open(watch), channel: 0 });
    await expect.poll(() => made.length).toBe(1);
    const piece = Buffer.alloc(1024 * 1024);
    for (let n = 0; n < 40; n++) made[0]!.give(piece);
    const standsStill = async (): Promise<boolean> => {
      const before = made[0]!.requested;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return before > 2 && made[0]!.requested === before;
    };
    await expect.poll(standsStill).toBe(true);
    expect(made[0]!.requested).toBeLessThan(40);
    page.socket.resume();
    await page.until(41);
    page.socket.terminate();
  });

  it('lets go of a browser that is gone without a word', async () => {
    const clock = createTestClock();
    await using campus = await startServed(clock);
    const { made } = taps(campus);
    const silent = await opened(campus);
    const lively = await opened(campus);
    // A browser answers by itself, and so does this client unless it is told not to.
    (silent.socket as unknown as { _autoPong: boolean })._autoPong = false;
    silent.say({ open: await campus.open(watch), channel: 0 });
    await expect.poll(() => made.length).toBe(1);
    const pinged = Promise.all([once(silent.socket, 'ping'), once(lively.socket, 'ping')]);
    await clock.advance(15_000);
    await pinged;
    const gone = once(silent.socket, 'close');
    // What the other one says comes after its answer to the ping.
    lively.say({ open: 'no-such-lease', channel: 0 });
    await lively.until(1);
    await clock.advance(15_000);
    expect((await gone)[0]).toBe(1006);
    expect(lively.socket.readyState).toBe(WebSocket.OPEN);
    lively.socket.terminate();
  });
});
