// Events between plugins. The emitter itself is never handed out: whoever holds it could remove others' listeners.
import EventEmitter from 'eventemitter3';
import type { EventRef } from '../refs.ts';
import type { Disposer } from '../scope.ts';

/** Delivers events; a listener that fails is reported and hurts nobody. */
export class EventBus {
  // eventemitter3's default export is typed as a CommonJS namespace under NodeNext; the class hangs on it.
  readonly #emitter = new EventEmitter.EventEmitter();
  readonly #onError: (error: unknown, event: string) => void;

  constructor(onError: (error: unknown, event: string) => void) {
    this.#onError = onError;
  }

  on<T>(event: EventRef<T>, listener: (payload: T) => void | Promise<void>): Disposer {
    const safe = (payload: T): void => {
      try {
        Promise.resolve(listener(payload)).catch((error: unknown) => this.#onError(error, event.id));
      } catch (error) {
        this.#onError(error, event.id);
      }
    };
    this.#emitter.on(event.id, safe);
    return () => void this.#emitter.off(event.id, safe);
  }

  emit<T>(event: EventRef<T>, payload: T): void {
    this.#emitter.emit(event.id, payload);
  }

  get size(): number {
    return this.#emitter.eventNames().reduce((count, name) => count + this.#emitter.listenerCount(name), 0);
  }
}
