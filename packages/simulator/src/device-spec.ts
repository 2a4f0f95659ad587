// Which devices a campus has: from a number or a list to complete descriptions.
import { bundledLoopFolder, bundledLoopNames, bundledLoops } from './bundled-loops.ts';
import { SimulatorError } from './simulator-error.ts';
import type { BilingualName, BundledLoopName } from './bundled-loops.ts';
import type { MediaTransport } from './rtsp/rtsp-context.ts';
import type { OnvifLogin } from './onvif/onvif-context.ts';

/** What a device sounds like. */
export type DeviceSound = 'loop' | 'none' | 'pcma' | 'pcmu';

/** One device as a caller describes it; everything has a default. */
export interface DeviceSpec {
  /** Letters, digits and hyphens; unique. Default: the loop's name, with a number when it repeats. */
  readonly id?: string;
  readonly name?: BilingualName;
  /** A bundled loop. Default: the next one in turn. */
  readonly loop?: BundledLoopName;
  /** What is heard: the loop's own sound, none, or a beep in G.711. Default `loop`. */
  readonly sound?: DeviceSound;
  /** Ways of media that are offered; others are refused with 461. Default both. */
  readonly transports?: readonly MediaTransport[];
  /** An own fragmented MP4 (H.264 or H.265, optionally AAC or Opus) instead of a bundled loop. */
  readonly loopFile?: string | URL;
  /** Offer the ONVIF Media2 service beside Media1. Default true. */
  readonly media2?: boolean;
  /** How a client may log in to the ONVIF services. Default both ways. */
  readonly onvifLogins?: readonly OnvifLogin[];
  /** How far the device's clock is ahead; it decides about UsernameToken logins. Default 0. */
  readonly clockOffsetMs?: number;
}

/** A device with nothing left open. */
export interface CompleteDeviceSpec {
  readonly id: string;
  readonly name: BilingualName;
  readonly loopFile: string | URL;
  /** Digits only and longer than a double can hold exactly: a reader that turns it into a number loses it. */
  readonly serial: string;
  /** Endpoint reference of WS-Discovery, RFC 4122 form. */
  readonly uuid: string;
  readonly media2: boolean;
  readonly sound: DeviceSound;
  readonly transports: readonly MediaTransport[];
  readonly onvifLogins: readonly OnvifLogin[];
  readonly clockOffsetMs: number;
}

/** Completes and checks `devices`. @throws SimulatorError `DEVICE_INVALID` */
export function completeDeviceSpecs(devices: number | readonly DeviceSpec[]): CompleteDeviceSpec[] {
  const specs: readonly DeviceSpec[] = typeof devices === 'number' ? Array.from({ length: checkCount(devices) }, () => ({})) : devices;
  const seen = new Set<string>();
  return specs.map((spec, index) => {
    const loop = spec.loop ?? bundledLoopNames[index % bundledLoopNames.length] ?? 'east-gate';
    const id = spec.id ?? freeId(loop, seen);
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/.test(id)) throw new SimulatorError('DEVICE_INVALID', `Device id "${id}": use letters, digits and hyphens`);
    if (seen.has(id)) throw new SimulatorError('DEVICE_INVALID', `Device id "${id}" is given twice`);
    seen.add(id);
    return complete(id, spec, loop, index);
  });
}

function complete(id: string, spec: DeviceSpec, loop: BundledLoopName, index: number): CompleteDeviceSpec {
  const number = String(index + 1);
  return {
    id,
    name: spec.name ?? numberedName(bundledLoops[loop], id, loop),
    loopFile: spec.loopFile ?? new URL(`${loop}.mp4`, bundledLoopFolder),
    serial: `2026010100000000${number.padStart(4, '0')}`,
    uuid: `77616e67-6c6f-4755-8000-${number.padStart(12, '0')}`,
    media2: spec.media2 ?? true,
    sound: spec.sound ?? 'loop',
    transports: spec.transports ?? ['tcp', 'udp'],
    onvifLogins: spec.onvifLogins ?? ['http-digest', 'username-token'],
    clockOffsetMs: spec.clockOffsetMs ?? 0,
  };
}

function checkCount(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count <= 9999) return count;
  throw new SimulatorError('DEVICE_INVALID', `devices: ${count} is not a whole number from 0 to 9999`);
}

function freeId(loop: string, seen: ReadonlySet<string>): string {
  if (!seen.has(loop)) return loop;
  let number = 2;
  while (seen.has(`${loop}-${number}`)) number += 1;
  return `${loop}-${number}`;
}

function numberedName(name: BilingualName, id: string, loop: string): BilingualName {
  const number = /^-(\d+)$/.exec(id.slice(loop.length))?.[1];
  return id.startsWith(loop) && number ? { zh: `${name.zh} ${number}`, en: `${name.en} ${number}` } : name;
}
