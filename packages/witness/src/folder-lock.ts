// One witness for each folder. The operating system gives the lock back when the process dies, however it dies.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from './errors.ts';

/** Locks a folder; answers what unlocks it. Throws `FOLDER_IN_USE` or `FOLDER_UNUSABLE`. */
export function lockFolder(path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'witness.lock'));
    // An exclusive transaction holds a lock of the operating system on the file for as long as it is open.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return () => database?.close();
  } catch (error) {
    database?.close();
    const busy = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (busy === 5 || busy === 6) throw new WitnessError('FOLDER_IN_USE', { path }, { cause: error });
    throw new WitnessError('FOLDER_UNUSABLE', { path, reason: (error as Error).message }, { cause: error });
  }
}
