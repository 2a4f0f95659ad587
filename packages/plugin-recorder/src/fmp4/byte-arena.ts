// An append-only byte store over pooled slabs: payload is copied into it once, and leaves it by writev without another copy.
import { slabBytes, type SlabPool } from './slab-pool.ts';

/** What `take` hands over: views to write, and the slabs to give back afterwards. */
export interface ArenaContent {
  readonly chunks: Buffer[];
  readonly slabs: Buffer[];
  readonly bytes: number;
}

/** Collects bytes of one track of one fragment. */
export class ByteArena {
  readonly #pool: SlabPool;
  #slabs: Buffer[] = [];
  #length = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  /** Bytes stored. */
  get length(): number {
    return this.#length;
  }

  /** Copies `source[start, end)` to the end. */
  append(source: Buffer, start: number, end: number): void {
    let from = start;
    while (from < end) {
      const position = this.#length % slabBytes;
      const slab = this.#slabFor(position);
      const count = Math.min(end - from, slabBytes - position);
      source.copy(slab, position, from, from + count);
      from += count;
      this.#length += count;
    }
  }

  /** Appends one byte. */
  putByte(value: number): void {
    const position = this.#length % slabBytes;
    this.#slabFor(position)[position] = value;
    this.#length += 1;
  }

  /** Appends a big-endian 32-bit number. */
  putUint32(value: number): void {
    this.putByte(value >>> 24);
    this.putByte((value >>> 16) & 0xff);
    this.putByte((value >>> 8) & 0xff);
    this.putByte(value & 0xff);
  }

  /** Overwrites four bytes that were stored before, for instance a NAL length that was not known yet. */
  patchUint32(at: number, value: number): void {
    for (let index = 0; index < 4; index += 1) {
      const position = at + index;
      const slab = this.#slabs[Math.floor(position / slabBytes)];
      if (slab !== undefined) slab[position % slabBytes] = (value >>> (24 - 8 * index)) & 0xff;
    }
  }

  /** Forgets everything after `length` bytes (a damaged NAL or access unit). */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
    const keep = Math.ceil(this.#length / slabBytes);
    if (keep < this.#slabs.length) this.#pool.give(this.#slabs.splice(keep));
  }

  /** Hands the content over and starts empty. */
  take(): ArenaContent {
    const slabs = this.#slabs;
    const bytes = this.#length;
    this.#slabs = [];
    this.#length = 0;
    const chunks = slabs.map((slab, index) => (index === slabs.length - 1 ? slab.subarray(0, bytes - index * slabBytes) : slab));
    return { chunks, slabs, bytes };
  }

  /** Gives every slab back. */
  clear(): void {
    this.truncate(0);
  }

  #slabFor(position: number): Buffer {
    const last = this.#slabs[this.#slabs.length - 1];
    if (position !== 0 && last !== undefined) return last;
    const slab = this.#pool.take();
    this.#slabs.push(slab);
    return slab;
  }
}
