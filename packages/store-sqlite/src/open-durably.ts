// Opens a database file so that a commit is on disk when it returns, and makes sure of it.
import { DatabaseSync } from 'node:sqlite';

/** Throws when the file system cannot keep the promise. */
export function openDurably(file: string, busyTimeoutMs: number): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON`);
    const mode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
    const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous'];
    if (mode !== 'wal' || synchronous !== 2) throw new Error(`the file system does not allow durable writes (journal_mode ${String(mode)}, synchronous ${String(synchronous)})`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}
