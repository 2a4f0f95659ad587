// Writes bits into a buffer of fixed size, most significant first.

/** A writer that is reset for every frame; what does not fit is not written, so the caller sizes it for the worst case. */
export class BitWriter {
  readonly bytes: Buffer;
  #length = 0;
  #pending = 0;
  #count = 0;

  constructor(bytes: number) {
    this.bytes = Buffer.alloc(bytes);
  }

  /** Whole bytes written. */
  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
    this.#pending = 0;
    this.#count = 0;
  }

  /** The low `count` bits of a value, at most 24; of a negative number that is its two's complement. */
  bits(value: number, count: number): void {
    this.#pending = (this.#pending << count) | (value & ((1 << count) - 1));
    this.#count += count;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.bytes[this.#length] = (this.#pending >> this.#count) & 0xff;
      this.#length += 1;
    }
    this.#pending &= (1 << this.#count) - 1;
  }

  /** A Rice code: quotient in unary, remainder in `parameter` bits. */
  rice(value: number, parameter: number): void {
    const folded = zigzag(value);
    for (let zeros = folded >>> parameter; zeros > 0; ) {
      const step = Math.min(16, zeros);
      this.bits(0, step);
      zeros -= step;
    }
    this.bits(1, 1);
    if (parameter > 0) this.bits(folded, parameter);
  }

  /** Fills the last byte with zeros. */
  align(): void {
    if (this.#count > 0) this.bits(0, 8 - this.#count);
  }
}

/** Signed numbers as unsigned ones: 0, -1, 1, -2, ... (RFC 9639, clause 9.2.7.3). */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
