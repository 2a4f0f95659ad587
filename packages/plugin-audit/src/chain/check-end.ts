// Whether a log ends as it was signed; looked at before anything is added, because whatever is added signs all that is before it.
import type { Checkpoint } from '@wanglou/core';
import { AuditError } from '../errors.ts';
import { keyFingerprint } from './public-key.ts';
import { isSigned } from './signer.ts';

/** Throws `AUDIT_BROKEN` unless the checkpoint is of exactly this log and signed with this key. */
export function checkEnd(checkpoint: Checkpoint, size: number, head: string, key: string): void {
  if (checkpoint.size !== size) throw broken(Math.min(checkpoint.size, size), `${checkpoint.size} records were signed, ${size} are there`, `已签名 ${checkpoint.size} 条，现有 ${size} 条`);
  const seq = Math.max(0, size - 1);
  if (checkpoint.hash !== head) throw broken(seq, 'the records are not those that were signed', '记录与签名时不一致');
  if (!isSigned(checkpoint)) throw broken(seq, 'the signature of its checkpoint is wrong, so it was changed by something else than this campus', '校验点的签名有误，日志曾被本系统以外的程序改动');
  if (checkpoint.key === key) return;
  const [theirs, ours] = [keyFingerprint(checkpoint.key), keyFingerprint(key)];
  throw broken(seq, `it was signed with the key ${theirs}, and the key of this campus is ${ours} (put the first audit-key.pem back from a backup)`, `日志由密钥 ${theirs} 签名，而本校区的密钥为 ${ours}（请从备份恢复原来的 audit-key.pem）`);
}

/** `AUDIT_BROKEN` at a record, with the reason in both languages. */
export function broken(seq: number, en: string, zh: string): AuditError {
  return new AuditError('AUDIT_BROKEN', { seq, reason: { en, zh } });
}
