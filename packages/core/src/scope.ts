// Undo stacks: everything a plugin does goes through one, so that unloading leaves nothing behind.

/** Takes back one thing. */
export type Disposer = () => void | Promise<void>;

/** A stack of undo steps, run last in first out. */
export class Scope {
  readonly #disposers = new Set<Disposer>();
  readonly #controller = new AbortController();

  /** Aborted when disposal begins. Hand it to `fetch`, timers and child processes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get size(): number {
    return this.#disposers.size;
  }

  /** Registers an undo step; the returned function runs it early, once. */
  defer(disposer: Disposer): Disposer {
    // A fresh function per registration, so that deferring the same function twice undoes twice.
    const step: Disposer = () => disposer();
    this.#disposers.add(step);
    return async () => {
      if (this.#disposers.delete(step)) await step();
    };
  }

  /** Runs every undo step, also when one throws; then throws an `AggregateError` of what failed. */
  async dispose(): Promise<void> {
    this.#controller.abort();
    const errors: unknown[] = [];
    for (const step of [...this.#disposers].reverse()) {
      this.#disposers.delete(step);
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} undo step(s) failed: ${errors.map(String).join('; ')}`);
  }
}
