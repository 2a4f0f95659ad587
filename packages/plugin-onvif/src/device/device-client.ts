// Calls one device: writes the request, logs in the way the device wants, reads the answer.
import { applyAddressPolicy } from './device-address.ts';
import { asOnvifError, OnvifError } from '../soap/onvif-error.ts';
import { DigestCredentials, parseChallenges } from '../soap/digest-credentials.ts';
import { readDeviceTime } from './device-time.ts';
import { readSoapAnswer } from '../soap/soap-answer.ts';
import { writeLibraryRequest } from '../soap/library-requests.ts';
import type { AddressPolicy } from './device-address.ts';
import type { LibraryCall } from '../soap/library-requests.ts';
import type { SoapTransport, TransportAnswer } from '../soap/soap-transport.ts';
import type { XmlNode } from '../soap/xml-node.ts';

/** Settings of a {@link DeviceClient}. */
export interface DeviceClientOptions {
  readonly address: URL;
  readonly addressPolicy: AddressPolicy;
  readonly username: string;
  readonly password: string;
  readonly transport: SoapTransport;
  /** UTC epoch milliseconds. */
  now(): number;
}

/** One call. */
export interface DeviceCall {
  /** Name of the operation; the answer must be its `Response`. */
  readonly operation: string;
  readonly write: LibraryCall;
  /** Default: the device service. */
  readonly service?: 'media' | 'media2';
  /** Without a login, as for the time. Default false. */
  readonly anonymous?: boolean;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/** How the device lets us in; found out by the first call that needs it. */
export type LoginMode = 'unknown' | 'digest' | 'username-token';

/** A session with one device. HTTP digest comes first, WS-UsernameToken is the fallback (weaker, and bound to the clock). */
export class DeviceClient {
  readonly #options: DeviceClientOptions;
  readonly #digest: DigestCredentials;
  readonly #services = new Map<'media' | 'media2', URL>();
  #mode: LoginMode = 'unknown';
  #clockOffsetMs: number | undefined;

  constructor(options: DeviceClientOptions) {
    this.#options = options;
    this.#digest = new DigestCredentials(options.username, options.password);
  }

  get address(): URL {
    return this.#options.address;
  }

  get loginMode(): LoginMode {
    return this.#mode;
  }

  /** Device clock minus ours, once it was read. */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Where a service is, after the address policy. */
  setService(service: 'media' | 'media2', told: URL): void {
    this.#services.set(service, applyAddressPolicy(told, this.address, this.#options.addressPolicy));
  }

  hasService(service: 'media' | 'media2'): boolean {
    return this.#services.has(service);
  }

  /** Reads the clock of the device and remembers the offset. @throws OnvifError */
  async readClock(signal?: AbortSignal): Promise<number | undefined> {
    return this.#readClock(true, signal).catch((error: unknown) => {
      // Some devices want a login even here, against the specification.
      if (asOnvifError(error).code !== 'BAD_CREDENTIALS' || this.#options.username === '') throw error;
      return this.#readClock(false, signal);
    });
  }

  /** Calls the device. @throws OnvifError */
  async call(call: DeviceCall): Promise<XmlNode> {
    if (call.anonymous) return this.#read(await this.#send(call), call);
    switch (this.#mode) {
      case 'digest': return this.#callWithDigest(call);
      case 'username-token': return this.#callWithToken(call);
      default: return this.#findLogin(call);
    }
  }

  async #findLogin(call: DeviceCall): Promise<XmlNode> {
    const first = await this.#send(call);
    const challenges = parseChallenges(first.challenges);
    let digestRefused: OnvifError | undefined;
    if (first.status === 401 && this.#digest.learn(challenges)) {
      const answer = await this.#attempt(this.#send(call, { digest: true }), call);
      if (!(answer instanceof OnvifError)) return this.#found('digest', answer);
      digestRefused = answer;
    } else {
      const answer = await this.#attempt(Promise.resolve(first), call);
      if (!(answer instanceof OnvifError)) return answer;
    }
    const answer = await this.#attempt(this.#send(call, { token: true }), call);
    if (!(answer instanceof OnvifError)) return this.#found('username-token', answer);
    if (await this.#clockMoved(call.signal)) return this.#found('username-token', this.#read(await this.#send(call, { token: true }), call));
    throw digestRefused ?? answer;
  }

