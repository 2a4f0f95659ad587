// The second factor: six digits of an authenticator (RFC 6238: SHA-1, 30 s), read by the library `otpauth`.
import { Secret, TOTP } from 'otpauth';

/** RFC 4226 recommends 160 bits. */
const secretBytes = 20;
const periodSeconds = 30;
/** A clock that is one step off is forgiven (RFC 6238 section 6). */
const driftSteps = 1;

/** What an authenticator is set up with. */
export interface TotpSetup {
  /** Base32. */
  readonly secret: string;
  /** `otpauth://` address for the picture that the authenticator reads. */
  readonly address: string;
}

/** Makes a secret of random bytes. */
export function newTotp(random: (length: number) => Uint8Array, issuer: string, label: string): TotpSetup {
  const bytes = random(secretBytes);
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer });
  return { secret: secret.base32, address: new TOTP({ issuer, label, secret }).toString() };
}

/** The time step whose code this is; `undefined` when it is none of those that count now. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  const delta = new TOTP({ secret: Secret.fromBase32(secret), period: periodSeconds }).validate({ token: code, timestamp: nowMs, window: driftSteps });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / periodSeconds) + delta;
}
