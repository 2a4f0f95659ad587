// Plays one channel of the wall's link in a video element, as close to now as the network allows.
import { parseProblem } from '../api/problem.ts';
import { catchUp } from './catch-up.ts';
import type { Player, PlayerEvents } from './hls-player.ts';
import { linkUnavailable, type WallLink } from './wall-link.ts';

/** How to play. */
export interface StreamOptions extends PlayerEvents {
  readonly link: WallLink;
  readonly lease: string;
  /** A smaller picture is enough. */
  readonly small?: boolean;
  /** The server cannot be reached this way: play by playlist instead. */
  readonly onUnavailable: () => void;
}

const steerMs = 200;
/** Played footage is let go beyond this. */
const keptSeconds = 4;
const letGoSeconds = 10;
/** Pieces that wait for the decoder; more means that this computer cannot follow, and it begins anew with the newest. */
const mostWaiting = 60;
const mostRestarts = 3;

/** Starts playing. The element stays empty after `destroy`: no last frame remains on the screen. */
export function startStreamPlayer(video: HTMLVideoElement, options: StreamOptions): Player {
  let feed: SourceFeed | undefined;
  let stop: (() => void) | undefined;
  let restarts = 0;
  let small = options.small === true;
  const restart = () => {
    close();
    if (restarts++ < mostRestarts) open();
    else options.onFailed(parseProblem(0, { code: 'PLAYER_FAILED', text: { zh: '图像无法解码', en: 'The picture cannot be decoded' } }));
  };
  const close = () => {
    stop?.();
    stop = undefined;
    feed?.close();
    feed = undefined;
  };
  const open = () => {
    stop = options.link.open({ lease: options.lease, small }, {
      begin: (type) => {
        feed?.close();
        if (globalThis.MediaSource?.isTypeSupported(type)) feed = new SourceFeed(video, type, restart, () => (restarts = 0));
        else if (small) {
          // Its recorded stream may be in another codec.
          small = false;
          close();
          open();
        } else options.onFailed(parseProblem(0, { code: 'CODEC_UNSUPPORTED', text: { zh: `此浏览器不能播放该编码（${type}）`, en: `This browser cannot play this codec (${type})` } }));
      },
      piece: (bytes) => feed?.push(bytes),
      ended: (reason) => options.onLeaseOver(reason),
      paused: () => options.onPaused?.(),
      failed: (code) => {
        if (code === linkUnavailable) options.onUnavailable();
        else if (code === 'LEASE_ENDED' || code === 'LEASE_UNKNOWN') options.onLeaseOver('unknown');
        else if (small) {
          // Its recorded stream may be in another codec.
          small = false;
          close();
          open();
        } else options.onFailed(parseProblem(0, { code, text: { zh: `当前没有图像（${code}）`, en: `There is no picture now (${code})` } }));
      },
    });
  };
  open();
  return {
    fragments: () => [],
    setFetching: (on) => {
      if (on === (stop !== undefined)) return;
      if (on) open();
      else close();
    },
    resume: () => {
      close();
      open();
    },
    destroy: () => {
      close();
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** A media source of one video element that is fed piece by piece. */
class SourceFeed {
  readonly #video: HTMLVideoElement;
  readonly #source = new MediaSource();
  readonly #url = URL.createObjectURL(this.#source);
  readonly #waiting: Uint8Array<ArrayBuffer>[] = [];
  readonly #failed: () => void;
  readonly #steering: ReturnType<typeof setInterval>;
  #buffer: SourceBuffer | undefined;

  constructor(video: HTMLVideoElement, type: string, failed: () => void, playing: () => void) {
    this.#video = video;
    this.#failed = failed;
    this.#source.addEventListener('sourceopen', () => {
      URL.revokeObjectURL(this.#url);
      this.#source.duration = Number.POSITIVE_INFINITY;
      const buffer = this.#source.addSourceBuffer(type);
      buffer.addEventListener('updateend', () => this.#next());
      buffer.addEventListener('error', failed);
      this.#buffer = buffer;
      this.#next();
    });
    video.src = this.#url;
    this.#steering = setInterval(() => this.#steer(playing), steerMs);
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#waiting.push(bytes);
    if (this.#waiting.length > mostWaiting) this.#failed();
    else this.#next();
  }

  close(): void {
    clearInterval(this.#steering);
    this.#buffer = undefined;
    this.#waiting.length = 0;
    this.#video.playbackRate = 1;
  }

  #next(): void {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating || this.#source.readyState !== 'open') return;
    const bytes = this.#waiting[0];
    if (!bytes) return;
    try {
      buffer.appendBuffer(bytes);
      this.#waiting.shift();
    } catch (error) {
      if ((error as DOMException).name !== 'QuotaExceededError') this.#failed();
      else this.#letGo(0);
    }
  }

  #steer(playing: () => void): void {
    const video = this.#video;
    const count = video.buffered.length;
    if (count === 0) return;
    const last = { at: video.currentTime, start: video.buffered.start(count - 1), end: video.buffered.end(count - 1) };
    const { rate, seek } = catchUp(last, video.playbackRate);
    if (seek !== undefined) video.currentTime = seek;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (video.paused && !video.ended) void video.play().catch(() => undefined);
    if (video.readyState > 2) playing();
    if (video.currentTime - video.buffered.start(0) > letGoSeconds) this.#letGo(keptSeconds);
  }

  #letGo(keepSeconds: number): void {
    const buffer = this.#buffer;
    const until = this.#video.currentTime - keepSeconds;
    if (buffer && !buffer.updating && until > 0) buffer.remove(0, until);
  }
}
