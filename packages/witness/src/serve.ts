// A witness over HTTP. c2sp.org/tlog-witness: submission and monitoring prefix are the same.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WitnessError } from './errors.ts';
import type { Witness } from './witness.ts';

/** What {@link serveWitness} takes. */
export interface ServeOptions {
  /** 127.0.0.1 unless said. */
  readonly host?: string;
  /** 7380 unless said; 0 for any that is free. */
  readonly port?: number;
  /** Time for a whole request, 10 seconds unless said. */
  readonly deadlineMs?: number;
  /** How long a connection may be idle, 65 seconds unless said. */
  readonly idleMs?: number;
}

/** A server that runs. Disposing of it lets requests under way end. */
export interface WitnessServer extends AsyncDisposable {
  /** The prefix, such as `http://127.0.0.1:7380/`. */
  readonly url: string;
}

/** Bytes of the longest body. */
export const longestBody = 64 * 1024;

const mostConnections = 256;

/** Listens. Throws `ADDRESS_UNUSABLE`. The witness stays the caller's to dispose of. */
export async function serveWitness(witness: Witness, { host = '127.0.0.1', port = 7380, deadlineMs = 10_000, idleMs = 65_000 }: ServeOptions = {}): Promise<WitnessServer> {
  const server = createServer(
    { headersTimeout: deadlineMs, requestTimeout: deadlineMs, connectionsCheckingInterval: Math.min(deadlineMs, 1000), keepAliveTimeout: idleMs, maxHeaderSize: 8192 },
    (request, response) =>
      void answer(witness, request, response).catch(() => {
        // The other side went away, or something failed that was never foreseen: neither gets a cosignature.
        if (response.headersSent) response.destroy();
        else reply(response, 500, 'the witness failed');
      }),
  );
  server.maxConnections = mostConnections;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen({ host, port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw new WitnessError('ADDRESS_UNUSABLE', { host, port, reason: (error as Error).message }, { cause: error });
  }
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => void server.close(done));
      server.closeIdleConnections();
      // Nobody keeps a stop waiting for longer than a request may take.
      const last = setTimeout(() => server.closeAllConnections(), deadlineMs);
      await closed;
      clearTimeout(last);
    },
  };
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url } = request;
  if (url === '/add-checkpoint') {
    if (method !== 'POST') return refuse(request, response, 405, 'POST only', { allow: 'POST' });
    const body = await readBody(request);
    if (!body) return refuse(request, response, 413, `the body must not be longer than ${longestBody} bytes`);
    const { status, contentType, body: text } = await witness.addCheckpoint(body);
    return send(response, status, text, contentType);
  }
  const hash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(url ?? '')?.[1];
  if (hash === undefined) return refuse(request, response, 404, 'there is nothing here');
  if (method !== 'GET') return refuse(request, response, 405, 'GET only', { allow: 'GET' });
  const note = witness.checkpoint(hash);
  if (note === undefined) return reply(response, 404, 'no checkpoint of this log was cosigned');
  // What is newest changes: caches keep it for seconds at most.
  return send(response, 200, note, 'text/plain; charset=utf-8', { 'cache-control': 'max-age=5' });
}

/** The whole body; `undefined` where it is too long. Rejects when the other side goes away. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > longestBody) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not `for await`: leaving that early would destroy the connection before the answer.
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > longestBody) resolve(undefined);
    else chunks.push(chunk);
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', reject);
  request.once('close', () => reject(new Error('the connection was closed')));
  return promise;
}

/** Refuses a request whose body nobody reads: the connection cannot be used again. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): void {
  const unread = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  if (unread) response.once('finish', () => request.destroy());
  reply(response, status, sentence, unread ? { ...headers, connection: 'close' } : headers);
}

function reply(response: ServerResponse, status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): void {
  send(response, status, `${sentence}\n`, 'text/plain; charset=utf-8', headers);
}

function send(response: ServerResponse, status: number, body: string, contentType: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), 'x-content-type-options': 'nosniff', ...headers }).end(body);
}
