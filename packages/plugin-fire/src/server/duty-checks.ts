// Duty checks (查岗): whoever is on duty at a device has some minutes to press a key. The answer carries no reference, so that time joins them.
import type { Clock, Disposer } from '@wanglou/core';
import type { DutyCheckEnd } from '../contract.ts';
import { FireError } from '../errors.ts';

/** What {@link DutyChecks} are made of. */
export interface DutyChecksOptions {
  readonly clock: Clock;
  ended(end: DutyCheckEnd): void;
}

interface Open {
  readonly minutes: number;
  readonly askedMs: number;
  isLate: boolean;
  readonly cancel: readonly Disposer[];
}

const minuteMs = 60_000;
/** Answers are taken this much longer than asked, as makers do. */
const graceMs = 2 * minuteMs;

/** At most one open check for each device. */
export class DutyChecks {
  readonly #options: DutyChecksOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: DutyChecksOptions) {
    this.#options = options;
  }

  /** Opens a check, before it is sent: an answer may overtake the confirmation. @throws FireError `FIRE_DUTY_CHECK_OPEN` */
  open(source: string, minutes: number): void {
    if (this.#open.has(source)) throw new FireError('FIRE_DUTY_CHECK_OPEN', { device: source });
    const { clock } = this.#options;
    const open: Open = {
      minutes, askedMs: clock.now(), isLate: false,
      cancel: [clock.after(minutes * minuteMs, () => void (open.isLate = true)), clock.after(minutes * minuteMs + graceMs, () => this.#end(source, { result: 'unanswered' }))],
    };
    this.#open.set(source, open);
  }

  /** The device did not take the check. */
  failed(source: string, result: 'denied' | 'timeout'): void {
    this.#end(source, { result });
  }

  /** There is no check: it could not be sent. */
  withdraw(source: string): void {
    for (const one of this.#open.get(source)?.cancel ?? []) one();
    this.#open.delete(source);
  }

  /** Somebody answered at the device. */
  answered(source: string, answeredMs: number, operatorId: number | undefined): void {
    const open = this.#open.get(source);
    if (open !== undefined) this.#end(source, { result: open.isLate ? 'late' : 'answered', answeredMs, ...(operatorId !== undefined && { operatorId }) });
  }

  /** Forgets open checks without saying anything of them. */
  close(): void {
    for (const source of this.#open.keys()) this.withdraw(source);
  }

  #end(source: string, end: Pick<DutyCheckEnd, 'result' | 'answeredMs' | 'operatorId'>): void {
    const open = this.#open.get(source);
    if (open === undefined) return;
    this.withdraw(source);
    this.#options.ended({ source, minutes: open.minutes, askedMs: open.askedMs, ...end });
  }
}
