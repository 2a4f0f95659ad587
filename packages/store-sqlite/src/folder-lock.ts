// One campus per data folder. The operating system gives the lock back when the process dies, however it dies.
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Disposer } from '@wanglou/core';
import { StoreError } from './errors.ts';

/** Locks a folder, or throws `STORE_IN_USE`. Runs once at start, before anything is served. */
export function lockFolder(path: string): Disposer {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'campus.lock'));
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
