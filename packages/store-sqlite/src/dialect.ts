// Kysely on the writer thread.
import { type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { beginStatement, type SqlValue } from './protocol.ts';
import type { Writer } from './writer.ts';

/** A Kysely dialect whose statements run in a {@link Writer}. */
export function writerDialect(writer: Writer): Dialect {
  return {
    createAdapter: () => new WriterAdapter(),
    createDriver: () => new WriterDriver(writer),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WriterAdapter extends SqliteAdapter {
  /** Kysely would otherwise hand out one statement at a time, and none could share a commit. The writer keeps transactions apart. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class WriterDriver implements Driver {
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  async init(): Promise<void> {
    await this.#writer.opened();
  }

  async acquireConnection(): Promise<WriterConnection> {
    return new WriterConnection(this.#writer);
  }

  async beginTransaction(connection: WriterConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: WriterConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: WriterConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(connection: WriterConnection): Promise<void> {
    await connection.rollback();
  }

  async destroy(): Promise<void> {
    await this.#writer.close();
  }
}

class WriterConnection implements DatabaseConnection {
  readonly #writer: Writer;
  #release: (() => void) | undefined;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters as readonly SqlValue[];
    const result = this.#release ? await this.#writer.runInTransaction(query.sql, parameters) : await this.#writer.run(query.sql, parameters);
    return {
      rows: result.rows as R[],
      ...(result.changes !== undefined && { numAffectedRows: BigInt(result.changes) }),
      ...(result.lastInsertId !== undefined && { insertId: BigInt(result.lastInsertId) }),
    };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async begin(): Promise<void> {
    this.#release = await this.#writer.beginTransaction();
    try {
      await this.#writer.runInTransaction(beginStatement, []);
    } catch (error) {
      this.#giveBack();
      throw error;
    }
  }

  /** A failed commit keeps the writer: what is still open must be rolled back before anyone else writes. */
  async commit(): Promise<void> {
    await this.#writer.runInTransaction('COMMIT', []);
    this.#giveBack();
  }

  /** Ends what is open, if anything is. */
  async rollback(): Promise<void> {
    if (!this.#release) return;
    try {
      await this.#writer.runInTransaction('ROLLBACK', []);
    } finally {
      this.#giveBack();
    }
  }

  #giveBack(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
