// What is known of recorded footage: the rows of the index before they are rows.
import type { FragmentEntry } from './fragment-table.ts';

/** Why footage is missing. */
export type GapCause = 'network' | 'camera' | 'recorder' | 'disk' | 'permit' | 'unknown';

/** Properties of a file beyond the ordinary. */
export const segmentFlags = {
  /** It was not closed in order; its end was found by the recovery scan. */
  recovered: 1,
  /** Its camera signed it (ONVIF Media Signing). */
  cameraSigned: 2,
  /** It came afterwards from the camera's own storage. */
  edge: 4,
  /** It goes on where the file before ended, without a break. */
  continuous: 8,
} as const;

/** A closed file. */
export interface SegmentRecord {
  readonly camera: string;
  readonly run: string;
  /** Its disk; absent for what was recorded before there could be several: that is the disk that was there first. */
  readonly disk?: string;
  /** Relative to the folder of its disk, with forward slashes. */
  readonly path: string;
  /** Wall clock, UTC epoch milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
  /** Length of ftyp + moov at the start of the file. */
  readonly initBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly codecs: string;
  readonly fragments: readonly FragmentEntry[];
  readonly flags: number;
  /** Camera clock minus recorder clock, when the camera says. */
  readonly cameraOffsetMs?: number;
}

/** Time without footage; without `endMs` it is still open. (camera, startMs) identifies it. */
export interface GapRecord {
  readonly camera: string;
  readonly startMs: number;
  readonly endMs?: number;
  readonly cause: GapCause;
  readonly detail: string;
  /** Parts that were filled from the camera's own storage. */
  readonly filled?: readonly { readonly startMs: number; readonly endMs: number }[];
}

/** A fragment that can be read from its file now. */
export interface WrittenFragment {
  readonly camera: string;
  readonly run: string;
  /** Absolute folder of its disk. */
  readonly root: string;
  readonly path: string;
  readonly initBytes: number;
  readonly codecs: string;
  readonly offset: number;
  readonly length: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
  readonly key: boolean;
  /** True when a keyframe follows: its group of pictures is whole. */
  readonly lastOfGroup?: boolean;
  /** Pictures in it. */
  readonly frames?: number;
  /** Camera clock minus recorder clock, when the camera says. */
  readonly cameraOffsetMs?: number;
}
