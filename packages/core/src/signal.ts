// A value that changes and can be watched.
import type { Disposer } from './scope.ts';

/** The reading side: the value now, and a call on each change. */
export interface Signal<T> {
  readonly value: T;
  /** Calls `listener` after each change until the returned disposer is called. */
  subscribe(listener: (value: T) => void): Disposer;
}

/** The writing side of a {@link Signal}. */
export interface WritableSignal<T> extends Signal<T> {
  set(value: T): void;
}

/**
 * Makes a signal. Setting the same value again (`Object.is`) calls nobody.
 *
 * @example
 * const state = createSignal<'offline' | 'online'>('offline');
 * state.subscribe((value) => console.log(value));
 * state.set('online');
 */
export function createSignal<T>(initial: T): WritableSignal<T> {
  const listeners = new Set<(value: T) => void>();
  let current = initial;
  return {
    get value() {
      return current;
    },
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
