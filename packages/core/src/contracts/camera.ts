// Cameras as capabilities: a device exposes what it can do and nothing else. No protocol shows through.
import { CodedError, type ErrorEntry } from '../errors.ts';
import { defineEvent, defineExtensionPoint, defineOperation } from '../refs.ts';
import type { Secret } from '../secret.ts';
import type { Signal } from '../signal.ts';
import type { Text } from '../text.ts';
import { objectSchema } from './schema.ts';

/** User name and password of a device. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Options that every device call takes. Calls settle by their deadline (10 s unless said). */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/** One stream of a camera, as the device describes it. */
export interface StreamProfile {
  readonly id: string;
  /** `main` 主码流, `sub` 子码流. */
  readonly role: 'main' | 'sub' | 'third';
  readonly codec: 'h264' | 'h265' | 'mjpeg' | 'other';
  readonly width: number;
  readonly height: number;
  readonly fps?: number;
  readonly kbps?: number;
  /** Codec name of the sound, when the stream has any. Article 2. */
  readonly audio?: string;
}

/** Where a stream is fetched. The address never carries a credential. */
export interface StreamRef {
  readonly url: URL;
  readonly credentials?: Secret<Credentials>;
}

/** Gives stream addresses. */
export interface StreamSource {
  list(options?: CallOptions): Promise<readonly StreamProfile[]>;
  resolve(profileId: string, options?: CallOptions & { readonly transport?: 'tcp' | 'udp' | 'tls' }): Promise<StreamRef>;
}

/** Takes still pictures. */
export interface SnapshotSource {
  take(options?: CallOptions): Promise<{ readonly bytes: Uint8Array; readonly type: string; readonly takenMs: number }>;
}

