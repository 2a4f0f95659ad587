// Where footage goes on, and where it is broken: the one rule of live view, playback and copies.

/** Fragments of a run that are farther apart have a hole between them. */
const touchMs = 250;

/** Whether `next` goes on where `last` ends: the same clock and codec, and no hole. Of files as of fragments. */
export function follows(last: { readonly run: string; readonly endMs: number }, next: { readonly run: string; readonly startMs: number }): boolean {
  return last.run === next.run && next.startMs - last.endMs <= touchMs;
}
