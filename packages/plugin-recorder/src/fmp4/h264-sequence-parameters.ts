// H.264 sequence parameter sets (ITU-T H.264, clause 7.3.2): picture size and reordering.
import { BitReader, withoutEmulation } from './bit-reader.ts';

/** What recording needs of a sequence parameter set. */
export interface SequenceParameters {
  readonly width: number;
  readonly height: number;
  /** Pictures that may follow in decoding but precede in display; 0 without B-frames. Undefined when the set does not say. */
  readonly reorderFrames: number | undefined;
}

const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Parses an SPS NAL unit; undefined when it makes no sense. */
export function parseSequenceParameters(nal: Uint8Array): SequenceParameters | undefined {
  if (nal.length < 5) return undefined;
  const reader = new BitReader(withoutEmulation(nal.subarray(1)));
  const profile = reader.bits(8);
  const constraints = reader.bits(8);
  reader.bits(8);
  reader.unsigned();
  const chroma = highProfiles.has(profile) ? chromaFormat(reader) : 1;
  reader.unsigned();
  const orderType = pictureOrder(reader);
  reader.unsigned();
  reader.bit();
  const widthUnits = reader.unsigned() + 1;
  const heightUnits = reader.unsigned() + 1;
  const framesOnly = reader.bit();
  if (framesOnly === 0) reader.bit();
  reader.bit();
  const fieldFactor = 2 - framesOnly;
  const crop = reader.bit() === 1 ? [reader.unsigned(), reader.unsigned(), reader.unsigned(), reader.unsigned()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * fieldFactor;
  const width = widthUnits * 16 - (left + right) * cropX;
  const height = heightUnits * 16 * fieldFactor - (top + bottom) * cropY;
  if (reader.overrun || width <= 0 || height <= 0 || width > 16384 || height > 16384) return undefined;
  // Baseline and Constrained/Intra profiles, and output order by decoding order, cannot reorder.
  const ordered = orderType === 2 || profile === 66 || (profile === 44) || (constraints & 0x10 && highProfiles.has(profile));
  const declared = reader.bit() === 1 ? usabilityReorder(reader) : undefined;
  return { width, height, reorderFrames: ordered ? 0 : declared };
}

function chromaFormat(reader: BitReader): number {
  const chroma = reader.unsigned();
  if (chroma === 3) reader.bit();
  reader.unsigned();
  reader.unsigned();
  reader.bit();
  if (reader.bit() === 1) {
    for (let list = 0; list < (chroma === 3 ? 12 : 8); list += 1) if (reader.bit() === 1) scalingList(reader, list < 6 ? 16 : 64);
  }
  return chroma;
}

function scalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size && !reader.overrun; index += 1) {
    if (next !== 0) next = (last + reader.signed() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function pictureOrder(reader: BitReader): number {
  const type = reader.unsigned();
  if (type === 0) reader.unsigned();
  if (type === 1) {
    reader.bit();
    reader.signed();
    reader.signed();
    const cycle = Math.min(255, reader.unsigned());
    for (let index = 0; index < cycle && !reader.overrun; index += 1) reader.signed();
  }
  return type;
}

/** max_num_reorder_frames of the VUI (annex E.1.1); undefined when it is absent or damaged. */
function usabilityReorder(reader: BitReader): number | undefined {
  if (reader.bit() === 1 && reader.bits(8) === 255) reader.bits(32);
  if (reader.bit() === 1) reader.bit();
  if (reader.bit() === 1) {
    reader.bits(4);
    if (reader.bit() === 1) reader.bits(24);
  }
  if (reader.bit() === 1) {
    reader.unsigned();
    reader.unsigned();
  }
  if (reader.bit() === 1) reader.bits(65);
  const nal = reader.bit() === 1;
  if (nal) hypotheticalDecoder(reader);
  const vcl = reader.bit() === 1;
  if (vcl) hypotheticalDecoder(reader);
  if (nal || vcl) reader.bit();
  reader.bit();
  if (reader.bit() === 0) return undefined;
  reader.bit();
  for (let index = 0; index < 4; index += 1) reader.unsigned();
  const reorder = reader.unsigned();
  return reader.overrun || reorder > 16 ? undefined : reorder;
}

function hypotheticalDecoder(reader: BitReader): void {
  const count = Math.min(32, reader.unsigned() + 1);
  reader.bits(8);
  for (let index = 0; index < count && !reader.overrun; index += 1) {
    reader.unsigned();
    reader.unsigned();
    reader.bit();
  }
  reader.bits(20);
}
