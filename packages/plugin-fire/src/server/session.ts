// What is known of one device while the server runs: where it was heard last, whether its link is lost, whether its clock is right.
import type { Clock } from '@wanglou/core';
import { command, encodeFrame, type Frame, type FrameInput, type UnitInput } from '../gb26875.ts';
import type { Channel } from './channel.ts';
import type { Device } from './devices.ts';
import { Exchanges } from './exchanges.ts';
import { fromLocalTime, toLocalTime } from './local-time.ts';

/** What a {@link Session} is made of. */
export interface SessionOptions {
  readonly device: Device;
  readonly clock: Clock;
  readonly elapsedMs: () => number;
  readonly offsetMinutes: number;
  /** Whether its link was lost when the server stopped. */
  readonly wasLost: boolean;
  /** The link is lost, or there again. */
  linkChanged(isLost: boolean): void;
  /** The device speaks over a new link, or again: what it missed is to be asked. */
  returned(): void;
  /** The device's clock differs by this many seconds, or no longer does. */
  clockDiffers(active: boolean, seconds: number): void;
}

/** A link is not lost before this. */
const leastSilenceMs = 90_000;
const clockToleranceMs = 60_000;

/** One device. */
export class Session {
  readonly device: Device;
  readonly exchanges: Exchanges;
  /** Messages that were not taken. */
  rejected = 0;
  readonly #options: SessionOptions;
  #channel: Channel | undefined;
  /** Our own address, as the device knows it. */
  #centreHex = '000000000000';
  /** The device's address, as it sends it. */
  #deviceHex: string;
  #heardMs: number;
  #lastSeenMs: number | null = null;
  #isLost: boolean;
  #clockIsWrong = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.device = options.device;
    this.#isLost = options.wasLost;
    this.#heardMs = options.elapsedMs();
    const address = Buffer.alloc(6);
    address.writeUIntLE(options.device.address, 0, 6);
    this.#deviceHex = address.toString('hex');
    this.exchanges = new Exchanges({ clock: options.clock, send: (frame) => this.#send(frame) });
  }

  /** Silence after which the link is lost. */
  get silenceLimitMs(): number {
    return Math.max(this.device.heartbeatSeconds * 3000, leastSilenceMs);
  }

  get isUp(): boolean {
    return this.#channel !== undefined && !this.#isLost;
  }

  /** When a good message came last, epoch ms. */
  get lastSeenMs(): number | null {
    return this.#lastSeenMs;
  }

  /** A good message of the device came. */
  heard(channel: Channel, frame: Frame): void {
    channel.heard(this.silenceLimitMs);
    this.#heardMs = this.#options.elapsedMs();
    this.#lastSeenMs = this.#options.clock.now();
    this.#deviceHex = frame.sourceHex;
    if (frame.command === command.sendData || frame.command === command.answer) this.#centreHex = frame.destinationHex;
    const isNew = this.#channel?.key !== channel.key;
    this.#channel = channel;
    const wasLost = this.#isLost;
    this.#isLost = false;
    if (wasLost) this.#options.linkChanged(false);
    this.#compareClock(frame);
    if (wasLost || isNew) this.#options.returned();
  }

  /** Finds out whether the device is silent. */
  tick(): void {
    if (this.#isLost || this.#options.elapsedMs() - this.#heardMs <= this.silenceLimitMs) return;
    this.#isLost = true;
    this.#options.linkChanged(true);
  }

  #compareClock({ sentAt }: Frame): void {
    if (sentAt === null) return;
    const { clock, offsetMinutes } = this.#options;
    const differenceMs = fromLocalTime(sentAt, offsetMinutes) - clock.now();
    const isWrong = Math.abs(differenceMs) > clockToleranceMs;
    if (isWrong !== this.#clockIsWrong) this.#options.clockDiffers(isWrong, Math.round(differenceMs / 1000));
    this.#clockIsWrong = isWrong;
  }

  #send(frame: Pick<FrameInput, 'serial' | 'command'> & UnitInput): string | undefined {
    const sentAt = toLocalTime(this.#options.clock.now(), this.#options.offsetMinutes);
    // What cannot be written is refused also while there is nowhere to send it.
    const bytes = encodeFrame({ ...frame, sentAt, sourceHex: this.#centreHex, destinationHex: this.#deviceHex }, this.device.profile);
    if (this.#channel === undefined || this.#isLost) return undefined;
    this.#channel.send(bytes);
    return this.#channel.key;
  }
}
