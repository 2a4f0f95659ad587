// Where the files of an evidence package come from.

/** A folder of an evidence package. Names are paths inside it, with `/`. */
export interface EvidenceSource {
  /** All files, also those in folders below; links are named and never followed. */
  list(): Promise<readonly string[]>;
  /** The bytes of a file, one chunk after the other; `undefined` where it is not there. */
  open(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}
