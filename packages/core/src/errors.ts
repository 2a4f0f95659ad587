// Errors a person can act on: a literal code, a sentence in both languages, an HTTP status.
import type { Decision } from './contracts/permission.ts';
import { fillText, type Text } from './text.ts';

/** One row of a package's error table. `{name}` placeholders are filled from the error's `params`. */
export interface ErrorEntry extends Text {
  /** HTTP status that fits (RFC 9110). */
  readonly status: number;
}

/**
 * Base of every error the project raises on purpose. Compare `error.code`, never the message or the class:
 * two copies of a package may be loaded side by side.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly status: number;
  /** The message in both languages; `message` is the English one. */
  readonly text: Text;
  /** What the sentences were filled with. Never holds a secret. */
  readonly params: Readonly<Record<string, unknown>>;

  constructor(code: Code, entry: ErrorEntry, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    const text = fillText(entry, params);
    super(text.en, options);
    this.code = code;
    this.status = entry.status;
    this.text = text;
    this.params = params;
  }
}

/** Whether a caught value is a {@link CodedError}, whichever copy of core made it. */
export function isCodedError(error: unknown): error is CodedError {
  return error instanceof Error && 'code' in error && 'text' in error && 'status' in error;
}

const kernelErrors = {
  CONFIG_INVALID: { status: 400, en: 'The configuration of {plugin} is wrong at {path}: {issue}', zh: '{plugin} 的配置有误，位置 {path}：{issue}' },
  PLUGIN_DUPLICATE: { status: 409, en: 'A plugin with the id {plugin} is already loaded; load it once', zh: '插件 {plugin} 已加载，请勿重复加载' },
  PLUGIN_API_VERSION: { status: 400, en: 'Plugin {plugin} was made for plugin API {made}, this core speaks {core}; install matching versions', zh: '插件 {plugin} 使用插件接口版本 {made}，当前内核为 {core}；请安装匹配的版本' },
  PLUGIN_STOPPED: { status: 503, en: 'Plugin {plugin} is no longer active', zh: '插件 {plugin} 已停止' },
  PLUGIN_FAILED: { status: 500, en: 'Plugin {plugin} did not start: {reason}', zh: '插件 {plugin} 启动失败：{reason}' },
  PLUGIN_START_TIMEOUT: { status: 500, en: 'Plugin {plugin} did not finish starting within {seconds} s', zh: '插件 {plugin} 未能在 {seconds} 秒内完成启动' },
  NEEDS_MISSING: { status: 500, en: 'Plugin {plugin} waits for the service {service}, which no loaded plugin provides; add the plugin that provides it', zh: '插件 {plugin} 需要服务 {service}，但没有已加载的插件提供它；请加入提供该服务的插件' },
  NEEDS_CYCLE: { status: 500, en: 'These plugins wait for one another and can never start: {cycle}', zh: '以下插件互相等待，无法启动：{cycle}' },
  SERVICE_DUPLICATE: { status: 409, en: 'Service {service} is already provided by {owner}', zh: '服务 {service} 已由 {owner} 提供' },
  SERVICE_UNDECLARED: { status: 500, en: 'Plugin {plugin} provides {service} without naming it in `provides`', zh: '插件 {plugin} 提供了服务 {service}，但未在 provides 中声明' },
  OPERATION_DUPLICATE: { status: 409, en: 'Operation {operation} is already handled by {owner}', zh: '操作 {operation} 已由 {owner} 处理' },
  OPERATION_UNKNOWN: { status: 404, en: 'No loaded plugin handles the operation {operation}', zh: '没有已加载的插件处理操作 {operation}' },
  INPUT_INVALID: { status: 400, en: 'The input of {operation} is wrong at {path}: {issue}', zh: '操作 {operation} 的输入有误，位置 {path}：{issue}' },
  PERMISSION_DENIED: { status: 403, en: '{reason}', zh: '{reason}' },
  AUDIT_UNAVAILABLE: { status: 503, en: 'The audit log cannot be written, so {operation} was refused', zh: '审计日志无法写入，操作 {operation} 已被拒绝' },
  LEASE_UNKNOWN: { status: 404, en: 'There is no such lease, or it is not yours', zh: '访问凭证不存在，或不属于您' },
  LEASE_ENDED: { status: 410, en: 'The lease has ended: {reason}', zh: '访问凭证已终止：{reason}' },
  LEASE_PAUSED: { status: 423, en: 'Paused: everybody whose presence the rules ask for must confirm that they are here', zh: '已暂停：规则要求在场的人员须全部确认在场' },
  AUDIT_TIMEOUT: { status: 503, en: 'The audit log did not answer within {seconds} s', zh: '审计日志在 {seconds} 秒内未响应' },
  PACK_INVALID: { status: 500, en: 'The policy pack {pack} is refused: {issue}', zh: '规则包 {pack} 不可用：{issue}' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link KernelError}. */
export type KernelErrorCode = keyof typeof kernelErrors;

/** Every failure the kernel raises. */
export class KernelError extends CodedError<KernelErrorCode> {
  override readonly name = 'KernelError';

  constructor(code: KernelErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, kernelErrors[code], params, options);
  }
}

/** The table of {@link KernelError}, for documentation and tests. */
export const kernelErrorTable: Readonly<Record<KernelErrorCode, ErrorEntry>> = kernelErrors;

/** The policy said no. `decision` holds every reason, its article and what is missing. */
export class DeniedError extends KernelError {
  readonly decision: Decision;

  constructor(decision: Decision) {
    super('PERMISSION_DENIED', { reason: reasonOf(decision) });
    this.decision = decision;
  }
}

/** All reasons of a denial in one sentence, each with its article. */
function reasonOf(decision: Decision): Text {
  const join = (language: 'zh' | 'en', cite: (article: string) => string, between: string) =>
    decision.denials.map((denial) => (denial.article ? cite(denial.article) : '') + denial.text[language]).join(between);
  return { en: join('en', (article) => `Article ${article}: `, '; '), zh: join('zh', (article) => `第${article}条：`, '；') };
}
