// What can go wrong with receiving fire signals, in words for people.
import { CodedError, type ErrorEntry } from '@wanglou/core';

const fireErrors = {
  FIRE_PORT_UNAVAILABLE: { status: 500, en: 'Fire devices cannot be listened to on {transport} {host}:{port} ({reason}); free the port or choose another', zh: '无法在 {transport} {host}:{port} 上接收消防设备（{reason}）；请释放该端口或改用其他端口' },
  FIRE_CERTIFICATE_UNREADABLE: { status: 500, en: 'The certificate {certFile} or its key {keyFile} cannot be used ({reason}); check both files', zh: '证书 {certFile} 或其私钥 {keyFile} 无法使用（{reason}）；请检查这两个文件' },
  FIRE_QUEUE_FULL: { status: 503, en: '{waiting} fire messages wait for the store; devices send again what is not confirmed. Look whether the disk is slow or full', zh: '有 {waiting} 条消防报文等待存储，未确认的报文会由设备重发；请检查磁盘是否过慢或已满' },
  FIRE_STOPPED: { status: 503, en: 'Fire devices are no longer listened to', zh: '已停止接收消防设备' },
  FIRE_DEVICE_UNKNOWN: { status: 404, en: 'There is no fire device {device} in the configuration', zh: '配置中没有消防设备 {device}' },
  FIRE_DUTY_CHECK_OPEN: { status: 409, en: 'A duty check of {device} is open; wait for its end', zh: '{device} 的查岗尚未结束，请稍后再试' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link FireError}. */
export type FireErrorCode = keyof typeof fireErrors;

/** A failure of plugin-fire. */
export class FireError extends CodedError<FireErrorCode> {
  override readonly name = 'FireError';

  constructor(code: FireErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, fireErrors[code], params, options);
  }
}

/** The table of {@link FireError}, for documentation and tests. */
export const fireErrorTable: Readonly<Record<FireErrorCode, ErrorEntry>> = fireErrors;
