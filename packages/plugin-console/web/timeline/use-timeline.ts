// Reads a camera's timeline for what the window shows, and again when something changes.
import { useEffect, useState } from 'react';
import type { Timeline } from '@wanglou/core';
import { useDesk, useApp } from '../app/context.ts';
import { useOperation, type Loaded } from '../app/use-operation.ts';
import type { InputOf } from '../api/operations.ts';
import { windowLimits, type TimeWindow } from './timeline-math.ts';

/** Reading waits until the window has stood still this long. */
const settleMs = 250;
/** While the window shows the present, it is read again this often: each reading is an audited act. */
const renewMs = 30_000;

/** The timeline of one camera. */
export function useTimeline(camera: string | undefined, window: TimeWindow): Loaded<Timeline | undefined> {
  const { feed } = useDesk();
  const { now } = useApp();
  const [input, setInput] = useState<InputOf<'recording.timeline'>>();
  const loaded = useOperation('recording.timeline', input);
  const { reload } = loaded;
  const { fromMs, toMs } = window;
  useEffect(() => {
    if (camera === undefined) return undefined;
    const settled = setTimeout(() => setInput({ cameras: [camera], ...padded({ fromMs, toMs }) }), settleMs);
    return () => clearTimeout(settled);
  }, [camera, fromMs, toMs]);
  useEffect(() => {
    const stop = feed.on('gap', (gap) => gap.camera === camera && reload());
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && toMs > now()) reload();
    }, renewMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [feed, camera, toMs, now, reload]);
  return { ...loaded, data: loaded.data?.timelines.find((timeline) => timeline.camera === camera) };
}

/** A little more than the window, on round numbers, so that small moves need no new reading; at most 24 h. */
function padded(window: TimeWindow): TimeWindow {
  const lengthMs = window.toMs - window.fromMs;
  const padMs = Math.max(0, Math.min(lengthMs / 4, (windowLimits.longestMs - lengthMs) / 2));
  return { fromMs: Math.max(0, Math.floor(window.fromMs - padMs)), toMs: Math.ceil(window.toMs + padMs) };
}
