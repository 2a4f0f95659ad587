// Follows one camera of the campus: asks it for its stream, hands it to the recorder, and asks again when the stream moves.
import { isCodedError, type Camera, type Clock, type Logger, type RecordingStatus, type StreamRef, type Text } from '@wanglou/core';
import { chooseProfile, chooseSmallProfile } from './choose-profile.ts';
import { Backoff } from './ingest/backoff.ts';
import type { RecorderConfig } from './config.ts';
import type { RecordedCamera, Recorder } from './recorder.ts';

/** What a follower works with. */
export interface CameraFollowerOptions {
  readonly camera: Camera;
  readonly recorder: Recorder;
  /** How the camera is reached, where it is configured. */
  readonly reach?: RecorderConfig['cameras'][string] | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** The status changed while the recorder does not know the camera yet. */
  readonly changed: (status: RecordingStatus) => void;
}

const retry = { minMs: 1_000, maxMs: 30_000 };
/** A stream that fails is asked for again this often: cameras get new addresses. */
const askAgainMs = 60_000;

/** Records one camera as long as it is there. */
export class CameraFollower {
  readonly #options: CameraFollowerOptions;
  readonly #controller = new AbortController();
  readonly #backoff: Backoff;
  readonly #stopAsking: () => unknown;
  #cancelRetry: (() => unknown) | undefined;
  #address: string | undefined;
  #status: RecordingStatus | undefined;

  constructor(options: CameraFollowerOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ ...retry, random: options.random });
    this.#stopAsking = options.clock.every(askAgainMs, () => {
      if (options.recorder.camera(options.camera.id)?.status.state === 'error') void this.#ask();
    });
    void this.#ask();
  }

  /** Why the camera is not being recorded; undefined once the recorder has it. */
  get status(): RecordingStatus | undefined {
    return this.#status;
  }

  /** The camera is gone. */
  stop(): void {
    this.#controller.abort();
    void this.#stopAsking();
    void this.#cancelRetry?.();
    this.#options.recorder.remove(this.#options.camera.id);
  }

  /** The stream for small tiles; `undefined` when the camera has none. */
  async smallStream(): Promise<RecordedCamera | undefined> {
    const { camera, reach } = this.#options;
    const { signal } = this.#controller;
    if (!camera.has('stream')) return undefined;
    const source = camera.get('stream');
    const profile = chooseSmallProfile(await source.list({ signal }));
    return profile && this.#reached(await source.resolve(profile.id, { signal, transport: reach?.transport === 'udp' ? 'udp' : 'tcp' }));
  }

  #reached({ url, credentials }: StreamRef): RecordedCamera {
    const { camera, reach } = this.#options;
    return {
      id: camera.id, url: url.href, transport: reach?.transport ?? 'auto', ...(reach?.engine && { engine: reach.engine }),
      ...(credentials && { credentials: credentials.reveal() }), ...(reach?.fingerprint !== undefined && { tls: { fingerprint: reach.fingerprint } }),
    };
  }

  async #ask(): Promise<void> {
    const { camera, recorder, reach } = this.#options;
    const { signal } = this.#controller;
    try {
      if (!camera.has('stream')) return;
      const source = camera.get('stream');
      const profile = chooseProfile(await source.list({ signal }));
      const reached = this.#reached(await source.resolve(profile.id, { signal, transport: reach?.transport === 'udp' ? 'udp' : 'tcp' }));
      if (signal.aborted) return;
      this.#backoff.reset();
      this.#status = undefined;
      if (reached.url === this.#address) return;
      this.#address = reached.url;
      recorder.add(reached);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const { camera, clock, log, recorder, changed } = this.#options;
    if (this.#address !== undefined) return; // The recorder keeps trying the address that is known.
    const problem = describe(error);
    log.warn({ camera: camera.id, code: problem.code }, problem.text.en);
    if (this.#status === undefined) {
      recorder.unavailable(camera.id, problem.code === 'UNREACHABLE' || problem.code === 'TIMEOUT' ? 'network' : 'camera', problem.text.en, clock.now());
    }
    this.#status = { camera: camera.id, state: 'error', problem };
    changed(this.#status);
    this.#cancelRetry = clock.after(this.#backoff.next(), () => void this.#ask());
  }
}

function describe(error: unknown): { code: string; text: Text } {
  if (isCodedError(error)) return { code: error.code, text: error.text };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'DEVICE_FAULT', text: { en: `The camera gives no stream address: ${reason}`, zh: `摄像机未提供视频流地址：${reason}` } };
}
