// Time that never goes back: what has expired must not come to life again because somebody set the clock back.

/** A clock that is this far behind is told about; smaller steps are what time servers do. */
const toldFromMs = 60_000;

/** Wraps a clock. While the real one is behind, the latest time it ever showed goes on to count. `back` hears of it once. */
export function monotoneTime(now: () => number, back: (behindMs: number) => void): () => number {
  let latestMs = now();
  let told = false;
  return () => {
    const nowMs = now();
    if (nowMs >= latestMs) {
      latestMs = nowMs;
      told = false;
    } else if (!told && latestMs - nowMs >= toldFromMs) {
      told = true;
      back(latestMs - nowMs);
    }
    return latestMs;
  };
}
