// Chooses the fragments that may be shown for a granted range, and groups them into HLS segments. Pure: files are not touched.
import { follows } from '../segment/follows.ts';
import { tableTicksPerMs } from '../segment/fragment-table.ts';
import type { SegmentRecord } from '../segment/segment-record.ts';

/** A fragment inside its file. */
export interface PlannedFragment {
  /** Absolute folder of its disk. */
  readonly root: string;
  readonly path: string;
  readonly run: string;
  readonly offset: number;
  readonly length: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
  readonly key: boolean;
}

/** Bytes of one file that are served as one media segment. */
export interface PlannedSegment {
  readonly number: number;
  readonly init: number;
  readonly discontinuity: boolean;
  readonly root: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs: number;
}

/** An init segment at the start of a file. */
export interface PlannedInit {
  readonly number: number;
  readonly root: string;
  readonly path: string;
  readonly bytes: number;
}

/** Everything a playback lease may serve. */
export interface PlaybackPlan {
  readonly segments: readonly PlannedSegment[];
  readonly inits: readonly PlannedInit[];
}

/** What is known of a file: an index row, or the file that is still open; `root` is the absolute folder of its disk. */
export type FootageFile = { readonly root: string } & Pick<SegmentRecord, 'run' | 'path' | 'startMs' | 'endMs' | 'initBytes' | 'fragments'> & Partial<Pick<SegmentRecord, 'sha256' | 'bytes'>>;

const segmentTargetMs = 4_000;

/**
 * Fragments of [fromMs, toMs): none that ends after `toMs`, and at the start back to the keyframe that the first one needs, which is
 * at most one group of pictures early. Files must come oldest first.
 */
export function fragmentsBetween(files: readonly FootageFile[], fromMs: number, toMs: number): PlannedFragment[] {
  const chosen: PlannedFragment[] = [];
  for (const file of files) {
    const fragments = locate(file);
    const touching = fragments.findIndex((fragment) => fragment.endMs > fromMs);
    if (touching < 0) continue;
    // Earlier files end before the range, so stepping back to a keyframe stays inside this file.
    let first = touching;
    while (first > 0 && fragments[first]?.key === false) first -= 1;
    for (const fragment of fragments.slice(first)) if (fragment.endMs <= toMs) chosen.push(fragment);
  }
  return chosen;
}

/** Gives every fragment of a file its place and its wall clock. The file's wall-clock length is spread over the media time, which differs a little when clocks drift. */
export function locate(file: FootageFile): PlannedFragment[] {
  const mediaMs = file.fragments.reduce((sum, fragment) => sum + fragment.durationTicks, 0) / tableTicksPerMs;
  const scale = mediaMs > 0 ? (file.endMs - file.startMs) / mediaMs : 1;
  let offset = file.initBytes;
  let elapsedMs = 0;
  return file.fragments.map((fragment) => {
    const durationMs = fragment.durationTicks / tableTicksPerMs;
    const startMs = file.startMs + elapsedMs * scale;
    elapsedMs += durationMs;
    const located = { root: file.root, path: file.path, run: file.run, offset, length: fragment.length, startMs, endMs: file.startMs + elapsedMs * scale, durationMs, key: fragment.key };
    offset += fragment.length;
    return located;
  });
}

/** Groups fragments into segments that start at keyframes; a new run or a gap gives a discontinuity. */
export function planPlayback(files: readonly FootageFile[], fromMs: number, toMs: number): PlaybackPlan {
  const initBytes = new Map(files.map((file) => [file.path, file.initBytes]));
  const segments: PlannedSegment[] = [];
  const inits: PlannedInit[] = [];
  let run = '';
  let group: PlannedFragment[] = [];
  let broken = false;
  const finish = (): void => {
    const [first] = group;
    const last = group[group.length - 1];
    if (first === undefined || last === undefined) return;
    if (first.run !== run) {
      inits.push({ number: inits.length, root: first.root, path: first.path, bytes: initBytes.get(first.path) ?? 0 });
      run = first.run;
    }
    segments.push({
      number: segments.length, init: inits.length - 1, discontinuity: broken && segments.length > 0, root: first.root, path: first.path, offset: first.offset,
      length: last.offset + last.length - first.offset, startMs: first.startMs, endMs: last.endMs, durationMs: sum(group),
    });
    group = [];
    broken = false;
  };
  for (const fragment of fragmentsBetween(files, fromMs, toMs)) {
    const last = group[group.length - 1];
    const gap = last !== undefined && !follows(last, fragment);
    if (last !== undefined && (gap || last.path !== fragment.path || (fragment.key && sum(group) >= segmentTargetMs - 1))) finish();
    if (gap) broken = true;
    if (group.length === 0 && !fragment.key) continue; // Cannot be decoded without the one before it.
    group.push(fragment);
  }
  finish();
  return { segments, inits };
}

function sum(fragments: readonly PlannedFragment[]): number {
  return fragments.reduce((total, fragment) => total + fragment.durationMs, 0);
}
