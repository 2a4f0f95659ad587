// What can go wrong with the audit log.
import { CodedError, type ErrorEntry } from '@wanglou/core';
import type { ErrorReply } from './log/protocol.ts';

const auditErrors = {
  AUDIT_KEY_UNUSABLE: { status: 500, en: 'The signing key {file} cannot be used: {reason}; restore it from a backup, or, if it is lost, move it away together with the tables and the mirror of the log to begin a new one (keep all of them: they are evidence)', zh: '签名密钥 {file} 无法使用：{reason}；请从备份恢复，若已丢失，请将其与日志数据表、镜像目录一并移走以启用新日志（均须留存备查）' },
  AUDIT_BROKEN: { status: 500, en: 'The audit log does not verify at entry {seq}: {reason}; keep everything as it is and run `wanglou audit verify`', zh: '审计日志在第 {seq} 条校验失败：{reason}；请保留现场并运行 wanglou audit verify' },
  AUDIT_ROLLED_BACK: { status: 500, en: 'The audit log has {size} entries, and {known} were acknowledged before: its tables were set back, for example from an old backup. Restore the newest tables; if they are lost, move tables, key and mirror away together to begin a new log, and keep them as evidence', zh: '审计日志现有 {size} 条，而此前已确认 {known} 条：数据表被回退（例如恢复了旧备份）。请恢复最新的数据表；若已丢失，请将数据表、密钥与镜像一并移走以启用新日志，并留存备查' },
  AUDIT_FORKED: { status: 500, en: 'The audit log was published with {size} entries and another content than it has now: it was rewritten. Keep the tables and the mirror as they are: both are evidence', zh: '审计日志在 {size} 条时公布的内容与现有内容不一致：日志曾被改写。请保留数据表与镜像原状，二者均为证据' },
  AUDIT_OLD_FORMAT: { status: 500, en: 'The tables of the audit log were made before its first release; keep the data folder and begin with a new one', zh: '审计日志的数据表由首次发布之前的版本建立；请保留该数据目录，并使用新的数据目录' },
  AUDIT_MIRROR_FOREIGN: { status: 500, en: 'The mirror folder {folder} holds a checkpoint that the key of this log has not signed: {reason}. Either audit-key.pem or the origin was replaced (restore it), or the folder belongs to another log (name another in `mirror`)', zh: '镜像目录 {folder} 中的校验点不是由本日志的密钥签名：{reason}。要么 audit-key.pem 或日志名称被更换（请恢复），要么该目录属于另一日志（请在 mirror 中指定其他目录）' },
  AUDIT_POLICY_UNREADABLE: { status: 400, en: 'The witness policy {file} cannot be read: {reason}; check the path in `witnesses`', zh: '见证策略文件 {file} 无法读取：{reason}；请检查 witnesses 中的路径' },
  AUDIT_LOST: { status: 503, en: 'The audit log ended by itself: {reason}; restart the campus, nothing acknowledged is lost', zh: '审计日志意外终止：{reason}；请重新启动校区，已确认的内容没有丢失' },
  AUDIT_CLOSED: { status: 503, en: 'The audit log is closed', zh: '审计日志已关闭' },
  AUDIT_RECEIPT_FOREIGN: { status: 403, en: 'A receipt is for the person whose act the entry records; whoever may read the audit log can take it for them', zh: '回执仅发给条目所记操作的本人；有权查看审计日志的人员可代为领取' },
  AUDIT_PERSON_KEPT: { status: 409, en: 'Records of {person} must be kept until {until} (three years after the last act); erase them then', zh: '{person} 的处理记录须保存至 {until}（最后一次操作后三年），届时方可抹除' },
  AUDIT_SERVED_UNKNOWN: { status: 503, en: 'Nothing on this campus tells which leases were served; load plugin-http', zh: '本校区没有可提供访问凭证使用情况的组件；请加载 plugin-http' },
  AUDIT_SPOOL_WAITS: { status: 503, en: 'Entries still wait to be taken over into the audit log, and a comparison now would miss them; try again when the log can be written', zh: '尚有条目等待转入审计日志，此时核对会遗漏；请待日志恢复写入后重试' },
  AUDIT_ENTRY_UNKNOWN: { status: 404, en: 'There is no entry {seq}', zh: '没有第 {seq} 条' },
  AUDIT_ENTRY_PRUNED: { status: 410, en: 'Entry {seq} was pruned; its hash is still in the tree', zh: '第 {seq} 条已按规定清理，其哈希仍在日志树中' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link AuditError}. */
export type AuditErrorCode = keyof typeof auditErrors;

/** A failure of plugin-audit. */
export class AuditError extends CodedError<AuditErrorCode> {
  override readonly name = 'AuditError';

  constructor(code: AuditErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, auditErrors[code], params, options);
  }
}

/** The table of {@link AuditError}, for documentation and tests. */
export const auditErrorTable: Readonly<Record<AuditErrorCode, ErrorEntry>> = auditErrors;

/** The error that a thread has described. */
export function errorOf({ message, code, params, status, text }: ErrorReply): Error {
  if (code === undefined || text === undefined) return new Error(message);
  return new CodedError(code, { ...text, status: status ?? 500 }, params ?? {});
}
