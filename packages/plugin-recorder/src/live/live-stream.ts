// A camera as one endless fragmented MP4: each piece is an init segment or a whole fragment, so that a page can feed it to Media Source Extensions piece by piece.
import type { LiveWindow } from '../hls/live-window.ts';
import { readWhole } from '../media/read-range.ts';
import type { WrittenFragment } from '../segment/segment-record.ts';

/** Who reads slower than this much footage comes in goes on with the newest keyframe. */
const lagLimitMs = 2_000;

/**
 * Begins with a keyframe and goes on with every fragment as soon as it is on disk; an init segment comes before the first one, and again
 * with each new run. A reader that cannot follow loses whole groups of pictures, never the beginning of one. Ends with the signal, and
 * where the codecs change, since a player must be made anew for them; and, where that is said, when nothing comes for so long.
 */
export async function* liveStream(live: LiveWindow, first: WrittenFragment, signal: AbortSignal, patienceMs?: number): AsyncGenerator<Uint8Array> {
  let last: WrittenFragment | undefined;
  let next: WrittenFragment | undefined = first;
  while (next !== undefined && next.codecs === first.codecs) {
    if (next.run !== last?.run) yield await readWhole({ root: next.root, path: next.path, offset: 0, length: next.initBytes }, signal);
    const bytes = await readWhole(next, signal);
    if (signal.aborted) return;
    yield bytes;
    last = next;
    next = await live.next(lags(live, last) ? undefined : last, patienceMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
  }
}

/** Only when there is a newer keyframe to go on with. */
function lags(live: LiveWindow, last: WrittenFragment): boolean {
  const behind = live.after(last);
  return behind.reduce((sum, { durationMs }) => sum + durationMs, 0) > lagLimitMs && behind.some(({ key }) => key);
}
