// Storage that hangs does not hold up the archives behind it.
import type { ArchiveTarget } from '@wanglou/core';

const patienceMs = 60_000;
/** Slower storage counts as away: 100 kB a second. */
const leastBytesPerMs = 100;

/** Ends what takes too long: an object by its size, a reading that gives nothing for a minute. */
export function boundedTarget(target: ArchiveTarget): ArchiveTarget {
  return {
    put: (object, read, signal) => target.put(object, read, AbortSignal.any([signal, AbortSignal.timeout(patienceMs + Math.ceil(object.bytes / leastBytesPerMs))])),
    async *get(name, signal) {
      const controller = new AbortController();
      const late = (): void => controller.abort(new Error('the storage gives nothing any more'));
      let timer = setTimeout(late, patienceMs);
      try {
        for await (const piece of target.get(name, AbortSignal.any([signal, controller.signal]))) {
          clearTimeout(timer);
          yield piece;
          timer = setTimeout(late, patienceMs);
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
