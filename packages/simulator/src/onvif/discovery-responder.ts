// Answers WS-Discovery Probes for all devices: unicast on the host, multicast on the loopback interface.
import { createSocket } from 'node:dgram';
import { garbageBytes } from '../device-fault.ts';
import { matchesProbe, readProbe, writeProbeMatch } from './discovery-message.ts';
import type { DeviceFault } from '../device-fault.ts';
import type { ProbeMatch } from './discovery-message.ts';
import type { RemoteInfo, Socket } from 'node:dgram';

/** A device as far as discovery needs it. */
export interface DiscoverableDevice {
  readonly match: ProbeMatch;
  fault(): DeviceFault | undefined;
}

const multicastGroup = '239.255.255.250';
const maxProbeBytes = 8192;

/** Devices do not answer all at once: that would overflow the asker's socket buffer (SOAP-over-UDP APP_MAX_DELAY is 500 ms). */
const answerSpacingMs = 2;
const maxAnswerDelayMs = 500;

/** Open sockets, until closed. */
export class DiscoveryResponder {
  readonly port: number;
  /** False where the system does not let us listen to the group, for example in some containers; unicast works all the same. */
  readonly multicast: boolean;
  readonly #sockets: readonly Socket[];
  readonly #answers = new Set<NodeJS.Timeout>();
  #devices: readonly DiscoverableDevice[] = [];

  private constructor(unicast: Socket, multicast: Socket | undefined) {
    this.port = unicast.address().port;
    this.multicast = multicast !== undefined;
    this.#sockets = multicast ? [unicast, multicast] : [unicast];
    for (const socket of this.#sockets) {
      socket.on('message', (message, sender) => this.#receive(message, sender, unicast));
      // Errors of a datagram (an unreachable asker) concern nobody else.
      socket.on('error', () => undefined);
    }
  }

  /** Opens the sockets; port 0 lets the system choose. */
  static async open(host: string, port: number): Promise<DiscoveryResponder> {
    const unicast = await bind(host, port);
    return new DiscoveryResponder(unicast, await joinGroup(host, unicast.address().port));
  }

  /** The devices to answer for. */
  serve(devices: readonly DiscoverableDevice[]): void {
    this.#devices = devices;
  }

  /** Closes the sockets; answers not yet sent are dropped. */
  async close(): Promise<void> {
    for (const timer of this.#answers) clearTimeout(timer);
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => void socket.close(resolve))));
  }

  #receive(message: Buffer, sender: RemoteInfo, socket: Socket): void {
    const probe = message.length <= maxProbeBytes ? readProbe(message.toString('utf8')) : undefined;
    if (!probe) return;
    for (const [index, device] of this.#devices.filter(({ match }) => matchesProbe(probe, match.scopes)).entries()) {
      const timer = setTimeout(() => {
        this.#answers.delete(timer);
        const answer = applyFault(Buffer.from(writeProbeMatch(device.match, probe.messageId)), device.fault());
        if (answer) socket.send(answer, sender.port, sender.address);
      }, Math.min(index * answerSpacingMs, maxAnswerDelayMs));
      this.#answers.add(timer);
    }
  }
}

function applyFault(answer: Buffer, fault: DeviceFault | undefined): Buffer | undefined {
  if (fault === 'offline' || fault === 'silent') return undefined;
  if (fault === 'garbage') return garbageBytes(answer.length, answer.length);
  return fault === 'truncated' ? answer.subarray(0, answer.length >> 1) : answer;
}

function bind(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    socket.bind(port, host, () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** A socket bound to the group itself gets the group's datagrams and nothing from other interfaces' unicast. */
async function joinGroup(host: string, port: number): Promise<Socket | undefined> {
  let socket: Socket | undefined;
  try {
    socket = await bind(multicastGroup, port);
    socket.addMembership(multicastGroup, host);
    return socket;
  } catch {
    // Told to the user by `multicast: false`.
    socket?.close();
    return undefined;
  }
}
