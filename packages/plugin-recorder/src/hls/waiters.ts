// Those who wait for something to become true: asked again whenever something changed.

/** A set of waiting conditions. */
export class Waiters {
  readonly #waiting = new Set<() => void>();

  /** Asks all conditions again. */
  wake(): void {
    for (const ask of this.#waiting) ask();
  }

  /** Settles when the condition holds, or when the signal is aborted. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted || condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const ask = (): void => {
        if (!signal.aborted && !condition()) return;
        this.#waiting.delete(ask);
        signal.removeEventListener('abort', ask);
        resolve();
      };
      this.#waiting.add(ask);
      signal.addEventListener('abort', ask);
    });
  }
}
