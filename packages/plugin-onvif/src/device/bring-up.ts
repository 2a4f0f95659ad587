// Brings a device up, step by step, each with its own deadline and verdict. Replaces the library's connect(), which may never settle.
import net from 'node:net';
import { asOnvifError, OnvifError } from '../soap/onvif-error.ts';
import { parseToldAddress } from './device-address.ts';
import { rankProfiles, readProfiles } from '../media/media-profile.ts';
import { readCapabilities, readDeviceInformation, readServices } from './device-information.ts';
import type { DeviceClient } from './device-client.ts';
import type { DeviceInformation, ServiceAddresses } from './device-information.ts';
import type { RankedProfile } from '../media/media-profile.ts';

/** The steps, in order. */
export const bringUpSteps = ['tcp', 'time', 'services', 'auth', 'media'] as const;

export type BringUpStep = (typeof bringUpSteps)[number];

/** How a step went. */
export interface StepReport {
  readonly name: BringUpStep;
  readonly durationMs: number;
  /** Absent when it went well. */
  readonly error?: OnvifError;
}

/** What is known of a device that was brought up. */
export interface DeviceFacts {
  readonly information: DeviceInformation;
  /** Which media service answers; the choice is kept, some devices offer a Media2 that does not work. */
  readonly mediaService: 'media' | 'media2';
  readonly profiles: readonly RankedProfile[];
  readonly clockOffsetMs: number | undefined;
}

/** What {@link bringUp} takes. */
export interface BringUpOptions {
  readonly client: DeviceClient;
  /** Video source token, for devices with several. Default: the first. */
  readonly channel?: string;
  readonly signal?: AbortSignal;
  /** Last step to take. Default `media`. */
  readonly upTo?: BringUpStep;
  /** Hears of each step, also of the failed one. */
  onStep?(report: StepReport): void;
}

const tcpDeadlineMs = 5000;
const mediaPaths = { media: '/onvif/media_service', media2: '/onvif/media2_service' } as const;

/** Runs the steps. @throws OnvifError of the step that failed; `undefined` when stopped before `media` as asked. */
export async function bringUp(options: BringUpOptions): Promise<DeviceFacts | undefined> {
  const { client, signal } = options;
  const until = bringUpSteps.indexOf(options.upTo ?? 'media');
  let information: DeviceInformation = {};
  let media: Pick<DeviceFacts, 'mediaService' | 'profiles'> | undefined;
  const work: Readonly<Record<BringUpStep, () => Promise<void>>> = {
    tcp: () => connect(client.address, signal),
    // A device that does not tell its time may still let us in by HTTP digest.
    time: () => client.readClock(signal).then(() => undefined, throwUnlessMinor),
    services: async () => useServices(client, await findServices(client, signal)),
    auth: async () => {
      information = readDeviceInformation(await client.call({ operation: 'GetDeviceInformation', write: (camera, done) => camera.getDeviceInformation(done), ...(signal && { signal }) }));
    },
    media: async () => {
      media = await findProfiles(client, options.channel, signal);
    },
  };
  for (const name of bringUpSteps.slice(0, until + 1)) await runStep(name, work[name], options);
  return media && { information, ...media, clockOffsetMs: client.clockOffsetMs };
}

async function runStep(name: BringUpStep, step: () => Promise<void>, options: BringUpOptions): Promise<void> {
  const startedMs = performance.now();
  try {
    await step();
    options.onStep?.({ name, durationMs: performance.now() - startedMs });
  } catch (error) {
    options.signal?.throwIfAborted();
    const reason = asOnvifError(error);
    options.onStep?.({ name, durationMs: performance.now() - startedMs, error: reason });
    throw reason;
  }
}

/** A bare connection first: it tells "not there" from "there, but not ONVIF". */
function connect(address: URL, signal: AbortSignal | undefined): Promise<void> {
  const port = address.port === '' ? (address.protocol === 'https:' ? 443 : 80) : Number(address.port);
  const deadline = AbortSignal.timeout(tcpDeadlineMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address.hostname.replace(/^\[|\]$/g, ''), port, signal: stop });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      reject(deadline.aborted ? new OnvifError('TIMEOUT', { step: 'connect', seconds: tcpDeadlineMs / 1000, address: address.host }) : new OnvifError('UNREACHABLE', { address: address.host, reason: error.code ?? error.message }, { cause: error }));
    });
  });
}

function throwUnlessMinor(error: unknown): undefined {
  const { code } = asOnvifError(error);
  if (code === 'NOT_SUPPORTED' || code === 'DEVICE_FAULT' || code === 'BAD_CREDENTIALS') return undefined;
  throw error;
}

/** GetServices, else GetCapabilities (devices before ONVIF 2.0), else the usual paths. */
async function findServices(client: DeviceClient, signal: AbortSignal | undefined): Promise<ServiceAddresses> {
  const common = signal ? { signal } : {};
  const services = await client.call({ operation: 'GetServices', write: (camera, done) => camera.getServices(false, done), ...common }).then(readServices, throwUnlessFault);
  if (services?.media ?? services?.media2) return services;
  const capabilities = await client.call({ operation: 'GetCapabilities', write: (camera, done) => camera.getCapabilities(done), ...common }).then(readCapabilities, throwUnlessFault);
  return capabilities?.media ? capabilities : {};
}

function throwUnlessFault(error: unknown): undefined {
  const { code } = asOnvifError(error);
  if (code === 'NOT_SUPPORTED' || code === 'DEVICE_FAULT' || code === 'MALFORMED') return undefined;
  throw error;
}

function useServices(client: DeviceClient, told: ServiceAddresses): void {
  const fallback = (service: 'media' | 'media2'): URL => new URL(mediaPaths[service], client.address);
  const addressOf = (service: 'media' | 'media2'): URL => parseToldAddress(told[service], ['http:', 'https:']) ?? fallback(service);
  if (told.media2 !== undefined) client.setService('media2', addressOf('media2'));
  if (told.media !== undefined || told.media2 === undefined) client.setService('media', addressOf('media'));
}

/** Media2 when it is offered and works, else Media1. */
async function findProfiles(client: DeviceClient, channel: string | undefined, signal: AbortSignal | undefined): Promise<Pick<DeviceFacts, 'mediaService' | 'profiles'>> {
  const offered = (['media2', 'media'] as const).filter((service) => client.hasService(service));
  let failure = new OnvifError('NOT_SUPPORTED', { what: channel === undefined ? 'video streams' : `video streams of channel ${channel}` });
  for (const mediaService of offered) {
    try {
      const response = await client.call({ operation: 'GetProfiles', write: (camera, done) => camera.getProfiles(done), service: mediaService, ...(signal && { signal }) });
      const profiles = rankProfiles(readProfiles(response), channel);
      if (profiles.length > 0) return { mediaService, profiles };
    } catch (error) {
      signal?.throwIfAborted();
      failure = asOnvifError(error);
    }
  }
  throw failure;
}
