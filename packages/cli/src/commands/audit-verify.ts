// `wanglou audit verify`: checks the tables of the log from their file alone, also while the campus runs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointText, openCheckpoint, parsePolicy, parseVkey, policyOfKey, type OpenedCheckpoint, type Policy } from '@wanglou/verify';
import { loadNoteKey, verifyTables, type NoteKey } from '@wanglou/plugin-audit';
import { openAuditFile } from '../audit-file.ts';
import { CliError } from '../errors.ts';
import { say, type Terminal } from '../terminal.ts';

/** What may be said beside the folder. */
export interface AuditVerifyOptions {
  /** Verifier key that must have signed the published checkpoint; that of `audit-key.pem` unless said. */
  readonly key?: string;
  /** Witness policy that the published checkpoint must meet. */
  readonly policy?: string;
}

/**
 * Verifies `<folder>/audit.db`: every entry and tile against one another, against the published checkpoint in `audit-mirror`, and the
 * end against the message authentication code that only a holder of the campus's key can make. 0 when all of it fits.
 */
export async function verifyAuditLog(folder: string, terminal: Terminal, options: AuditVerifyOptions = {}): Promise<number> {
  const own = await ownKey(folder);
  const policy = await policyOf(options, own);
  const published = policy && (await publishedCheckpoint(folder, policy));
  using file = await openAuditFile(join(folder, 'audit.db'));
  const found = await verifyTables(file.tables, published ? [published] : []);
  if (!found.ok) {
    const { seq, reason } = found.broken!;
    terminal.err({ zh: `✖ 审计日志在第 ${seq} 条校验失败：${reason.zh}；请保留数据目录原状  [AUDIT_BROKEN]`, en: `✖ The audit log does not verify at entry ${seq}: ${reason.en}; keep the data folder as it is  [AUDIT_BROKEN]` }[terminal.language]);
    return 1;
  }
  const isOwn = own && (found.size === 0 || own.hasMac(checkpointText(own.name, found.size, Buffer.from(found.root!, 'base64')), file.mac ?? new Uint8Array()));
  if (isOwn === false) {
    terminal.err({ zh: `✖ 审计日志的末端（第 ${found.size - 1} 条）不是以 ${own!.name} 的密钥写入；请保留数据目录原状  [AUDIT_BROKEN]`, en: `✖ The end of the audit log (entry ${found.size - 1}) was not written with the key of ${own!.name}; keep the data folder as it is  [AUDIT_BROKEN]` }[terminal.language]);
    return 1;
  }
  if (published && !published.quorum) {
    terminal.err({ zh: `✖ 校验点缺少见证方签名：${published.missing.join('、')}  [NOT_WITNESSED]`, en: `✖ The checkpoint lacks witnesses: ${published.missing.join(', ')}  [NOT_WITNESSED]` }[terminal.language]);
    return 1;
  }
  say(terminal, { zh: `✔ 审计日志完好：${found.size} 条，根 ${found.root}`, en: `✔ The audit log verifies: ${found.size} entries, root ${found.root}` });
  if (published) say(terminal, { zh: `  已公布的校验点：${published.size} 条，${published.origin}${witnessed(published, '，见证：', '、')}`, en: `  Published checkpoint: ${published.size} entries, ${published.origin}${witnessed(published, ', witnessed by ', ', ')}` });
  if (!own && !published) terminal.err({ zh: `⚠ 没有可比对的密钥或校验点：能改写数据库的人可以一并改写以上结果；请用 --key 或 --policy 指定另行保存的密钥`, en: `⚠ There is no key and no checkpoint to compare with: whoever can write the database can write all of this; name a key that was kept elsewhere with --key or --policy` }[terminal.language]);
  return 0;
}

function witnessed({ cosigned }: OpenedCheckpoint, before: string, between: string): string {
  return cosigned.length > 0 ? `${before}${cosigned.join(between)}` : '';
}

/** The campus's own key. `undefined` where it is not there, as on a copy of the folder. */
async function ownKey(folder: string): Promise<NoteKey | undefined> {
  const file = join(folder, 'audit-key.pem');
  const origin = (await readText(join(folder, 'audit-mirror', 'log.vkey')))?.split('+')[0];
  return (await readText(file)) === undefined ? undefined : loadNoteKey(file, origin);
}

async function policyOf({ key, policy }: AuditVerifyOptions, own: NoteKey | undefined): Promise<Policy | undefined> {
  try {
    if (policy !== undefined) return parsePolicy(await readFile(policy));
    const vkey = key ?? own?.vkey;
    return vkey === undefined ? undefined : policyOfKey(parseVkey(vkey));
  } catch (error) {
    throw new CliError('AUDIT_KEY_UNREADABLE', { file: policy ?? key, reason: (error as Error).message }, { cause: error });
  }
}

async function publishedCheckpoint(folder: string, policy: Policy): Promise<OpenedCheckpoint | undefined> {
  const file = join(folder, 'audit-mirror', 'checkpoint');
  const note = await readText(file);
  if (note === undefined) return undefined;
  try {
    return openCheckpoint(note, policy);
  } catch (error) {
    throw new CliError('AUDIT_CHECKPOINT_REFUSED', { file, reason: (error as Error).message }, { cause: error });
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new CliError('AUDIT_UNREADABLE', { path: file, reason: (error as Error).message }, { cause: error });
  }
}
