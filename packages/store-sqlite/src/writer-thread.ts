// The writer thread: the only writer of one database file. Statements that wait together share one commit, and so one sync.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { openDurably } from './open-durably.ts';
import { packRows, type PackedRows } from './packed-rows.ts';
import { beginStatement, type SqlValue, type StatementReply, type StatementRequest, type WriterGreeting, type WriterOptions } from './protocol.ts';

const statementsCached = 200;
const { file, busyTimeoutMs } = workerData as WriterOptions;
const port = parentPort!;

const noRows: PackedRows = { columns: [], values: [] };

interface Failure {
  readonly message: string;
  readonly resultCode?: number;
}

function describe(error: unknown): Failure {
  const resultCode = (error as { errcode?: unknown }).errcode;
  return { message: error instanceof Error ? error.message : String(error), ...(typeof resultCode === 'number' && { resultCode }) };
}

function serve(database: DatabaseSync): void {
  const statements = new Map<string, StatementSync>();
  let waiting: StatementRequest[] = [];

  const prepare = (sql: string): StatementSync => {
    const cached = statements.get(sql);
    if (cached) return cached;
    if (statements.size >= statementsCached) statements.clear();
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
    return statement;
  };
  const run = ({ id, sql, parameters }: StatementRequest): StatementReply => {
    try {
      const statement = prepare(sql);
      if (statement.columns().length > 0) {
        const values = statement.all(...(parameters as never[])) as unknown as SqlValue[][];
        // Asked only now: `select *` of a table that was altered gives other columns than when it was prepared.
        return { id, rows: packRows(statement.columns().map(({ name }) => name), values) };
      }
      const { changes, lastInsertRowid } = statement.run(...(parameters as never[]));
      return { id, rows: noRows, changes: Number(changes), lastInsertId: Number(lastInsertRowid) };
    } catch (error) {
      return { id, error: describe(error) };
    }
  };
  /** What made SQLite roll the open transaction back by itself. */
  let lostBy: Failure | undefined;
  /** Runs a statement of a transaction. After SQLite rolled it back (disk full, I/O), the rest must not run as if it stood alone. */
  const runInTransaction = (request: StatementRequest): StatementReply => {
    const { id, sql } = request;
    if (sql === 'ROLLBACK') {
      lostBy = undefined;
      return database.isTransaction ? run(request) : { id, rows: noRows };
    }
    if (lostBy) return { id, error: lostBy };
    const reply = run(request);
    if ('error' in reply && !database.isTransaction && sql !== beginStatement) lostBy = reply.error;
    return reply;
  };
  /** Runs statements that stand alone in one transaction. A refused statement undoes itself; a lost transaction refuses all. */
  const runTogether = (requests: readonly StatementRequest[]): readonly StatementReply[] => {
    const refuseAll = (error: Failure) => {
      if (database.isTransaction) database.exec('ROLLBACK');
      return requests.map(({ id }) => ({ id, error }));
    };
    const replies: StatementReply[] = [];
    try {
      database.exec('BEGIN');
      for (const request of requests) {
        const reply = run(request);
        // Some failures (disk full, I/O) roll the whole transaction back: what came before is gone then. A lock that
        // outlasted one wait outlasts the next: each waiting for itself would stop the campus for minutes.
        if ('error' in reply && (!database.isTransaction || isBusy(reply.error))) return refuseAll(reply.error);
        replies.push(reply);
      }
      database.exec('COMMIT');
    } catch (error) {
      return refuseAll(describe(error));
    }
    return replies;
  };
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    for (let start = 0; start < batch.length; ) {
      let end = start;
      while (end < batch.length && !batch[end]!.transaction) end++;
      if (end > start) for (const reply of runTogether(batch.slice(start, end))) port.postMessage(reply);
      for (; end < batch.length && batch[end]!.transaction; end++) port.postMessage(runInTransaction(batch[end]!));
      start = end;
    }
  };
  port.on('message', (request: StatementRequest | 'close') => {
    if (request === 'close') {
      flush();
      database.close();
      port.close();
      return;
    }
    // Everything that has arrived by the end of this turn shares the commit.
    if (waiting.push(request) === 1) setImmediate(flush);
  });
}

/** SQLITE_BUSY and what is derived from it (sqlite.org/rescode.html). */
function isBusy({ resultCode = 0 }: Failure): boolean {
  return (resultCode & 0xff) === 5;
}

try {
  const database = openDurably(file, busyTimeoutMs);
  serve(database);
  port.postMessage({ ready: true } satisfies WriterGreeting);
} catch (error) {
  port.postMessage({ ready: false, ...describe(error) } satisfies WriterGreeting);
}
