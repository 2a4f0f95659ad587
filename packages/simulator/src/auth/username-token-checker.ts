// Checks WS-Security UsernameToken digests (WSS UsernameToken Profile 1.1 clause 3.1; ONVIF Core Specification clause 5.9.4).
import { createHash, timingSafeEqual } from 'node:crypto';

/** The texts of a token. */
export interface UsernameToken {
  readonly username: string;
  readonly passwordDigest: string;
  readonly nonce: string;
  readonly created: string;
}

/** Settings of a {@link UsernameTokenChecker}. */
export interface UsernameTokenCheckerOptions {
  readonly username: string;
  readonly password: string;
  /** The device's own clock, which may be wrong on purpose. */
  now(): number;
}

/** How far `Created` may be from the device's clock: five minutes, as the profile recommends. */
const toleranceMs = 5 * 60_000;
const rememberedNonces = 4096;

/** Accepts each token once. */
export class UsernameTokenChecker {
  readonly #options: UsernameTokenCheckerOptions;
  readonly #usedNonces = new Set<string>();

  constructor(options: UsernameTokenCheckerOptions) {
    this.#options = options;
  }

  /** True when user, digest and time are right and the nonce is new. */
  accepts(token: UsernameToken): boolean {
    const createdMs = Date.parse(token.created);
    if (Number.isNaN(createdMs) || Math.abs(createdMs - this.#options.now()) > toleranceMs) return false;
    if (token.username !== this.#options.username || this.#usedNonces.has(token.nonce)) return false;
    const expected = createHash('sha1').update(Buffer.from(token.nonce, 'base64')).update(token.created, 'utf8').update(this.#options.password, 'utf8').digest();
    const given = Buffer.from(token.passwordDigest, 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    this.#remember(token.nonce);
    return true;
  }

  #remember(nonce: string): void {
    this.#usedNonces.add(nonce);
    const [oldest] = this.#usedNonces;
    if (this.#usedNonces.size > rememberedNonces && oldest !== undefined) this.#usedNonces.delete(oldest);
  }
}
