// Client side of HTTP digest (RFC 7616, and RFC 2069 devices without qop). Keeps the nonce, so that a call costs one round trip.
import { createHash, randomBytes } from 'node:crypto';

/** One challenge out of `WWW-Authenticate`. */
export interface AuthChallenge {
  /** Lower case, such as `digest`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const hashOf: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
/** Stronger first; a device that offers both gets the stronger one. */
const preference = ['SHA-512-256', 'SHA-256', 'MD5'];

/** Splits header values; one value may hold several challenges. */
export function parseChallenges(values: readonly string[]): AuthChallenge[] {
  return values.flatMap((value) => {
    const starts = [...value.matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[\w-]+\s*=|\s*$|\s*,)(?!\s*=)/g)];
    return starts.map((start, index) => {
      const from = (start.index ?? 0) + start[0].length;
      return { scheme: (start[1] ?? '').toLowerCase(), parameters: parseParameters(value.slice(from, starts[index + 1]?.index)) };
    });
  });
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return parameters;
}

/** Answers challenges of one device with one account. */
export class DigestCredentials {
  readonly #username: string;
  readonly #password: string;
  readonly #createNonce: () => string;
  #challenge: ReadonlyMap<string, string> | undefined;
  #algorithm = 'MD5';
  #count = 0;

  constructor(username: string, password: string, createNonce: () => string = () => randomBytes(8).toString('hex')) {
    this.#username = username;
    this.#password = password;
    this.#createNonce = createNonce;
  }

  /** Takes the best challenge that we can answer. False when there is none. */
  learn(challenges: readonly AuthChallenge[]): boolean {
    const usable = challenges.filter(({ scheme, parameters }) => scheme === 'digest' && parameters.has('nonce') && answersQop(parameters.get('qop')));
    for (const algorithm of preference) {
      const found = usable.find(({ parameters }) => baseAlgorithm(parameters) === algorithm);
      if (!found) continue;
      this.#challenge = found.parameters;
      this.#algorithm = algorithm;
      this.#count = 0;
      return true;
    }
    return false;
  }

  /** The `Authorization` value for a request, `undefined` before the first challenge. */
  authorize(method: string, uri: string): string | undefined {
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    const realm = challenge.get('realm') ?? '';
    const nonce = challenge.get('nonce') ?? '';
    const session = /-sess$/i.test(challenge.get('algorithm') ?? '');
    const hash = (text: string): string => createHash(hashOf[this.#algorithm] ?? 'md5').update(text, 'utf8').digest('hex');
    const clientNonce = this.#createNonce();
    const account = hash(`${this.#username}:${realm}:${this.#password}`);
    const secret = session ? hash(`${account}:${nonce}:${clientNonce}`) : account;
    const request = hash(`${method}:${uri}`);
    const fields = [`username="${quote(this.#username)}"`, `realm="${quote(realm)}"`, `nonce="${quote(nonce)}"`, `uri="${uri}"`];
    if (challenge.has('qop')) {
      this.#count += 1;
      const count = this.#count.toString(16).padStart(8, '0');
      fields.push(`qop=auth`, `nc=${count}`, `cnonce="${clientNonce}"`, `response="${hash(`${secret}:${nonce}:${count}:${clientNonce}:auth:${request}`)}"`);
    } else {
      fields.push(`response="${hash(`${secret}:${nonce}:${request}`)}"`);
      if (session) fields.push(`cnonce="${clientNonce}"`);
    }
    if (challenge.has('algorithm')) fields.push(`algorithm=${challenge.get('algorithm')}`);
    if (challenge.has('opaque')) fields.push(`opaque="${quote(challenge.get('opaque') ?? '')}"`);
    return `Digest ${fields.join(', ')}`;
  }
}

function baseAlgorithm(parameters: ReadonlyMap<string, string>): string {
  return (parameters.get('algorithm') ?? 'MD5').toUpperCase().replace(/-SESS$/, '');
}

function answersQop(qop: string | undefined): boolean {
  return qop === undefined || qop.split(',').some((each) => each.trim().toLowerCase() === 'auth');
}

function quote(text: string): string {
  return text.replaceAll(/(["\\])/g, '\\$1');
}
