// The RTSP listener of one device.
import { createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { RtspConnection } from './rtsp-connection.ts';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { DeviceFault } from '../device-fault.ts';
import type { RtspContext } from './rtsp-context.ts';

/** More clients than any test or campus opens to one camera; beyond it new connections are dropped. */
const maxConnections = 256;

/** Listens until closed; knows its open connections so that faults can act on them. */
export class RtspServer {
  readonly #server: Server;
  readonly #connections = new Set<RtspConnection>();

  /** @param identity - serves over TLS with this key and certificate */
  constructor(context: RtspContext, identity?: { readonly key: string; readonly certificate: string }) {
    const accept = (socket: Socket): void => this.#accept(socket, context);
    this.#server = identity ? createSecureServer({ key: identity.key, cert: identity.certificate }, accept) : createServer(accept);
    // A client that does not like the certificate goes without a word.
    this.#server.on('tlsClientError', () => {});
    this.#server.maxConnections = maxConnections;
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

  get connections(): ReadonlySet<RtspConnection> {
    return this.#connections;
  }

  /** Cuts all open connections. */
  disconnectAll(fault?: DeviceFault): void {
    for (const connection of this.#connections) connection.close(fault);
  }

  /** Stops listening and cuts all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.disconnectAll();
    });
  }

  #accept(socket: Socket, context: RtspContext): void {
    if (context.fault() === 'offline') {
      // Errors of a connection that is being thrown away say nothing.
      socket.on('error', () => socket.destroy());
      if ('encrypted' in socket) socket.destroy();
      else socket.resetAndDestroy();
      return;
    }
    const connection = new RtspConnection(socket, context);
    this.#connections.add(connection);
    socket.once('close', () => this.#connections.delete(connection));
  }
}
