// One simulated camera: its RTSP server, its ONVIF services and its fault.
import { createRtspCounters } from './rtsp/rtsp-counters.ts';
import { deviceScopes, servicePaths } from './onvif/device-operations.ts';
import { randomInt } from 'node:crypto';
import { frozen, withOtherParameters } from './media/packetized-loop.ts';
import { DatagramSender } from './rtsp/datagram-sender.ts';
import { SimulatorError } from './simulator-error.ts';
import { DigestAuthenticator } from './auth/digest-authenticator.ts';
import { OnvifServer } from './onvif/onvif-server.ts';
import { RtspServer } from './rtsp/rtsp-server.ts';
import { UsernameTokenChecker } from './auth/username-token-checker.ts';
import type { BilingualName } from './bundled-loops.ts';
import type { CompleteDeviceSpec } from './device-spec.ts';
import type { DeviceDisturbance } from './device-disturbance.ts';
import type { SelfSignedCertificate } from './auth/self-signed-certificate.ts';
import type { DeviceFault } from './device-fault.ts';
import type { DigestAlgorithm } from './auth/digest-authenticator.ts';
import type { DiscoverableDevice } from './onvif/discovery-responder.ts';
import type { MediaSender } from './media/media-sender.ts';
import type { OnvifContext, OnvifCounters } from './onvif/onvif-context.ts';
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
  /** RTSP over TLS with this certificate. */
  readonly identity: SelfSignedCertificate | undefined;
}

/** Ports to listen on; 0 lets the system choose. */
export interface DevicePorts {
  readonly rtsp: number;
  readonly onvif: number;
}

/** Everything one device counts. */
export interface DeviceCounters extends RtspCounters, OnvifCounters {}

const realm = 'Wanglou simulator';
const streamPath = '/main';
const httpNonceLifetimeMs = 5 * 60_000;

/** All zeros. */
export function createDeviceCounters(): DeviceCounters {
  return { ...createRtspCounters(), soapRequests: 0, soapFaults: 0, refusedSoapLogins: 0 };
}

/** A device; `start` opens it. */
export class SimulatedDevice {
  readonly id: string;
  readonly name: BilingualName;
  readonly serial: string;
  readonly #spec: CompleteDeviceSpec;
  readonly #environment: DeviceEnvironment;
  readonly #counters = createDeviceCounters();
  readonly #rtsp: RtspServer;
  readonly #onvif: OnvifServer;
  readonly #onvifContext: OnvifContext;
  #rtspUrl = '';
  #onvifOrigin = '';
  #fault: DeviceFault | undefined;
  #loop: PacketizedLoop;
  readonly #firstLoop: PacketizedLoop;
  #packetLoss = 0;
  #clockShiftMs = 0;
  #rebooting: NodeJS.Timeout | undefined;
  readonly #datagrams: DatagramSender | undefined;

  private constructor(spec: CompleteDeviceSpec, loop: PacketizedLoop, environment: DeviceEnvironment, datagrams: DatagramSender | undefined) {
    this.#datagrams = datagrams;
    this.#loop = loop;
    this.#firstLoop = loop;
    this.id = spec.id;
    this.name = spec.name;
    this.serial = spec.serial;
    this.#spec = spec;
    this.#environment = environment;
    this.#rtsp = this.#createRtspServer();
    this.#onvifContext = this.#createOnvifContext(loop);
    this.#onvif = new OnvifServer(this.#onvifContext);
  }

