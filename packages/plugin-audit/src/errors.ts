// What can go wrong with the audit log.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const auditErrors = {
  AUDIT_KEY_UNUSABLE: { status: 500, en: 'The signing key {file} cannot be used: {reason}; restore it from a backup, or, if it is lost, move it away together with audit.db to begin a new log (keep both: they are evidence)', zh: '签名密钥 {file} 无法使用：{reason}；请从备份恢复，若已丢失，请将其与 audit.db 一并移走以启用新日志（两者均须留存备查）' },
  AUDIT_BROKEN: { status: 500, en: 'The audit log does not verify at record {seq}: {reason}; keep the data folder as it is and run `wanglou audit verify`', zh: '审计日志在第 {seq} 条校验失败：{reason}；请保留数据目录原状并运行 wanglou audit verify' },
  AUDIT_RECORD_UNKNOWN: { status: 404, en: 'There is no record {seq}', zh: '没有第 {seq} 条记录' },
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
