// Work that is asked for often and done once at a time.

/** Rounds of one kind of work. */
export interface SharedRounds<T> {
  /** A round that begins after this call: what is there now is in it. Those who ask while one is under way share the next. */
  next(): Promise<T>;
  /** Resolves when the round that is under way has ended, however it ends. */
  idle(): Promise<unknown>;
}

/** Runs `round` for everybody who asks. A round that fails rejects for those who shared it, and the next one begins anew. */
export function sharedRounds<T>(round: () => Promise<T>): SharedRounds<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  return {
    next: () =>
      (next ??= running.then(() => {
        next = undefined;
        const work = round();
        running = work.catch(() => undefined);
        return work;
      })),
    idle: () => running,
  };
}
