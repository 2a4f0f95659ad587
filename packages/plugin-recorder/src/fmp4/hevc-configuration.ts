// The decoder configuration of H.265 in files and in the codecs parameter (ISO/IEC 14496-15, clause 8.3.3 and annex E).
import { bytes, uint16 } from './box-writer.ts';
import { parseH265SequenceParameters, type H265SequenceParameters } from './h265-sequence-parameters.ts';
import type { H265TrackInfo } from './track-info.ts';

/** Profile Main, level 4: for a parameter set that cannot be read. */
const nominal: H265SequenceParameters = {
  width: 0, height: 0, reorderFrames: 0, chromaFormat: 1, lumaBits: 8, chromaBits: 8, temporalLayers: 1, temporalNesting: true,
  profile: Uint8Array.of(0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 120),
};

/** HEVCDecoderConfigurationRecord, four-byte NAL lengths, with every parameter set. */
export function hevcConfiguration(track: H265TrackInfo): Buffer {
  const found = parseH265SequenceParameters(track.sps[0] ?? new Uint8Array(0)) ?? nominal;
  const layers = (found.temporalLayers << 3) | (found.temporalNesting ? 4 : 0) | 3;
  const head = bytes(1, ...found.profile, 0xf0, 0, 0xfc, 0xfc | found.chromaFormat, 0xf8 | ((found.lumaBits - 8) & 7), 0xf8 | ((found.chromaBits - 8) & 7), 0, 0, layers, 3);
  return Buffer.concat([head, setArray(32, track.vps), setArray(33, track.sps), setArray(34, track.pps)]);
}

/** array_completeness is 1, as `hvc1` requires: repetitions in the stream equal what stands here, since a change begins a new run. */
function setArray(type: number, sets: readonly Uint8Array[]): Buffer {
  return Buffer.concat([bytes(0x80 | type), uint16(sets.length), ...sets.flatMap((set) => [uint16(set.length), set])]);
}

/** `hvc1.` with profile, compatibility, tier, level and constraints (annex E.3). */
export function hevcCodecString(sps: Uint8Array): string {
  return codecStringOfProfile((parseH265SequenceParameters(sps) ?? nominal).profile);
}

/** The same out of the twelve profile bytes, as they stand in a configuration record. */
export function codecStringOfProfile(profile: Uint8Array): string {
  const first = profile[0] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  const tier = (first & 0x20) === 0 ? 'L' : 'H';
  const constraints = [...profile.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join('');
  return `hvc1.${space}${first & 31}.${reversed(profile).toString(16).toUpperCase()}.${tier}${profile[11] ?? 0}${tail}`;
}

/** The 32 compatibility flags, most significant bit last. */
function reversed(profile: Uint8Array): number {
  let value = 0;
  for (let bit = 31; bit >= 0; bit -= 1) value = value * 2 + (((profile[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1);
  return value;
}
