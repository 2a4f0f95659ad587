// The connections of one namespace: a small pool behind a gate.
import { type Client, Pool, type PoolClient, type QueryResult } from 'pg';
import { prepareConnection } from './durability.ts';
import type { StoreError } from './errors.ts';
import { Gate } from './gate.ts';
import { clientConfig } from './session.ts';
import { isFatal, toConnectError, toStoreError } from './sqlstate.ts';
import type { Target } from './target.ts';
import { toParameter } from './values.ts';

/** A connection that somebody holds. */
export interface Held {
  /** Rejects with a {@link StoreError}, or with the sentence of the server about a statement that it refuses. */
  run(sql: string, parameters: readonly unknown[]): Promise<QueryResult>;
  /** Gives the connection back. */
  leave(): void;
}

/** The pool of a namespace. */
export class Connections {
  readonly #target: Target;
  readonly #gate: Gate;
  readonly #pool: Pool;
  readonly #held = new Set<PoolClient>();
  #ending: Promise<void> | undefined;

  constructor(target: Target, namespace: string, schema: string, max: number) {
    this.#target = target;
    this.#gate = new Gate(max);
    this.#pool = new Pool({
      ...clientConfig(target, namespace),
      max,
      idleTimeoutMillis: 60_000,
      onConnect: async (client) => {
        const timer = setTimeout(() => void (client as Client).connection.stream.destroy(), target.connectTimeoutMs);
        try {
          await prepareConnection(client, target.place, schema);
        } finally {
          clearTimeout(timer);
        }
      },
    });
    // A connection that breaks while nobody uses it is replaced when it is needed.
    this.#pool.on('error', () => undefined);
  }

  /** Waits for a connection; `alone` keeps everybody else of the namespace out. */
  async hold(alone: boolean): Promise<Held> {
    const leave = await this.#gate.enter(alone);
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      leave();
      throw this.#gate.closed ?? toConnectError(this.#target, error);
    }
    // The statement that is under way hears of it; without a listener the process would end.
    const ignore = () => undefined;
    client.on('error', ignore);
    this.#held.add(client);
    let isBroken = false;
    return {
      run: async (sql, parameters) => {
        if (this.#gate.closed) throw this.#gate.closed;
        const values = parameters.map(toParameter);
        try {
          return await client.query(sql, values);
        } catch (error) {
          isBroken ||= isFatal(error);
          throw this.#gate.closed ?? toStoreError(this.#target, error);
        }
      },
      leave: () => {
        this.#held.delete(client);
        client.release(isBroken);
        client.off('error', ignore);
        leave();
      },
    };
  }

  /** Lets whoever came before finish, for a while; then refuses everybody with `reason`. */
  async drain(reason: StoreError): Promise<void> {
    const drained = this.#gate.enter(true).then((leave) => leave(), () => undefined);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#target.connectTimeoutMs);
    await Promise.race([drained, late]);
    clearTimeout(timer);
    const ended = this.cut(reason);
    // Whoever does not give a connection back is not waited for.
    if (this.#held.size === 0) await ended;
  }

  /** Refuses everybody with `reason` from now on, also the statements that are under way. */
  cut(reason: StoreError): Promise<void> {
    this.#gate.close(reason);
    for (const client of this.#held) client.connection.stream.destroy();
    return (this.#ending ??= this.#pool.end());
  }
}
