// Fixed-size memory slabs shared by all cameras of a process, so that recording does not feed the garbage collector.

/** Bytes in one slab: large enough for few writev entries, small enough to waste little per camera. */
export const slabBytes = 32 * 1024;

/** Slabs given back between two looks at how many lie idle: 128 MiB of footage, longer than the fragments of all cameras take to come round. */
export const slabsPerLook = 4096;

/**
 * A free list of slabs. It keeps as many as are really taken: those that lay idle from one look to the next are left to the garbage collector.
 * A fixed number will not do: cameras that started together end their fragments together, and what was thrown away would be allocated
 * anew at once; at 100 cameras that had V8 mark its whole heap every second.
 */
export class SlabPool {
  readonly #free: Buffer[] = [];
  #given = 0;
  /** The fewest that were free since the last look. */
  #idle = 0;

  /** Takes one slab; its content is undefined. */
  take(): Buffer {
    const slab = this.#free.pop() ?? Buffer.allocUnsafeSlow(slabBytes);
    this.#idle = Math.min(this.#idle, this.#free.length);
    return slab;
  }

  /** Returns slabs; the caller must not touch them again. */
  give(slabs: readonly Buffer[]): void {
    for (const slab of slabs) this.#free.push(slab);
    this.#given += slabs.length;
    if (this.#given < slabsPerLook) return;
    this.#free.splice(0, this.#idle);
    this.#given = 0;
    this.#idle = this.#free.length;
  }

  /** Number of slabs waiting for reuse. */
  get freeSlabs(): number {
    return this.#free.length;
  }
}
