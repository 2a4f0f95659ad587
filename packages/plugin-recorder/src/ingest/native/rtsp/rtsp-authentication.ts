// Basic (RFC 7617) and Digest (RFC 7616, and RFC 2617 for cameras without qop) authentication for RTSP.
import { createHash } from 'node:crypto';

/** One challenge of a WWW-Authenticate header. */
export interface Challenge {
  readonly scheme: 'basic' | 'digest';
  /** Hash of a digest; undefined for an algorithm that is not spoken. */
  readonly hash: 'md5' | 'sha256' | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parses WWW-Authenticate values; other schemes are left out. Unknown parameters (Hikvision's `random`) do not disturb. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const found: Challenge[] = [];
  for (const value of values) {
    for (const part of splitChallenges(value)) {
      const challenge = parseChallenge(part);
      if (challenge !== undefined) found.push(challenge);
    }
  }
  return found;
}

/** Several challenges may share one line: a new one starts where a word is followed by a blank and not by `=`. */
function splitChallenges(value: string): string[] {
  return value.split(/,\s*(?=(?:basic|digest)\s)/i);
}

function parseChallenge(text: string): Challenge | undefined {
  const match = /^\s*(basic|digest)(?:\s+([\s\S]*))?$/i.exec(text);
  if (match === null) return undefined;
  const parameters = parseParameters(match[2] ?? '');
  if (match[1]?.toLowerCase() === 'basic') return { scheme: 'basic', hash: undefined, parameters };
  return parameters.has('nonce') ? { scheme: 'digest', hash: hashOf(parameters), parameters } : undefined;
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, token] of text.matchAll(/([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)) {
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
  }
  return parameters;
}

/** The challenge to answer: SHA-256 before MD5. Basic sends the password itself: only where no digest is offered, not even one that is not spoken. */
export function strongestChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const digests = challenges.filter((challenge) => challenge.scheme === 'digest');
  if (digests.length === 0) return challenges[0];
  return digests.find((challenge) => challenge.hash === 'sha256') ?? digests.find((challenge) => challenge.hash === 'md5');
}

function hashOf(parameters: ReadonlyMap<string, string>): 'md5' | 'sha256' | undefined {
  const algorithm = (parameters.get('algorithm') ?? 'MD5').toUpperCase().replace(/-SESS$/, '');
  if (algorithm === 'MD5') return 'md5';
  return algorithm === 'SHA-256' ? 'sha256' : undefined;
}

/** Answers challenges for one user; keeps the nonce and its use count. */
export class Authorizer {
  readonly #username: string;
  readonly #password: string;
  readonly #clientNonce: () => string;
  #challenge: Challenge | undefined;
  #uses = 0;

  /** @param clientNonce - fresh random hex for every request */
  constructor(username: string, password: string, clientNonce: () => string) {
    this.#username = username;
    this.#password = password;
    this.#clientNonce = clientNonce;
  }

  /**
   * Takes the challenges of a 401.
   * @returns `answer` when trying again may help; `refused` when the same credentials were refused with a nonce that is not stale;
   * `unspoken` when nothing offered can be answered, or a camera that asked for a digest now asks for the password itself
   */
  challenged(challenges: readonly Challenge[]): 'answer' | 'refused' | 'unspoken' {
    const next = strongestChallenge(challenges);
    const weaker = this.#challenge?.scheme === 'digest' && next?.scheme === 'basic';
    if (next === undefined || weaker) return 'unspoken';
    const stale = next.parameters.get('stale')?.toLowerCase() === 'true';
    const refused = this.#challenge !== undefined && !stale && this.#challenge.parameters.get('nonce') === next.parameters.get('nonce');
    this.#take(next);
    return refused ? 'refused' : 'answer';
  }

  /** Takes the Authentication-Info of an answer: a camera may name the nonce that it wants next. */
  informed(value: string | undefined): void {
    const nonce = value === undefined ? undefined : parseParameters(value).get('nextnonce');
    const challenge = this.#challenge;
    if (challenge === undefined || nonce === undefined || nonce === challenge.parameters.get('nonce')) return;
    this.#take({ ...challenge, parameters: new Map([...challenge.parameters, ['nonce', nonce]]) });
  }

  #take(challenge: Challenge): void {
    this.#challenge = challenge;
    this.#uses = 0;
  }

  /** Value of the Authorization header; undefined before the first challenge. */
  authorization(method: string, url: string): string | undefined {
    if (this.#challenge === undefined) return undefined;
    if (this.#challenge.scheme === 'digest') return this.#digest(this.#challenge.parameters, method, url);
    return `Basic ${Buffer.from(`${this.#username}:${this.#password}`, 'utf8').toString('base64')}`;
  }

  #digest(parameters: ReadonlyMap<string, string>, method: string, url: string): string {
    const hash = (text: string): string => createHash(hashOf(parameters) ?? 'md5').update(text, 'utf8').digest('hex');
    const realm = parameters.get('realm') ?? '';
    const nonce = parameters.get('nonce') ?? '';
    const quality = parameters.get('qop')?.split(/\s*,\s*/).includes('auth') === true ? 'auth' : undefined;
    const clientNonce = this.#clientNonce();
    this.#uses += 1;
    const count = this.#uses.toString(16).padStart(8, '0');
    const session = /-sess$/i.test(parameters.get('algorithm') ?? '');
    const secret = hash(`${this.#username}:${realm}:${this.#password}`);
    const first = session ? hash(`${secret}:${nonce}:${clientNonce}`) : secret;
    const second = hash(`${method}:${url}`);
    const response = quality === undefined ? hash(`${first}:${nonce}:${second}`) : hash(`${first}:${nonce}:${count}:${clientNonce}:${quality}:${second}`);
    const fields = [`username=${quote(this.#username)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(url)}`, `response="${response}"`];
    if (parameters.has('algorithm')) fields.push(`algorithm=${parameters.get('algorithm')}`);
    if (parameters.has('opaque')) fields.push(`opaque=${quote(parameters.get('opaque') ?? '')}`);
    if (quality !== undefined) fields.push(`qop=${quality}`, `nc=${count}`);
    if (quality !== undefined || session) fields.push(`cnonce="${clientNonce}"`);
    return `Digest ${fields.join(', ')}`;
  }
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
