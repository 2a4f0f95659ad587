// Splits what ffmpeg writes into init segment and fragments. Nothing is believed: sizes are capped before memory is taken.
import { boxHeaderAt } from '../../fmp4/box-reader.ts';
import { IngestError } from '../ingest-error.ts';

/** Receives what was found. */
export interface BoxTarget {
  /** ftyp + moov. */
  init(bytes: Buffer): void;
  /** moof, and mdat in the pieces in which it came, header included. */
  fragment(moof: Buffer, mdat: readonly Buffer[], bytes: number): void;
}

/** Largest ftyp, moov or moof that is believed. */
const headBoxLimit = 4 * 1024 * 1024;
const headTypes: ReadonlySet<string> = new Set(['ftyp', 'moov', 'moof']);

/** Splits one stream. */
export class BoxSplitter {
  readonly #target: BoxTarget;
  readonly #mediaLimit: number;
  #header: Buffer = Buffer.alloc(0);
  #type = '';
  #left = 0;
  #pieces: Buffer[] = [];
  #ftyp: Buffer | undefined;
  #moof: Buffer | undefined;

  /** @param mediaLimitBytes - largest mdat box */
  constructor(target: BoxTarget, mediaLimitBytes: number) {
    this.#target = target;
    this.#mediaLimit = mediaLimitBytes;
  }

  /** Takes the next bytes; the buffer must not change afterwards. Throws `PROTOCOL` for bytes that are not boxes. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) at = this.#open(chunk, at);
      else {
        const end = Math.min(chunk.length, at + this.#left);
        this.#pieces.push(chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
      }
      if (this.#left === 0 && this.#type !== '') this.#close();
    }
  }

  /** Reads a header, which may lie across chunks; gives where its payload begins. */
  #open(chunk: Buffer, at: number): number {
    const before = this.#header.length;
    const given = chunk.subarray(at, at + 16 - before);
    const header = before === 0 ? given : Buffer.concat([this.#header, given]);
    const wide = header.length >= 4 && header.readUInt32BE(0) === 1;
    const length = wide ? 16 : 8;
    if (header.length < length) {
      this.#header = Buffer.from(header);
      return chunk.length;
    }
    const view = boxHeaderAt(header, 0);
    if (view === undefined) throw new IngestError('PROTOCOL', 'ffmpeg wrote bytes that are no MP4 boxes');
    const limit = headTypes.has(view.type) ? headBoxLimit : this.#mediaLimit;
    if (view.end > limit) throw new IngestError('PROTOCOL', `a fragment of ${view.end} bytes is larger than the ${limit} that a camera may hold in memory`);
    this.#header = Buffer.alloc(0);
    this.#type = view.type;
    this.#left = view.end - length;
    this.#pieces = [Buffer.from(header.subarray(0, length))];
    return at + length - before;
  }

  #close(): void {
    const type = this.#type;
    const pieces = this.#pieces;
    this.#type = '';
    this.#pieces = [];
    if (type === 'ftyp') this.#ftyp = Buffer.concat(pieces);
    else if (type === 'moov') this.#target.init(Buffer.concat([this.#ftyp ?? Buffer.alloc(0), ...pieces]));
    else if (type === 'moof') this.#moof = Buffer.concat(pieces);
    else if (type === 'mdat' && this.#moof !== undefined) {
      const moof = this.#moof;
      this.#moof = undefined;
      this.#target.fragment(moof, pieces, moof.length + pieces.reduce((sum, piece) => sum + piece.length, 0));
    }
  }
}
