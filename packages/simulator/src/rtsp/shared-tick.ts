// One timer for all clients of a campus. A timer per client costs more than the media at a few dozen cameras.

/** Something that wants to be called on every tick. */
export interface TickListener {
  tick(): void;
}

/** Calls every listener each `intervalMs`; the timer runs only while there are listeners. */
export class SharedTick {
  readonly #intervalMs: number;
  readonly #listeners = new Set<TickListener>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Adds `listener`; the returned function removes it. */
  add(listener: TickListener): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      for (const each of this.#listeners) each.tick();
    }, this.#intervalMs);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}
