// Keeps a canvas as wide as its box, sharp on every screen, and drawn.
import { useEffect, useState, type RefObject } from 'react';
import { useApp } from '../app/context.ts';
import { drawTimeline, readColours, type TimelinePicture } from './draw-timeline.ts';

/** Draws the picture whenever it, the size or the colours change. The width in CSS pixels comes back. */
export function useTimelineCanvas(box: RefObject<HTMLElement | null>, canvas: RefObject<HTMLCanvasElement | null>, picture: TimelinePicture): number {
  const { theme } = useApp();
  const [size, setSize] = useState({ width: 800, height: 84 });
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: Math.max(1, entry.contentRect.width), height: Math.max(40, entry.contentRect.height) }));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    const frame = requestAnimationFrame(() => {
      const scale = devicePixelRatio;
      const wide = Math.round(size.width * scale);
      const tall = Math.round(size.height * scale);
      if (element.width !== wide) element.width = wide;
      if (element.height !== tall) element.height = tall;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      drawTimeline(context, size.width, size.height, picture, readColours(element));
    });
    return () => cancelAnimationFrame(frame);
  }, [canvas, picture, size, theme]);
  return size.width;
}
