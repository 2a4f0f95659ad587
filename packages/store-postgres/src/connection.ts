// A worker thread's own connection to a namespace.
import type { Connect, StoreConnection, StoreValue, StoreWrite } from '@wanglou/core';
import { escapeIdentifier } from 'pg';
import { Pipeline, type PipelineStep } from './pipeline.ts';
import { numberPlaceholders } from './placeholders.ts';
import { Session } from './session.ts';
import { schemaOf, type Target } from './target.ts';
import { toParameter } from './values.ts';

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

  constructor(session: Session) {
    this.#session = session;
  }

  commit(writes: readonly StoreWrite[]): Promise<void> {
    return this.#session.run(async (client) => {
      const used = new Set<Prepared>();
      const steps: PipelineStep[] = [];
      for (const write of writes) {
        const prepared = 'sql' in write ? this.#prepare(write.sql, numberPlaceholders) : this.#prepare(insertOf(write.into, write.columns), (sql) => sql);
        for (const row of 'sql' in write ? [write.parameters] : write.rows) {
          steps.push({ name: prepared.name, text: prepared.text, isNew: !prepared.isKnown && !used.has(prepared), values: row.map(toParameter) });
          used.add(prepared);
        }
      }
      if (steps.length === 0) return;
      const pipeline = new Pipeline(steps);
      client.query(pipeline);
      await pipeline.done;
      for (const prepared of used) prepared.isKnown = true;
    });
  }

  query(sql: string, parameters: readonly StoreValue[]): Promise<readonly Readonly<Record<string, StoreValue>>[]> {
    return this.#session.run(async (client) => (await client.query<Record<string, StoreValue>>({ text: this.#prepare(sql, numberPlaceholders).text, values: parameters.map(toParameter) })).rows);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #prepare(sql: string, toText: (sql: string) => string): Prepared {
    let prepared = this.#statements.get(sql);
    if (!prepared) this.#statements.set(sql, (prepared = { name: `wanglou_${this.#statements.size}`, text: toText(sql), isKnown: false }));
    return prepared;
  }
}

/** One row; many are bound to it one after another, in the same round trip. Names are quoted, as in the tables that Kysely makes. */
function insertOf(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${escapeIdentifier(table)} (${columns.map((column) => escapeIdentifier(column)).join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
}
