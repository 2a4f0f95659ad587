// One simulated camera: its RTSP server and its fault.
import { createRtspCounters } from './rtsp/rtsp-counters.ts';
import { DigestAuthenticator } from './auth/digest-authenticator.ts';
import { RtspServer } from './rtsp/rtsp-server.ts';
import type { BilingualName } from './bundled-loops.ts';
import type { CompleteDeviceSpec } from './device-spec.ts';
import type { DeviceFault } from './device-fault.ts';
import type { DigestAlgorithm } from './auth/digest-authenticator.ts';
import type { PacketizedLoop } from './media/packetized-loop.ts';
import type { RtspCounters } from './rtsp/rtsp-counters.ts';
import type { RtspLimits } from './rtsp/rtsp-context.ts';
import type { SharedTick } from './rtsp/shared-tick.ts';
import type { SimulatorClock } from './simulator-clock.ts';

/** What all devices of a campus share. */
export interface DeviceEnvironment {
  readonly host: string;
  readonly username: string;
  readonly password: string;
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  readonly clock: SimulatorClock;
  readonly tick: SharedTick;
  readonly limits: RtspLimits;
}

const realm = 'Wanglou simulator';
const streamPath = '/main';

/** A device that is listening, until closed. */
export class SimulatedDevice {
  readonly id: string;
  readonly name: BilingualName;
  readonly serial: string;
  /** Address of the main stream, without user and password. */
  readonly rtspUrl: string;
  readonly #rtsp: RtspServer;
  readonly #counters: RtspCounters;
  readonly #fault: { current: DeviceFault | undefined };

  private constructor(spec: CompleteDeviceSpec, rtspUrl: string, rtsp: RtspServer, counters: RtspCounters, fault: { current: DeviceFault | undefined }) {
    this.id = spec.id;
    this.name = spec.name;
    this.serial = spec.serial;
    this.rtspUrl = rtspUrl;
    this.#rtsp = rtsp;
    this.#counters = counters;
    this.#fault = fault;
  }

  /** Opens the device's ports. */
  static async start(spec: CompleteDeviceSpec, loop: PacketizedLoop, rtspPort: number, environment: DeviceEnvironment): Promise<SimulatedDevice> {
    const fault: { current: DeviceFault | undefined } = { current: undefined };
    const counters = createRtspCounters();
    const { username, password, digestAlgorithms, clock, tick, limits } = environment;
    const authenticator = new DigestAuthenticator({ realm, username, password, algorithms: digestAlgorithms, offerQop: false, clock });
    const rtsp = new RtspServer({ title: spec.name.en, path: streamPath, loop, authenticator, clock, tick, limits, counters, fault: () => fault.current });
    const port = await rtsp.listen(environment.host, rtspPort);
    return new SimulatedDevice(spec, `rtsp://${environment.host}:${port}${streamPath}`, rtsp, counters, fault);
  }

  get fault(): DeviceFault | undefined {
    return this.#fault.current;
  }

  /** A copy of the counters. */
  get rtspCounters(): RtspCounters {
    return { ...this.#counters };
  }

  /** Gives the device a fault or, with `undefined`, takes it away. Running connections feel it at once. */
  setFault(fault: DeviceFault | undefined): void {
    const before = this.#fault.current;
    this.#fault.current = fault;
    // A cured device starts afresh, and one that is gone or changed its password keeps nobody.
    if (fault === 'offline' || fault === 'wrong-auth' || (fault === undefined && before !== undefined)) this.#rtsp.disconnectAll(fault);
  }

  /** Closes all ports and connections. */
  async close(): Promise<void> {
    await this.#rtsp.close();
  }
}
