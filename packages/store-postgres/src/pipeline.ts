// Several statements in one transaction and one round trip.
import type { Connection, Submittable } from 'pg';
import type { Parameter } from './values.ts';

/** A prepared statement with its parameters. */
export interface PipelineStep {
  readonly name: string;
  readonly text: string;
  /** The server does not know the statement yet. */
  readonly isNew: boolean;
  readonly values: readonly Parameter[];
}

/** The messages of `pg`, whose published types are of an older version. */
interface Messages {
  readonly stream: { cork(): void; uncork(): void };
  close(message: { type: 'S'; name: string }): void;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly Parameter[] }): void;
  execute(message: object): void;
  sync(): void;
}

/**
 * What comes between two Sync messages is one transaction, and it is committed before the server is ready again (PostgreSQL
 * documentation, "Message Flow", Pipelining). So a batch costs one round trip and one sync of the disk.
 */
export class Pipeline implements Submittable {
  /** Resolves when the batch is on disk. */
  readonly done: Promise<void>;
  readonly #steps: readonly PipelineStep[];
  readonly #settle: PromiseWithResolvers<void>;

  constructor(steps: readonly PipelineStep[]) {
    this.#steps = steps;
    this.#settle = Promise.withResolvers();
    this.done = this.#settle.promise;
  }

  submit(connection: Connection): void {
    const messages = connection as unknown as Messages;
    messages.stream.cork();
    for (const { name, text, isNew, values } of this.#steps) {
      if (isNew) {
        // A batch that was refused may have left the name behind; closing what is not there is no error.
        messages.close({ type: 'S', name });
        messages.parse({ name, text });
      }
      messages.bind({ statement: name, values });
      messages.execute({});
    }
    messages.sync();
    messages.stream.uncork();
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  /** COPY is none of the writes of the contract; without data it is refused. */
  handleCopyInResponse(connection: { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail('nothing to copy');
  }
  handleCopyData(): void {}
}
