// Who may use the connections of a namespace: some statements side by side, or one transaction alone, in the order they came.

interface Waiter {
  readonly places: number;
  resolve(leave: () => void): void;
  reject(error: Error): void;
}

/**
 * The transactions of a namespace exclude one another and the statements beside them, as on SQLite: what a transaction reads holds until
 * it writes. One campus has the database, so this is all the isolation that is needed.
 */
export class Gate {
  readonly #places: number;
  readonly #waiting: Waiter[] = [];
  #taken = 0;
  #closed: Error | undefined;

  constructor(places: number) {
    this.#places = places;
  }

  /** Waits for a place, or for all of them; call the answer to leave. Rejects with the error of {@link close}. */
  enter(alone: boolean): Promise<() => void> {
    if (this.#closed) return Promise.reject(this.#closed);
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    this.#waiting.push({ places: alone ? this.#places : 1, resolve, reject });
    this.#admit();
    return promise;
  }

  /** Refuses everybody who waits or comes. */
  close(error: Error): void {
    this.#closed ??= error;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#closed);
  }

  /** Why it is closed. */
  get closed(): Error | undefined {
    return this.#closed;
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#taken + next.places <= this.#places; next = this.#waiting[0]) {
      const { places, resolve } = next;
      this.#waiting.shift();
      this.#taken += places;
      resolve(() => {
        this.#taken -= places;
        this.#admit();
      });
    }
  }
}
