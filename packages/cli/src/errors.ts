// What can go wrong on the command line.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const cliErrors = {
  CONFIG_NOT_FOUND: { status: 404, en: 'There is no configuration at {path}; run this in the campus folder, or name the file with --config', zh: '找不到配置文件 {path}；请在校区目录下运行，或用 --config 指定文件' },
  CONFIG_UNREADABLE: { status: 400, en: 'The configuration {path} cannot be loaded: {reason}', zh: '配置文件 {path} 无法加载：{reason}' },
  CONFIG_NOT_A_CAMPUS: { status: 400, en: 'The configuration {path} must export `default defineCampus({ ... })`', zh: '配置文件 {path} 须默认导出 defineCampus({ ... }) 的结果' },
  AUDIT_NOT_FOUND: { status: 404, en: 'There is no audit log at {path}; name the data folder with --data', zh: '{path} 没有审计日志；请用 --data 指定数据目录' },
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
