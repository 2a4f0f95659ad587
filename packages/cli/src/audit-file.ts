// The audit log as a file: opened to be read only, and only when it is one.
import { access } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { CheckedTables } from '@wanglou/plugin-audit';
import { CliError } from './errors.ts';

/** One moment of a log: what a running campus appends meanwhile is left for the next look. */
export interface AuditFile extends Disposable {
  readonly tables: CheckedTables;
  /** What the writer has put on the last entry, if there is one. */
  readonly mac: Uint8Array | undefined;
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
  const last = database.prepare('SELECT mac FROM entry ORDER BY seq DESC LIMIT 1').get() as { mac: Uint8Array | null } | undefined;
  const tile = database.prepare('SELECT hashes FROM tile WHERE level = ? AND place = ?');
  const tables: CheckedTables = {
    minimumIndex: async () => Number(database.prepare('SELECT seq FROM minimum_index').get()?.['seq'] ?? 0),
    async *leaves(fromSeq) {
      for (const row of database.prepare('SELECT seq, body FROM entry WHERE seq >= ? ORDER BY seq').iterate(fromSeq)) yield [row as unknown as { seq: number; body: string }];
    },
    tile: async (level, index) => tile.get(level, index)?.['hashes'] as Uint8Array | undefined,
  };
  return { tables, mac: last?.mac ?? undefined, [Symbol.dispose]: () => database.close() };
}

/** Whether SQLite says that the file is no database, is damaged, or has other tables (sqlite.org/rescode.html: ERROR, CORRUPT, NOTADB). */
function isForeign(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [1, 11, 26].includes(errcode & 0xff);
}
