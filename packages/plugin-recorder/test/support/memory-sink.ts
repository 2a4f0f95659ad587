// A sink that keeps everything, and takes samples out of fragments again.
import { boxes, findBox } from '../../src/fmp4/box-reader.ts';
import type { Fragment, FragmentSink, IngestStatus, Interruption, RunStart } from '../../src/ingest/ingest-engine.ts';

/** A fragment with its bytes. */
export interface KeptFragment extends Omit<Fragment, 'chunks' | 'bytes'> {
  readonly run: string;
  readonly bytes: Buffer;
}

/** Keeps what an engine delivers. */
export class MemorySink implements FragmentSink {
  readonly runs: RunStart[] = [];
  readonly fragments: KeptFragment[] = [];
  readonly interruptions: Interruption[] = [];
  readonly holes: (Interruption & { startMs: number; endMs: number })[] = [];
  readonly statuses: IngestStatus[] = [];
  readonly #waiting = new Set<() => void>();

  run(start: RunStart): void {
    this.runs.push(start);
    this.#changed();
  }

  async fragment(fragment: Fragment): Promise<void> {
    const { chunks, bytes: _, ...rest } = fragment;
    this.fragments.push({ ...rest, run: this.runs[this.runs.length - 1]?.run ?? '', bytes: Buffer.concat(chunks) });
    this.#changed();
  }

  interrupted(interruption: Interruption): void {
    this.interruptions.push(interruption);
    this.#changed();
  }

  missing(hole: Interruption & { startMs: number; endMs: number }): void {
    this.holes.push(hole);
    this.#changed();
  }

  status(status: IngestStatus): void {
    this.statuses.push(status);
    this.#changed();
  }

  /** Resolves when the condition holds; checked after every call of the engine. */
  until(condition: () => boolean, withinMs = 8_000): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited ${withinMs} ms in vain; statuses: ${JSON.stringify(this.statuses.slice(-3))}`)), withinMs);
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }
}

/** One sample as a player would read it. */
export interface ReadSample {
  readonly decodeTicks: number;
  readonly durationTicks: number;
  readonly key: boolean;
  readonly bytes: Buffer;
}

/** Samples of a track of moof + mdat pairs, in order; reads trun boxes with duration, size, flags and composition offset. */
export function readSamples(buffer: Buffer, trackId: number): ReadSample[] {
  const samples: ReadSample[] = [];
  for (const moof of boxes(buffer)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxes(buffer, moof.payload, moof.end)) {
      const tfhd = findBox(buffer, ['tfhd'], traf.payload, traf.end);
      if (traf.type !== 'traf' || tfhd === undefined || buffer.readUInt32BE(tfhd.payload + 4) !== trackId) continue;
      const tfdt = findBox(buffer, ['tfdt'], traf.payload, traf.end);
      const trun = findBox(buffer, ['trun'], traf.payload, traf.end);
      if (tfdt === undefined || trun === undefined) throw new Error('traf without tfdt or trun');
      let decodeTicks = Number(buffer.readBigUInt64BE(tfdt.payload + 4));
      let at = moof.start + buffer.readUInt32BE(trun.payload + 8);
      for (let index = 0; index < buffer.readUInt32BE(trun.payload + 4); index += 1) {
        const entry = trun.payload + 12 + index * 16;
        const durationTicks = buffer.readUInt32BE(entry);
        const size = buffer.readUInt32BE(entry + 4);
        samples.push({ decodeTicks, durationTicks, key: buffer.readUInt32BE(entry + 8) === 0x02000000, bytes: buffer.subarray(at, at + size) });
        decodeTicks += durationTicks;
        at += size;
      }
    }
  }
  return samples;
}
