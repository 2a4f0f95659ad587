// What the ONVIF services of one device know and share.
import type { BilingualName } from '../bundled-loops.ts';
import type { DeviceFault } from '../device-fault.ts';
import type { DigestAuthenticator } from '../auth/digest-authenticator.ts';
import type { Loop } from '../media/loop.ts';
import type { UsernameTokenChecker } from '../auth/username-token-checker.ts';

/** How a client may log in to the ONVIF services. */
export type OnvifLogin = 'http-digest' | 'username-token';

/** Facts of one device that never change while it runs. */
export interface OnvifDeviceFacts {
  readonly id: string;
  readonly name: BilingualName;
  readonly serial: string;
  readonly uuid: string;
  readonly rtspUrl: () => string;
  readonly loop: Loop;
  /** Whether the Media2 service is offered beside Media1. */
  readonly media2: boolean;
  readonly logins: readonly OnvifLogin[];
}

/** What counts in the ONVIF services. */
export interface OnvifCounters {
  soapRequests: number;
  soapFaults: number;
  refusedSoapLogins: number;
}

/** Shared by all requests to a device. */
export interface OnvifContext {
  readonly facts: OnvifDeviceFacts;
  /** `http://host:port`, known once the port is open. */
  readonly origin: () => string;
  readonly digest: DigestAuthenticator;
  readonly usernameTokens: UsernameTokenChecker;
  readonly counters: OnvifCounters;
  /** The device's clock, UTC epoch milliseconds. */
  now(): number;
  fault(): DeviceFault | undefined;
}
