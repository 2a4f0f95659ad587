// What can go wrong on the server's side of the console.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const consoleErrors = {
  SITE_MISSING: { status: 500, en: 'The console page is not built: {path} is missing; run `npm run build`', zh: '控制台页面尚未构建：缺少 {path}；请运行 npm run build' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link ConsoleError}. */
export type ConsoleErrorCode = keyof typeof consoleErrors;

/** A failure of the console's server half. */
export class ConsoleError extends CodedError<ConsoleErrorCode> {
  override readonly name = 'ConsoleError';

  constructor(code: ConsoleErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, consoleErrors[code], params, options);
  }
}

/** The table of {@link ConsoleError}, for documentation and tests. */
export const consoleErrorTable: Readonly<Record<ConsoleErrorCode, ErrorEntry>> = consoleErrors;
