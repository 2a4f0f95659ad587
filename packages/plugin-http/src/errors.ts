// What can go wrong on the way in.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const httpErrors = {
  PORT_IN_USE: { status: 500, en: 'Port {port} on {host} is in use; stop what uses it, or set PORT to another one', zh: '{host} 的端口 {port} 已被占用；请停止占用它的程序，或将 PORT 设为其他端口' },
  LISTEN_FAILED: { status: 500, en: 'The server cannot listen on {host}:{port}: {reason}', zh: '无法在 {host}:{port} 上监听：{reason}' },
  SESSION_NEEDED: { status: 401, en: 'Sign in first', zh: '请先登录' },
  PASSWORD_MUST_CHANGE: { status: 403, en: 'Change your password first', zh: '请先修改密码' },
  BODY_TOO_LARGE: { status: 413, en: 'The request is larger than the {bytes} bytes that {operation} takes, or does not say how large it is', zh: '请求超过 {operation} 允许的 {bytes} 字节，或未声明长度' },
  HEADER_MISSING: { status: 403, en: 'Requests that change something need the header x-wanglou: 1 and must come from this site', zh: '修改类请求必须带有 x-wanglou: 1 请求头，且来自本站' },
  NOT_FOUND: { status: 404, en: 'There is nothing at {path}', zh: '{path} 不存在' },
  BODY_INVALID: { status: 400, en: 'The body cannot be read: {reason}', zh: '请求内容无法解析：{reason}' },
  TOO_MANY_REQUESTS: { status: 429, en: 'Too many requests; try again in {seconds} s', zh: '请求过于频繁，请 {seconds} 秒后再试' },
  LEDGER_UNAVAILABLE: { status: 503, en: 'It cannot be recorded now that footage is served, so none is served but live view; look at the disk of the store', zh: '当前无法登记录像的访问情况，除实时画面外一律不予提供；请检查数据存储所在磁盘' },
  UNEXPECTED: { status: 500, en: 'Something went wrong that nobody foresaw; tell the system administrator the number {request}', zh: '发生意外错误，请将编号 {request} 告知系统管理员' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link HttpError}. */
export type HttpErrorCode = keyof typeof httpErrors;

/** A failure of plugin-http. */
export class HttpError extends CodedError<HttpErrorCode> {
  override readonly name = 'HttpError';

  constructor(code: HttpErrorCode, params: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(code, httpErrors[code], params, options);
  }
}

/** The table of {@link HttpError}, for documentation and tests. */
export const httpErrorTable: Readonly<Record<HttpErrorCode, ErrorEntry>> = httpErrors;
