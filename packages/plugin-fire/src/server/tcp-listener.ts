// Listens to TCP, with TLS where a certificate is given.
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { FireError } from '../errors.ts';
import { standardProfile, type Piece, type Profile } from '../gb26875.ts';
import { plainIp, type Device, type Devices } from './devices.ts';
import type { Refusals } from './refusals.ts';
import { TcpLink } from './tcp-link.ts';

/** Where to listen. */
export interface TcpAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Files in PEM. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Most connections at a time. */
  readonly linkLimit: number;
}

/** What a {@link TcpListener} is made of. */
export interface TcpListenerOptions {
  readonly address: TcpAddress;
  readonly devices: Devices;
  readonly refusals: Refusals;
  readonly elapsedMs: () => number;
  piece(link: TcpLink, piece: Piece): void;
}

/** The TCP links of all devices. */
export class TcpListener {
  readonly #options: TcpListenerOptions;
  readonly #links = new Set<TcpLink>();
  #server: Server | undefined;
  #opened = 0;

  constructor(options: TcpListenerOptions) {
    this.#options = options;
  }

  /** Open links. */
  get links(): number {
    return this.#links.size;
  }

  /** Starts to listen; the port. @throws FireError `FIRE_PORT_UNAVAILABLE`, `FIRE_CERTIFICATE_UNREADABLE` */
  async listen(): Promise<number> {
    const { host, port, tls, linkLimit } = this.#options.address;
    const server = tls === undefined ? createServer((socket) => this.#accept(socket)) : await this.#secureServer(tls);
    server.maxConnections = linkLimit;
    server.on('drop', (dropped) => this.#options.refusals.refuse(plainIp(dropped?.remoteAddress ?? ''), 'tooManyLinks'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new FireError('FIRE_PORT_UNAVAILABLE', { transport: 'TCP', host, port, reason: error.message }, { cause: error })));
      server.listen(port, host, resolve);
    });
    // A failing accept, as when descriptors run out, must not end the process.
    server.on('error', () => undefined);
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  tick(): void {
    for (const link of this.#links) link.tick();
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const link of this.#links) link.destroy();
    await closed;
  }

  async #secureServer({ certFile, keyFile }: NonNullable<TcpAddress['tls']>): Promise<Server> {
    try {
      const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
      // Who may not speak is turned away before the handshake.
      const server = createTlsServer({ cert, key, handshakeTimeout: 10_000 }, (socket) => this.#accept(socket));
      server.prependListener('connection', (socket: Socket) => void this.#isWelcome(socket));
      return server;
    } catch (error) {
      throw new FireError('FIRE_CERTIFICATE_UNREADABLE', { certFile, keyFile, reason: (error as Error).message }, { cause: error });
    }
  }

  #isWelcome(socket: Socket): boolean {
    const ip = plainIp(socket.remoteAddress ?? '');
    if (this.#options.devices.at(ip).length > 0) return true;
    socket.destroy();
    this.#options.refusals.refuse(ip, 'unknownPeer');
    return false;
  }

  #accept(socket: Socket): void {
    if (!this.#isWelcome(socket)) return;
    const { devices, elapsedMs, refusals, piece } = this.#options;
    this.#opened += 1;
    const link = new TcpLink({
      socket, elapsedMs, piece,
      key: `tcp ${this.#opened}`,
      profile: framingProfile(devices.at(plainIp(socket.remoteAddress ?? ''))),
      dropped: ({ ip, peer }, reason) => refusals.refuse(ip, reason, { peer }),
      ended: (ended) => void this.#links.delete(ended),
    });
    this.#links.add(link);
  }
}

/** How messages of a peer are cut before it is known which of its devices speaks. */
export function framingProfile(candidates: readonly Device[]): Profile {
  const profiles = new Set(candidates.map(({ profile }) => profile));
  const [first = standardProfile] = profiles;
  return profiles.size <= 1 ? first : { ...standardProfile, maximumUnitBytes: Math.max(...[...profiles].map(({ maximumUnitBytes }) => maximumUnitBytes)) };
}
