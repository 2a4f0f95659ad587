import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createUrlSource, parsePolicy, verifyLog } from '../src/index.ts';
import { bothPolicy, createTestLog, entriesOf } from './test-log.ts';

/** A server on a free port. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

describe('a log behind an address', () => {
  it('is verified below a prefix, also where the server moves files within itself', async () => {
    const log = createTestLog(entriesOf(300));
    await using server = await serve((request, response) => {
      const path = request.url!.replace('/mirror/', '').replace('moved/', '');
      const bytes = log.files.get(path);
      if (path === 'tile/0/000' && !request.url!.includes('moved/')) response.writeHead(302, { location: '/mirror/moved/tile/0/000' }).end();
      else response.writeHead(bytes ? 200 : 404).end(bytes);
    });
    expect(await verifyLog(createUrlSource(`${server.url}/mirror`), { policy: parsePolicy(bothPolicy) })).toMatchObject({ ok: true, size: 300 });
  });

  it.each<readonly [string, RequestListener, RegExp]>([
    ['more bytes than it should', (_, response) => void response.end(Buffer.alloc(2000)), /more than the 1000 bytes/],
    ['bytes without end', (_, response) => void response.on('drain', () => response.write(Buffer.alloc(65_536))).write(Buffer.alloc(65_536)), /more than the 1000 bytes/],
    ['nothing at all', () => undefined, /not complete within 0.2 s/],
    ['half of it', (_, response) => void response.write('x'), /not complete within 0.2 s/],
    ['another origin', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end(), /another origin/],
    ['a file of its own', (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(), /another origin/],
    ['itself for ever', (request, response) => void response.writeHead(302, { location: request.url! }).end(), /too many redirects/],
    ['a failure', (_, response) => void response.writeHead(500).end(), /answered 500/],
  ])('is unreadable when the server gives %s', async (_, listener, message) => {
    await using server = await serve(listener);
    await expect(createUrlSource(server.url, { deadlineMs: 200 }).read('checkpoint', 1000)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message) });
  });

  it('is unreadable when nobody is there, and absent on 404', async () => {
    const gone = await serve((_, response) => void response.writeHead(404).end());
    expect(await createUrlSource(gone.url).read('witnessed', 10)).toBeUndefined();
    await gone[Symbol.asyncDispose]();
    await expect(createUrlSource(gone.url).read('witnessed', 10)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  });

  it.each(['file:///etc/', 'ftp://a/', 'data:text/plain,x', 'nonsense', 'http://user:secret@127.0.0.1/'])('is not read from %s', (address) => {
    expect(() => createUrlSource(address)).toThrow(expect.objectContaining({ code: 'SOURCE_UNREADABLE', message: expect.not.stringContaining('secret') }));
  });
});
