// One track over UDP: ports, order, and reports back to the camera.
import type { MediaTrack } from '../media-track.ts';
import { ReceptionReport } from './reception-report.ts';
import { ReorderWindow } from './reorder-window.ts';
import { UdpPorts } from './udp-ports.ts';

/** What a reception works with. */
export interface UdpReceptionOptions {
  readonly local: string;
  readonly address: string;
  readonly track: MediaTrack;
  /** Takes packets in order. */
  readonly rtp: (packet: Buffer) => void;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** How long a missing packet is waited for: once to twice this. */
const settleMs = 40;
const reportMs = 5_000;

/** Receives until it is closed. */
export class UdpReception {
  readonly #options: UdpReceptionOptions;
  readonly #report: ReceptionReport;
  readonly #window: ReorderWindow;
  readonly #timers: readonly NodeJS.Timeout[];
  #ports: UdpPorts | undefined;
  #controlPort = 0;

  private constructor(options: UdpReceptionOptions) {
    this.#options = options;
    this.#report = new ReceptionReport(Math.floor(options.random() * 0x1_0000_0000), options.track.clock.rate);
    this.#window = new ReorderWindow(options.rtp);
    this.#timers = [setInterval(() => this.#window.settle(), settleMs), setInterval(() => this.#send(), reportMs)];
  }

  /** Opens the ports. */
  static async open(options: UdpReceptionOptions): Promise<UdpReception> {
    const reception = new UdpReception(options);
    try {
      reception.#ports = await UdpPorts.open(options.local, options.address, { rtp: (packet) => reception.#rtp(packet), rtcp: (packet, port) => reception.#rtcp(packet, port) });
      return reception;
    } catch (error) {
      reception.close();
      throw error;
    }
  }

  /** The even port. */
  get port(): number {
    return this.#ports?.port ?? 0;
  }

  /** Where reports go; 0 until the camera says or shows it. */
  set controlPort(port: number) {
    this.#controlPort = port;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#ports?.close();
    this.#ports = undefined;
  }

  #rtp(packet: Buffer): void {
    this.#report.packet(packet, this.#options.now());
    this.#window.push(packet);
  }

  #rtcp(packet: Buffer, port: number): void {
    if (this.#controlPort === 0) this.#controlPort = port;
    if (this.#options.track.rtcp(packet, 0, packet.length) && packet.length >= 16) this.#report.senderReport(packet.readUInt32BE(10), this.#options.now());
  }

  #send(): void {
    const packet = this.#controlPort === 0 ? undefined : this.#report.encode(this.#options.now());
    if (packet !== undefined) this.#ports?.send(packet, this.#controlPort);
  }
}
