// Moves fragments on their time line in place, so that footage out of several runs becomes one film that starts at zero.
import { boxes } from '../fmp4/box-reader.ts';
import { fragmentTracks, initTracks, type FragmentTrack, type InitTrack } from '../fmp4/fragment-info.ts';
import { mainTrack } from '../fmp4/scan-file.ts';

/** Rebases the fragments of one film; feed them in order. */
export class FragmentRebaser {
  readonly #tracks: readonly InitTrack[];
  readonly #ends = new Map<number, number>();
  #stretch = '';
  #shiftSeconds = 0;
  #sequence = 0;

  /** @param init - init segment that all fragments share */
  constructor(init: Buffer) {
    this.#tracks = initTracks(init);
  }

  /**
   * Rewrites decode times and sequence number of a moof + mdat.
   * @param stretch - fragments with the same name keep their distance; a new name continues where the film ends
   * @returns false when the bytes are not a whole fragment
   */
  rebase(fragment: Buffer, stretch: string): boolean {
    const [moof] = boxes(fragment);
    const tracks = moof?.type === 'moof' ? fragmentTracks(fragment, moof, this.#tracks) : undefined;
    if (moof === undefined || tracks === undefined) return false;
    if (stretch !== this.#stretch) this.#begin(tracks, stretch);
    for (const track of tracks) this.#move(fragment, track);
    this.#sequence += 1;
    for (const box of boxes(fragment, moof.payload, moof.end)) if (box.type === 'mfhd' && box.end - box.payload >= 8) fragment.writeUInt32BE(this.#sequence, box.payload + 4);
    return true;
  }

  /** The video continues at the end of the film; where sound begins earlier than its picture, both wait for it. */
  #begin(tracks: readonly FragmentTrack[], stretch: string): void {
    this.#stretch = stretch;
    const main = mainTrack(this.#tracks)?.id;
    const first = tracks.find((track) => track.id === main) ?? tracks[0];
    if (first === undefined) return;
    this.#shiftSeconds = this.#end(first.id) - first.decodeTicks / this.#scale(first.id);
    const late = tracks.map((track) => this.#end(track.id) - track.decodeTicks / this.#scale(track.id));
    this.#shiftSeconds = Math.max(this.#shiftSeconds, ...late);
  }

  #move(fragment: Buffer, track: FragmentTrack): void {
    const scale = this.#scale(track.id);
    const ticks = Math.max(Math.round(this.#end(track.id) * scale), Math.round(track.decodeTicks + this.#shiftSeconds * scale));
    if (track.decodeTimeBytes === 8) fragment.writeBigUInt64BE(BigInt(ticks), track.decodeTimeAt);
    else fragment.writeUInt32BE(ticks % 0x1_0000_0000, track.decodeTimeAt);
    this.#ends.set(track.id, (ticks + track.durationTicks) / scale);
  }

  #scale(id: number): number {
    return this.#tracks.find((track) => track.id === id)?.timescale ?? 1;
  }

  #end(id: number): number {
    return this.#ends.get(id) ?? 0;
  }
}
