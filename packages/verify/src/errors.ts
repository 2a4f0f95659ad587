// What can be wrong with a log, a receipt, a policy or a clip; and what can keep one from being read.
import { fillText, type Text, type TextParams } from './text.ts';

/** One row of the error table; `status` is the HTTP status that fits (RFC 9110). */
export interface VerifyErrorEntry extends Text {
  readonly status: number;
}

const verifyErrors = {
  VKEY_INVALID: { status: 400, en: 'The verifier key {vkey} is wrong: {reason}; ask whoever gave it to you for the whole line <name>+<8 hex digits>+<base64>', zh: '验证密钥 {vkey} 有误：{reason}；请向提供者索取完整的一行 <名称>+<8 位十六进制>+<base64>' },
  POLICY_INVALID: { status: 400, en: 'The policy is wrong in line {line}: {reason}; see c2sp.org/tlog-policy for the form', zh: '策略文件第 {line} 行有误：{reason}；格式见 c2sp.org/tlog-policy' },
  POLICY_MISSING: { status: 400, en: 'There is nothing to trust: name the policy file of the witnesses with --policy, or at least the key of the log with --key', zh: '没有可信依据：请用 --policy 指定见证方策略文件，或至少用 --key 指定日志密钥' },
  NOTE_MALFORMED: { status: 422, en: 'The signed note is malformed: {reason}; get it anew from where it was made', zh: '签名文本格式有误：{reason}；请从来源重新获取' },
  NOTE_SIGNATURE_BAD: { status: 422, en: 'The signature of {name} does not fit the text: one of them was changed; keep it as it is for whoever investigates', zh: '{name} 的签名与文本不符：二者之一被改动；请原样保留以备查证' },
  NOTE_UNSIGNED: { status: 422, en: 'None of the trusted keys ({known}) signed it; compare the policy with where it came from', zh: '没有任何可信密钥（{known}）为其签名；请核对策略文件与来源' },
  CHECKPOINT_MALFORMED: { status: 422, en: 'The checkpoint is malformed: {reason}; get it anew from where it was made', zh: '校验点格式有误：{reason}；请从来源重新获取' },
  ORIGIN_UNKNOWN: { status: 422, en: 'The checkpoint is of the log {origin}, the policy knows {known}; use the policy of this log', zh: '校验点属于日志 {origin}，而策略只认可 {known}；请使用该日志的策略文件' },
  QUORUM_MISSING: { status: 422, en: 'Too few witnesses cosigned; missing: {missing}. Wait until they have, or ask the witnesses for the checkpoint that they saw', zh: '见证签名不足，缺少：{missing}。请等待其签名，或向见证方索取其所见校验点' },
  INCLUSION_FAILED: { status: 422, en: 'The proof does not lead from entry {index} to the root of the checkpoint: the entry, its place or the proof was changed', zh: '证明无法从第 {index} 条推出校验点的根：条目、位置或证明被改动' },
  CONSISTENCY_FAILED: { status: 422, en: 'The proof does not lead from size {from} to size {to}: {reason}', zh: '证明无法从规模 {from} 推出规模 {to}：{reason}' },
  RECEIPT_MALFORMED: { status: 422, en: 'The receipt is malformed: {reason}; get it anew from whoever issued it', zh: '回执格式有误：{reason}；请向出具方重新索取' },
  RECEIPT_PRIVATE_MISMATCH: { status: 422, en: 'The private part is not the one that the entry names: it or its salt was changed', zh: '私密部分与条目所载摘要不符：私密部分或其盐值被改动' },
  RECEIPT_CODE_INVALID: { status: 400, en: 'The receipt code {code} is wrong; it has the form 73894-AAAA-BBBB-CCCC-DDDD', zh: '回执编号 {code} 有误；格式为 73894-AAAA-BBBB-CCCC-DDDD' },
  ENTRY_INVALID: { status: 422, en: 'Entry {index} is not as the log writes entries: {reason}', zh: '第 {index} 条不符合日志条目格式：{reason}' },
  ENTRY_CHANGED: { status: 422, en: 'Entry {index} in {path} is not the one whose hash is in the tree: it was changed after it was logged', zh: '{path} 中第 {index} 条与树中的哈希不符：写入日志后被改动' },
  BUNDLE_MISSING: { status: 422, en: 'The entries from {index} on are missing: {path} is not there, and no pruning is recorded for it', zh: '自第 {index} 条起的条目缺失：{path} 不存在，且没有相应的清理记录' },
  BUNDLE_MALFORMED: { status: 422, en: 'The file {path} is malformed from entry {index} on: {reason}', zh: '文件 {path} 自第 {index} 条起格式有误：{reason}' },
  TILE_MISSING: { status: 422, en: 'The hashes from entry {index} on are missing: {path} is not there', zh: '自第 {index} 条起的哈希缺失：{path} 不存在' },
  TILE_MALFORMED: { status: 422, en: 'The file {path} has {bytes} bytes, it must have {expected}', zh: '文件 {path} 为 {bytes} 字节，应为 {expected} 字节' },
  TILE_MISMATCH: { status: 422, en: 'The hash {place} in {path} is not that of the tile below it: something among the entries from {index} on was changed', zh: '{path} 中第 {place} 个哈希与下层不符：自第 {index} 条起有内容被改动' },
  ROOT_MISMATCH: { status: 422, en: 'The entries do not give the root that was signed at size {size} ({what}): entries were changed and the tiles were computed anew', zh: '条目计算不出规模 {size} 时签署的根（{what}）：条目被改动且哈希被重新计算' },
  ROLLED_BACK: { status: 422, en: 'The log was cut or rolled back: it has {size} entries, {before} were signed in {what}', zh: '日志被截断或回退：现有 {size} 条，而 {before} 条已经签署，见{what}' },
  MINIMUM_INDEX_MALFORMED: { status: 422, en: 'The file minimum-index is wrong: {reason}', zh: '文件 minimum-index 有误：{reason}' },
  PRUNING_UNRECORDED: { status: 422, en: 'The file minimum-index says that the entries below {minimum} were pruned, and no entry audit.pruned of the log says so: they were taken away', zh: '文件 minimum-index 称 {minimum} 之前的条目已清理，但日志中没有相应的 audit.pruned 记录：条目被移走' },
  EVIDENCE_MALFORMED: { status: 422, en: 'The evidence package is malformed: {reason}; get it anew from whoever made it', zh: '证据包格式有误：{reason}；请向制作方重新索取' },
  EVIDENCE_FILE_MISSING: { status: 422, en: 'The file {name} is listed and not there', zh: '清单所列文件 {name} 不存在' },
  EVIDENCE_FILE_CHANGED: { status: 422, en: 'The file {name} is not the one that was recorded: {reason}', zh: '文件 {name} 不是原始录像：{reason}' },
  EVIDENCE_EXPORT_UNPROVEN: { status: 422, en: 'The film or document {name} is not proven: {reason}', zh: '影片或文件 {name} 未获证明：{reason}' },
  EVIDENCE_SEAL_WRONG: { status: 422, en: 'The seal {seal} of {name} does not hold: {reason}', zh: '{name} 的封存记录 {seal} 不成立：{reason}' },
  CLIP_UNKNOWN: { status: 422, en: 'The evidence does not list {name}, nor any file with its content (SHA-256 {sha256}): it was changed, or belongs to another package', zh: '证据清单中没有 {name}，也没有内容相同的文件（SHA-256 {sha256}）：文件被改动，或属于其他证据包' },
  SOURCE_UNREADABLE: { status: 503, en: '{path} cannot be read: {reason}; check the address and the permissions', zh: '{path} 无法读取：{reason}；请检查地址与权限' },
  NOT_RECOGNISED: { status: 400, en: '{path} is no log, no receipt, no evidence package and no clip beside one: {reason}; name the evidence of a clip with --evidence', zh: '{path} 不是日志、回执、证据包，也不是证据包中的录像：{reason}；请用 --evidence 指定录像的证据文件' },
  USAGE: { status: 400, en: '{reason}; see wanglou-verify --help', zh: '{reason}；请参见 wanglou-verify --help' },
} as const satisfies Record<string, VerifyErrorEntry>;

/** Codes of {@link VerifyError}. */
export type VerifyErrorCode = keyof typeof verifyErrors;

/** Every failure that this package raises on purpose. Compare `code`, never the message. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly code: VerifyErrorCode;
  /** HTTP status that fits. */
  readonly status: number;
  /** The message in both languages; `message` is the English one. */
  readonly text: Text;
  readonly params: TextParams;

  constructor(code: VerifyErrorCode, params: TextParams = {}, options?: ErrorOptions) {
    const text = fillText(verifyErrors[code], params);
    super(text.en, options);
    this.code = code;
    this.status = verifyErrors[code].status;
    this.text = text;
    this.params = params;
  }
}

/** Something that was found wrong, as a result carries it (plain JSON). */
export interface Finding {
  readonly code: VerifyErrorCode;
  readonly text: Text;
}

/** The finding that an error of this package makes; throws anything else on. */
export function findingOf(error: unknown): Finding {
  if (!(error instanceof VerifyError) || error.code === 'SOURCE_UNREADABLE') throw error;
  return { code: error.code, text: error.text };
}

/** The table of {@link VerifyError}, for documentation and tests. */
export const verifyErrorTable: Readonly<Record<VerifyErrorCode, VerifyErrorEntry>> = verifyErrors;