  /** Opens the device's ports. */
  static async start(spec: CompleteDeviceSpec, loop: PacketizedLoop, ports: DevicePorts, environment: DeviceEnvironment): Promise<SimulatedDevice> {
    const { host } = environment;
    const datagrams = spec.transports.includes('udp') ? await DatagramSender.open(host) : undefined;
    const device = new SimulatedDevice(spec, loop, environment, datagrams);
    try {
      device.#rtspUrl = `${environment.identity ? 'rtsps' : 'rtsp'}://${host}:${await device.#rtsp.listen(host, ports.rtsp)}${streamPath}`;
      device.#onvifOrigin = `http://${host}:${await device.#onvif.listen(host, ports.onvif)}`;
      return device;
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  /** Address of the main stream, without user and password. */
  get rtspUrl(): string {
    return this.#rtspUrl;
  }

  /** Address of the ONVIF device service. */
  get onvifAddress(): string {
    return `${this.#onvifOrigin}${servicePaths.device}`;
  }

  /** What discovery answers for this device. */
  get discoverable(): DiscoverableDevice {
    const match = { uuid: this.#spec.uuid, scopes: deviceScopes(this.#onvifContext), address: this.onvifAddress };
    return { match, fault: () => this.#fault };
  }

  get fault(): DeviceFault | undefined {
    return this.#fault;
  }

  /** A copy of the counters. */
  get counters(): DeviceCounters {
    return { ...this.#counters };
  }

  /** Gives the device a fault or, with `undefined`, takes it away. Running connections feel it at once. */
  setFault(fault: DeviceFault | undefined): void {
    clearTimeout(this.#rebooting);
    const before = this.#fault;
    this.#fault = fault;
    // A network that is whole again brings what waited.
    if (before === 'cut' && fault === undefined) {
      for (const connection of this.#rtsp.connections) connection.resume();
      return;
    }
    // An encoder that hangs, or goes on, breaks no connection.
    if (before === 'frozen') this.#show(this.#firstLoop);
    if (fault === 'frozen') this.#show(frozen(this.#firstLoop));
    if (fault === 'cut' || (before === 'frozen' && fault === undefined)) return;
    // A cured device starts afresh, and one that is gone or changed its password keeps nobody.
    if (fault !== 'offline' && fault !== 'wrong-auth' && (fault !== undefined || before === undefined)) return;
    this.#rtsp.disconnectAll(fault);
    this.#onvif.disconnectAll(fault);
  }

  /**
   * Lets something happen to the device.
   * @throws SimulatorError `DISTURBANCE_INVALID`
   */
  disturb(disturbance: DeviceDisturbance): void {
    const senders = this.#senders();
    switch (disturbance.kind) {
      case 'reboot': return this.#reboot(disturbance.downMs, disturbance.clockShiftMs ?? this.#clockShiftMs);
      case 'clock-jump': this.#clockShiftMs += disturbance.byMs; return;
      case 'timestamp-jump': for (const sender of senders) sender.jumpTimestamps(disturbance.bySeconds); return;
      case 'new-source': for (const sender of senders) sender.renew((below) => randomInt(below)); return;
      case 'new-parameters': {
        const other = this.#loop === this.#firstLoop ? withOtherParameters(this.#firstLoop) : this.#firstLoop;
        if (other === undefined) throw new SimulatorError('DISTURBANCE_INVALID', `Device "${this.id}" is H.265; new parameters are for H.264 devices`);
        this.#show(other);
        return;
      }
      case 'packet-loss':
        if (!(disturbance.share >= 0 && disturbance.share < 1)) throw new SimulatorError('DISTURBANCE_INVALID', `packet-loss: ${disturbance.share} is not a share from 0 to below 1`);
        this.#packetLoss = disturbance.share;
    }
  }

  #senders(): MediaSender[] {
    return [...this.#rtsp.connections].map((connection) => connection.sender).filter((sender) => sender !== undefined);
  }

  #show(loop: PacketizedLoop): void {
    this.#loop = loop;
    for (const sender of this.#senders()) sender.show(loop);
  }

  #reboot(downMs: number, clockShiftMs: number): void {
    this.setFault('offline');
    this.#clockShiftMs = clockShiftMs;
    this.#rebooting = setTimeout(() => this.setFault(undefined), downMs);
  }

  /** Closes all ports and connections. */
  async close(): Promise<void> {
    clearTimeout(this.#rebooting);
    this.#datagrams?.close();
    await Promise.all([this.#rtsp.close(), this.#onvif.close()]);
  }

  #createRtspServer(): RtspServer {
    const { clock, tick, limits, identity } = this.#environment;
    return new RtspServer({
      title: this.name.en,
      path: streamPath,
      loop: () => this.#loop,
      packetLoss: () => this.#packetLoss,
      clockShiftMs: () => this.#clockShiftMs,
      transports: this.#spec.transports,
      datagrams: this.#datagrams,
      authenticator: new DigestAuthenticator({ ...this.#login(), offerQop: false }),
      clock,
      tick,
      limits,
      counters: this.#counters,
      fault: () => this.#fault,
    }, identity);
  }

  #createOnvifContext(loop: PacketizedLoop): OnvifContext {
    const { id, name, serial, uuid, media2, onvifLogins, clockOffsetMs } = this.#spec;
    const { username, password, clock } = this.#environment;
    const now = (): number => clock.now() + clockOffsetMs;
    const rtspUrl = (): string => this.#rtspUrl;
    return {
      facts: { id, name, serial, uuid, media2, logins: onvifLogins, loop: loop.source, rtspUrl },
      origin: () => this.#onvifOrigin,
      digest: new DigestAuthenticator({ ...this.#login(), offerQop: true, nonceLifetimeMs: httpNonceLifetimeMs }),
      usernameTokens: new UsernameTokenChecker({ username, password, now }),
      counters: this.#counters,
      now,
      fault: () => this.#fault,
    };
  }

  #login() {
    const { username, password, digestAlgorithms, clock } = this.#environment;
    return { realm, username, password, algorithms: digestAlgorithms, clock };
  }
}
