// A worker thread's own connection to a namespace.
import type { Connect, StoreConnection, StoreValue, StoreWrite } from '@wanglou/core';
import { escapeIdentifier, type Client } from 'pg';
import { Pipeline, type PipelineStep } from './pipeline.ts';
import { numberPlaceholders } from './placeholders.ts';
import { Session } from './session.ts';
import { schemaOf, type Target } from './target.ts';
import { toArrayParameter, toParameter } from './values.ts';

/** What {@link connect} is given. Holds the password of the database: for a worker's `workerData`, and no log. */
export interface ConnectionOptions {
  readonly target: Target;
  readonly namespace: string;
  /** How long the connection waits for a writer that is just ending. */
  readonly lockWaitMs: number;
  /** A commit or query that takes longer ends the connection. */
  readonly answerTimeoutMs: number;
}

/**
 * Opens the writer's connection of a namespace. Throws `STORE_UNAVAILABLE`, `STORE_IN_USE`, `STORE_TOO_OLD`, `STORE_NOT_DURABLE`.
 *
 * A connection that breaks refuses everything with `STORE_LOST` from then on; it never connects again by itself. A commit that was
 * refused so has no known outcome: it is all there, or nothing of it. Connect again (whoever holds the new connection is the only
 * writer) and read.
 */
export const connect: Connect = async (options) => {
  const { target, namespace, lockWaitMs, answerTimeoutMs } = options as ConnectionOptions;
  const session = await Session.open(target, {
    name: `${namespace} writer`,
    schema: schemaOf(namespace),
    lock: { what: `writer of ${namespace}`, waitMs: lockWaitMs },
    answerTimeoutMs,
  });
  return new PostgresConnection(session);
};

/** A statement that the server may know by its name. */
interface Prepared {
  readonly name: string;
  readonly text: string;
  isKnown: boolean;
}

class PostgresConnection implements StoreConnection {
  readonly #session: Session;
  /** By the SQL of the caller, which is a fixed set; no cap is needed. */
  readonly #statements = new Map<string, Prepared>();
  readonly #columnTypes = new Map<string, ReadonlyMap<string, string>>();

  constructor(session: Session) {
    this.#session = session;
  }

  commit(writes: readonly StoreWrite[]): Promise<void> {
    return this.#session.run(async (client) => {
      const steps: (PipelineStep & { readonly prepared: Prepared })[] = [];
      for (const write of writes) {
        if ('rows' in write && write.rows.length === 0) continue;
        const prepared = 'sql' in write ? this.#prepare(write.sql, () => numberPlaceholders(write.sql)) : await this.#prepareRows(client, write);
        const values = 'sql' in write ? write.parameters.map(toParameter) : write.columns.map((_, index) => toArrayParameter(write.rows.map((row) => row[index] ?? null)));
        const isNew = !prepared.isKnown && !steps.some((step) => step.prepared === prepared);
        steps.push({ prepared, name: prepared.name, text: prepared.text, isNew, values });
      }
      if (steps.length === 0) return;
      const pipeline = new Pipeline(steps);
      client.query(pipeline);
      await pipeline.done;
      for (const { prepared } of steps) prepared.isKnown = true;
    });
  }

  query(sql: string, parameters: readonly StoreValue[]): Promise<readonly Readonly<Record<string, StoreValue>>[]> {
    return this.#session.run(async (client) => {
      const { name, text } = this.#prepare(`query ${sql}`, () => numberPlaceholders(sql));
      return (await client.query<Record<string, StoreValue>>({ name, text, values: parameters.map(toParameter) })).rows;
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #prepare(key: string, text: () => string): Prepared {
    let prepared = this.#statements.get(key);
    if (!prepared) this.#statements.set(key, (prepared = { name: `wanglou_${this.#statements.size}`, text: text(), isKnown: false }));
    return prepared;
  }

  /** One array for each column, so that one statement takes any number of rows, in their order. */
  async #prepareRows(client: Client, { into, columns }: Extract<StoreWrite, { into: string }>): Promise<Prepared> {
    const types = await this.#typesOf(client, into);
    return this.#prepare(`rows ${into} ${columns.join(' ')}`, () => {
      const arrays = columns.map((column, index) => `$${index + 1}::${types.get(column) ?? 'text'}[]`);
      const names = columns.map((column) => escapeIdentifier(column)).join(', ');
      return `INSERT INTO ${escapeIdentifier(into)} (${names}) SELECT ${names} FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS given (${names}, "wanglou place") ORDER BY "wanglou place"`;
    });
  }

  async #typesOf(client: Client, table: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#columnTypes.get(table);
    if (known) return known;
    const { rows } = await client.query<{ name: string; type: string }>(
      'SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped',
      [escapeIdentifier(table)],
    );
    const types = new Map(rows.map(({ name, type }) => [name, type]));
    if (types.size > 0) this.#columnTypes.set(table, types);
    return types;
  }
}
