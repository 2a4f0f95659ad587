// One configured device: client, bring-up, keeper and stream addresses under one handle.
import { bringUp } from './bring-up.ts';
import { DeviceClient } from './device-client.ts';
import { DeviceKeeper } from './device-keeper.ts';
import { OnvifError } from '../soap/onvif-error.ts';
import { readStreamAddress } from '../media/stream-address.ts';
import { escapeXml } from '../soap/xml-node.ts';
import { SoapTransport } from '../soap/soap-transport.ts';
import type { AddressPolicy } from './device-address.ts';
import type { BringUpStep, DeviceFacts, StepReport } from './bring-up.ts';
import type { DeviceInformation } from './device-information.ts';
import type { DeviceState } from './device-keeper.ts';
import type { RankedProfile } from '../media/media-profile.ts';

/** Settings of an {@link OnvifDevice}. */
export interface OnvifDeviceOptions {
  readonly address: URL;
  readonly addressPolicy: AddressPolicy;
  readonly username: string;
  readonly password: string;
  /** Video source token, for devices with several. */
  readonly channel?: string;
  readonly deadlineMs: number;
  readonly checkIntervalMs: number;
  now(): number;
  after(delayMs: number, task: () => void): () => unknown;
  random(): number;
  changed(state: DeviceState, problem: OnvifError | undefined, information: DeviceInformation): void;
}

/** A signal and a deadline, both optional. */
export interface DeviceCallOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/** A device that is kept up from `start` to `stop`. */
export class OnvifDevice {
  readonly #options: OnvifDeviceOptions;
  readonly #transport: SoapTransport;
  readonly #keeper: DeviceKeeper;
  #client: DeviceClient;
  #information: DeviceInformation = {};
  /** Stream addresses by transport and token; a device may change them when it starts anew. */
  #streams = new Map<string, URL>();

  constructor(options: OnvifDeviceOptions) {
    this.#options = options;
    this.#transport = new SoapTransport({ deadlineMs: options.deadlineMs });
    this.#client = this.#createClient();
    this.#keeper = new DeviceKeeper({
      bringUp: (signal) => this.#bringUp(signal),
      check: async (signal) => {
        await this.#client.call({ operation: 'GetDeviceInformation', write: (camera, done) => camera.getDeviceInformation(done), signal });
      },
      after: options.after,
      random: options.random,
      changed: (state, problem) => options.changed(state, problem, this.#information),
      checkIntervalMs: options.checkIntervalMs,
    });
  }

  start(): void {
    this.#keeper.start();
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
    this.#transport.close();
  }

  /** The profiles with video; waits for a bring-up in flight. @throws OnvifError */
  async profiles(options: DeviceCallOptions = {}): Promise<readonly RankedProfile[]> {
    return (await this.#facts(options)).profiles;
  }

  /** Where a profile is fetched. @throws OnvifError */
  async streamAddress(token: string, transport: 'tcp' | 'udp', options: DeviceCallOptions = {}): Promise<URL> {
    const { mediaService } = await this.#facts(options);
    const key = `${transport} ${token}`;
    const known = this.#streams.get(key);
    if (known) return new URL(known);
    const response = await this.#client.call({
      operation: 'GetStreamUri',
      service: mediaService,
      write: (camera, done) => camera.getStreamUri({ protocol: transport === 'tcp' ? 'RTSP' : 'UDP', profileToken: escapeXml(token) }, done),
      ...options,
    });
    const address = readStreamAddress(response, this.#options.address, this.#options.addressPolicy);
    this.#streams.set(key, address);
    return new URL(address);
  }

  /** Goes through the steps anew, on a session of its own, and tells how each went. Never throws. */
  async probe(upTo: BringUpStep, options: DeviceCallOptions = {}): Promise<readonly StepReport[]> {
    const steps: StepReport[] = [];
    const { channel } = this.#options;
    const { signal } = options;
    await bringUp({ client: this.#createClient(), upTo, onStep: (step) => void steps.push(step), ...(channel !== undefined && { channel }), ...(signal && { signal }) }).catch((error: unknown) => {
      // The failed step is in the report; an aborted probe has no further one.
      if (!(error instanceof OnvifError)) signal?.throwIfAborted();
    });
    return steps;
  }

  async #facts(options: DeviceCallOptions): Promise<DeviceFacts> {
    const deadlineMs = options.deadlineMs ?? this.#options.deadlineMs;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    return this.#keeper.facts(signal).catch((error: unknown) => {
      options.signal?.throwIfAborted();
      if (deadline.aborted) throw new OnvifError('TIMEOUT', { step: 'connect', seconds: deadlineMs / 1000 });
      throw error;
    });
  }

  async #bringUp(signal: AbortSignal): Promise<DeviceFacts> {
    const client = this.#createClient();
    const { channel } = this.#options;
    const facts = await bringUp({ client, signal, ...(channel !== undefined && { channel }) });
    if (!facts) throw new OnvifError('MALFORMED', { reason: 'the bring-up ended without facts' });
    this.#client = client;
    this.#streams = new Map();
    this.#information = facts.information;
    return facts;
  }

  #createClient(): DeviceClient {
    const { address, addressPolicy, username, password, now } = this.#options;
    return new DeviceClient({ address, addressPolicy, username, password, now, transport: this.#transport });
  }
}
