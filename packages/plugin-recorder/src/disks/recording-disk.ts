// A disk of recordings, as those that write and read files know it.

/** A disk. */
export interface RecordingDisk {
  /** Out of the file at its root; goes with the disk, whatever folder it is mounted at. */
  readonly id: string;
  /** Absolute folder. */
  readonly root: string;
}
