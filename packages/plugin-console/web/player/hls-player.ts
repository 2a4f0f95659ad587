// Plays a lease's playlist in a video element. hls.js comes only when the first picture is wanted.
import type Hls from 'hls.js';
import type { ErrorData } from 'hls.js';
import { parseProblem, type Problem } from '../api/problem.ts';
import type { ClockedFragment } from './media-clock.ts';

/** What the player tells. */
export interface PlayerEvents {
  /** The lease opens nothing any more (401, 403, 404, 410): play nothing on. */
  readonly onLeaseOver: (reason: string) => void;
  /** The lease pauses (423): hold the picture back until it goes on. */
  readonly onPaused?: () => void;
  /** It cannot go on by itself. */
  readonly onFailed: (problem: Problem) => void;
  /** The playlist was read: wall-clock times are known. */
  readonly onClock?: () => void;
}

/** How to play. */
export interface PlayerOptions extends PlayerEvents {
  readonly url: string;
  readonly live: boolean;
  /** Parts of a second instead of whole segments. Holds one connection per player open, and HTTP/1.1 has six. */
  readonly lowLatency: boolean;
}

/** A playing element. */
export interface Player {
  /** Parts of the playlist with their wall-clock times. */
  fragments(): readonly ClockedFragment[];
  /** Stops fetching while nobody looks, and goes on. */
  setFetching(on: boolean): void;
  /** Goes on after a pause, where it stopped. */
  resume(): void;
  destroy(): void;
}

/** Starts playing. The element stays empty after `destroy`: no last frame remains on the screen. */
export function startPlayer(video: HTMLVideoElement, options: PlayerOptions): Player {
  let hls: Hls | undefined;
  let destroyed = false;
  let fetching = true;
  import('hls.js/light').then(
    ({ default: HlsClass, Events, ErrorTypes }) => {
      if (destroyed) return;
      if (!HlsClass.isSupported()) {
        options.onFailed(parseProblem(0, { code: 'PLAYER_UNSUPPORTED', text: { zh: '此浏览器不能播放录像，请使用新版 Chrome、Edge 或 Firefox', en: 'This browser cannot play footage; use a current Chrome, Edge or Firefox' } }));
        return;
      }
      hls = new HlsClass(settings(options));
      let mediaErrors = 0;
      hls.on(Events.ERROR, (_, data) => {
        if (isLeaseOver(data)) {
          void readLeaseEnd(options.url).then((reason) => destroyed || options.onLeaseOver(reason));
          return;
        }
        if (data.response?.code === pausedStatus) {
          hls?.stopLoad();
          options.onPaused?.();
          return;
        }
        if (!data.fatal) return;
        if (data.type === ErrorTypes.MEDIA_ERROR && mediaErrors++ < 3) hls?.recoverMediaError();
        else options.onFailed(failure(data));
      });
      hls.on(Events.LEVEL_LOADED, () => options.onClock?.());
      hls.loadSource(options.url);
      hls.attachMedia(video);
      if (!fetching) hls.stopLoad();
    },
    (error: unknown) => destroyed || options.onFailed(parseProblem(0, { code: 'PLAYER_MISSING', text: { zh: '播放器未能加载，请重试', en: 'The player could not be loaded; try again' }, detail: String(error) })),
  );
  return {
    fragments: () => hls?.levels[Math.max(0, hls.currentLevel)]?.details?.fragments ?? [],
    setFetching: (on) => {
      if (on === fetching) return;
      fetching = on;
      if (on) hls?.startLoad(-1);
      else hls?.stopLoad();
    },
    resume: () => {
      if (!hls) return;
      // A pause that met the playlist itself left nothing to go on with.
      if (hls.levels.length === 0) hls.loadSource(options.url);
      else hls.startLoad(options.live ? -1 : video.currentTime);
    },
    destroy: () => {
      destroyed = true;
      hls?.destroy();
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** Locked (RFC 4918): the lease pauses. */
const pausedStatus = 423;

/** Behind the newest part. The playlist advises three parts, for networks at large; a campus network needs a part and what it takes to fetch it. */
const lowLatencySeconds = 1.1;

function settings({ live, lowLatency }: PlayerOptions) {
  return {
    lowLatencyMode: lowLatency,
    // A wall holds many players: little is kept behind, and not much is fetched ahead.
    backBufferLength: live ? 4 : 60,
    maxBufferLength: live ? 6 : 30,
    maxMaxBufferLength: live ? 12 : 60,
    // A camera that connects just now answers 503 until its first picture.
    manifestLoadPolicy: { default: { maxTimeToFirstByteMs: 12_000, maxLoadTimeMs: 20_000, timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 }, errorRetry: { maxNumRetry: 4, retryDelayMs: 1000, maxRetryDelayMs: 4000 } } },
    ...(live && { maxLiveSyncPlaybackRate: 1.1, ...(lowLatency ? { liveSyncDuration: lowLatencySeconds, liveMaxLatencyDuration: 6, liveSyncOnStallIncrease: 0.3 } : { liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 6 }) }),
  };
}

function isLeaseOver(data: ErrorData): boolean {
  const status = data.response?.code ?? 0;
  return status === 410 || status === 401 || status === 403 || (status === 404 && data.fatal);
}

/** Asks the server why; it remembers ended leases for a minute. */
async function readLeaseEnd(url: string): Promise<string> {
  try {
    const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', headers: { accept: 'application/problem+json' } });
    const body = (await response.json()) as { params?: { reason?: unknown }; text?: { en?: string } };
    const reason = body.params?.reason ?? body.text?.en?.match(/: (\w+)$/)?.[1];
    return typeof reason === 'string' ? reason : 'unknown';
  } catch {
    // Why it is over could not be learnt; that it is over stands.
    return 'unknown';
  }
}

function failure(data: ErrorData): Problem {
  const what = data.response?.code ? `${data.details}, HTTP ${data.response.code}` : data.details;
  return parseProblem(data.response?.code ?? 0, { code: 'PLAYER_FAILED', text: { zh: `图像无法播放（${what}）`, en: `The picture cannot be played (${what})` } });
}
