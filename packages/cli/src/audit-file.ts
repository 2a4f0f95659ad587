// The audit log as a file: opened to be read only, and only when it is one.
import { access } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Checkpoint } from '@wanglou/core';
import type { RecordRow } from '@wanglou/plugin-audit';
import { CliError } from './errors.ts';

/** One moment of a log: what a running campus appends meanwhile is left for the next look. */
export interface AuditFile extends Disposable {
  readonly rows: Iterable<RecordRow>;
  readonly checkpoint: Checkpoint | undefined;
}

/** Opens a log. Throws `AUDIT_NOT_FOUND`, `AUDIT_UNREADABLE` or `AUDIT_NOT_A_LOG`. */
export async function openAuditFile(path: string): Promise<AuditFile> {
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') throw new CliError('AUDIT_NOT_FOUND', { path }, { cause });
    throw new CliError('AUDIT_UNREADABLE', { path, reason: cause.message }, { cause });
  });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return readAuditFile(database);
  } catch (error) {
    database?.close();
    throw new CliError(isForeign(error) ? 'AUDIT_NOT_A_LOG' : 'AUDIT_UNREADABLE', { path, reason: (error as Error).message }, { cause: error });
  }
}

function readAuditFile(database: DatabaseSync): AuditFile {
  database.exec('BEGIN');
  const checkpoint = database.prepare('SELECT size, hash, at_ms AS atMs, signature, key FROM checkpoint WHERE id = 1').get() as Checkpoint | undefined;
  const rows = database.prepare('SELECT seq, body, hash FROM record ORDER BY seq').iterate() as Iterable<unknown> as Iterable<RecordRow>;
  return { checkpoint, rows, [Symbol.dispose]: () => database.close() };
}

/** Whether SQLite says that the file is no database, is damaged, or has other tables (sqlite.org/rescode.html: ERROR, CORRUPT, NOTADB). */
function isForeign(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [1, 11, 26].includes(errcode & 0xff);
}
