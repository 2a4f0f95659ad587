// One thing at a time: whoever erases footage and whoever holds it never meet, and one package is made after the other.

/** Runs tasks one after another, in the order in which they were given. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the task does. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined); // Its own caller hears of the failure.
    return turn;
  }
}
