// The writer thread: the only writer of one database file. Statements that wait together share one commit, and so one sync.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SqlValue, StatementReply, StatementRequest, WriterGreeting, WriterOptions } from './protocol.ts';

const statementsCached = 200;
const { file } = workerData as WriterOptions;
const port = parentPort!;

/** Opens the file so that a commit is on disk when it returns, and makes sure of it. */
function open(): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000');
  const mode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  if (mode !== 'wal' || synchronous !== 2) throw new Error(`the file system does not allow durable writes (journal_mode ${String(mode)}, synchronous ${String(synchronous)})`);
  return database;
}

function describe(error: unknown): { message: string; resultCode?: number } {
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
    statements.set(sql, statement);
    return statement;
  };
  const run = ({ id, sql, parameters }: StatementRequest): StatementReply => {
    try {
      const statement = prepare(sql);
      if (statement.columns().length > 0) return { id, rows: statement.all(...(parameters as never[])) as Record<string, SqlValue>[] };
      const { changes, lastInsertRowid } = statement.run(...(parameters as never[]));
      return { id, rows: [], changes: Number(changes), lastInsertId: Number(lastInsertRowid) };
    } catch (error) {
      return { id, error: describe(error) };
    }
  };
  /** Runs statements that stand alone in one transaction. A refused statement undoes itself; a lost transaction refuses all. */
  const runTogether = (requests: readonly StatementRequest[]): void => {
    const replies: StatementReply[] = [];
    try {
      database.exec('BEGIN');
      for (const request of requests) {
        replies.push(run(request));
        // Some failures (disk full, I/O) roll the whole transaction back; what came before is gone then.
        if (!database.isTransaction) throw Object.assign(new Error('the transaction was rolled back'), failureOf(replies));
      }
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      for (const { id } of requests) port.postMessage({ id, error: describe(error) } satisfies StatementReply);
      return;
    }
    for (const reply of replies) port.postMessage(reply);
  };
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    for (let start = 0; start < batch.length; ) {
      let end = start;
      while (end < batch.length && !batch[end]!.transaction) end++;
      if (end > start) runTogether(batch.slice(start, end));
      for (; end < batch.length && batch[end]!.transaction; end++) port.postMessage(run(batch[end]!));
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

function failureOf(replies: readonly StatementReply[]): { message?: string; errcode?: number } {
  const last = replies.at(-1);
  if (!last || !('error' in last)) return {};
  return { message: last.error.message, ...(last.error.resultCode !== undefined && { errcode: last.error.resultCode }) };
}

try {
  const database = open();
  serve(database);
  port.postMessage({ ready: true } satisfies WriterGreeting);
} catch (error) {
  port.postMessage({ ready: false, ...describe(error) } satisfies WriterGreeting);
}
