// Takes a range of footage apart into stretches, each of which becomes one film: one clock, one codec, no hole.
import { fragmentsBetween, type FootageFile, type PlannedFragment } from '../hls/playback-plan.ts';
import { follows } from '../segment/follows.ts';

/** Footage without a break. */
export interface Stretch {
  readonly camera: string;
  /** The file whose init segment belongs to all fragments. */
  readonly first: FootageFile;
  readonly fragments: readonly PlannedFragment[];
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

/** Longer stretches are parted at a keyframe: the tables of a film are in memory while it is made. */
const longestMs = 3_600_000;

/** The stretches of [fromMs, toMs). Files must come oldest first. */
export function stretchesOf(camera: string, files: readonly FootageFile[], fromMs: number, toMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  let open: PlannedFragment[] = [];
  const finish = (): void => {
    const [first] = open;
    const file = files.find(({ path }) => path === first?.path);
    if (first !== undefined && file !== undefined) stretches.push({ camera, first: file, fragments: open, startMs: first.startMs, endMs: open.at(-1)?.endMs ?? first.endMs, bytes: open.reduce((sum, { length }) => sum + length, 0) });
    open = [];
  };
  for (const fragment of fragmentsBetween(files, fromMs, toMs)) {
    const last = open.at(-1);
    if (last !== undefined && (!follows(last, fragment) || (fragment.key && fragment.startMs - (open[0]?.startMs ?? 0) >= longestMs))) finish();
    // Cannot be decoded without the keyframe before it.
    if (open.length > 0 || fragment.key) open.push(fragment);
  }
  finish();
  return stretches;
}
