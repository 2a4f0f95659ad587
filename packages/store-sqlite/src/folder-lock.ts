// Who may write: one campus per data folder, one connection per namespace. The operating system gives the lock back when the
// process dies, however it dies.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { StoreError } from './errors.ts';

/** Locks a folder, or throws `STORE_IN_USE`. Runs once at start, before anything is served. */
export function lockFolder(path: string): () => void {
  return lockFile(join(path, 'campus.lock'), path);
}

/** Locks by a file of its own, or throws `STORE_IN_USE` for `path`. */
export function lockFile(file: string, path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // An exclusive transaction holds a lock of the operating system on the file for as long as it is open.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return () => database?.close();
  } catch (error) {
    database?.close();
    const busy = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (busy === 5 || busy === 6) throw new StoreError('STORE_IN_USE', { path }, { cause: error });
    throw new StoreError('STORE_UNAVAILABLE', { path, reason: (error as Error).message }, { cause: error });
  }
}
