// Puts RTP packets that UDP delivered in another order back in order. A packet that is missing is waited for by time and by number, both short.

/** Packets that may wait; a power of two. */
const slots = 64;

/** One track's window. Packets are held, not copied: each is a buffer of its own. */
export class ReorderWindow {
  readonly #deliver: (packet: Buffer) => void;
  readonly #held: (Buffer | undefined)[] = Array.from({ length: slots });
  #count = 0;
  #next = -1;
  #late = 0;
  /** A packet was missing at the last call of `settle` already. */
  #overdue = false;

  constructor(deliver: (packet: Buffer) => void) {
    this.#deliver = deliver;
  }

  /** Takes a packet; delivers what is in order now. */
  push(packet: Buffer): void {
    if (packet.length < 12) {
      this.#deliver(packet);
      return;
    }
    const sequence = packet.readUInt16BE(2);
    const ahead = this.#next === -1 ? 0 : (sequence - this.#next) & 0xffff;
    if (ahead >= 0x8000) this.#behind(packet, sequence);
    else if (ahead >= slots) {
      this.#release();
      this.#next = sequence;
      this.#take(packet, sequence);
    } else this.#take(packet, sequence);
  }

  /** Called now and then: what was missing the last time already is given up. */
  settle(): void {
    if (this.#count > 0 && this.#overdue) this.#skip();
    this.#overdue = this.#count > 0;
  }

  #take(packet: Buffer, sequence: number): void {
    this.#late = 0;
    if (sequence === this.#next || this.#next === -1) {
      this.#next = (sequence + 1) & 0xffff;
      this.#deliver(packet);
      if (this.#count > 0) this.#drain();
      return;
    }
    const slot = sequence & (slots - 1);
    if (this.#held[slot] === undefined) this.#count += 1;
    this.#held[slot] = packet;
  }

  /** Late, doubled, or from a sender that counts anew: the receiver knows what to do, and this window follows it. */
  #behind(packet: Buffer, sequence: number): void {
    this.#late += 1;
    if (this.#late > slots) {
      this.#release();
      this.#next = (sequence + 1) & 0xffff;
      this.#late = 0;
    }
    this.#deliver(packet);
  }

  #drain(): void {
    for (let slot = this.#next & (slots - 1); ; slot = this.#next & (slots - 1)) {
      const packet = this.#held[slot];
      if (packet === undefined) return;
      this.#held[slot] = undefined;
      this.#count -= 1;
      this.#next = (this.#next + 1) & 0xffff;
      this.#overdue = false;
      this.#deliver(packet);
    }
  }

  /** Gives the missing packets before the first held one up. */
  #skip(): void {
    while (this.#count > 0 && this.#held[this.#next & (slots - 1)] === undefined) this.#next = (this.#next + 1) & 0xffff;
    this.#drain();
  }

  #release(): void {
    while (this.#count > 0) this.#skip();
  }
}
