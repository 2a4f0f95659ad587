// Messages that were sent again because their confirmation was lost: confirmed each time, told once.
import { createHash } from 'node:crypto';

/** How long a message is known. */
const windowMs = 60_000;

/**
 * What two copies of a message have in common: source, serial number, time of sending, and the hash of what they say. Not the serial number alone:
 * some devices always send 0.
 */
export function duplicateKey(source: string, bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Serial number at 2, time tag at 6, command and application data from 26 to the checksum.
  const said = createHash('sha256').update(head.subarray(26, head.length - 3)).digest('base64url');
  return `${source} ${head.toString('hex', 2, 4)} ${head.toString('hex', 6, 12)} ${said}`;
}

/** The messages of the last 60 s. */
export class Duplicates<T> {
  /** Oldest first. */
  readonly #known = new Map<string, { readonly value: T; readonly atMs: number }>();

  /** What is known under the key. */
  find(key: string, nowMs: number): T | undefined {
    for (const [old, { atMs }] of this.#known) {
      if (nowMs - atMs <= windowMs) break;
      this.#known.delete(old);
    }
    return this.#known.get(key)?.value;
  }

  add(key: string, value: T, atMs: number): void {
    this.#known.set(key, { value, atMs });
  }

  delete(key: string): void {
    this.#known.delete(key);
  }
}