  async #callWithDigest(call: DeviceCall): Promise<XmlNode> {
    const answer = await this.#send(call, { digest: true });
    // 401 with a fresh nonce is how a device ends the old nonce; only the second 401 is a refusal.
    if (answer.status !== 401 || !this.#digest.learn(parseChallenges(answer.challenges))) return this.#read(answer, call);
    return this.#read(await this.#send(call, { digest: true }), call);
  }

  async #callWithToken(call: DeviceCall): Promise<XmlNode> {
    const answer = await this.#attempt(this.#send(call, { token: true }), call);
    if (!(answer instanceof OnvifError)) return answer;
    if (!(await this.#clockMoved(call.signal))) throw answer;
    return this.#read(await this.#send(call, { token: true }), call);
  }

  /** True when the device's clock is elsewhere than we thought, so that a refused token deserves another try. */
  async #clockMoved(signal: AbortSignal | undefined): Promise<boolean> {
    const before = this.#clockOffsetMs ?? 0;
    const offset = await this.#readClock(true, signal);
    return offset !== undefined && Math.abs(offset - before) > 2000;
  }

  async #readClock(anonymous: boolean, signal: AbortSignal | undefined): Promise<number | undefined> {
    const askedMs = this.#options.now();
    const response = await this.call({ operation: 'GetSystemDateAndTime', write: (camera, done) => camera.getSystemDateAndTime(done), anonymous, ...(signal && { signal }) });
    const deviceMs = readDeviceTime(response);
    // Half of the round trip lies after the device read its clock; it tells whole seconds only, half a second on average too early.
    if (deviceMs !== undefined) this.#clockOffsetMs = deviceMs + 500 - (askedMs + this.#options.now()) / 2;
    return this.#clockOffsetMs;
  }

  #found(mode: LoginMode, answer: XmlNode): XmlNode {
    this.#mode = mode;
    return answer;
  }

  /** Gives a refused login back as a value, so that the next way can be tried; throws everything else. */
  async #attempt(sending: Promise<TransportAnswer>, call: DeviceCall): Promise<XmlNode | OnvifError> {
    const answer = await sending;
    try {
      return this.#read(answer, call);
    } catch (error) {
      if (error instanceof OnvifError && (error.code === 'BAD_CREDENTIALS' || error.code === 'CLOCK_SKEW')) return error;
      throw error;
    }
  }

  #read(answer: TransportAnswer, call: DeviceCall): XmlNode {
    return readSoapAnswer(answer, `${call.operation}Response`);
  }

  async #send(call: DeviceCall, login: { readonly digest?: boolean; readonly token?: boolean } = {}): Promise<TransportAnswer> {
    const { username, password, transport, now } = this.#options;
    const url = call.service ? this.#services.get(call.service) : this.address;
    if (!url) throw new OnvifError('NOT_SUPPORTED', { what: `the ${call.service} service` });
    const createdMs = now() + (this.#clockOffsetMs ?? 0);
    const request = await writeLibraryRequest(call.write, {
      media2: call.service === 'media2',
      ...(login.token && { token: { username, password, createdMs } }),
    });
    const authorization = login.digest ? this.#digest.authorize('POST', url.pathname + url.search) : undefined;
    return transport.post({
      url,
      body: request.body,
      action: request.action,
      step: call.operation,
      ...(authorization !== undefined && { authorization }),
      ...(call.signal && { signal: call.signal }),
      ...(call.deadlineMs !== undefined && { deadlineMs: call.deadlineMs }),
    });
  }
}
