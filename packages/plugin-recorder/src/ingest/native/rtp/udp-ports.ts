// A pair of UDP ports for one track, even for RTP and the next one for RTCP (RFC 3550, clause 11).
import { createSocket, type Socket } from 'node:dgram';
import { IngestError } from '../../ingest-error.ts';

/** Receives datagrams. Unlike the sockets of RTSP, Node allocates a buffer for each, which is why TCP is the default. */
export interface DatagramHandler {
  rtp(packet: Buffer): void;
  rtcp(packet: Buffer, port: number): void;
}

/** Room in the kernel for a keyframe that comes all at once; the kernel may give less. */
const receiveBytes = 2 * 1024 * 1024;
const attempts = 50;

/** Open ports; packets from any other address than the camera's are not looked at. */
export class UdpPorts {
  /** The even port. */
  readonly port: number;
  readonly #media: Socket;
  readonly #control: Socket;
  readonly #address: string;

  private constructor(media: Socket, control: Socket, address: string, handler: DatagramHandler) {
    this.#media = media;
    this.#control = control;
    this.#address = address;
    this.port = media.address().port;
    media.on('message', (packet, from) => {
      if (from.address === address) handler.rtp(packet);
    });
    control.on('message', (packet, from) => {
      if (from.address === address) handler.rtcp(packet, from.port);
    });
    // An ICMP message about a report that nobody wanted is no reason to stop.
    media.on('error', () => {});
    control.on('error', () => {});
  }

  /**
   * Opens two free ports.
   * @param local - own address on the connection to the camera
   * @param address - the camera's address, as its connection tells it
   */
  static async open(local: string, address: string, handler: DatagramHandler): Promise<UdpPorts> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const media = await bind(local, 0);
      const port = media?.address().port ?? 1;
      const control = port % 2 === 0 ? await bind(local, port + 1) : undefined;
      if (media !== undefined && control !== undefined) return new UdpPorts(media, control, address, handler);
      media?.close();
    }
    throw new IngestError('CONNECT', 'no two neighbouring UDP ports are free on this machine');
  }

  /** Sends a control packet to the camera. */
  send(packet: Buffer, port: number): void {
    this.#control.send(packet, port, this.#address, () => {});
  }

  close(): void {
    this.#media.close();
    this.#control.close();
  }
}

function bind(address: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: receiveBytes });
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
