// Listens to UDP: each datagram is one message, and is answered to where it came from.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { FireError } from '../errors.ts';
import { decodeFrame, type Piece } from '../gb26875.ts';
import type { Channel } from './channel.ts';
import { plainIp, type Devices } from './devices.ts';
import type { Refusals } from './refusals.ts';
import { framingProfile } from './tcp-listener.ts';

/** What a {@link UdpListener} is made of. */
export interface UdpListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly devices: Devices;
  readonly refusals: Refusals;
  piece(channel: Channel, piece: Piece): void;
}

/** Datagrams of all devices that wait for the disk: what comes above is not taken, and sent again by its device. */
const waitingLimit = 4096;

/** The datagrams of all devices. */
export class UdpListener {
  readonly #options: UdpListenerOptions;
  #socket: Socket | undefined;
  #waiting = 0;

  constructor(options: UdpListenerOptions) {
    this.#options = options;
  }

  /** Starts to listen; the port. @throws FireError `FIRE_PORT_UNAVAILABLE` */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => reject(new FireError('FIRE_PORT_UNAVAILABLE', { transport: 'UDP', host, port, reason: error.message }, { cause: error })));
      socket.bind(port, host, resolve);
    });
    // Unreachable peers are told as errors; their devices are found to be silent.
    socket.on('error', () => undefined);
    socket.on('message', (bytes, info) => this.#message(socket, bytes, info));
    this.#socket = socket;
    return socket.address().port;
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(resolve));
  }

  #message(socket: Socket, datagram: Buffer, info: RemoteInfo): void {
    const { devices, refusals, piece } = this.#options;
    const ip = plainIp(info.address);
    const candidates = devices.at(ip);
    if (candidates.length === 0) return refusals.refuse(ip, 'unknownPeer');
    if (this.#waiting >= waitingLimit) return refusals.refuse(ip, 'queueFull');
    const bytes = Uint8Array.from(datagram);
    const frame = decodeFrame(bytes, framingProfile(candidates));
    const channel: Channel = {
      key: `udp ${info.address} ${info.port}`,
      ip,
      peer: `${ip}:${info.port}`,
      send: (reply) => {
        if (this.#socket === socket) socket.send(reply, info.port, info.address, () => undefined);
      },
      hold: () => void (this.#waiting += 1),
      release: () => void (this.#waiting -= 1),
      heard: () => undefined,
    };
    if (frame.valid) piece(channel, { kind: 'frame', frame, bytes });
    // A datagram that ends too early, or late, is damaged: nothing follows that would complete it.
    else piece(channel, { kind: 'rejected', error: frame.error === 'needMore' || frame.error === 'trailing' ? 'endMarker' : frame.error, bytes, ...(frame.head !== undefined && { head: frame.head }) });
  }
}
