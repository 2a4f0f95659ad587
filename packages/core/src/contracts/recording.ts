// Footage: what is recorded, what is missing and why, and the acts that show it. Articles 2, 10, 11, 12.
import { CodedError, type ErrorEntry } from '../errors.ts';
import { defineEvent, defineOperation } from '../refs.ts';
import type { Text } from '../text.ts';
import type { TimeRange } from './permission.ts';
import { cameraProperty, objectSchema, rangeProperties } from './schema.ts';

/** One file of footage of one camera. */
export interface Segment extends TimeRange {
  readonly camera: string;
  /** Unbroken stretch with one clock and codec; files of one run follow one another without a break. */
  readonly run: string;
  readonly bytes: number;
  /** SHA-256 of the file in hex. */
  readonly sha256: string;
}

/** Why footage is missing. */
export type GapCause = 'network' | 'camera' | 'recorder' | 'disk' | 'permit' | 'unknown';

/** Time without footage. `toMs` is absent while the gap is open. */
export interface Gap {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly cause: GapCause;
  /** What happened, for a technician. */
  readonly detail: string;
  /** Parts of it that were filled afterwards from the camera's own storage; absent where there are none. */
  readonly filled?: readonly TimeRange[];
}

/** How recording of one camera goes. */
export interface RecordingStatus {
  readonly camera: string;
  readonly state: 'connecting' | 'recording' | 'stopped' | 'error';
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  readonly kbps?: number;
  /** When the newest frame arrived. */
  readonly lastFrameMs?: number;
  /** Who receives the camera, and why. */
  readonly engine?: { readonly id: 'native' | 'ffmpeg'; readonly text: Text };
  readonly problem?: { readonly code: string; readonly text: Text };
  /** What should be put right although recording goes on, for instance sound in a codec that is not recorded. */
  readonly warnings?: readonly { readonly code: string; readonly text: Text }[];
}

/** What an act that shows footage answers: the lease under which it is fetched. */
export interface MediaLease {
  /** Footage is at `<media route>/<lease>/<path>`. */
  readonly lease: string;
  /** The playlist or file to begin with. */
  readonly path: string;
  readonly expiresMs: number;
}

/** A camera's timeline: recorded stretches and gaps that touch the range, oldest first. */
export interface Timeline {
  readonly camera: string;
  readonly recorded: readonly TimeRange[];
  readonly gaps: readonly Gap[];
  /** Footage that was there and was erased after its retention. Not a gap. */
  readonly deleted: readonly TimeRange[];
}

