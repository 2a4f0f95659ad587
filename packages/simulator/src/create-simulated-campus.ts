// Entry point: starts a campus of simulated cameras in this process.
import { readFile } from 'node:fs/promises';
import { completeDeviceSpecs } from './device-spec.ts';
import { DiscoveryResponder } from './onvif/discovery-responder.ts';
import { monotonicClock } from './simulator-clock.ts';
import { createG711Tone } from './media/g711-tone.ts';
import { createSelfSignedCertificate } from './auth/self-signed-certificate.ts';
import { packetizeLoop } from './media/packetized-loop.ts';
import { parseLoop } from './media/parse-loop.ts';
import { SharedTick } from './rtsp/shared-tick.ts';
import { SimulatedCampus } from './simulated-campus.ts';
import { SimulatedDevice } from './simulated-device.ts';
import type { CompleteDeviceSpec, DeviceSound, DeviceSpec } from './device-spec.ts';
import type { DeviceEnvironment } from './simulated-device.ts';
import type { DigestAlgorithm } from './auth/digest-authenticator.ts';
import type { PacketizedLoop } from './media/packetized-loop.ts';
import type { SimulatorClock } from './simulator-clock.ts';

/** Settings of a simulated campus; all have defaults. */
export interface CreateSimulatedCampusOptions {
  /** How many devices, or which. Default 9. */
  readonly devices?: number | readonly DeviceSpec[];
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string;
  /** RTSP port of the first device, the others follow; 0 (default) lets the system choose for each. */
  readonly rtspPort?: number;
  /** HTTP port of the ONVIF services of the first device, the others follow; 0 (default) lets the system choose for each. */
  readonly onvifPort?: number;
  /** UDP port that answers WS-Discovery: 0 (default) lets the system choose, 3702 is the standard's, `false` answers nothing. */
  readonly discoveryPort?: number | false;
  /** Default `admin`. */
  readonly username?: string;
  /** Default `wanglou-sim`. */
  readonly password?: string;
  /** Digest algorithms offered over RTSP and HTTP, preferred first. Default `['MD5']`, as most cameras. */
  readonly digestAlgorithms?: readonly DigestAlgorithm[];
  /** Default: wall clock that does not jump. */
  readonly clock?: SimulatorClock;
  /** How often due packets are sent, all clients at once. Default 20 ms. */
  readonly tickIntervalMs?: number;
  /** Default 60 s, as most cameras. */
  readonly sessionTimeoutSeconds?: number;
  /** Unsent bytes after which a slow client is dropped. Default 4 MiB. */
  readonly maxQueueBytes?: number;
  /** Default 5000 ms; the first report goes out with PLAY. */
  readonly senderReportIntervalMs?: number;
  /** RTSP over TLS with a certificate that the campus makes for itself. Default false. */
  readonly tls?: boolean;
}

/**
 * Starts the devices and resolves when all listen.
 * @throws SimulatorError `DEVICE_INVALID`, `LOOP_INVALID`; or the system's error when a port is taken
 * @example
 * await using campus = await createSimulatedCampus({ devices: 2 });
 * console.log(campus.devices[0].rtspUrl);
 */
export async function createSimulatedCampus(options: CreateSimulatedCampusOptions = {}): Promise<SimulatedCampus> {
  const specs = completeDeviceSpecs(options.devices ?? 9);
  const host = options.host ?? '127.0.0.1';
  const identity = options.tls === true ? createSelfSignedCertificate(host, Date.now()) : undefined;
  const environment: DeviceEnvironment = {
    host,
    identity,
    username: options.username ?? 'admin',
    password: options.password ?? 'wanglou-sim',
    digestAlgorithms: options.digestAlgorithms ?? ['MD5'],
    clock: options.clock ?? monotonicClock,
    tick: new SharedTick(options.tickIntervalMs ?? 20),
    limits: {
      sessionTimeoutSeconds: options.sessionTimeoutSeconds ?? 60,
      maxQueueBytes: options.maxQueueBytes ?? 4 * 1024 * 1024,
      senderReportIntervalMs: options.senderReportIntervalMs ?? 5000,
    },
  };
  const devices = await startDevices(specs, options, environment);
  try {
    return new SimulatedCampus(devices, await startDiscovery(devices, environment.host, options.discoveryPort ?? 0), identity?.fingerprint);
  } catch (error) {
    await Promise.all(devices.map((device) => device.close()));
    throw error;
  }
}

async function startDiscovery(devices: readonly SimulatedDevice[], host: string, port: number | false): Promise<DiscoveryResponder | undefined> {
  if (port === false) return undefined;
  const responder = await DiscoveryResponder.open(host, port);
  responder.serve(devices.map((device) => device.discoverable));
  return responder;
}

async function startDevices(specs: readonly CompleteDeviceSpec[], options: CreateSimulatedCampusOptions, environment: DeviceEnvironment): Promise<SimulatedDevice[]> {
  const loops = new Map<string, Promise<PacketizedLoop>>();
  const portOf = (base: number | undefined, index: number): number => (base ? base + index : 0);
  const started = await Promise.allSettled(
    specs.map(async (spec, index) => {
      const key = `${spec.loopFile} ${spec.sound}`;
      const loop = loops.get(key) ?? loadLoop(spec.loopFile, spec.sound);
      loops.set(key, loop);
      return SimulatedDevice.start(spec, await loop, { rtsp: portOf(options.rtspPort, index), onvif: portOf(options.onvifPort, index) }, environment);
    }),
  );
  const devices = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (!failed) return devices;
  await Promise.all(devices.map((device) => device.close()));
  throw failed.reason;
}

async function loadLoop(file: string | URL, sound: DeviceSound): Promise<PacketizedLoop> {
  const { video, audio } = parseLoop(await readFile(file), String(file));
  const chosen = sound === 'loop' ? audio : sound === 'none' ? undefined : createG711Tone(sound, video.durationTicks / video.ticksPerSecond);
  return packetizeLoop(chosen ? { video, audio: chosen } : { video });
}
