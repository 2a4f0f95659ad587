// Items that wait together are written together; urgent ones go first.

/** How {@link Batches} works. */
export interface BatchesOptions<T> {
  /** Writes all items or none. */
  write(items: readonly T[]): Promise<void>;
  /** Most items of one write. */
  readonly batchLimit: number;
}

interface Waiting<T> {
  readonly item: T;
  resolve(): void;
  reject(error: unknown): void;
}

/** One write at a time; what comes meanwhile waits for the next. */
export class Batches<T> {
  readonly #options: BatchesOptions<T>;
  readonly #urgent: Waiting<T>[] = [];
  readonly #ordinary: Waiting<T>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: BatchesOptions<T>) {
    this.#options = options;
  }

  /** Items that wait, without those that are being written. */
  get waiting(): number {
    return this.#urgent.length + this.#ordinary.length;
  }

  /** Resolves when the item is written, in the order of the write; rejects when its batch was not. */
  add(item: T, isUrgent: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    (isUrgent ? this.#urgent : this.#ordinary).push({ item, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // What arrives in the same turn is written together.
    await Promise.resolve();
    while (this.waiting > 0) {
      const batch = this.#urgent.splice(0, this.#options.batchLimit);
      batch.push(...this.#ordinary.splice(0, this.#options.batchLimit - batch.length));
      try {
        await this.#options.write(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = undefined;
  }
}
