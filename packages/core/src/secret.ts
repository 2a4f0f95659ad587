// A value that must not reach a log, an error or a JSON document.

/** Holds a credential; only `reveal()` gives it out. `String()`, `JSON.stringify` and `util.inspect` show `[secret]`. */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself. Use it at the last moment and do not keep it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
