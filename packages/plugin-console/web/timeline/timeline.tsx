// The timeline: zoom around the pointer, drag to move, click to choose a moment, drag the edges of the range; all by keys too.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { TimeRange } from '@wanglou/core';
import { useApp, useDesk } from '../app/context.ts';
import { useNow } from '../app/use-now.ts';
import { offsetMs } from '../i18n/zone-time.ts';
import { gapText } from './gap-text.ts';
import { HoverStill } from './hover-still.tsx';
import { clamp, pan, reveal, standingAt, toMoment, toPixel, zoom, type Footage, type TimeWindow } from './timeline-math.ts';
import { useTimelineCanvas } from './use-timeline-canvas.ts';

/** What a timeline takes. */
export interface TimelineProps {
  readonly window: TimeWindow;
  readonly onWindow: (window: TimeWindow) => void;
  readonly footage: Footage;
  readonly range: TimeRange;
  readonly onRange: (range: TimeRange) => void;
  /** The moment that plays, or that was chosen. */
  readonly atMs: number;
  readonly onSeek: (atMs: number) => void;
  /** Address of the picture of a moment; absent, or `undefined` for a moment that is not open. */
  readonly stillUrl?: (atMs: number) => string | undefined;
}

/** How near to an edge of the range a press takes hold of it. */
const gripPixels = 8;
/** A press that moves less than this is a click. */
const clickPixels = 4;

type Hold = { readonly what: 'window'; readonly startX: number; readonly from: TimeWindow } | { readonly what: 'fromMs' | 'toMs'; readonly startX: number; readonly from: TimeWindow };

/** A camera's timeline. */
export function Timeline(props: TimelineProps) {
  const { window, onWindow, footage, range, onRange, atMs, onSeek, stillUrl } = props;
  const { words } = useApp();
  const { formats } = useDesk();
  const nowMs = useNow(1000);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hold = useRef<Hold>(undefined);
  const [hover, setHover] = useState<{ readonly x: number; readonly atMs: number }>();
  const zoneOffsetMs = offsetMs(window.fromMs, formats.timeZone);
  const withSeconds = window.toMs - window.fromMs < 15 * 60_000;
  const picture = useMemo(
    () => ({ window, footage, range, atMs, nowMs, zoneOffsetMs, label: (tick: number) => (withSeconds ? formats.time(tick) : formats.time(tick).slice(0, 5)) }),
    [window, footage, range, atMs, nowMs, zoneOffsetMs, withSeconds, formats],
  );
  const width = useTimelineCanvas(box, canvas, picture);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    // React listens to wheels passively; zooming must keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const x = event.clientX - element.getBoundingClientRect().left;
      onWindow(event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY) ? pan(window, -(event.deltaX || event.deltaY), width) : zoom(window, event.deltaY > 0 ? 1.25 : 0.8, x, width));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [window, width, onWindow]);

  const xOf = (event: PointerEvent) => event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const x = xOf(event);
    const edge = (['fromMs', 'toMs'] as const).find((name) => Math.abs(toPixel(range[name], window, width) - x) <= gripPixels);
    hold.current = { what: edge ?? 'window', startX: x, from: window };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const x = xOf(event);
    setHover({ x, atMs: toMoment(x, window, width) });
    const held = hold.current;
    if (!held) return;
    if (held.what === 'window') {
      if (Math.abs(x - held.startX) >= clickPixels) onWindow(pan(held.from, x - held.startX, width));
      return;
    }
    const edgeMs = Math.round(toMoment(x, window, width) / 1000) * 1000;
    onRange(held.what === 'fromMs' ? { fromMs: Math.min(edgeMs, range.toMs - 1000), toMs: range.toMs } : { fromMs: range.fromMs, toMs: Math.max(edgeMs, range.fromMs + 1000) });
  };
  const onPointerUp = (event: PointerEvent) => {
    const held = hold.current;
    hold.current = undefined;
    if (held?.what === 'window' && Math.abs(xOf(event) - held.startX) < clickPixels) onSeek(toMoment(xOf(event), window, width));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = keyTarget(event, atMs, range);
    if (target !== undefined) {
      event.preventDefault();
      onWindow(reveal(window, target));
      onSeek(target);
    } else if (event.key === '+' || event.key === '=' || event.key === '-') {
      event.preventDefault();
      onWindow(zoom(window, event.key === '-' ? 2 : 0.5, clamp(toPixel(atMs, window, width), 0, width), width));
    }
  };

  const standing = hover && standingAt(hover.atMs, footage, nowMs);
  const here = standingAt(atMs, footage, nowMs);
  const hereText = here.kind === 'gap' ? gapText(here.gap, words) : words.t(`timeline.${here.kind}`);
  return (
    <div
      ref={box}
      className="timeline"
      data-testid="timeline"
      role="slider"
      tabIndex={0}
      aria-label={words.t('timeline.name')}
      aria-valuemin={Math.floor(range.fromMs / 1000)}
      aria-valuemax={Math.floor(range.toMs / 1000)}
      aria-valuenow={Math.floor(atMs / 1000)}
      aria-valuetext={words.t('timeline.value', { moment: formats.moment(atMs), state: hereText })}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => setHover(undefined)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {hover && standing && (
        <div className="timeline-tip" style={{ left: clamp(hover.x, 90, Math.max(90, width - 90)) }}>
          {stillUrl && <HoverStill atMs={hover.atMs} stillUrl={stillUrl} />}
          <b className="figures">{formats.moment(hover.atMs)}</b>
          <span>{standing.kind === 'gap' ? gapText(standing.gap, words) : words.t(`timeline.${standing.kind}`)}</span>
          {standing.kind === 'gap' && <span className="faint figures">{formats.range({ fromMs: standing.gap.fromMs, toMs: standing.gap.toMs ?? nowMs })}</span>}
        </div>
      )}
    </div>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1000, ArrowRight: 1000, ArrowDown: -1000, ArrowUp: 1000, PageDown: -60_000, PageUp: 60_000 };

/** The moment that a key leads to. Shift makes arrows ten times as long. */
function keyTarget(event: KeyboardEvent, atMs: number, range: TimeRange): number | undefined {
  if (event.key === 'Home') return range.fromMs;
  if (event.key === 'End') return range.toMs - 1000;
  const step = steps[event.key];
  return step === undefined ? undefined : atMs + step * (event.shiftKey ? 10 : 1);
}
