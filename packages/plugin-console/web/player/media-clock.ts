// Between the seconds of a playing file and the wall clock: a playlist says both for each of its parts, and jumps at gaps.

/** One part of a playlist. */
export interface ClockedFragment {
  /** Where it begins in the media, in seconds. */
  readonly start: number;
  readonly duration: number;
  /** Wall-clock start (EXT-X-PROGRAM-DATE-TIME, RFC 8216 section 4.3.2.6), epoch milliseconds. */
  readonly programDateTime: number | null;
}

/** Wall-clock time of a media position; `undefined` before the playlist is known. */
export function toWallClock(fragments: readonly ClockedFragment[], seconds: number): number | undefined {
  const fragment = [...fragments].reverse().find(({ start, programDateTime }) => start <= seconds && programDateTime !== null) ?? fragments.find(({ programDateTime }) => programDateTime !== null);
  return fragment && Math.round((fragment.programDateTime as number) + (seconds - fragment.start) * 1000);
}

/** Media position of a wall-clock time. A time inside a gap gives the first picture after it; times outside give the nearest end. */
export function toMediaTime(fragments: readonly ClockedFragment[], atMs: number): number | undefined {
  const clocked = fragments.filter(({ programDateTime }) => programDateTime !== null);
  const last = clocked.at(-1);
  if (!last) return undefined;
  const fragment = clocked.find(({ programDateTime, duration }) => atMs < (programDateTime as number) + duration * 1000);
  if (!fragment) return last.start + last.duration;
  return fragment.start + Math.max(0, atMs - (fragment.programDateTime as number)) / 1000;
}
