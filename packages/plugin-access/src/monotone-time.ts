// Time that never goes back: what has expired must not come to life again because somebody set the clock back, and what has begun
// must not stand still for it either.

/** A clock that is this far behind is told about; smaller steps are what time servers do. */
const toldFromMs = 60_000;
/** Between two looks at most this much passes unseen: a sweep looks each minute. A longer step is somebody who sets the clock. */
const longestPauseMs = 120_000;

/**
 * Wraps a clock. While the real one is behind, time goes on from the latest that it ever showed, at the pace of the real one, until
 * that has caught up. `back` hears once of each time it falls behind.
 */
export function monotoneTime(now: () => number, back: (behindMs: number) => void): () => number {
  let latestMs = now();
  let seenMs = latestMs;
  let told = false;
  return () => {
    const nowMs = now();
    const passedMs = Math.min(Math.max(nowMs - seenMs, 0), longestPauseMs);
    seenMs = nowMs;
    latestMs = Math.max(nowMs, latestMs + (nowMs < latestMs ? passedMs : 0));
    if (nowMs >= latestMs) told = false;
    else if (!told && latestMs - nowMs >= toldFromMs) {
      told = true;
      back(latestMs - nowMs);
    }
    return latestMs;
  };
}
