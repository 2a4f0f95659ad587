// What is asked of a device that comes back: its own state, that of every system it has ever spoken of; and its clock is set.
import type { Logger } from '@wanglou/core';
import { command } from '../gb26875.ts';
import type { ExchangeResult } from './exchanges.ts';
import type { Session } from './session.ts';

/** What a {@link Resync} is made of. */
export interface ResyncOptions {
  readonly session: Session;
  readonly elapsedMs: () => number;
  readonly log: Logger;
  systems(): readonly { readonly systemType: number; readonly systemAddress: number }[];
  syncClock(): Promise<ExchangeResult>;
}

/** A device whose links come and go is not asked more often. */
const pauseMs = 10_000;

/** One question at a time: small devices hold no more. */
export class Resync {
  readonly #options: ResyncOptions;
  #isRunning = false;
  #isWanted = false;
  #begunMs = -Infinity;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /** Begins now, or as soon as it may. */
  request(): void {
    this.#isWanted = true;
    this.tick();
  }

  tick(): void {
    const { elapsedMs, session, log } = this.#options;
    if (!this.#isWanted || this.#isRunning || elapsedMs() - this.#begunMs < pauseMs) return;
    this.#isWanted = false;
    this.#isRunning = true;
    this.#begunMs = elapsedMs();
    void this.#run()
      .catch((error: unknown) => log.warn({ err: error, source: session.device.id }, 'a fire device that came back could not be asked for its state'))
      .finally(() => (this.#isRunning = false));
  }

  async #run(): Promise<void> {
    const { session, systems, syncClock, log } = this.#options;
    const ask = (typeFlag: number, object: object): Promise<ExchangeResult> => session.exchanges.begin({ command: command.request, unit: () => ({ typeFlag, objects: [object] }) });
    const { result } = await ask(81, { reserved: 0 });
    if (result !== 'answered') log.warn({ source: session.device.id, result }, 'a fire device did not tell its state');
    for (const { systemType, systemAddress } of systems()) {
      const answer = await ask(61, { systemType, systemAddress });
      if (answer.result === 'answered') continue;
      log.warn({ source: session.device.id, systemType, systemAddress, result: answer.result }, 'a fire device did not tell the state of a system; what is known of it may be old');
      // One that does not answer does not answer the next question either.
      if (answer.result === 'timeout') break;
    }
    await syncClock();
  }
}
