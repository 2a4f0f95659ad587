// What can go wrong on the command line.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const cliErrors = {
  CONFIG_NOT_FOUND: { status: 404, en: 'There is no configuration at {path}; run this in the campus folder, or name the file with --config', zh: '找不到配置文件 {path}；请在校区目录下运行，或用 --config 指定文件' },
  CONFIG_UNREADABLE: { status: 400, en: 'The configuration {path} cannot be loaded: {reason}', zh: '配置文件 {path} 无法加载：{reason}' },
  CONFIG_NOT_A_CAMPUS: { status: 400, en: 'The configuration {path} must export `default defineCampus({ ... })`', zh: '配置文件 {path} 须默认导出 defineCampus({ ... }) 的结果' },
  RECORDER_MISSING: { status: 404, en: 'The configuration has no recorder; add `recorder({ path: … })` of @wanglou/plugin-recorder to its plugins', zh: '配置中没有录像插件；请在 plugins 中加入 @wanglou/plugin-recorder 的 recorder({ path: … })' },
  STORE_MISSING: { status: 500, en: 'The store of the configuration did not start; run `wanglou check`', zh: '配置中的数据存储未能启动；请运行 wanglou check' },
  AUDIT_NOT_FOUND: { status: 404, en: 'There is no audit log at {path}; name the data folder with --data', zh: '{path} 没有审计日志；请用 --data 指定数据目录' },
  AUDIT_NOT_A_LOG: { status: 422, en: 'The file {path} is no audit log: {reason}; keep it as it is for whoever investigates, and restore audit.db from a backup, or name the right folder with --data', zh: '{path} 不是审计日志：{reason}；请原样保留该文件以备查证，并从备份恢复 audit.db，或用 --data 指定正确的目录' },
  AUDIT_UNREADABLE: { status: 503, en: 'The audit log {path} cannot be read: {reason}; check that this user may read it and write to its folder, or verify a copy of the folder', zh: '审计日志 {path} 无法读取：{reason}；请检查当前用户能否读取该文件并写入其目录，或对目录副本进行校验' },
  AUDIT_KEY_UNREADABLE: { status: 400, en: 'The key or policy {file} cannot be used: {reason}; give a verifier key (<name>+<id>+<base64>) with --key, or a policy file with --policy', zh: '密钥或策略 {file} 无法使用：{reason}；请用 --key 给出验证密钥（<名称>+<编号>+<base64>），或用 --policy 指定策略文件' },
  AUDIT_CHECKPOINT_REFUSED: { status: 422, en: 'The published checkpoint {file} is not signed as it must be: {reason}; keep the folder as it is', zh: '已公布的校验点 {file} 签名不符：{reason}；请保留目录原状' },
  LOG_KEY_UNREADABLE: { status: 400, en: 'The file {file} with the verifier key of a log cannot be read: {reason}; give --log the line of log.vkey itself, or a file that holds it', zh: '日志验证密钥文件 {file} 无法读取：{reason}；请用 --log 给出 log.vkey 的整行内容，或含有它的文件' },
  LOG_KEY_MISSING: { status: 400, en: 'There is no verifier key of a log in {file}; give --log the line of log.vkey itself, or a file that holds it', zh: '{file} 中没有日志的验证密钥；请用 --log 给出 log.vkey 的整行内容，或含有它的文件' },
  PORT_INVALID: { status: 400, en: 'The port {port} is none; name one from 0 to 65535 with --port', zh: '端口 {port} 无效；请用 --port 给出 0 到 65535 之间的端口' },
  PACK_NOT_FOUND: { status: 404, en: 'There is no policy pack {name}; name one of {known}, or a file (.json, .ts, .js)', zh: '找不到规则包 {name}；请给出 {known} 之一，或规则包文件（.json、.ts、.js）' },
  PACK_UNREADABLE: { status: 400, en: 'The policy pack {path} cannot be loaded: {reason}', zh: '规则包 {path} 无法加载：{reason}' },
  PACK_NOT_A_PACK: { status: 400, en: 'The file {path} is no policy pack; it must hold one as JSON, or export as default a pack or a function that makes one', zh: '文件 {path} 不是规则包；须为 JSON 规则包，或默认导出规则包或生成规则包的函数' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link CliError}. */
export type CliErrorCode = keyof typeof cliErrors;

/** A failure of the command line. */
export class CliError extends CodedError<CliErrorCode> {
  override readonly name = 'CliError';

  constructor(code: CliErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, cliErrors[code], params, options);
  }
}

/** The table of {@link CliError}, for documentation and tests. */
export const cliErrorTable: Readonly<Record<CliErrorCode, ErrorEntry>> = cliErrors;
