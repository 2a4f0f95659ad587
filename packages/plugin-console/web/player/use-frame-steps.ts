// Steps by single pictures: from what the browser says of the pictures that it shows, not from a guess of their rate.
import { useEffect, useRef, type RefObject } from 'react';

/** Until two pictures have been seen: the usual 25 a second. */
const guessSeconds = 0.04;
const shortestSeconds = 0.001;
/** Pictures are left out while it plays fast or the computer is busy: the shortest of the last distances is that of neighbours. */
const remembered = 60;

/** Goes one picture on (1) or back (-1), and stops there. */
export function useFrameSteps(video: RefObject<HTMLVideoElement | null>): (direction: 1 | -1) => void {
  const shownSeconds = useRef<number>(undefined);
  const distances = useRef<readonly number[]>([]);
  useEffect(() => {
    const element = video.current;
    if (!element || typeof (element as Partial<HTMLVideoElement>).requestVideoFrameCallback !== 'function') return undefined;
    let handle = 0;
    const next = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      const distance = Math.abs(mediaTime - (shownSeconds.current ?? mediaTime));
      if (distance > shortestSeconds) distances.current = [...distances.current.slice(1 - remembered), distance];
      shownSeconds.current = mediaTime;
      handle = element.requestVideoFrameCallback(next);
    };
    handle = element.requestVideoFrameCallback(next);
    return () => element.cancelVideoFrameCallback(handle);
  }, [video]);
  return (direction) => {
    const element = video.current;
    if (!element) return;
    element.pause();
    const lengthSeconds = distances.current.length > 0 ? Math.min(...distances.current) : guessSeconds;
    // A browser shows the picture that has begun by the time it is sent to: the middle of a picture is safe from rounding.
    element.currentTime = Math.max(0, (shownSeconds.current ?? element.currentTime) + lengthSeconds * (direction === 1 ? 1.5 : -0.5));
  };
}
