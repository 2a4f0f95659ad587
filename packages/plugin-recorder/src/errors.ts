// What can go wrong with recording, in words for people; and the failures of the plugin itself.
import { CodedError, type ErrorEntry, type Text } from '@wanglou/core';
import type { IngestWarningCode } from './ingest/ingest-engine.ts';
import type { IngestErrorCode } from './ingest/ingest-error.ts';
import type { DiskProblemCode } from './segment/segment-writer.ts';

const recorderErrors = {
  FOLDER_UNWRITABLE: { status: 500, en: 'The recordings folder {path} cannot be written ({reason}); check its owner, its mount and its free space', zh: '录像目录 {path} 无法写入（{reason}），请检查目录属主、挂载方式和剩余空间' },
  DISK_MISSING: { status: 500, en: 'Disk {id} of the recordings was at {path} before, and is not there now; mount it. If another disk takes its place, put an empty file {file} there', zh: '录像磁盘 {id} 原先位于 {path}，现在不在；请挂载该磁盘。如已更换为新磁盘，请在该目录放一个名为 {file} 的空文件' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link RecorderError}. */
export type RecorderErrorCode = keyof typeof recorderErrors;

/** A failure of plugin-recorder. */
export class RecorderError extends CodedError<RecorderErrorCode> {
  override readonly name = 'RecorderError';

  constructor(code: RecorderErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, recorderErrors[code], params, options);
  }
}

/** The table of {@link RecorderError}, for documentation and tests. */
export const recorderErrorTable: Readonly<Record<RecorderErrorCode, ErrorEntry>> = recorderErrors;

/** Codes of a camera's recording problem. */
export type RecordingProblemCode = IngestErrorCode | DiskProblemCode;

const chineseProblems: Readonly<Record<RecordingProblemCode, string>> = {
  CONNECT: '无法连接摄像机的视频流，请检查地址、端口和网络',
  TIMEOUT: '摄像机超时无响应，请检查供电和网络',
  CLOSED: '摄像机断开了视频流连接，系统将自动重连',
  UNAUTHORIZED: '摄像机拒绝了用户名或密码，请在校区配置中更正',
  NOT_FOUND: '摄像机没有该视频流，请检查码流路径',
  REFUSED: '摄像机拒绝播放视频流',
  PROTOCOL: '摄像机发送的数据不符合 RTSP 规范',
  UNSUPPORTED_CODEC: '摄像机的图像编码不支持录像，请改为 H.264 或 H.265',
  UNSUPPORTED_ADDRESS: '视频流地址无效，应为 rtsp://主机/路径 或 rtsps://主机/路径',
  CERTIFICATE: '摄像机的 TLS 证书不受信任，请核对指纹后在校区配置中填写该指纹，或安装其证书颁发机构',
  FFMPEG_MISSING: '接入该摄像机需要 ffmpeg 5.0 或更新版本，但本机没有，请安装后重试',
  STOPPED: '录像已停止',
  DISK_FULL: '录像磁盘已满，请释放空间或缩短留存期限',
  DISK_READ_ONLY: '录像目录无法写入，请检查挂载方式和目录属主',
  DISK_SLOW: '录像磁盘写入过慢，部分录像已丢弃',
  DISK_FAILED: '录像磁盘写入失败，请检查磁盘',
  DISK_GONE: '录像磁盘不在其目录下，请检查是否被拔出或未挂载，并重新挂载',
  DISK_HANGS: '录像磁盘长时间无响应，请检查磁盘和连线',
  DISK_TWICE: '该目录与另一目录是同一块录像磁盘，请更正配置',
};

/** What to do, where the sentence of the problem does not say it. */
const englishAdvice: Readonly<Record<RecordingProblemCode, string>> = {
  CONNECT: 'check address, port and network',
  TIMEOUT: 'check its power and the network',
  CLOSED: 'the recorder connects again by itself',
  UNAUTHORIZED: 'correct them in the campus configuration',
  NOT_FOUND: 'check the path of the stream',
  REFUSED: 'look whether it serves too many viewers already',
  PROTOCOL: 'check that the address is a camera’s, and its firmware',
  UNSUPPORTED_CODEC: 'set the camera to H.264 or H.265',
  UNSUPPORTED_ADDRESS: 'it must be rtsp://host/path or rtsps://host/path',
  CERTIFICATE: 'compare its fingerprint and pin it',
  FFMPEG_MISSING: 'install ffmpeg 5.0 or newer, or set FFMPEG_PATH',
  STOPPED: 'the camera was taken off the campus',
  DISK_FULL: 'free space or shorten the retention',
  DISK_READ_ONLY: 'check the mount and the owner of the folder',
  DISK_SLOW: 'use a faster disk, or fewer cameras on this one',
  DISK_FAILED: 'check the disk',
  DISK_GONE: 'mount it again',
  DISK_HANGS: 'check the disk and its cable',
  DISK_TWICE: 'correct the configuration',
};

/**
 * A problem in both languages; the English sentence is the precise one.
 * @param command - puts it right on this system
 */
export function problemText(code: RecordingProblemCode, message: string, command?: string): Text {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  const en = sentence.includes(';') ? sentence : `${sentence}; ${englishAdvice[code]}`;
  return command === undefined ? { en, zh: chineseProblems[code] } : { en: `${en}: ${command}`, zh: `${chineseProblems[code]}：${command}` };
}

const chineseWarnings: Readonly<Record<IngestWarningCode, string>> = {
  AUDIO_UNSUPPORTED: '摄像机的声音编码不支持录制，目前只录图像，请改为 AAC、G.711 或 Opus',
  PICTURE_ENCODED: '摄像机的图像编码无法直接存储，已由 ffmpeg 转为 H.264 录制，会占用处理器，且与摄像机原始数据不完全一致；如摄像机支持，请改为 H.264 或 H.265',
  KEYFRAMES_RARE: '摄像机的关键帧间隔过长，重新连接后会缺少录像，请将关键帧间隔设为 2 秒，并关闭智能编码（H.264+、H.265+）',
};

/** A warning in both languages; the English sentence is the precise one. */
export function warningText(code: IngestWarningCode, message: string): Text {
  return { en: message.charAt(0).toUpperCase() + message.slice(1), zh: chineseWarnings[code] };
}
