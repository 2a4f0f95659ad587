// The HTTP listener of one device's ONVIF services, with caps and faults.
import { createServer } from 'node:http';
import { bigHeaderBytes, garbageBytes } from '../device-fault.ts';
import { dispatchSoapCall } from './soap-dispatcher.ts';
import { servicePaths } from './device-operations.ts';
import type { AddressInfo, Socket } from 'node:net';
import type { DeviceFault } from '../device-fault.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { OnvifContext } from './onvif-context.ts';
import type { SoapReply } from './soap-dispatcher.ts';

const maxBodyBytes = 64 * 1024;
const requestTimeoutMs = 10_000;

/** Listens until closed. */
export class OnvifServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #context: OnvifContext;

  constructor(context: OnvifContext) {
    this.#context = context;
    this.#server = createServer({ requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, maxHeaderSize: 16 * 1024 }, (request, response) => this.#handle(request, response));
    this.#server.maxConnections = 256;
    this.#server.on('connection', (socket) => this.#accept(socket));
  }

  /** Starts to listen and tells the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Cuts all open connections. */
  disconnectAll(fault?: DeviceFault): void {
    for (const socket of this.#sockets) {
      if (fault === 'offline') socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  /** Stops listening and cuts all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.disconnectAll();
    });
  }

  #accept(socket: Socket): void {
    if (this.#context.fault() === 'offline') {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://device').pathname;
    const known = Object.values(servicePaths).some((each) => each === path);
    if (request.method !== 'POST' || !known) {
      response.writeHead(known ? 405 : 404, { 'content-length': 0, connection: 'close' }).end();
      return;
    }
    collectBody(request, (body) => {
      if (body === undefined) response.writeHead(413, { 'content-length': 0, connection: 'close' }).end();
      else this.#reply(response, dispatchSoapCall({ path: request.url ?? '', authorization: request.headers.authorization, body }, this.#context));
    });
  }

  #reply(response: ServerResponse, reply: SoapReply): void {
    const fault = this.#context.fault();
    if (fault === 'silent') return;
    if (fault === 'big-header') {
      response.socket?.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nX-Padding: '), Buffer.alloc(bigHeaderBytes, 'a')]));
      return;
    }
    const whole = Buffer.from(reply.body);
    const body = fault === 'garbage' ? garbageBytes(whole.length, whole.length) : fault === 'truncated' ? whole.subarray(0, whole.length >> 1) : whole;
    response.writeHead(fault === 'garbage' ? 200 : reply.status, {
      'content-type': 'application/soap+xml; charset=utf-8',
      'content-length': body.length,
      ...(reply.challenges.length > 0 ? { 'www-authenticate': [...reply.challenges] } : {}),
    });
    response.end(body);
  }
}

/** Calls back once: with the text, or `undefined` when it was too long. An aborted request calls nothing back. */
function collectBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxBodyBytes) chunks.push(chunk);
    else if (sizeBytes - chunk.length <= maxBodyBytes) done(undefined);
  });
  request.once('end', () => {
    if (sizeBytes <= maxBodyBytes) done(Buffer.concat(chunks).toString('utf8'));
  });
}
