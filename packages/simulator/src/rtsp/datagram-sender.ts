// The UDP ports of one device: media goes out, reports come in (RFC 3550 clause 11).
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

/** Where a client wants a track. */
export interface ClientPorts {
  readonly address: string;
  readonly rtp: number;
  readonly rtcp: number;
}

const attempts = 50;

/** Two neighbouring ports, shared by all clients of the device. */
export class DatagramSender {
  readonly #media: Socket;
  readonly #control: Socket;
  readonly #listeners = new Map<string, () => void>();

  private constructor(media: Socket, control: Socket) {
    this.#media = media;
    this.#control = control;
    control.on('message', (_packet, from) => this.#listeners.get(`${from.address} ${from.port}`)?.());
    // A client that is gone answers with ICMP; its RTSP connection says so too.
    media.on('error', () => {});
    control.on('error', () => {});
  }

  /** Opens the ports. Rejects when no two neighbours are free. */
  static async open(host: string): Promise<DatagramSender> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const media = await bind(host, 0);
      const port = media?.address().port ?? 1;
      const control = port % 2 === 0 ? await bind(host, port + 1) : undefined;
      if (media !== undefined && control !== undefined) return new DatagramSender(media, control);
      media?.close();
    }
    throw new Error(`no two neighbouring UDP ports are free on ${host}`);
  }

  /** The even port. */
  get port(): number {
    return this.#media.address().port;
  }

  media(packet: Buffer, to: ClientPorts): void {
    this.#media.send(packet, to.rtp, to.address, () => {});
  }

  control(packet: Buffer, to: ClientPorts): void {
    this.#control.send(packet, to.rtcp, to.address, () => {});
  }

  /** Calls back for each report of this client; the result stops that. */
  listen(from: ClientPorts, heard: () => void): () => void {
    const key = `${from.address} ${from.rtcp}`;
    this.#listeners.set(key, heard);
    return () => this.#listeners.delete(key);
  }

  close(): void {
    this.#media.close();
    this.#control.close();
  }
}

function bind(address: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
