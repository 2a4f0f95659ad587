// Where the files of a log come from.

/** Reads a log's files by their path below it, such as `tile/0/000`. */
export interface LogSource {
  /**
   * The whole file; `undefined` where it is not there. Sources of this package throw `SOURCE_UNREADABLE` for a file that is
   * larger than `limitBytes` or cannot be read.
   */
  read(path: string, limitBytes: number): Promise<Uint8Array | undefined>;
}
