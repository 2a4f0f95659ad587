// Whether a tile is so small that the camera's small stream fills it.
import { useEffect, useState, type RefObject } from 'react';

/** Screen pixels across; cameras' second streams are 640 to 704 wide. */
const smallPixels = 720;

/** Follows the size of an element; `undefined` before it has one. */
export function useIsSmall(element: RefObject<HTMLElement | null>): boolean | undefined {
  const [small, setSmall] = useState<boolean>();
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setSmall(entry.contentRect.width * devicePixelRatio <= smallPixels));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return small;
}