/** Speed or position: pan and tilt from -1 to 1, zoom from 0 to 1 (ONVIF generic spaces). */
export interface PtzVector {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

/** Moves the camera. A move always ends by its time to live. */
export interface PtzControl {
  move(speed: PtzVector, ttlMs: number, options?: CallOptions): Promise<void>;
  goTo(position: PtzVector, options?: CallOptions): Promise<void>;
  stop(options?: CallOptions): Promise<void>;
}

/** A stored position. Tokens and names are kept byte for byte. */
export interface Preset {
  readonly id: string;
  readonly name: string;
}

/** Stored positions. */
export interface Presets {
  list(options?: CallOptions): Promise<readonly Preset[]>;
  recall(presetId: string, options?: CallOptions): Promise<void>;
  save(name: string, presetId?: string, options?: CallOptions): Promise<Preset>;
  remove(presetId: string, options?: CallOptions): Promise<void>;
}

/** A fact the device reports. */
export interface CameraEvent {
  readonly topic: string;
  readonly active?: boolean;
  /** The state at subscription time, not a change. */
  readonly initial: boolean;
  readonly source: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
  readonly deviceMs?: number;
  readonly receivedMs: number;
}

/** The device's events, at least once each. */
export interface EventSource {
  open(options?: { readonly signal?: AbortSignal }): AsyncIterable<CameraEvent>;
}

/** The device's clock against ours. */
export interface DeviceClock {
  read(options?: CallOptions): Promise<{ readonly offsetMs: number; readonly roundTripMs: number }>;
  set(atMs: number, options?: CallOptions): Promise<void>;
}

/** Finds out how well a device is, from the network up. */
export interface HealthProbe {
  probe(depth: 'tcp' | 'service' | 'auth' | 'media', options?: CallOptions): Promise<HealthReport>;
}

/** Steps of a probe, in order, each with its verdict. */
export interface HealthReport {
  readonly ok: boolean;
  readonly steps: readonly { readonly name: string; readonly ok: boolean; readonly millis: number; readonly code?: CameraErrorCode; readonly hint?: Text }[];
}

/** Footage out of a camera's own storage: one fragmented MP4, without a hole. */
export interface EdgeClip {
  /** Wall clock of its first picture, UTC epoch milliseconds by the campus's clock: what the camera's clock is off by is taken out. */
  readonly startMs: number;
  /** ftyp, moov, then moof and mdat in turn. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The camera's own storage, such as a card: what it recorded while nobody received it. */
export interface EdgeStorage {
  /** What it has of the range [fromMs, toMs), oldest first; a clip may begin earlier and end later. Nothing when it has nothing. */
  footage(fromMs: number, toMs: number, options?: CallOptions): AsyncIterable<EdgeClip>;
}

/** Which interface stands behind which capability. */
export interface CapabilityMap {
  stream: StreamSource;
  snapshot: SnapshotSource;
  ptz: PtzControl;
  presets: Presets;
  events: EventSource;
  clock: DeviceClock;
  edge: EdgeStorage;
  health: HealthProbe;
}

/** Names of the capabilities. */
export type CapabilityKey = keyof CapabilityMap;

/** Whether a camera can be reached. `degraded`: reached, but something it should do fails. */
export type CameraState = 'offline' | 'unauthorized' | 'degraded' | 'online';

/** What is known of a camera without asking it. */
export interface CameraInfo {
  /** Kebab-case, unique on the campus, stable: it names folders and index rows. */
  readonly id: string;
  readonly name: Text;
  /** Which kind of place: `gate`, `library`, `dormitory-entrance` … free text of the campus. */
  readonly place?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly firmware?: string;
}

/** A camera. */
export interface Camera {
  readonly id: string;
  readonly info: CameraInfo;
  readonly state: Signal<CameraState>;
  /** The last failure, for people; gone when the camera is online. */
  readonly problem: Signal<CameraError | undefined>;
  has(capability: CapabilityKey): boolean;
  /** Throws `NOT_SUPPORTED` when the camera does not have it. */
  get<K extends CapabilityKey>(capability: K): CapabilityMap[K];
}

const cameraErrors = {
  UNREACHABLE: { status: 502, en: 'Camera {camera} cannot be reached at {address}; check its power, cable and address', zh: '无法连接摄像机 {camera}（{address}），请检查电源、网线和地址' },
  TIMEOUT: { status: 504, en: 'Camera {camera} did not answer {step} within {seconds} s', zh: '摄像机 {camera} 在 {seconds} 秒内未响应（{step}）' },
  TLS: { status: 502, en: 'The encrypted connection to camera {camera} failed: {reason}', zh: '与摄像机 {camera} 的加密连接失败：{reason}' },
  BAD_CREDENTIALS: { status: 502, en: 'Camera {camera} refused the user name or password; correct them in the campus configuration', zh: '摄像机 {camera} 拒绝了用户名或密码，请在校区配置中更正' },
  LOCKED_OUT: { status: 502, en: 'Camera {camera} has locked the account after failed sign-ins; it is tried again in {seconds} s', zh: '摄像机 {camera} 因多次登录失败已锁定账号，{seconds} 秒后重试' },
  CLOCK_SKEW: { status: 502, en: 'The clock of camera {camera} is {seconds} s off, so it refuses to sign us in; set its clock', zh: '摄像机 {camera} 时钟偏差 {seconds} 秒，拒绝登录；请校正其时钟' },
  NOT_SUPPORTED: { status: 501, en: 'Camera {camera} cannot do {what}', zh: '摄像机 {camera} 不支持 {what}' },
  DEVICE_FAULT: { status: 502, en: 'Camera {camera} answered with a fault: {reason}', zh: '摄像机 {camera} 返回错误：{reason}' },
  MALFORMED: { status: 502, en: 'Camera {camera} sent an answer that cannot be read: {reason}', zh: '摄像机 {camera} 的响应无法解析：{reason}' },
  TOO_LARGE: { status: 502, en: 'Camera {camera} sent more than {limit} bytes; the connection was cut', zh: '摄像机 {camera} 的响应超过 {limit} 字节，连接已断开' },
  BUSY: { status: 503, en: 'Camera {camera} is busy; try again in {seconds} s', zh: '摄像机 {camera} 忙，请在 {seconds} 秒后重试' },
  UNKNOWN_CAMERA: { status: 404, en: 'There is no camera {camera}', zh: '没有摄像机 {camera}' },
} as const satisfies Record<string, ErrorEntry>;

/** Codes of {@link CameraError}. */
export type CameraErrorCode = keyof typeof cameraErrors;

/** A failure of a camera. */
export class CameraError extends CodedError<CameraErrorCode> {
  override readonly name = 'CameraError';

  constructor(code: CameraErrorCode, params: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(code, cameraErrors[code], params, options);
  }
}

/** The table of {@link CameraError}, for documentation and tests. */
export const cameraErrorTable: Readonly<Record<CameraErrorCode, ErrorEntry>> = cameraErrors;

/** Every camera of the campus; plugins that speak to devices contribute them. */
export const cameras = defineExtensionPoint<Camera>('cameras');

/** A camera came, went, or changed its state. */
export const cameraChanged = defineEvent<CameraSummary>('camera.changed');

/** A camera in a list. */
export interface CameraSummary {
  readonly info: CameraInfo;
  readonly state: CameraState;
  readonly capabilities: readonly CapabilityKey[];
  readonly problem?: { readonly code: CameraErrorCode; readonly text: Text };
}

/** Lists the campus's cameras and how they are. Shows no footage. */
export const listCameras = defineOperation<{ readonly cameras: readonly CameraSummary[] }>()({
  id: 'camera.list',
  title: { zh: '查看摄像机列表', en: 'List the cameras' },
  action: 'view',
  articles: ['16'],
  input: objectSchema({}),
  resource: () => ({}),
});
