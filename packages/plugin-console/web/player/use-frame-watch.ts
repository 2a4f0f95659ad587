// Notices a picture that stands still: a silent still would pass for a quiet scene.
import { useEffect, useState, type RefObject } from 'react';

/** No frame for this long, and the picture counts as frozen. */
const frozenAfterMs = 5000;

/** How the frames come. `first`: none yet. */
export type FrameState = 'first' | 'moving' | 'frozen';

/** Watches the frames of a video while `active`. Browsers without `requestVideoFrameCallback` are watched by the playing position. */
export function useFrameWatch(video: RefObject<HTMLVideoElement | null>, active: boolean): FrameState {
  const [state, setState] = useState<FrameState>('first');
  useEffect(() => {
    const element = video.current;
    setState('first');
    if (!active || !element) return undefined;
    let lastMs: number | undefined;
    let position = 0;
    let handle = 0;
    const byFrame = typeof (element as Partial<HTMLVideoElement>).requestVideoFrameCallback === 'function';
    const seen = () => {
      lastMs = performance.now();
      setState('moving');
    };
    const next = () => {
      seen();
      handle = element.requestVideoFrameCallback(next);
    };
    if (byFrame) handle = element.requestVideoFrameCallback(next);
    const timer = setInterval(() => {
      if (!byFrame && element.currentTime !== position) {
        position = element.currentTime;
        seen();
      }
      // A hidden tab draws no frames, which says nothing of the camera.
      if (document.hidden) lastMs &&= performance.now();
      if (lastMs !== undefined && performance.now() - lastMs > frozenAfterMs) setState('frozen');
    }, 1000);
    return () => {
      clearInterval(timer);
      if (byFrame) element.cancelVideoFrameCallback(handle);
    };
  }, [video, active]);
  return state;
}
