// The devices that may speak, and from where. The protocol has no authentication: an address counts only together with its peer.
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Profile } from '../gb26875.ts';

/** A device of the configuration. */
export interface Device {
  readonly id: string;
  /** Number that it sends as its address. */
  readonly address: number;
  /** IP addresses and networks (`10.1.0.0/16`) from which it may come. */
  readonly peers: readonly string[];
  readonly profile: Profile;
  readonly heartbeatSeconds: number;
}

/** Who speaks, or why nobody is heard. */
export type Identity = Device | 'unknownAddress' | 'wrongPeer' | 'ambiguous';

interface Entry {
  readonly device: Device;
  readonly allowed: BlockList;
}

/** Finds devices by address and peer. */
export class Devices {
  readonly #entries: readonly Entry[];
  readonly #byAddress: ReadonlyMap<number, Entry>;

  constructor(devices: readonly Device[]) {
    this.#entries = devices.map((device) => ({ device, allowed: listOf(device.peers) }));
    this.#byAddress = new Map(this.#entries.map((entry) => [entry.device.address, entry]));
  }

  /** Devices that may come from there. */
  at(ip: string): readonly Device[] {
    return this.#entries.filter(({ allowed }) => isIn(allowed, ip)).map(({ device }) => device);
  }

  /** The device that says it has this address. One without a number (all zero) is known by its peer, if only one device may come from there. */
  identify(address: number, ip: string): Identity {
    const entry = this.#byAddress.get(address);
    if (entry !== undefined) return isIn(entry.allowed, ip) ? entry.device : 'wrongPeer';
    if (address !== 0) return 'unknownAddress';
    const [first, ...more] = this.at(ip);
    if (first === undefined) return 'wrongPeer';
    return more.length === 0 ? first : 'ambiguous';
  }
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
export function plainIp(ip: string): string {
  return ip.startsWith('::ffff:') && isIP(ip.slice(7)) === 4 ? ip.slice(7) : ip;
}

/** Whether it is an address or a network. */
export function isPeer(peer: string): boolean {
  const [ip = '', prefix, ...more] = peer.split('/');
  const family = isIP(ip);
  if (family === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function listOf(peers: readonly string[]): BlockList {
  const list = new BlockList();
  for (const peer of peers) {
    const [ip = '', prefix] = peer.split('/');
    if (prefix === undefined) list.addAddress(ip, familyOf(ip));
    else list.addSubnet(ip, Number(prefix), familyOf(ip));
  }
  return list;
}

function isIn(list: BlockList, ip: string): boolean {
  return isIP(ip) !== 0 && list.check(ip, familyOf(ip));
}

function familyOf(ip: string): 'ipv4' | 'ipv6' {
  return isIPv6(ip) ? 'ipv6' : 'ipv4';
}
