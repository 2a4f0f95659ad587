// Says who was refused, without letting whoever knocks fill the log.
import type { Logger } from '@wanglou/core';

/** Why somebody was not heard. */
export type RefusalReason = 'unknownPeer' | 'unknownAddress' | 'wrongPeer' | 'ambiguous' | 'tooManyLinks' | 'tooMuchGarbage' | 'silent' | 'doesNotRead' | 'damaged' | 'unexpected' | 'queueFull';

const sentences: Readonly<Record<RefusalReason, string>> = {
  unknownPeer: 'a connection from where no fire device may come was refused',
  unknownAddress: 'a fire message with an address that is not configured was kept out',
  wrongPeer: 'a fire message was kept out: its address may not come from this peer',
  ambiguous: 'a fire message without an address was kept out: several devices may come from this peer',
  tooManyLinks: 'a connection of a fire device was refused: too many are open',
  tooMuchGarbage: 'the link of a fire device was dropped: it sends what is no message',
  silent: 'the link of a fire device was dropped: no message came on it in time',
  doesNotRead: 'the link of a fire device was dropped: it does not take its replies',
  damaged: 'a damaged fire message was received',
  unexpected: 'a fire message with a command that no device sends was received',
  queueFull: 'a fire message was not taken: too many wait for the store',
};

/** How long the same is not said again. */
const quietMs = 60_000;
const rememberedLimit = 1000;

/** Writes refusals to the log: each reason once a minute for a peer, with how many there were meanwhile. */
export class Refusals {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<string, { atMs: number; unsaid: number }>();
  #count = 0;

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** All refusals. */
  get count(): number {
    return this.#count;
  }

  refuse(ip: string, reason: RefusalReason, detail: Readonly<Record<string, unknown>> = {}): void {
    this.#count += 1;
    const key = `${reason} ${ip}`;
    const nowMs = this.#now();
    const told = this.#told.get(key);
    if (told !== undefined && nowMs - told.atMs < quietMs) {
      told.unsaid += 1;
      return;
    }
    if (this.#told.size >= rememberedLimit) this.#told.clear();
    this.#told.set(key, { atMs: nowMs, unsaid: 0 });
    this.#log.warn({ ip, reason, ...detail, ...(told !== undefined && told.unsaid > 0 && { before: told.unsaid }) }, sentences[reason]);
  }
}
