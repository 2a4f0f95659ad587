// Makes inputs out of real ones: the same for the same seed, so that a finding can be repeated.

/** Numbers at which parsers break. */
const interesting = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255, 256, 1_024, 32_767, 32_768, 65_534, 65_535, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const inputLimitBytes = 16 * 1024;

/** A generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes inputs. */
export class Mutator {
  readonly #random: () => number;
  readonly #words: readonly Buffer[];

  /** @param words - what the format is made of; put into inputs now and then */
  constructor(random: () => number, words: readonly string[]) {
    this.#random = random;
    this.#words = words.map((word) => Buffer.from(word, 'latin1'));
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** One to eight changes to a copy; `other` gives parts. */
  mutate(input: Buffer, other: Buffer): Buffer {
    let bytes: Buffer = Buffer.from(input);
    for (let count = 1 << this.below(4); count > 0; count -= 1) bytes = this.#change(bytes, other);
    return bytes.subarray(0, inputLimitBytes);
  }

  #change(bytes: Buffer, other: Buffer): Buffer {
    const at = this.below(bytes.length + 1);
    const length = Math.min(bytes.length - at, 1 + this.below(this.below(4) === 0 ? 512 : 8));
    switch (this.below(9)) {
      case 0: return this.#set(bytes, at, (bytes[at] ?? 0) ^ (1 << this.below(8)));
      case 1: return this.#set(bytes, at, this.below(256));
      case 2: return this.#number(bytes, at);
      case 3: return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      case 4: return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
      case 5: return bytes.subarray(0, at);
      case 6: return splice(bytes, at, 0, this.#words[this.below(this.#words.length)] ?? Buffer.alloc(1));
      case 7: {
        const from = this.below(other.length + 1);
        return splice(bytes, at, length, other.subarray(from, from + 1 + this.below(256)));
      }
      default: return splice(bytes, at, 0, Buffer.alloc(1 + this.below(64), this.below(256)));
    }
  }

  #set(bytes: Buffer, at: number, value: number): Buffer {
    if (at < bytes.length) bytes[at] = value;
    return bytes;
  }

  /** A number of one, two or four bytes, or as text. */
  #number(bytes: Buffer, at: number): Buffer {
    const value = interesting[this.below(interesting.length)] ?? 0;
    const width = [1, 2, 4, 0][this.below(4)] ?? 1;
    if (width === 0) return splice(bytes, at, 1, Buffer.from(String(value)));
    if (at + width <= bytes.length) bytes.writeUIntBE(value % 2 ** (8 * width), at, width);
    return bytes;
  }
}

function splice(bytes: Buffer, at: number, removed: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
}
