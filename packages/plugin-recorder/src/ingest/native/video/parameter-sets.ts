// The parameter sets of one video track by kind and id, and whether a camera changed them.
import type { VideoCodec } from './video-codec.ts';

/** Largest set that is believed; real ones have tens of bytes, with scaling lists a few hundred. */
const setLimitBytes = 8 * 1024;
/** Sets of one kind; AVC counts up to 31 sequence parameter sets in a file, cameras have one or two. */
const setsLimit = 31;

/** Parameter sets; a camera may use several of a kind. */
export class ParameterSets {
  readonly #codec: VideoCodec;
  readonly #kinds: ReadonlyMap<number, Map<number, Buffer>>;

  constructor(codec: VideoCodec) {
    this.#codec = codec;
    this.#kinds = new Map(codec.setTypes.map((type) => [type, new Map<number, Buffer>()]));
  }

  /** The sets of an SDP section. */
  static of(codec: VideoCodec, media: Parameters<VideoCodec['setsOf']>[0]): ParameterSets {
    const sets = new ParameterSets(codec);
    for (const nal of codec.setsOf(media)) sets.take(nal);
    return sets;
  }

  /**
   * Takes a parameter set.
   * @returns true when it differs from what was known under its id
   */
  take(nal: Uint8Array): boolean {
    const { headerBytes, typeOf, setId } = this.#codec;
    if (nal.length <= headerBytes || nal.length > setLimitBytes) return false;
    const known = this.#kinds.get(typeOf(headerBytes === 1 ? (nal[0] ?? 0) : ((nal[0] ?? 0) << 8) | (nal[1] ?? 0)));
    const id = setId(nal);
    if (known === undefined || id === undefined) return false;
    const before = known.get(id);
    if (before?.equals(nal) === true || (before === undefined && known.size >= setsLimit)) return false;
    known.set(id, Buffer.from(nal));
    return true;
  }

  /** True when there is one of every kind. */
  get complete(): boolean {
    return [...this.#kinds.values()].every((sets) => sets.size > 0);
  }

  /** Sets of this NAL unit type. */
  of(type: number): Buffer[] {
    return [...(this.#kinds.get(type)?.values() ?? [])];
  }
}
