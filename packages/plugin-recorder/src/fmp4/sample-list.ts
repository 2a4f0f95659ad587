// Sizes, times and flags of the samples of one track in the fragment that is being built; arrays are reused, never re-allocated per fragment.

/** A growing column store of samples. */
export class SampleList {
  count = 0;
  sizes = new Uint32Array(64);
  /** Decode times in track ticks since the start of the run. Doubles, since a run may last for months. */
  decodeTicks = new Float64Array(64);
  /** Presentation minus decode time in ticks. */
  compositionTicks = new Uint32Array(64);
  keys = new Uint8Array(64);

  /** Adds a sample. */
  push(size: number, decodeTicks: number, compositionTicks: number, key: boolean): void {
    if (this.count === this.sizes.length) this.#grow();
    this.sizes[this.count] = size;
    this.decodeTicks[this.count] = decodeTicks;
    this.compositionTicks[this.count] = compositionTicks;
    this.keys[this.count] = key ? 1 : 0;
    this.count += 1;
  }

  /** Forgets all samples, keeps the memory. */
  clear(): void {
    this.count = 0;
  }

  #grow(): void {
    const size = this.sizes.length * 2;
    const sizes = new Uint32Array(size);
    sizes.set(this.sizes);
    this.sizes = sizes;
    const decode = new Float64Array(size);
    decode.set(this.decodeTicks);
    this.decodeTicks = decode;
    const composition = new Uint32Array(size);
    composition.set(this.compositionTicks);
    this.compositionTicks = composition;
    const keys = new Uint8Array(size);
    keys.set(this.keys);
    this.keys = keys;
  }
}
