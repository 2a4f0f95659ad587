import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SoapTransport } from '../src/soap/soap-transport.ts';
import type { AddressInfo, Socket } from 'node:net';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A server that does what `act` does as soon as a request begins. */
async function serve(act: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', () => act(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => resolve());
  }));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/onvif`);
}

function post(url: URL, options: ConstructorParameters<typeof SoapTransport>[0] = {}, signal?: AbortSignal) {
  const transport = new SoapTransport({ deadlineMs: 5000, ...options });
  open.push(async () => transport.close());
  return transport.post({ url, body: '<a/>', action: 'x', step: 'GetProfiles', ...(signal && { signal }) });
}

describe('SoapTransport', () => {
  it('gives status, type, challenges and body', async () => {
    const url = await serve((socket) => socket.end('HTTP/1.1 401 No\r\nContent-Type: text/html\r\nWWW-Authenticate: Digest a="1"\r\nWWW-Authenticate: Basic realm="b"\r\nContent-Length: 2\r\n\r\nhi'));
    expect(await post(url)).toMatchObject({ status: 401, contentType: 'text/html', challenges: ['Digest a="1"', 'Basic realm="b"'], body: Buffer.from('hi') });
  });

  it('ends at the deadline however slowly bytes drip', async () => {
    const url = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.once('close', () => clearInterval(timer));
    });
    await expect(post(url, { deadlineMs: 200 })).rejects.toMatchObject({ code: 'TIMEOUT', params: { step: 'GetProfiles', seconds: 0.2 } });
  });

  it('ends at the cap, without reading the rest', async () => {
    let sentBytes = 0;
    const url = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (sentBytes < 200 * 1024 * 1024 && socket.writable) {
          sentBytes += chunk.length;
          if (!socket.write(chunk)) break;
        }
      };
      socket.on('drain', more);
      more();
    });
    await expect(post(url, { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'TOO_LARGE', params: { limit: 100_000 } });
    expect(sentBytes).toBeLessThan(20 * 1024 * 1024);
  });

  it.each([
    ['a header without an end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`, 'TOO_LARGE'],
    ['something that is not HTTP', 'SSH-2.0-dropbear\r\n\r\n', 'MALFORMED'],
    ['a body shorter than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<a>', 'UNREACHABLE'],
    ['nothing', '', 'UNREACHABLE'],
  ])('tells %s', async (_, text, code) => {
    await expect(post(await serve((socket) => socket.end(text)))).rejects.toMatchObject({ code });
  });

  it('tells a closed port, and keeps the reason of an aborted call', async () => {
    const url = await serve((socket) => socket.destroy());
    for (const close of open.splice(0)) await close();
    await expect(post(url)).rejects.toMatchObject({ code: 'UNREACHABLE', params: { reason: 'ECONNREFUSED' } });
    const controller = new AbortController();
    const waiting = post(await serve(() => undefined), {}, controller.signal);
    controller.abort(new Error('not needed any more'));
    await expect(waiting).rejects.toThrow('not needed any more');
  });

  it('tries once more when a kept connection was closed meanwhile', async () => {
    let requests = 0;
    const url = await serve((socket) => {
      const answer = (): void => {
        requests += 1;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      };
      answer();
      socket.on('data', () => socket.resetAndDestroy());
    });
    const transport = new SoapTransport();
    open.push(async () => transport.close());
    const call = () => transport.post({ url, body: '', action: 'x', step: 'x' });
    expect([(await call()).status, (await call()).status, requests]).toEqual([200, 200, 2]);
  });
});
