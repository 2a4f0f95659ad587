// Reads every sample of a fragment: size, times, and where its bytes lie. For films that are made out of fragments.
import { boxes, findBox, type BoxView } from './box-reader.ts';
import { trackHeader, type InitTrack, type TrackHeader } from './fragment-info.ts';

/** One sample. */
export interface FragmentSample {
  /** First byte, from the start of the moof box. */
  readonly offset: number;
  readonly size: number;
  readonly durationTicks: number;
  /** Presentation minus decode time. */
  readonly compositionTicks: number;
  readonly key: boolean;
}

/** The samples of one track of a fragment, in decoding order. */
export interface TrackSamples {
  readonly id: number;
  readonly decodeTicks: number;
  readonly samples: readonly FragmentSample[];
}

/** Flag of trun and tfhd fields (ISO/IEC 14496-12, clauses 8.8.7 and 8.8.8). */
const field = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const;
const notSync = 0x10000;

/** Reads the moof at the start of `fragment`; `undefined` when it is damaged or names bytes that are not among the `length` of the whole. */
export function readFragmentSamples(fragment: Buffer, init: readonly InitTrack[], length = fragment.length): readonly TrackSamples[] | undefined {
  const [moof] = boxes(fragment);
  if (moof?.type !== 'moof') return undefined;
  const tracks: TrackSamples[] = [];
  for (const traf of boxes(fragment, moof.payload, moof.end)) {
    if (traf.type !== 'traf') continue;
    const track = readTrack({ bytes: fragment, length }, traf, moof, init);
    if (track === undefined) return undefined;
    tracks.push(track);
  }
  return tracks;
}

/** A fragment of which only the beginning may be there. */
interface FragmentBytes {
  readonly bytes: Buffer;
  readonly length: number;
}

function readTrack(fragment: FragmentBytes, traf: BoxView, moof: BoxView, init: readonly InitTrack[]): TrackSamples | undefined {
  const tfhd = findBox(fragment.bytes, ['tfhd'], traf.payload, traf.end);
  const tfdt = findBox(fragment.bytes, ['tfdt'], traf.payload, traf.end);
  const header = tfhd && trackHeader(fragment.bytes, tfhd, init);
  if (header === undefined || tfdt === undefined) return undefined;
  const wide = fragment.bytes[tfdt.payload] === 1;
  if (tfdt.payload + (wide ? 12 : 8) > tfdt.end) return undefined;
  const decodeTicks = wide ? Number(fragment.bytes.readBigUInt64BE(tfdt.payload + 4)) : fragment.bytes.readUInt32BE(tfdt.payload + 4);
  const samples: FragmentSample[] = [];
  // Without an offset of its own, a run goes on where the one before it ended; the first one begins with the data.
  let at = moof.end + 8;
  for (const trun of boxes(fragment.bytes, traf.payload, traf.end)) {
    if (trun.type !== 'trun') continue;
    const end = readRun(fragment, trun, header, at, samples);
    if (end === undefined || end > fragment.length) return undefined;
    at = end;
  }
  return { id: header.id, decodeTicks, samples };
}

/** Adds the samples of a run; the end of its data, or `undefined` when it is damaged. */
function readRun({ bytes: fragment, length }: FragmentBytes, trun: BoxView, header: TrackHeader, before: number, samples: FragmentSample[]): number | undefined {
  if (trun.payload + 8 > trun.end) return undefined;
  const flags = fragment.readUInt32BE(trun.payload);
  const signed = flags >>> 24 === 1;
  const count = fragment.readUInt32BE(trun.payload + 4);
  const stride = 4 * [field.duration, field.size, field.flags, field.composition].filter((bit) => flags & bit).length;
  let at = trun.payload + 8;
  let offset = before;
  if (flags & field.dataOffset) {
    if (at + 4 > trun.end) return undefined;
    offset = fragment.readInt32BE(at);
    at += 4;
  }
  let firstFlags: number | undefined;
  if (flags & field.firstFlags) {
    if (at + 4 > trun.end) return undefined;
    firstFlags = fragment.readUInt32BE(at);
    at += 4;
  }
  if (offset < 0 || (stride === 0 ? count > 0 && header.size === 0 : at + stride * count > trun.end) || count > length) return undefined;
  for (let index = 0; index < count; index += 1) {
    const next = (bit: number): number | undefined => {
      if (!(flags & bit)) return undefined;
      at += 4;
      return fragment.readUInt32BE(at - 4);
    };
    const durationTicks = next(field.duration) ?? header.duration;
    const size = next(field.size) ?? header.size;
    const own = next(field.flags) ?? header.flags;
    const composition = next(field.composition) ?? 0;
    samples.push({ offset, size, durationTicks, compositionTicks: signed ? composition | 0 : composition, key: ((index === 0 ? (firstFlags ?? own) : own) & notSync) === 0 });
    offset += size;
    if (offset > length) return undefined;
  }
  return offset;
}