const recordingErrors = {
  NOT_RECORDED: { status: 404, en: 'Camera {camera} has no footage between {from} and {to}; look at its timeline for the cause', zh: '摄像机 {camera} 在 {from} 至 {to} 之间没有录像，请查看时间轴了解原因' },
  NOT_LIVE: { status: 503, en: 'Camera {camera} sends no picture now: {reason}', zh: '摄像机 {camera} 当前没有图像：{reason}' },
  RANGE_INVALID: { status: 400, en: 'The range must begin before it ends and be at most {hours} h long', zh: '时间范围的开始必须早于结束，且不超过 {hours} 小时' },
  EXPORT_NOT_READY: { status: 425, en: 'The package is {percent} % ready; ask again in a moment, its progress is at status.json', zh: '拷贝包已完成 {percent}%，请稍后再试；进度见 status.json' },
  EXPORT_FAILED: { status: 500, en: 'The package could not be made: {reason}. Ask for the copy again: what is finished is kept', zh: '拷贝包制作失败：{reason}。请重新申请拷贝，已完成的部分会保留' },
  EXPORT_NO_SPACE: { status: 507, en: 'The package needs about {need} MB beside the recordings and {free} MB are free, of which recording must keep a share; ask for a shorter range or for fewer cameras, or free space', zh: '拷贝包约需 {need} MB，录像磁盘剩余 {free} MB（须为录像预留）；请缩短时段、减少摄像机，或释放空间' },
  EXPORT_NEEDS_FFMPEG: { status: 501, en: 'A visible mark needs ffmpeg, which was not found; install it (Debian: apt-get install ffmpeg) or set FFMPEG_PATH, or ask for a copy without a visible mark', zh: '可见水印需要 ffmpeg，但未找到；请安装（Debian：apt-get install ffmpeg）或设置 FFMPEG_PATH，或申请不带可见水印的拷贝' },
  SEGMENT_CORRUPT: { status: 500, en: 'A file of camera {camera} from {from} is shorter than its index says and cannot be played; the rest can. Keep the file, and look at its disk', zh: '摄像机 {camera} 自 {from} 起的一个录像文件已损坏，无法播放，其余录像不受影响；请保留该文件并检查磁盘' },
  NO_SNAPSHOT: { status: 409, en: 'No picture of camera {camera} that shows a place was looked at yet; wait for the next one, with light, or switch snapshots on in the configuration of the recorder', zh: '尚未分析到摄像机 {camera} 的有效画面，请在光线正常时等待下一次分析，或在录像配置中启用 snapshots' },
  HOLD_INVALID: { status: 400, en: 'A hold names cameras, begins before it ends, and its own end lies ahead', zh: '保全须指明摄像机，开始时间须早于结束时间，保全期限须在未来' },
  HOLD_UNKNOWN: { status: 404, en: 'There is no hold {hold}', zh: '没有保全 {hold}' },
  HOLD_OVER: { status: 409, en: 'Hold {hold} is over; place a new one', zh: '保全 {hold} 已结束，请重新设置' },
  HOLD_SHORTENED: { status: 409, en: 'A hold is not shortened; propose to lift it, and let another person confirm', zh: '保全期限不得缩短，请提请解除并由另一人确认' },
  LIFT_OPEN: { status: 409, en: 'Lifting hold {hold} is proposed already', zh: '保全 {hold} 已提请解除' },
  LIFT_NOT_PROPOSED: { status: 409, en: 'Nobody has proposed to lift hold {hold}', zh: '保全 {hold} 尚未提请解除' },
  CLOCK_DIFFERS: { status: 409, en: 'The clock of the recorder says {clock}, which is not what you say; set the clock first', zh: '录像主机时钟为 {clock}，与您填写的时间不符，请先校正时钟' },
  ARCHIVE_TARGET_UNKNOWN: { status: 404, en: 'There is no archive storage {target}; there is {known}', zh: '没有归档存储 {target}；现有：{known}' },
  ARCHIVE_UNKNOWN: { status: 404, en: 'There is no archive {archive}', zh: '没有归档 {archive}' },
  ARCHIVE_OVER: { status: 409, en: 'Archive {archive} is finished; there is nothing to cancel', zh: '归档 {archive} 已结束，无可取消' },
  ARCHIVE_NOT_STORED: { status: 409, en: 'Archive {archive} is not stored yet', zh: '归档 {archive} 尚未完成' },
  ARCHIVE_UNREADABLE: { status: 502, en: 'Archive {archive} cannot be read from its storage: {reason}', zh: '无法从存储读取归档 {archive}：{reason}' },
  RESTORE_NO_SPACE: { status: 507, en: 'About {need} MB are to be put back and {free} MB are free, of which recording must keep a share; free space, or add a disk', zh: '约需恢复 {need} MB，录像磁盘剩余 {free} MB（须为录像预留）；请释放空间或增加磁盘' },
  RESTORE_INVALID: { status: 400, en: 'Restored footage is held for 1 to 365 days', zh: '恢复的录像须保全 1 至 365 天' },
  LIFT_OWN: { status: 403, en: 'Lifting a hold takes two persons: another one must confirm', zh: '解除保全须两人，请由另一人确认' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link RecordingError}. */
export type RecordingErrorCode = keyof typeof recordingErrors;

/** A failure to show footage. */
export class RecordingError extends CodedError<RecordingErrorCode> {
  override readonly name = 'RecordingError';

  constructor(code: RecordingErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, recordingErrors[code], params, options);
  }
}

/** The table of {@link RecordingError}, for documentation and tests. */
export const recordingErrorTable: Readonly<Record<RecordingErrorCode, ErrorEntry>> = recordingErrors;

/** Watches a camera as it is now. Goes on while the audit log is away: the control room is never blind (article 16). */
export const watchLive = defineOperation<MediaLease>()({
  id: 'recording.live',
  title: { zh: '实时观看', en: 'Watch live' },
  action: 'live',
  articles: ['6', '10', '17'],
  input: objectSchema({ camera: cameraProperty }),
  resource: (input) => ({ cameras: [input.camera] }),
  whenAuditFails: 'spool',
});

/** Plays recorded footage back. */
export const playBack = defineOperation<MediaLease & { readonly gaps: readonly Gap[] }>()({
  id: 'recording.playback',
  title: { zh: '回放录像', en: 'Play footage back' },
  action: 'playback',
  articles: ['10'],
  input: objectSchema({ camera: cameraProperty, ...rangeProperties }),
  resource: (input) => ({ cameras: [input.camera], range: { fromMs: input.fromMs, toMs: input.toMs } }),
});

/** Says what is recorded and what is missing. Shows no picture. */
export const readTimeline = defineOperation<{ readonly timelines: readonly Timeline[] }>()({
  id: 'recording.timeline',
  title: { zh: '查看录像时间轴', en: 'Read the timeline' },
  action: 'view',
  articles: ['15', '25'],
  input: objectSchema({ cameras: { type: 'strings', max: 64, description: 'Camera ids' }, ...rangeProperties }),
  resource: (input) => ({ cameras: input.cameras, range: { fromMs: input.fromMs, toMs: input.toMs } }),
});

/** Says how recording goes, camera by camera. */
export const readRecordingStatus = defineOperation<{ readonly statuses: readonly RecordingStatus[] }>()({
  id: 'recording.status',
  title: { zh: '查看录像状态', en: 'Read the recording status' },
  action: 'view',
  articles: ['15', '16'],
  input: objectSchema({}),
  resource: () => ({}),
});

/** The recording state of a camera changed. */
export const recordingChanged = defineEvent<RecordingStatus>('recording.changed');
/** A file of footage was closed; its hash is final. */
export const segmentSealed = defineEvent<Segment>('recording.segment-sealed');
/** A gap began or ended. */
export const gapChanged = defineEvent<Gap>('recording.gap-changed');
