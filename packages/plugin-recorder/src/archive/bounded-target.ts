// Storage that hangs does not hold up the archives behind it, whether it listens to its signal or not: a share whose server is gone does not.
import type { ArchiveTarget } from '@wanglou/core';

const patienceMs = 60_000;
/** Slower storage counts as away: 100 kB a second. */
const leastBytesPerMs = 100;

/** Ends what takes too long: an object by its size, a reading that gives nothing for a minute. */
export function boundedTarget(target: ArchiveTarget): ArchiveTarget {
  return {
    put(object, read, signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs + Math.ceil(object.bytes / leastBytesPerMs))]);
      return untilAborted(target.put(object, read, limited), limited);
    },
    get: (name, signal) => bounded((limited) => target.get(name, limited), signal),
    folders: (signal) => bounded((limited) => target.folders(limited), signal),
  };
}

async function* bounded<T>(begin: (signal: AbortSignal) => AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const controller = new AbortController();
  const limited = AbortSignal.any([signal, controller.signal]);
  const items = begin(limited)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => controller.abort(new Error('the storage gives nothing any more')), patienceMs);
      const next = await untilAborted(items.next(), limited).finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may never answer.
    items.return?.()?.catch(() => {});
  }
}

/** Settles as the work does, and at once when the signal is aborted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}
