// What the centre asks of one device: sent, sent again, and joined with its reply by link and serial number (clause 6 of the standard).
import type { Clock, Disposer } from '@wanglou/core';
import { command, type Frame, type FrameInput, type UnitInput } from '../gb26875.ts';

/** How an exchange ended. */
export type ExchangeResult = { readonly result: 'confirmed' | 'denied' | 'timeout' } | { readonly result: 'answered'; readonly unit: Frame };

/** What a centre begins. */
export interface ExchangeStart {
  readonly command: number;
  /** Made anew each time it is sent: a clock that is set must not be set to the time of the first attempt. */
  unit(): UnitInput;
}

/** What {@link Exchanges} are made of. */
export interface ExchangesOptions {
  readonly clock: Clock;
  /** Sends to where the device was heard last; the key of that link, or `undefined` while there is none. */
  send(frame: Pick<FrameInput, 'serial' | 'command'> & UnitInput): string | undefined;
}

interface Open {
  readonly start: ExchangeStart;
  readonly serial: number;
  link: string | undefined;
  retransmissions: number;
  cancel: Disposer;
  resolve(result: ExchangeResult): void;
}

/** The standard says that a time-out should not exceed this. */
const timeoutMs = 10_000;
/** As often a message is sent again. */
const retransmissionLimit = 3;

/** The exchanges with one device. Its own serial numbers are another row than ours. */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #open = new Map<number, Open>();
  #nextSerial = 0;

  constructor(options: ExchangesOptions) {
    this.#options = options;
  }

  /**
   * Begins an exchange; resolves with its end. Denied and unanswered messages are sent again three times.
   * @throws FireCodecError for what the wire cannot carry
   */
  async begin(start: ExchangeStart): Promise<ExchangeResult> {
    const serial = this.#nextSerial;
    this.#nextSerial = (serial + 1) % 0x1_0000;
    const { promise, resolve } = Promise.withResolvers<ExchangeResult>();
    const open: Open = { start, serial, link: undefined, retransmissions: 0, cancel: () => undefined, resolve };
    this.#send(open);
    this.#open.set(serial, open);
    return promise;
  }

  /** Takes a reply (3, 5 or 6) of a link; whether an exchange waited for it. */
  reply(link: string, frame: Frame): boolean {
    const open = this.#open.get(frame.serial);
    if (open === undefined || open.link !== link) return false;
    if (frame.command === command.deny) this.#again(open, 'denied');
    else if (frame.command === command.confirm && open.start.command === command.control) this.#end(open, { result: 'confirmed' });
    else if (frame.command === command.answer && open.start.command === command.request) this.#end(open, { result: 'answered', unit: frame });
    else return false;
    return true;
  }

  /** Ends all exchanges. */
  close(): void {
    for (const open of this.#open.values()) this.#end(open, { result: 'timeout' });
  }

  #send(open: Open): void {
    const { serial, start } = open;
    open.link = this.#options.send({ serial, command: start.command, ...start.unit() });
    open.cancel = this.#options.clock.after(timeoutMs, () => this.#again(open, 'timeout'));
  }

  #again(open: Open, why: 'denied' | 'timeout'): void {
    open.cancel();
    if (open.retransmissions >= retransmissionLimit) return this.#end(open, { result: why });
    open.retransmissions += 1;
    this.#send(open);
  }

  #end(open: Open, result: ExchangeResult): void {
    open.cancel();
    this.#open.delete(open.serial);
    open.resolve(result);
  }
}
