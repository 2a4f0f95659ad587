// `wanglou audit verify`: checks the audit log from its file alone, also while the campus runs.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Checkpoint } from '@wanglou/core';
import { verifyChain, type RecordRow } from '@wanglou/plugin-audit';
import { CliError } from '../errors.ts';
import type { Terminal } from '../terminal.ts';

/** Verifies `<folder>/audit.db`; 0 when every record fits. */
export async function verifyAuditLog(folder: string, terminal: Terminal): Promise<number> {
  const path = join(folder, 'audit.db');
  await access(path).catch((cause: unknown) => {
    throw new CliError('AUDIT_NOT_FOUND', { path }, { cause });
  });
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    // One read transaction: what a running campus appends meanwhile is left for the next check.
    database.exec('BEGIN');
    const verification = await verifyChain(rowsOf(database), checkpointOf(database));
    if (verification.ok) {
      terminal.out(terminal.language === 'zh' ? `✔ 审计日志完好：${verification.size} 条记录，校验点 ${shown(verification.checkpoint)}` : `✔ The audit log verifies: ${verification.size} records, checkpoint ${shown(verification.checkpoint)}`);
      return 0;
    }
    const { seq, reason } = verification.broken!;
    terminal.err(terminal.language === 'zh' ? `✖ 审计日志在第 ${seq} 条校验失败：${reason}  [AUDIT_BROKEN]` : `✖ The audit log does not verify at record ${seq}: ${reason}  [AUDIT_BROKEN]`);
    return 1;
  } finally {
    database.close();
  }
}

function* rowsOf(database: DatabaseSync): Generator<RecordRow> {
  for (const row of database.prepare('SELECT seq, body, hash FROM record ORDER BY seq').iterate()) yield row as unknown as RecordRow;
}

function checkpointOf(database: DatabaseSync): Checkpoint | undefined {
  return database.prepare('SELECT size, hash, at_ms AS atMs, signature, key FROM checkpoint WHERE id = 1').get() as Checkpoint | undefined;
}

function shown(checkpoint: Checkpoint | undefined): string {
  return checkpoint ? `${checkpoint.hash.slice(0, 16)}… (${new Date(checkpoint.atMs).toISOString()})` : '—';
}
