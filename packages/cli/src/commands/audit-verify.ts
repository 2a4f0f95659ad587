// `wanglou audit verify`: checks the audit log from its file alone, also while the campus runs.
import { join } from 'node:path';
import type { Checkpoint, Text } from '@wanglou/core';
import { keyFingerprint, verifyChain } from '@wanglou/plugin-audit';
import { openAuditFile } from '../audit-file.ts';
import { say, type Terminal } from '../terminal.ts';
import { ownKeyFile, readTrustedKey, type TrustedKey } from '../trusted-key.ts';

/**
 * Verifies `<folder>/audit.db`; 0 when every record fits and the end is signed with the trusted key.
 *
 * @param keyFile the public key that must have signed it (PEM, or SPKI in base64); `<folder>/audit-key.pem` unless said
 */
export async function verifyAuditLog(folder: string, terminal: Terminal, keyFile?: string): Promise<number> {
  const trusted = await readTrustedKey(keyFile, folder);
  using log = await openAuditFile(join(folder, 'audit.db'));
  const { ok, size, broken } = await verifyChain(log.rows, log.checkpoint, trusted?.key);
  const keys = keysOf(log.checkpoint, trusted);
  if (ok) {
    const point = shown(log.checkpoint);
    say(terminal, {
      zh: `✔ 审计日志完好：${size} 条记录，校验点 ${point}${keys.zh}`,
      en: `✔ The audit log verifies: ${size} records, checkpoint ${point}${keys.en}`,
    });
  } else {
    const { seq, text } = broken!;
    sayError(terminal, {
      zh: `✖ 审计日志在第 ${seq} 条校验失败：${text.zh}${keys.zh}；请保留数据目录原状  [AUDIT_BROKEN]`,
      en: `✖ The audit log does not verify at record ${seq}: ${text.en}${keys.en}; keep the data folder as it is  [AUDIT_BROKEN]`,
    });
  }
  if (!trusted) sayError(terminal, nothingToCompare(folder));
  return ok ? 0 : 1;
}

/** Which key signed, and which had to. */
function keysOf(checkpoint: Checkpoint | undefined, trusted: TrustedKey | undefined): Text {
  const signed = checkpoint && keyFingerprint(checkpoint.key);
  if (!signed) return { zh: '', en: '' };
  if (!trusted) return { zh: `，密钥 ${signed}`, en: `, key ${signed}` };
  if (signed === trusted.fingerprint) return { zh: `，密钥 ${signed}（与 ${trusted.file} 一致）`, en: `, key ${signed} (that of ${trusted.file})` };
  return { zh: `，签名密钥 ${signed}，而 ${trusted.file} 为 ${trusted.fingerprint}`, en: `, signed with key ${signed} while ${trusted.file} is ${trusted.fingerprint}` };
}

function nothingToCompare(folder: string): Text {
  const file = ownKeyFile(folder);
  return {
    zh: `⚠ 没有可比对的密钥：${file} 不存在，只能以日志中自带的密钥验证，而能改写数据库的人可以换掉它；请用 --key 指定另行保存的公钥，或将上面的密钥指纹与另行记录的比对`,
    en: `⚠ There is no key to compare with: ${file} is not there, so only the key in the log itself was used, and whoever can write the database can replace that; name a public key kept elsewhere with --key, or compare the key above with what was noted down`,
  };
}

function shown(checkpoint: Checkpoint | undefined): string {
  return checkpoint ? `${checkpoint.hash.slice(0, 16)}… (${new Date(checkpoint.atMs).toISOString()})` : '—';
}

function sayError(terminal: Terminal, text: Text): void {
  terminal.err(text[terminal.language]);
}
