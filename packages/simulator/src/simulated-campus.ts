// The handle of a running campus: its devices, faults on demand, counters, and the way to stop it.
import { createDeviceCounters } from './simulated-device.ts';
import { SimulatorError } from './simulator-error.ts';
import type { BilingualName } from './bundled-loops.ts';
import type { DeviceDisturbance } from './device-disturbance.ts';
import type { DeviceFault } from './device-fault.ts';
import type { DeviceCounters, SimulatedDevice } from './simulated-device.ts';
import type { DiscoveryResponder } from './onvif/discovery-responder.ts';

/** What is known of a device from outside. */
export interface SimulatedDeviceInfo {
  readonly id: string;
  readonly name: BilingualName;
  /** Address of the main stream, without user and password. */
  readonly rtspUrl: string;
  /** Address of the ONVIF device service. */
  readonly onvifAddress: string;
  readonly serial: string;
}

/** Counters of a campus. */
export interface SimulatedCampusStats {
  /** Sums over all devices. */
  readonly total: DeviceCounters;
  /** By device id. */
  readonly devices: Readonly<Record<string, DeviceCounters & { readonly fault?: DeviceFault }>>;
}

/** A running campus. Dispose it with `await using` or `close()`. */
export class SimulatedCampus implements AsyncDisposable {
  readonly devices: readonly SimulatedDeviceInfo[];
  /** UDP port that answers WS-Discovery, `undefined` when it was switched off. */
  readonly discoveryPort: number | undefined;
  /** Whether Probes to 239.255.255.250 on the loopback interface are answered too. */
  readonly discoveryMulticast: boolean;
  /** SHA-256 fingerprint of the certificate that all devices show over TLS, hex with colons; `undefined` without TLS. */
  readonly certificateFingerprint: string | undefined;
  readonly #discovery: DiscoveryResponder | undefined;
  readonly #devices: ReadonlyMap<string, SimulatedDevice>;
  #closing: Promise<void> | undefined;

  /** @internal use `createSimulatedCampus` */
  constructor(devices: readonly SimulatedDevice[], discovery: DiscoveryResponder | undefined, certificateFingerprint: string | undefined) {
    this.certificateFingerprint = certificateFingerprint;
    this.#discovery = discovery;
    this.discoveryPort = discovery?.port;
    this.discoveryMulticast = discovery?.multicast ?? false;
    this.#devices = new Map(devices.map((device) => [device.id, device]));
    this.devices = devices.map(({ id, name, rtspUrl, onvifAddress, serial }) => ({ id, name, rtspUrl, onvifAddress, serial }));
  }

  /**
   * Gives a device a fault, or cures it with `undefined`. Acts on running connections and on new ones.
   * @throws SimulatorError `DEVICE_UNKNOWN`, `CLOSED`
   */
  setFault(deviceId: string, fault: DeviceFault | undefined): void {
    this.#device(deviceId).setFault(fault);
  }

  /**
   * Lets something happen to a device; see {@link DeviceDisturbance}.
   * @throws SimulatorError `DEVICE_UNKNOWN`, `DISTURBANCE_INVALID`, `CLOSED`
   */
  disturb(deviceId: string, disturbance: DeviceDisturbance): void {
    this.#device(deviceId).disturb(disturbance);
  }

  /** Counters so far. */
  stats(): SimulatedCampusStats {
    const devices: Record<string, DeviceCounters & { fault?: DeviceFault }> = {};
    for (const device of this.#devices.values()) devices[device.id] = device.fault ? { ...device.counters, fault: device.fault } : device.counters;
    return { total: sumCounters([...this.#devices.values()].map((device) => device.counters)), devices };
  }

  /** Stops all devices; idempotent. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#discovery?.close(), ...[...this.#devices.values()].map((device) => device.close())]).then(() => undefined);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #device(id: string): SimulatedDevice {
    if (this.#closing) throw new SimulatorError('CLOSED', 'The simulated campus is closed');
    const device = this.#devices.get(id);
    if (!device) throw new SimulatorError('DEVICE_UNKNOWN', `No simulated device "${id}"; there are ${[...this.#devices.keys()].join(', ')}`);
    return device;
  }
}

function sumCounters(all: readonly DeviceCounters[]): DeviceCounters {
  const total = createDeviceCounters();
  for (const counters of all) {
    for (const key of Object.keys(total) as (keyof DeviceCounters)[]) total[key] += counters[key];
  }
  return total;
}
