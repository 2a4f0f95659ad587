// What keeps a witness from starting or from answering.
import { fillText, type Text, type TextParams } from '@wanglou/verify';

/** One row of the error table; `status` is the HTTP status that fits (RFC 9110). */
export interface WitnessErrorEntry extends Text {
  readonly status: number;
}

const witnessErrors = {
  FOLDER_IN_USE: { status: 409, en: 'Another witness works in {path}; two on one folder could cosign two histories. Stop the other one, or name another folder with --data', zh: '{path} 已有见证服务在运行；两个服务共用目录可能为两份历史签名。请先停止另一个，或用 --data 指定其他目录' },
  FOLDER_UNUSABLE: { status: 503, en: 'The folder {path} cannot be used: {reason}; check its permissions and its disk', zh: '目录 {path} 不可用：{reason}；请检查权限与磁盘' },
  KEY_UNUSABLE: { status: 400, en: 'The key {path} cannot be used: {reason}; put back the Ed25519 key (PKCS#8 PEM) of this witness from its backup', zh: '密钥 {path} 不可用：{reason}；请从备份恢复该见证服务的 Ed25519 密钥（PKCS#8 PEM）' },
  NAME_INVALID: { status: 400, en: 'The name {name} cannot be that of a witness: it must not be empty and not hold white space or plus signs, such as office.example.edu/w1', zh: '名称 {name} 不能用于见证服务：不得为空，不得含空白或加号，例如 office.example.edu/w1' },
  LOGS_MISSING: { status: 400, en: 'A witness needs at least one log; name its verifier key with --log', zh: '见证服务至少需要一个日志；请用 --log 给出其验证密钥' },
  STATE_DAMAGED: { status: 500, en: 'The record {path} of the log {origin} cannot be trusted: {reason}. Put the folder back from its backup; never start anew with an empty one, since a rolled-back log could then be cosigned', zh: '日志 {origin} 的记录 {path} 不可信：{reason}。请从备份恢复目录；切勿以空目录重新开始，否则可能为被回退的日志签名' },
  ADDRESS_UNUSABLE: { status: 503, en: 'The witness cannot listen on {host}:{port}: {reason}; name another with --host and --port', zh: '见证服务无法监听 {host}:{port}：{reason}；请用 --host 与 --port 指定其他地址' },
} as const satisfies Record<string, WitnessErrorEntry>;

/** Codes of {@link WitnessError}. */
export type WitnessErrorCode = keyof typeof witnessErrors;

/** Every failure that this package raises on purpose. Compare `code`, never the message. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code: WitnessErrorCode;
  /** HTTP status that fits. */
  readonly status: number;
  /** The message in both languages; `message` is the English one. */
  readonly text: Text;
  readonly params: TextParams;

  constructor(code: WitnessErrorCode, params: TextParams = {}, options?: ErrorOptions) {
    const text = fillText(witnessErrors[code], params);
    super(text.en, options);
    this.code = code;
    this.status = witnessErrors[code].status;
    this.text = text;
    this.params = params;
  }
}

/** The table of {@link WitnessError}, for documentation and tests. */
export const witnessErrorTable: Readonly<Record<WitnessErrorCode, WitnessErrorEntry>> = witnessErrors;
