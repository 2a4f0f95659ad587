// From a stored message to its signals: decoded, compared with what was on, told, and marked as told.
import type { FireFrame, FireQuality, FireSourceContext } from '../contract.ts';
import { decodeFrame, standardProfile, unitTypeOf, type Frame } from '../gb26875.ts';
import type { LevelBook } from '../signals/level-book.ts';
import { deviceKey, readingsOf } from '../signals/readings.ts';
import type { Device } from './devices.ts';
import type { DutyChecks } from './duty-checks.ts';

/** What a {@link HandOn} is made of. */
export interface HandOnOptions {
  readonly context: FireSourceContext;
  readonly devices: ReadonlyMap<string, Device>;
  readonly book: LevelBook;
  readonly dutyChecks: DutyChecks;
}

/** Key of the link to a device. */
export function linkKey(source: string): string {
  return `${deviceKey(source)}/link`;
}

/** Hands stored messages on. */
export class HandOn {
  readonly #options: HandOnOptions;
  /** Types that were said to be unknown. */
  readonly #unrecognised = new Set<string>();

  constructor(options: HandOnOptions) {
    this.#options = options;
  }

  /** Messages that were stored before a stop and perhaps not told. The device may have left the configuration since. */
  replay(frames: readonly FireFrame[]): void {
    for (const frame of frames) {
      const decoded = decodeFrame(frame.bytes, this.#options.devices.get(frame.source)?.profile ?? standardProfile);
      if (decoded.valid) this.take(frame, decoded, 'replayed');
      else this.#options.context.journal.settle(frame.id, []);
    }
  }

  /** Tells the signals of a message. The mark that they were told, and what is on since, are one transaction later. */
  take({ id, source, receivedMs }: FireFrame, frame: Frame, quality: FireQuality): void {
    const { context, book, dutyChecks } = this.#options;
    const { signals, levels } = book.take(readingsOf(source, frame), { source, frame: id, sentTime: frame.sentAt, receivedMs, quality });
    for (const signal of signals) {
      context.emit(signal);
      if (signal.condition === 'dutyAnswer') dutyChecks.answered(source, receivedMs, signal.operatorId);
    }
    this.#tellUnrecognised(source, frame);
    context.journal.settle(id, levels);
  }

  /** The link to a device is lost, or there again. */
  link(source: string, isLost: boolean): void {
    const { context, book } = this.#options;
    const reading = { pointKey: linkKey(source), kind: 'state', scope: 'device', flags: isLost ? ['linkFault'] : [], deviceTime: null } as const;
    const { signals, levels } = book.take([reading], { source, frame: null, sentTime: null, receivedMs: context.clock.now(), quality: 'live' });
    for (const signal of signals) context.emit(signal);
    context.journal.settle(null, levels);
  }

  /** What cannot be read is said, once for each type: it may be a fire. */
  #tellUnrecognised(source: string, frame: Frame): void {
    const { context, devices } = this.#options;
    const { typeFlag = -1, objects = [], appHex } = frame;
    if (frame.error !== undefined) context.log.warn({ source, type: typeFlag, error: frame.error, appHex }, 'a fire message was read in part only; it is stored as it came');
    const type = unitTypeOf(devices.get(source)?.profile ?? standardProfile, typeFlag);
    const isOpaque = type === undefined || objects.some(({ rawHex }) => rawHex !== undefined);
    const key = `${source} ${typeFlag}`;
    if (!isOpaque || this.#unrecognised.has(key)) return;
    this.#unrecognised.add(key);
    context.log.warn({ source, type: typeFlag, appHex }, 'a fire message of an unknown layout was stored and confirmed; its states cannot be told');
    context.problem({ source, kind: 'unrecognised', active: true, amount: typeFlag });
  }
}
