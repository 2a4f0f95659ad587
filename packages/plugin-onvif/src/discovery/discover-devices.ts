// Looks for devices: one socket per interface, each Probe sent three times, every answer counted and none ever thrown.
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { randomUUID } from 'node:crypto';
import { readProbeAnswer, writeProbe } from './probe-message.ts';
import type { FoundDevice } from './found-device.ts';
import type { Socket } from 'node:dgram';

/** Where to send Probes beside the multicast group. */
export interface ProbeTarget {
  readonly host: string;
  /** Default 3702. */
  readonly port?: number;
}

/** Settings of a scan. */
export interface DiscoverDevicesOptions {
  /** How long to wait for answers. Default 4000 ms. */
  readonly timeoutMs?: number;
  /** Local IPv4 addresses to send from. Default: those of all interfaces that are up, without loopback. */
  readonly interfaces?: readonly string[];
  /** Ask the group 239.255.255.250 from each interface. Default true. */
  readonly multicast?: boolean;
  /** Port of the group. Default 3702. */
  readonly multicastPort?: number;
  /** Hosts to ask directly, for networks that do not carry multicast. */
  readonly unicast?: readonly ProbeTarget[];
  readonly signal?: AbortSignal;
}

/** What a scan met. */
export interface DiscoveryCounters {
  datagrams: number;
  /** Not XML, or cut. */
  badDatagrams: number;
  /** Answers to somebody else's Probe. */
  foreignDatagrams: number;
  /** Interfaces that could not be used. */
  failedInterfaces: number;
}

/** A running scan: iterate it once for the devices, each endpoint once, as they answer. */
export interface DeviceScan extends AsyncIterable<FoundDevice> {
  readonly counters: Readonly<DiscoveryCounters>;
}

const group = '239.255.255.250';
const standardPort = 3702;
/** SOAP-over-UDP clause 3.4: a multicast message is repeated, since datagrams get lost. */
const repeatAfterMs = [0, 250, 750];
const maxQueuedDevices = 10_000;

/** Starts a scan; it ends by itself after `timeoutMs`, or when the signal is aborted or the loop is left. */
export function discoverDevices(options: DiscoverDevicesOptions = {}): DeviceScan {
  const counters: DiscoveryCounters = { datagrams: 0, badDatagrams: 0, foreignDatagrams: 0, failedInterfaces: 0 };
  return { counters, [Symbol.asyncIterator]: () => scan(options, counters) };
}

/** IPv4 addresses of the interfaces that are up, without loopback. */
export function localAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).filter((each) => each.family === 'IPv4' && !each.internal).map((each) => each.address));
}

async function* scan(options: DiscoverDevicesOptions, counters: DiscoveryCounters): AsyncGenerator<FoundDevice, void, undefined> {
  const messageId = `urn:uuid:${randomUUID()}`;
  const found = new Map<string, FoundDevice>();
  const queue: FoundDevice[] = [];
  let wake: (() => void) | undefined;
  let over = false;
  const end = (): void => {
    over = true;
    wake?.();
  };
  const receive = (datagram: Buffer, from: string): void => {
    counters.datagrams += 1;
    const answer = readProbeAnswer(datagram, messageId, from);
    if (answer.kind === 'bad') counters.badDatagrams += 1;
    if (answer.kind === 'foreign') counters.foreignDatagrams += 1;
    if (answer.kind !== 'matches') return;
    for (const device of answer.devices) {
      if (found.has(device.endpoint) || found.size >= maxQueuedDevices) continue;
      found.set(device.endpoint, device);
      queue.push(device);
    }
    wake?.();
  };
  options.signal?.throwIfAborted();
  const sockets = await openSockets(options, counters, receive);
  const timers = [...sendProbes(sockets, options, Buffer.from(writeProbe(messageId))), setTimeout(end, options.timeoutMs ?? 4000)];
  options.signal?.addEventListener('abort', end, { once: true });
  try {
    while (!over || queue.length > 0) {
      const next = queue.shift();
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    options.signal?.throwIfAborted();
  } finally {
    options.signal?.removeEventListener('abort', end);
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.close();
  }
}

async function openSockets(options: DiscoverDevicesOptions, counters: DiscoveryCounters, receive: (datagram: Buffer, from: string) => void): Promise<Socket[]> {
  const addresses = options.interfaces ?? localAddresses();
  // Without any interface, unicast Probes still leave by the system's own choice.
  const opened = await Promise.allSettled((addresses.length > 0 ? addresses : ['0.0.0.0']).map((address) => openSocket(address, receive)));
  counters.failedInterfaces = opened.filter((result) => result.status === 'rejected').length;
  return opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function openSocket(address: string, receive: (datagram: Buffer, from: string) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4' });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(0, address, () => {
      socket.removeAllListeners('error');
      // Later errors belong to single datagrams (an unreachable target); the scan goes on.
      socket.on('error', () => undefined);
      socket.on('message', (datagram, sender) => receive(datagram, sender.address));
      if (address !== '0.0.0.0') socket.setMulticastInterface(address);
      resolve(socket);
    });
  });
}

function sendProbes(sockets: readonly Socket[], options: DiscoverDevicesOptions, probe: Buffer): NodeJS.Timeout[] {
  const targets: ProbeTarget[] = [...(options.unicast ?? [])];
  if (options.multicast ?? true) targets.push({ host: group, port: options.multicastPort ?? standardPort });
  return repeatAfterMs.map((delayMs) =>
    setTimeout(() => {
      for (const socket of sockets) {
        // A target that cannot be sent to (no route, bad name) is as one that does not answer.
        for (const target of targets) socket.send(probe, target.port ?? standardPort, target.host, () => undefined);
      }
    }, delayMs),
  );
}
