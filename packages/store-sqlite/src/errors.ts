// What can go wrong with a store, in words that name the file and the fix.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const storeErrors = {
  STORE_UNAVAILABLE: { status: 503, en: 'The data folder {path} cannot be used: {reason}; check that it exists, that this user may write to it, and that its disk is not read-only', zh: '数据目录 {path} 无法使用：{reason}；请检查目录是否存在、当前用户是否可写、磁盘是否只读' },
  STORE_IN_USE: { status: 409, en: 'The data folder {path} is in use by another running campus; stop it, or set DATA_DIR to another folder', zh: '数据目录 {path} 正被另一个运行中的校区使用；请先停止它，或将 DATA_DIR 设为其他目录' },
  STORE_FULL: { status: 507, en: 'The disk of {path} is full; free some space, nothing acknowledged is lost', zh: '{path} 所在磁盘已满；请清理空间，已确认的数据没有丢失' },
  STORE_BUSY: { status: 503, en: 'Another program keeps the database {path} locked; close it (a backup, a database browser) and try again, nothing acknowledged is lost', zh: '数据库 {path} 被其他程序锁定；请关闭该程序（备份工具、数据库浏览器等）后重试，已确认的数据没有丢失' },
  STORE_CORRUPT: { status: 500, en: 'The database {path} is damaged: {reason}; restore it from a backup and keep the damaged file', zh: '数据库 {path} 已损坏：{reason}；请从备份恢复，并保留损坏的文件' },
  STORE_NEWER: { status: 500, en: 'The tables of {namespace} were made by a later version (step {found}, this version knows {known}); install that version again', zh: '{namespace} 的数据表由更新的版本建立（第 {found} 步，当前版本只到第 {known} 步）；请重新安装该版本' },
  STORE_LOST: { status: 503, en: 'The writer of {path} ended by itself: {reason}; restart the campus, nothing acknowledged is lost', zh: '{path} 的写入线程意外结束：{reason}；请重新启动校区，已确认的数据没有丢失' },
  STORE_CLOSED: { status: 503, en: 'The store is closed', zh: '存储已关闭' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link StoreError}. */
export type StoreErrorCode = keyof typeof storeErrors;

/** A failure of the store. */
export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError';

  constructor(code: StoreErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, storeErrors[code], params, options);
  }
}

/** The table of {@link StoreError}, for documentation and tests. */
export const storeErrorTable: Readonly<Record<StoreErrorCode, ErrorEntry>> = storeErrors;

/** SQLite's primary result codes that a person can do something about (sqlite.org/rescode.html). */
export function toStoreError(path: string, resultCode: number | undefined, message: string): Error {
  switch (resultCode === undefined ? -1 : resultCode & 0xff) {
    case 5:
    case 6:
      return new StoreError('STORE_BUSY', { path });
    case 13:
      return new StoreError('STORE_FULL', { path });
    case 8:
    case 10:
    case 14:
      return new StoreError('STORE_UNAVAILABLE', { path, reason: message });
    case 11:
    case 26:
      return new StoreError('STORE_CORRUPT', { path, reason: message });
    default:
      return new Error(message);
  }
}
