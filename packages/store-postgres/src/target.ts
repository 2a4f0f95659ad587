// Which database, and how to say so without its password.
import { Client } from 'pg';
import { StoreError } from './errors.ts';

/** A database. Plain data, so that it can go to a worker; `url` and `secrets` must not go anywhere else. */
export interface Target {
  readonly url: string;
  /** `host:port/database`, for sentences. */
  readonly place: string;
  /** Texts that no sentence may hold. */
  readonly secrets: readonly string[];
  /** How long a connection may take to come about, and its first statement to be answered. */
  readonly connectTimeoutMs: number;
}

/** Reads a `postgres://` URL; what it leaves out comes from the `PG…` variables. Throws `STORE_URL_INVALID`, without a word of the URL. */
export function readTarget(url: string, connectTimeoutMs: number): Target {
  try {
    const { protocol, password } = new URL(url);
    if (protocol !== 'postgres:' && protocol !== 'postgresql:') throw new Error('another protocol');
    const { host, port, database } = new Client({ connectionString: url });
    return { url, place: `${host}:${port}/${database}`, secrets: [url, decodeURIComponent(password), password].filter((text) => text !== ''), connectTimeoutMs };
  } catch {
    // No cause: errors of parsers hold what they were given.
    throw new StoreError('STORE_URL_INVALID', {});
  }
}

/** A text of somebody else, with nothing in it that nobody may read. */
export function withoutSecrets({ secrets }: Target, text: string): string {
  return secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '[secret]'), text);
}

/** The schema of a namespace. */
export function schemaOf(namespace: string): string {
  // Longer names would be cut by the server, and two namespaces could become one.
  if (!/^[a-z][a-z0-9-]{0,54}$/.test(namespace)) throw new Error(`bad namespace ${namespace}`);
  return `wanglou_${namespace.replaceAll('-', '_')}`;
}
