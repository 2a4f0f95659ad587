// Server side of digest access authentication (RFC 7616, and RFC 2069 for clients without qop), for RTSP and HTTP.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SimulatorClock } from '../simulator-clock.ts';

/** Hash functions that can be offered. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Settings of a {@link DigestAuthenticator}. */
export interface DigestAuthenticatorOptions {
  readonly realm: string;
  readonly username: string;
  readonly password: string;
  /** One challenge is sent per algorithm, the preferred one first. */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Offer `qop="auth"`; many cameras do on HTTP and do not on RTSP. */
  readonly offerQop: boolean;
  /** After this long a right answer is refused as stale. Not given: nonces do not age. */
  readonly nonceLifetimeMs?: number;
  readonly clock: SimulatorClock;
}

/** `missing` and `stale` invite another try with a fresh nonce; `refused` means wrong user, password or address. */
export type DigestVerdict = 'accepted' | 'missing' | 'stale' | 'refused';

const nodeHash: Readonly<Record<DigestAlgorithm, string>> = { MD5: 'md5', 'SHA-256': 'sha256' };

/** Issues challenges and checks answers. Nonces carry their own time and signature, so nothing is stored per client. */
export class DigestAuthenticator {
  readonly #options: DigestAuthenticatorOptions;
  readonly #nonceKey = randomBytes(32);

  constructor(options: DigestAuthenticatorOptions) {
    this.#options = options;
  }

  /** Values for `WWW-Authenticate` headers, one each. */
  challenges(stale = false): string[] {
    const issued = Math.floor(this.#options.clock.now()).toString(36);
    const nonce = `${issued}.${this.#sign(issued)}`;
    const extra = (this.#options.offerQop ? ', qop="auth"' : '') + (stale ? ', stale=true' : '');
    return this.#options.algorithms.map((algorithm) => `Digest realm="${this.#options.realm}", nonce="${nonce}", algorithm=${algorithm}${extra}`);
  }

  /** Checks the value of an `Authorization` header. */
  verify(authorization: string | undefined, method: string, requestUri: string): DigestVerdict {
    if (authorization === undefined || !/^digest\s/i.test(authorization)) return 'missing';
    const given = parseDigestParameters(authorization.slice(6));
    const algorithm = this.#options.algorithms.find((name) => name === (given.get('algorithm') ?? 'MD5').toUpperCase());
    const nonce = given.get('nonce') ?? '';
    const uri = given.get('uri') ?? '';
    if (!algorithm || given.get('realm') !== this.#options.realm || given.get('username') !== this.#options.username) return 'refused';
    if (!sameTarget(uri, requestUri)) return 'refused';
    const age = this.#nonceAgeMs(nonce);
    if (age === undefined) return 'stale';
    if (!sameText(this.#expected(algorithm, given, method, nonce, uri), given.get('response') ?? '')) return 'refused';
    return age > (this.#options.nonceLifetimeMs ?? Number.POSITIVE_INFINITY) ? 'stale' : 'accepted';
  }

  #expected(algorithm: DigestAlgorithm, given: ReadonlyMap<string, string>, method: string, nonce: string, uri: string): string {
    const hash = (text: string): string => createHash(nodeHash[algorithm]).update(text, 'utf8').digest('hex');
    const secret = hash(`${this.#options.username}:${this.#options.realm}:${this.#options.password}`);
    const request = hash(`${method}:${uri}`);
    const qop = given.get('qop');
    if (qop === undefined) return hash(`${secret}:${nonce}:${request}`);
    return hash(`${secret}:${nonce}:${given.get('nc') ?? ''}:${given.get('cnonce') ?? ''}:${qop}:${request}`);
  }

  #sign(issued: string): string {
    return createHmac('sha256', this.#nonceKey).update(issued).digest('hex').slice(0, 32);
  }

  /** `undefined` when the nonce is not ours, for example from before a restart. */
  #nonceAgeMs(nonce: string): number | undefined {
    const [issued = '', signature = ''] = nonce.split('.');
    if (!sameText(this.#sign(issued), signature)) return undefined;
    return this.#options.clock.now() - Number.parseInt(issued, 36);
  }
}

/** Splits `name="value", name=value`; quoted pairs are unescaped. Later duplicates win. */
export function parseDigestParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const match of text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    parameters.set((match[1] ?? '').toLowerCase(), match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return parameters;
}

/** The digest's uri may be the whole address or its path alone; clients differ. */
function sameTarget(uri: string, requestUri: string): boolean {
  if (uri === requestUri) return true;
  return uri.startsWith('/') && URL.canParse(requestUri) && new URL(requestUri).pathname + new URL(requestUri).search === uri;
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
