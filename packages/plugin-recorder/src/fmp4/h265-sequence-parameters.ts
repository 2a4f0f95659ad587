// H.265 sequence parameter sets (ITU-T H.265, clause 7.3.2.2): picture size, reordering, and what a file's configuration record repeats.
import { BitReader, withoutEmulation } from './bit-reader.ts';

/** What recording needs of an H.265 sequence parameter set. */
export interface H265SequenceParameters {
  readonly width: number;
  readonly height: number;
  readonly reorderFrames: number;
  readonly chromaFormat: number;
  readonly lumaBits: number;
  readonly chromaBits: number;
  readonly temporalLayers: number;
  readonly temporalNesting: boolean;
  /** The twelve bytes of general profile, tier, flags and level, as they stand in the set. */
  readonly profile: Uint8Array;
}

/** Profile, tier and level of a layer: 88 bits, and 8 bits of level. */
const profileBits = 88;
const levelBits = 8;

/** Parses an SPS NAL unit; undefined when it makes no sense. */
export function parseH265SequenceParameters(nal: Uint8Array): H265SequenceParameters | undefined {
  const bytes = withoutEmulation(nal.subarray(2));
  if (bytes.length < 15) return undefined;
  const reader = new BitReader(bytes);
  reader.bits(4);
  const layers = reader.bits(3);
  const temporalNesting = reader.bit() === 1;
  if (layers > 6) return undefined;
  skipProfile(reader, layers);
  reader.unsigned();
  const chromaFormat = reader.unsigned();
  if (chromaFormat === 3) reader.bit();
  const codedWidth = reader.unsigned();
  const codedHeight = reader.unsigned();
  const [left, right, top, bottom] = reader.bit() === 1 ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : [0, 0, 0, 0];
  const width = codedWidth - (left + right) * (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1);
  const height = codedHeight - (top + bottom) * (chromaFormat === 1 ? 2 : 1);
  const lumaBits = reader.unsigned() + 8;
  const chromaBits = reader.unsigned() + 8;
  reader.unsigned();
  const reorderFrames = deepestReorder(reader, layers);
  const sensible = chromaFormat <= 3 && lumaBits <= 16 && chromaBits <= 16 && reorderFrames <= 16;
  if (reader.overrun || !sensible || width <= 0 || height <= 0 || width > 16384 || height > 16384) return undefined;
  return { width, height, reorderFrames, chromaFormat, lumaBits, chromaBits, temporalLayers: layers + 1, temporalNesting, profile: bytes.subarray(1, 13) };
}

/** profile_tier_level (clause 7.3.3). */
export function skipProfile(reader: BitReader, layers: number): void {
  reader.bits(profileBits + levelBits);
  let skip = 0;
  for (let layer = 0; layer < layers; layer += 1) skip += (reader.bit() === 1 ? profileBits : 0) + (reader.bit() === 1 ? levelBits : 0);
  if (layers > 0) for (let layer = layers; layer < 8; layer += 1) reader.bits(2);
  reader.bits(skip);
}

/** sps_max_num_reorder_pics of the highest layer. */
function deepestReorder(reader: BitReader, layers: number): number {
  const everyLayer = reader.bit() === 1;
  let reorder = 0;
  for (let layer = everyLayer ? 0 : layers; layer <= layers; layer += 1) {
    reader.unsigned();
    reorder = reader.unsigned();
    reader.unsigned();
  }
  return reorder;
}
