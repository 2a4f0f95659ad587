// What is done with a message: is it of a device that may speak; stored, then confirmed, then told. In this order, always.
import type { FireFrame, FireSourceContext } from '../contract.ts';
import { command, decodeFrame, encodeFrame, replyTo, unitTypeOf, type Frame, type FrameHead, type Piece } from '../gb26875.ts';
import { isUrgent } from '../signals/readings.ts';
import type { Channel } from './channel.ts';
import type { Device, Devices } from './devices.ts';
import { duplicateKey, Duplicates } from './duplicates.ts';
import type { HandOn } from './hand-on.ts';
import { toLocalTime } from './local-time.ts';
import type { Refusals } from './refusals.ts';
import type { Session } from './session.ts';

/** What a {@link Receiver} is made of. */
export interface ReceiverOptions {
  readonly context: FireSourceContext;
  readonly devices: Devices;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly handOn: HandOn;
  readonly refusals: Refusals;
  readonly elapsedMs: () => number;
  readonly offsetMinutes: number;
}

/** Takes what comes on all links. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #duplicates = new Duplicates<Promise<FireFrame>>();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Messages of the last minute, from before a restart: devices send again what they were not confirmed. */
  remember(frames: readonly FireFrame[]): void {
    const { context, elapsedMs } = this.#options;
    const nowMs = context.clock.now();
    for (const frame of frames) this.#duplicates.add(duplicateKey(frame.source, frame.bytes), Promise.resolve(frame), elapsedMs() - Math.max(nowMs - frame.receivedMs, 0));
  }

  /** Takes a piece of a link, or a datagram. */
  piece(channel: Channel, piece: Piece): void {
    if (piece.kind === 'rejected') this.#damaged(channel, piece.error, piece.head);
    else this.#frame(channel, piece.frame, piece.bytes);
  }

  /** Resolves when no message waits for the disk. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #frame(channel: Channel, framed: Frame, bytes: Uint8Array): void {
    const { devices, sessions, refusals } = this.#options;
    const device = devices.identify(framed.sourceDec, channel.ip);
    if (typeof device === 'string') return refusals.refuse(channel.ip, device, { peer: channel.peer, address: framed.sourceHex });
    const session = sessions.get(device.id)!;
    // The link was cut by what its devices have in common; what is said is read by the device's own profile.
    const frame = decodeFrame(bytes, device.profile);
    if (!frame.valid) return this.#damaged(channel, frame.error, frame.head);
    session.heard(channel, frame);
    if (frame.heartbeat === true) return this.#reply(channel, device, frame, 'confirm');
    if (frame.command === command.confirm || frame.command === command.deny) return void session.exchanges.reply(channel.key, frame);
    if (frame.command === command.answer) return this.#run(channel, () => this.#answer(channel, session, frame, bytes));
    if (isUpload(frame, device)) return this.#run(channel, () => this.#upload(channel, session, frame, bytes));
    session.rejected += 1;
    refusals.refuse(channel.ip, 'unexpected', { peer: channel.peer, source: device.id, command: frame.command });
    return this.#reply(channel, device, frame, 'deny');
  }

  /** Stores, confirms, tells. A copy waits for the same disk and is only confirmed. */
  async #upload(channel: Channel, { device }: Session, frame: Frame, bytes: Uint8Array): Promise<void> {
    const { handOn, elapsedMs } = this.#options;
    const key = duplicateKey(device.id, bytes);
    const copyOf = this.#duplicates.find(key, elapsedMs());
    const storing = copyOf ?? this.#store(channel, device, frame, bytes);
    if (copyOf === undefined) this.#duplicates.add(key, storing, elapsedMs());
    const stored = await storing.catch((error: unknown) => {
      if (copyOf !== undefined) return;
      this.#duplicates.delete(key);
      this.#notStored(channel, device, error);
    });
    if (stored === undefined) return;
    this.#reply(channel, device, frame, 'confirm');
    if (copyOf === undefined) handOn.take(stored, frame, 'live');
  }

  /** The device's answer to a question of ours: it is not confirmed, and a question without an answer is asked again. */
  async #answer(channel: Channel, session: Session, frame: Frame, bytes: Uint8Array): Promise<void> {
    const stored = await this.#store(channel, session.device, frame, bytes).catch((error: unknown) => this.#notStored(channel, session.device, error));
    if (stored === undefined) return;
    session.exchanges.reply(channel.key, frame);
    this.#options.handOn.take(stored, frame, 'resync');
  }

  #store(channel: Channel, device: Device, frame: Frame, bytes: Uint8Array): Promise<FireFrame> {
    const { context } = this.#options;
    return context.journal.store({ source: device.id, receivedMs: context.clock.now(), peer: channel.peer, bytes }, isUrgent(frame));
  }

  #notStored(channel: Channel, device: Device, error: unknown): void {
    const { context, sessions } = this.#options;
    sessions.get(device.id)!.rejected += 1;
    context.log.error({ err: error, source: device.id, peer: channel.peer }, 'a fire message could not be stored and is not confirmed; its device sends it again');
  }

  #damaged(channel: Channel, error: string, head: FrameHead | undefined): void {
    const { devices, sessions, refusals } = this.#options;
    refusals.refuse(channel.ip, 'damaged', { peer: channel.peer, error });
    const device = head === undefined ? undefined : devices.identify(head.sourceDec, channel.ip);
    if (head === undefined || device === undefined || typeof device === 'string') return;
    sessions.get(device.id)!.rejected += 1;
    const isReply = head.command === command.confirm || head.command === command.deny || head.command === command.answer;
    if (!isReply) this.#reply(channel, device, head, 'deny');
  }

  #reply(channel: Channel, { profile }: Device, frame: FrameHead & { readonly heartbeat?: true }, kind: 'confirm' | 'deny'): void {
    const { context, offsetMinutes } = this.#options;
    channel.send(encodeFrame(replyTo(frame, { with: kind, sentAt: toLocalTime(context.clock.now(), offsetMinutes) }, profile), profile));
  }

  #run(channel: Channel, task: () => Promise<void>): void {
    channel.hold();
    const running = task()
      .catch((error: unknown) => this.#options.context.log.error({ err: error, peer: channel.peer }, 'a stored fire message could not be told; it is told after the next start'))
      .finally(() => {
        channel.release();
        this.#pending.delete(running);
      });
    this.#pending.add(running);
  }
}

/** What devices send by themselves: data, and what a maker gave a command of its own. Also of unknown types: it would be sent for ever otherwise. */
function isUpload(frame: Frame, { profile }: Device): boolean {
  if (frame.command === command.sendData) return true;
  return frame.typeFlag !== undefined && profile.types.has(frame.typeFlag) && unitTypeOf(profile, frame.typeFlag)?.command === frame.command;
}
