// Sign-in at the campus's identity provider: OpenID Connect with PKCE, state and nonce, through the library `openid-client`.
import * as oidc from 'openid-client';
import type { AccessConfig } from '../config.ts';
import { AccessError } from '../errors.ts';
import type { KeyRing } from '../secrets/key-ring.ts';

/** What must come back with the provider's answer. It travels sealed in a cookie: nobody can read, change or make one. */
interface Transaction {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly atMs: number;
  readonly redirectAddress: string;
  /** The person must prove anew who they are. */
  readonly stepUp: boolean;
}

const transactionMs = 600_000;
const deadlineSeconds = 10;
/** With a longest age the provider must say when the person proved who they are (OpenID Connect Core, section 2). */
const longestAgeSeconds = 86_400;
const context = 'oidc-transaction';

/** The provider, looked up when it is first needed: a campus starts without it. */
export class OidcProvider {
  readonly #settings: NonNullable<AccessConfig['oidc']>;
  readonly #keys: KeyRing;
  readonly #now: () => number;
  #configuration: Promise<oidc.Configuration> | undefined;

  constructor(settings: NonNullable<AccessConfig['oidc']>, keys: KeyRing, now: () => number) {
    this.#settings = settings;
    this.#keys = keys;
    this.#now = now;
  }

  /** Where to send the browser, and what it must bring back. Throws `OIDC_UNREACHABLE`. */
  async begin(redirectAddress: string, stepUp: boolean): Promise<{ readonly address: string; readonly transaction: string }> {
    const configuration = await this.#discover();
    const transaction: Transaction = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce(), atMs: this.#now(), redirectAddress, stepUp };
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectAddress,
      scope: 'openid profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: 'S256',
      state: transaction.state,
      nonce: transaction.nonce,
      max_age: String(stepUp ? 0 : longestAgeSeconds),
      ...(stepUp && { prompt: 'login' }),
    });
    const sealed = await this.#keys.seal(Buffer.from(JSON.stringify(transaction)), context);
    return { address: address.href, transaction: Buffer.from(sealed).toString('base64url') };
  }

  /**
   * Who the provider says it is (the value of the account claim), and when they proved it to the provider: a sign-in there that is
   * hours old is no fresh proof here. Throws `OIDC_FAILED` or `OIDC_UNREACHABLE`.
   */
  async finish(callbackAddress: string, sealed: string): Promise<{ readonly externalId: string; readonly provenMs: number }> {
    const transaction = await this.#open(sealed);
    const configuration = await this.#discover();
    // The provider's answer is what counts of the address; where it was sent is what we said.
    const answered = new URL(transaction.redirectAddress);
    answered.search = new URL(callbackAddress).search;
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, answered, {
        pkceCodeVerifier: transaction.verifier,
        expectedState: transaction.state,
        expectedNonce: transaction.nonce,
        idTokenExpected: true,
        ...(transaction.stepUp && { maxAge: 60 }),
      });
      const claims = tokens.claims();
      const claim = claims?.[this.#settings.accountClaim];
      if (typeof claim !== 'string' || claim === '') throw new Error(`the ID token has no claim ${this.#settings.accountClaim}`);
      return { externalId: claim, provenMs: Math.min((claims?.auth_time ?? 0) * 1000, this.#now()) };
    } catch (error) {
      throw new AccessError('OIDC_FAILED', {}, { cause: error });
    }
  }

  async #open(sealed: string): Promise<Transaction> {
    try {
      const transaction = JSON.parse((await this.#keys.open(Buffer.from(sealed, 'base64url'), context)).toString()) as Transaction;
      if (this.#now() - transaction.atMs < transactionMs) return transaction;
    } catch (error) {
      throw new AccessError('OIDC_FAILED', {}, { cause: error });
    }
    throw new AccessError('OIDC_FAILED');
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const address = new URL(issuer);
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname);
    this.#configuration ??= oidc
      .discovery(address, clientId, clientSecret, undefined, { timeout: deadlineSeconds, ...(isLoopback && address.protocol === 'http:' && { execute: [oidc.allowInsecureRequests] }) })
      .catch((error: unknown) => {
        this.#configuration = undefined;
        throw new AccessError('OIDC_UNREACHABLE', {}, { cause: error });
      });
    return this.#configuration;
  }
}
