// What can go wrong with the store, in words that name the database and the fix. They never hold the URL: it has a password.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const storeErrors = {
  STORE_URL_INVALID: { status: 400, en: 'The url of the store is not a PostgreSQL URL; write postgres://user:password@host:5432/database, with special characters of the password percent-encoded', zh: '存储的 url 不是 PostgreSQL 地址；请写成 postgres://用户:密码@主机:5432/数据库，密码中的特殊字符须作百分号编码' },
  STORE_UNAVAILABLE: { status: 503, en: 'The database {place} cannot be used: {reason}; check that the server runs, that it is reached from here, and that its user may log in and create schemas', zh: '数据库 {place} 无法使用：{reason}；请检查服务器是否运行、本机能否连通、数据库用户能否登录并建立模式（schema）' },
  STORE_TOO_OLD: { status: 500, en: 'The server of {place} is PostgreSQL {found}; install version {needed} or later', zh: '{place} 的服务器是 PostgreSQL {found}；请安装 {needed} 或更新的版本' },
  STORE_NOT_DURABLE: { status: 500, en: 'The database {place} loses acknowledged data in a power cut: {setting} is {value}; set it to on in postgresql.conf, reload the server and start the campus again', zh: '数据库 {place} 断电时会丢失已确认的数据：{setting} 为 {value}；请在 postgresql.conf 中设为 on，重新加载服务器配置后再启动校区' },
  STORE_IN_USE: { status: 409, en: 'The database {place} is in use by another running campus; stop it, or give this campus a database of its own', zh: '数据库 {place} 正被另一个运行中的校区使用；请先停止它，或为本校区另建数据库' },
  STORE_FULL: { status: 507, en: 'The disk of {place} is full; free some space, nothing acknowledged is lost', zh: '{place} 所在磁盘已满；请清理空间，已确认的数据没有丢失' },
  STORE_BUSY: { status: 503, en: 'Another program keeps tables of {place} locked; close it (a backup, a database browser) and try again, nothing acknowledged is lost', zh: '{place} 的数据表被其他程序锁定；请关闭该程序（备份工具、数据库浏览器等）后重试，已确认的数据没有丢失' },
  STORE_CORRUPT: { status: 500, en: 'The database {place} is damaged: {reason}; restore it from a backup and keep the damaged files', zh: '数据库 {place} 已损坏：{reason}；请从备份恢复，并保留损坏的文件' },
  STORE_NEWER: { status: 500, en: 'The tables of {namespace} were made by a later version (step {found}, this version knows {known}); install that version again', zh: '{namespace} 的数据表由更新的版本建立（第 {found} 步，当前版本只到第 {known} 步）；请重新安装该版本' },
  STORE_LOST: { status: 503, en: 'The connection to {place} was lost: {reason}; restart the campus when the database is back. Nothing acknowledged is lost; what had no answer may have been kept or not', zh: '与 {place} 的连接已中断：{reason}；数据库恢复后请重新启动校区。已确认的数据没有丢失；未得到答复的写入可能已保存，也可能没有' },
  STORE_CLOSED: { status: 503, en: 'The store is closed', zh: '存储已关闭' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link StoreError}. */
export type StoreErrorCode = keyof typeof storeErrors;

/** A failure of the store. */
export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError';

  constructor(code: StoreErrorCode, params: Readonly<Record<string, unknown>>) {
    super(code, storeErrors[code], params);
  }
}

/** The table of {@link StoreError}, for documentation and tests. */
export const storeErrorTable: Readonly<Record<StoreErrorCode, ErrorEntry>> = storeErrors;
