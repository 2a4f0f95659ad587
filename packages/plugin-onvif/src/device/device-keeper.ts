// Keeps one device up for as long as it runs: brings it up, watches it, tries again after a failure, tells its state.
import { asOnvifError, OnvifError } from '../soap/onvif-error.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import type { DeviceFacts } from './bring-up.ts';

/** `degraded`: it answers, but something it should do fails. */
export type DeviceState = 'offline' | 'unauthorized' | 'degraded' | 'online';

/** What a {@link DeviceKeeper} needs. */
export interface DeviceKeeperOptions {
  /** Brings the device up from nothing. */
  bringUp(signal: AbortSignal): Promise<DeviceFacts>;
  /** A cheap sign of life. */
  check(signal: AbortSignal): Promise<void>;
  /** Calls once after a delay; the returned function cancels. */
  after(delayMs: number, task: () => void): () => unknown;
  /** 0 <= value < 1. */
  random(): number;
  changed(state: DeviceState, problem: OnvifError | undefined): void;
  /** How often an online device is checked. */
  readonly checkIntervalMs: number;
}

/** Runs from `start` to `stop`; never throws out of its timers. */
export class DeviceKeeper {
  readonly #options: DeviceKeeperOptions;
  readonly #stopping = new AbortController();
  #facts: DeviceFacts | undefined;
  #problem: OnvifError | undefined;
  #failures = 0;
  #cancelTimer: (() => unknown) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: DeviceKeeperOptions) {
    this.#options = options;
  }

  /** Begins the first try. */
  start(): void {
    this.#run(() => this.#bringUp());
  }

  /** Stops for good; resolves when the try in flight has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelTimer?.();
    await this.#running;
  }

  /** The facts, after the try in flight if there is one. @throws OnvifError why there are none */
  async facts(signal?: AbortSignal): Promise<DeviceFacts> {
    if (!this.#facts) await withAbort(this.#running, signal);
    if (this.#facts) return this.#facts;
    throw this.#problem ?? new OnvifError('UNREACHABLE', { reason: 'it was not brought up yet' });
  }

  #run(task: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    this.#cancelTimer = undefined;
    this.#running = task();
  }

  #later(delayMs: number, task: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return;
    this.#cancelTimer = this.#options.after(delayMs, () => this.#run(task));
  }

  async #bringUp(): Promise<void> {
    try {
      this.#facts = await this.#options.bringUp(this.#stopping.signal);
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #check(): Promise<void> {
    try {
      await this.#options.check(this.#stopping.signal);
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(): void {
    this.#failures = 0;
    this.#problem = undefined;
    this.#options.changed('online', undefined);
    this.#later(this.#options.checkIntervalMs, () => this.#check());
  }

  #fail(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    this.#failures += 1;
    this.#facts = undefined;
    this.#problem = asOnvifError(error);
    this.#options.changed(stateOf(this.#problem), this.#problem);
    this.#later(reconnectDelayMs(this.#problem.code, this.#failures, this.#options.random()), () => this.#bringUp());
  }
}

function stateOf(problem: OnvifError): DeviceState {
  switch (problem.code) {
    case 'UNREACHABLE':
    case 'TIMEOUT': return 'offline';
    case 'BAD_CREDENTIALS':
    case 'LOCKED_OUT':
    case 'CLOCK_SKEW': return 'unauthorized';
    default: return 'degraded';
  }
}

function withAbort(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
