// Fixed-size memory slabs shared by all cameras of a process, so that recording does not feed the garbage collector.

/** Bytes in one slab: large enough for few writev entries, small enough to waste little per camera. */
export const slabBytes = 32 * 1024;

/** A free list of slabs. Slabs beyond the kept number are left to the garbage collector after a burst. */
export class SlabPool {
  readonly #free: Buffer[] = [];
  readonly #keep: number;

  /** @param keepBytes - free memory kept for reuse */
  constructor(keepBytes = 8 * 1024 * 1024) {
    this.#keep = Math.ceil(keepBytes / slabBytes);
  }

  /** Takes one slab; its content is undefined. */
  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
  }

  /** Returns slabs; the caller must not touch them again. */
  give(slabs: readonly Buffer[]): void {
    for (const slab of slabs) {
      if (this.#free.length >= this.#keep) return;
      this.#free.push(slab);
    }
  }

  /** Number of slabs waiting for reuse. */
  get freeSlabs(): number {
    return this.#free.length;
  }
}
