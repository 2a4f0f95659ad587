// Encodes 16-bit samples as FLAC frames (RFC 9639): constant, verbatim, and fixed predictors with Rice coding. No allocation per frame.
import { flacBlockSamples } from '../../../fmp4/sample-entries.ts';
import { BitWriter, zigzag } from './bit-writer.ts';

const sampleBits = 16;
const deepestPredictor = 4;
/** Rice parameters of four bits; 15 is an escape. */
const largestRice = 14;
const headerLimitBytes = 16;

/** Makes the frames of one stream; the first sample of each is numbered, since blocks vary in size. */
export class FlacFrameEncoder {
  readonly #rate: number;
  readonly #channels: number;
  readonly #writer: BitWriter;
  readonly #residuals = Array.from({ length: deepestPredictor + 1 }, () => new Int32Array(flacBlockSamples.most));
  #position = 0;

  /** @param rate - samples a second, at most 65535 */
  constructor(rate: number, channels: number) {
    this.#rate = rate;
    this.#channels = channels;
    this.#writer = new BitWriter(headerLimitBytes + channels * (flacBlockSamples.most * 2 + 8) + 2);
  }

  /** Where {@link encode} puts a frame; valid until the next call. */
  get output(): Buffer {
    return this.#writer.bytes;
  }

  /**
   * Encodes `count` instants.
   * @param samples - channel after channel, each `flacBlockSamples.most` apart; changed by the call
   * @returns length of the frame in `output`
   */
  encode(samples: Int32Array, count: number): number {
    const writer = this.#writer;
    writer.reset();
    this.#header(count);
    for (let channel = 0; channel < this.#channels; channel += 1) this.#subframe(samples.subarray(channel * flacBlockSamples.most, channel * flacBlockSamples.most + count));
    writer.align();
    writer.bits(crc16(writer.bytes, writer.length), 16);
    this.#position += count;
    return writer.length;
  }

  #header(count: number): void {
    const writer = this.#writer;
    writer.bits(0xfff9, 16); // Sync code; variable block size.
    writer.bits(0x7d, 8); // Block size in 16 bits and sample rate in 16 bits, at the end of the header.
    writer.bits(((this.#channels - 1) << 4) | 0x8, 8); // Channels as they are, 16 bits a sample.
    this.#number(this.#position);
    writer.bits(count - 1, 16);
    writer.bits(this.#rate, 16);
    writer.bits(crc8(writer.bytes, writer.length), 8);
  }

  /** The coding of UTF-8, extended to 36 bits (clause 9.1.5). */
  #number(value: number): void {
    const writer = this.#writer;
    if (value < 0x80) {
      writer.bits(value, 8);
      return;
    }
    let more = 1;
    while (more < 6 && value >= 2 ** (more * 5 + 6)) more += 1;
    const lead = (0xff << (7 - more)) & 0xff;
    writer.bits(more === 6 ? 0xfe : lead | Math.floor(value / 2 ** (more * 6)), 8);
    for (let index = more - 1; index >= 0; index -= 1) writer.bits(0x80 | (Math.floor(value / 2 ** (index * 6)) & 63), 8);
  }

  #subframe(samples: Int32Array): void {
    const wasted = removeWasted(samples);
    const bits = sampleBits - wasted;
    const order = this.#bestOrder(samples);
    const residual = this.#residuals[order]?.subarray(order, samples.length) ?? samples;
    const rice = bestRice(residual);
    const constant = samples.every((sample) => sample === samples[0]);
    const predicted = order * bits + 6 + 4 + riceBits(residual, rice) < samples.length * bits;
    this.#begin(constant ? 0 : predicted ? 8 + order : 1, wasted);
    if (constant) this.#writer.bits(samples[0] ?? 0, bits);
    else if (predicted) this.#predicted(samples, residual, order, rice, bits);
    else for (const sample of samples) this.#writer.bits(sample, bits);
  }

  /** Kind of the subframe, and bits that are zero in every sample (clause 9.2.2). */
  #begin(type: number, wasted: number): void {
    this.#writer.bits((type << 1) | (wasted > 0 ? 1 : 0), 8);
    if (wasted > 0) this.#writer.bits(1, wasted);
  }

  #predicted(samples: Int32Array, residual: Int32Array, order: number, rice: number, bits: number): void {
    const writer = this.#writer;
    for (let index = 0; index < order; index += 1) writer.bits(samples[index] ?? 0, bits);
    writer.bits(0, 6); // Rice coding with four-bit parameters, one partition.
    writer.bits(rice, 4);
    for (const value of residual) writer.rice(value, rice);
  }

  /** Differences of rising order; the one with the smallest sum is the best predictor (clause 9.2.5). */
  #bestOrder(samples: Int32Array): number {
    const count = samples.length;
    this.#residuals[0]?.set(samples);
    let best = 0;
    let smallest = sumOf(samples, 0);
    for (let order = 1; order <= deepestPredictor && order < count; order += 1) {
      const before = this.#residuals[order - 1] ?? samples;
      const residual = this.#residuals[order] ?? samples;
      for (let index = count - 1; index >= order; index -= 1) residual[index] = (before[index] ?? 0) - (before[index - 1] ?? 0);
      const sum = sumOf(residual.subarray(0, count), order);
      if (sum < smallest) {
        smallest = sum;
        best = order;
      }
    }
    return best;
  }
}

/** Shifts trailing zero bits out, which every sample of G.711 has; 0 when all samples are zero. */
function removeWasted(samples: Int32Array): number {
  let union = 0;
  for (const sample of samples) union |= sample;
  if (union === 0) return 0;
  let wasted = 0;
  while (((union >> wasted) & 1) === 0) wasted += 1;
  if (wasted > 0) for (let index = 0; index < samples.length; index += 1) samples[index] = (samples[index] ?? 0) >> wasted;
  return wasted;
}

function sumOf(residual: Int32Array, from: number): number {
  let sum = 0;
  for (let index = from; index < residual.length; index += 1) sum += Math.abs(residual[index] ?? 0);
  return sum;
}

/** The parameter near the mean magnitude. */
function bestRice(residual: Int32Array): number {
  if (residual.length === 0) return 0;
  const mean = sumOf(residual, 0) / residual.length;
  return Math.min(largestRice, Math.max(0, Math.round(Math.log2(mean + 1))));
}

function riceBits(residual: Int32Array, rice: number): number {
  let bits = residual.length * (1 + rice);
  for (const value of residual) bits += zigzag(value) >>> rice;
  return bits;
}

const table8 = Uint8Array.from({ length: 256 }, (_, byte) => remainder(byte, 8, 0x07));
const table16 = Uint16Array.from({ length: 256 }, (_, byte) => remainder(byte << 8, 16, 0x8005));

function remainder(start: number, width: number, polynomial: number): number {
  const top = 1 << (width - 1);
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = ((value & top) !== 0 ? (value << 1) ^ polynomial : value << 1) & (top * 2 - 1);
  return value;
}

function crc8(bytes: Buffer, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value = table8[value ^ (bytes[index] ?? 0)] ?? 0;
  return value;
}

function crc16(bytes: Buffer, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index += 1) value = ((value << 8) & 0xffff) ^ (table16[(value >> 8) ^ (bytes[index] ?? 0)] ?? 0);
  return value;
}
