// The handle of a running campus: its devices, faults on demand, counters, and the way to stop it.
import { SimulatorError } from './simulator-error.ts';
import type { BilingualName } from './bundled-loops.ts';
import type { DeviceFault } from './device-fault.ts';
import type { RtspCounters } from './rtsp/rtsp-counters.ts';
import type { SimulatedDevice } from './simulated-device.ts';

/** What is known of a device from outside. */
export interface SimulatedDeviceInfo {
  readonly id: string;
  readonly name: BilingualName;
  /** Address of the main stream, without user and password. */
  readonly rtspUrl: string;
  readonly serial: string;
}

/** Counters of a campus. */
export interface SimulatedCampusStats {
  /** Sums over all devices. */
  readonly total: RtspCounters;
  /** By device id. */
  readonly devices: Readonly<Record<string, RtspCounters & { readonly fault?: DeviceFault }>>;
}

/** A running campus. Dispose it with `await using` or `close()`. */
export class SimulatedCampus implements AsyncDisposable {
  readonly devices: readonly SimulatedDeviceInfo[];
  readonly #devices: ReadonlyMap<string, SimulatedDevice>;
  #closing: Promise<void> | undefined;

  /** @internal use `createSimulatedCampus` */
  constructor(devices: readonly SimulatedDevice[]) {
    this.#devices = new Map(devices.map((device) => [device.id, device]));
    this.devices = devices.map(({ id, name, rtspUrl, serial }) => ({ id, name, rtspUrl, serial }));
  }

  /**
   * Gives a device a fault, or cures it with `undefined`. Acts on running connections and on new ones.
   * @throws SimulatorError `DEVICE_UNKNOWN`, `CLOSED`
   */
  setFault(deviceId: string, fault: DeviceFault | undefined): void {
    if (this.#closing) throw new SimulatorError('CLOSED', 'The simulated campus is closed');
    const device = this.#devices.get(deviceId);
    if (!device) throw new SimulatorError('DEVICE_UNKNOWN', `No simulated device "${deviceId}"; there are ${[...this.#devices.keys()].join(', ')}`);
    device.setFault(fault);
  }

  /** Counters so far. */
  stats(): SimulatedCampusStats {
    const devices: Record<string, RtspCounters & { fault?: DeviceFault }> = {};
    for (const device of this.#devices.values()) devices[device.id] = device.fault ? { ...device.rtspCounters, fault: device.fault } : device.rtspCounters;
    return { total: sumCounters([...this.#devices.values()].map((device) => device.rtspCounters)), devices };
  }

  /** Stops all devices; idempotent. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#devices.values()].map((device) => device.close())).then(() => undefined);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function sumCounters(all: readonly RtspCounters[]): RtspCounters {
  const sum = (key: keyof RtspCounters): number => all.reduce((total, counters) => total + counters[key], 0);
  return {
    connections: sum('connections'),
    playing: sum('playing'),
    requests: sum('requests'),
    refusedLogins: sum('refusedLogins'),
    packetsSent: sum('packetsSent'),
    bytesSent: sum('bytesSent'),
    slowClientsDropped: sum('slowClientsDropped'),
    expiredSessions: sum('expiredSessions'),
    malformedRequests: sum('malformedRequests'),
  };
}
