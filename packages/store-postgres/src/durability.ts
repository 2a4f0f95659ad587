// What a connection sets for itself, and what it must find: a server that keeps what it acknowledges.
import type { ClientBase } from 'pg';
import { StoreError } from './errors.ts';

const oldestVersion = 15;

/** What the server says of itself to one connection. */
export interface ServerFacts {
  /** `server_version_num`, such as 150018. */
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly read_only: string;
}

/** The facts, in one query. */
export const factsQuery = `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_text,
  current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit, current_setting('transaction_read_only') AS read_only`;

/**
 * Settings that belong to a connection, whatever the role and the database say. A commit waits for the disk; a connection that waits
 * for work is not ended; the locks of a machine that is gone are given back after half a minute.
 */
const ownSettings = 'SET synchronous_commit = on; SET idle_session_timeout = 0; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4';

/** Throws `STORE_TOO_OLD`, `STORE_NOT_DURABLE` or `STORE_UNAVAILABLE` when a promise of the store cannot be kept. */
export function judge(place: string, facts: ServerFacts): void {
  if (facts.version < oldestVersion * 10_000) throw new StoreError('STORE_TOO_OLD', { place, found: facts.version_text, needed: oldestVersion });
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'] as const) {
    if (facts[setting] === 'off') throw new StoreError('STORE_NOT_DURABLE', { place, setting, value: facts[setting] });
  }
  if (facts.encoding !== 'UTF8') throw new StoreError('STORE_UNAVAILABLE', { place, reason: `its encoding is ${facts.encoding}; create it with ENCODING 'UTF8'` });
  if (facts.read_only === 'on') throw new StoreError('STORE_UNAVAILABLE', { place, reason: 'it is read-only (a standby server, or default_transaction_read_only)' });
}

/** Makes a new connection fit for the store, in one round trip: every connection, for the settings of a server can change while it runs. */
export async function prepareConnection(client: ClientBase, place: string, schema: string | undefined): Promise<void> {
  // Names of schemas are made of small letters, digits and _.
  const path = schema === undefined ? '' : `; SET search_path = "${schema}"`;
  const results = (await client.query(`${ownSettings}${path}; ${factsQuery}`)) as unknown as readonly { readonly rows: readonly ServerFacts[] }[];
  judge(place, results.at(-1)!.rows[0]!);
}
