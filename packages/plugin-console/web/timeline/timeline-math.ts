// Where things lie on the timeline: pure arithmetic between moments and pixels.
import type { Gap, Timeline, TimeRange } from '@wanglou/core';

/** What part of time a timeline shows. */
export type TimeWindow = TimeRange;

/** Shortest and longest window: 1 minute and 24 hours. */
export const windowLimits = { shortestMs: 60_000, longestMs: 86_400_000 } as const;

/** A stretch in pixels. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** Pixel of a moment. */
export function toPixel(atMs: number, window: TimeWindow, width: number): number {
  return ((atMs - window.fromMs) / (window.toMs - window.fromMs)) * width;
}

/** Moment of a pixel. */
export function toMoment(pixel: number, window: TimeWindow, width: number): number {
  return Math.round(window.fromMs + (pixel / width) * (window.toMs - window.fromMs));
}

/** The visible part of a range, at least one pixel wide; nothing when it lies outside. */
export function toStretch(range: TimeRange, window: TimeWindow, width: number): Stretch | undefined {
  if (range.toMs <= window.fromMs || range.fromMs >= window.toMs) return undefined;
  const left = Math.max(0, toPixel(range.fromMs, window, width));
  const right = Math.min(width, toPixel(range.toMs, window, width));
  return { left, width: Math.max(1, right - left) };
}

/**
 * The window after zooming; the moment under `pixel` stays where it is.
 * `factor` below 1 zooms in. The length stays within {@link windowLimits}.
 */
export function zoom(window: TimeWindow, factor: number, pixel: number, width: number): TimeWindow {
  const lengthMs = clamp((window.toMs - window.fromMs) * factor, windowLimits.shortestMs, windowLimits.longestMs);
  const anchorMs = toMoment(pixel, window, width);
  const fromMs = Math.round(anchorMs - (pixel / width) * lengthMs);
  return { fromMs, toMs: fromMs + Math.round(lengthMs) };
}

/** The window moved by pixels; content follows the pointer. */
export function pan(window: TimeWindow, pixels: number, width: number): TimeWindow {
  const shiftMs = Math.round((-pixels / width) * (window.toMs - window.fromMs));
  return { fromMs: window.fromMs + shiftMs, toMs: window.toMs + shiftMs };
}

/** The window moved, no more than needed, so that a moment is inside with some air around it. */
export function reveal(window: TimeWindow, atMs: number): TimeWindow {
  const lengthMs = window.toMs - window.fromMs;
  const air = lengthMs * 0.05;
  if (atMs < window.fromMs + air) return { fromMs: Math.round(atMs - air), toMs: Math.round(atMs - air + lengthMs) };
  if (atMs > window.toMs - air) return { fromMs: Math.round(atMs + air - lengthMs), toMs: Math.round(atMs + air) };
  return window;
}

/** A window of a length around a moment. */
export function windowAround(atMs: number, lengthMs: number): TimeWindow {
  const fromMs = Math.round(atMs - lengthMs / 2);
  return { fromMs, toMs: fromMs + lengthMs };
}

/** A tick of the scale. */
export interface Tick {
  readonly atMs: number;
  /** Carries a label. */
  readonly major: boolean;
}

const stepsMs = [1000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000];

/** Ticks on round times of the campus's zone. `zoneOffsetMs`: how far the zone is ahead of UTC. Labels are `labelWidth` pixels at least apart. */
export function ticks(window: TimeWindow, width: number, zoneOffsetMs: number, labelWidth = 84): Tick[] {
  const perPixel = (window.toMs - window.fromMs) / width;
  const majorMs = stepsMs.find((step) => step / perPixel >= labelWidth) ?? 43_200_000;
  const minorMs = [...stepsMs].reverse().find((step) => majorMs % step === 0 && step < majorMs && step / perPixel >= 8) ?? majorMs;
  const result: Tick[] = [];
  const firstMs = Math.ceil((window.fromMs + zoneOffsetMs) / minorMs) * minorMs - zoneOffsetMs;
  for (let atMs = firstMs; atMs <= window.toMs; atMs += minorMs) result.push({ atMs, major: (atMs + zoneOffsetMs) % majorMs === 0 });
  return result;
}

/** What is known of a camera's time. */
export type Footage = Pick<Timeline, 'recorded' | 'gaps' | 'deleted'>;

/** What is at a moment of the timeline. */
export type Standing = { readonly kind: 'recorded' | 'deleted' | 'nothing' } | { readonly kind: 'gap'; readonly gap: Gap };

/** What is at a moment. A gap that is still open lasts until `nowMs`. */
export function standingAt(atMs: number, { recorded, gaps, deleted }: Footage, nowMs: number): Standing {
  const isIn = (range: TimeRange): boolean => range.fromMs <= atMs && atMs < range.toMs;
  if (recorded.some(isIn)) return { kind: 'recorded' };
  if (deleted.some(isIn)) return { kind: 'deleted' };
  const gap = gaps.find(({ fromMs, toMs = nowMs }) => fromMs <= atMs && atMs < toMs);
  return gap ? { kind: 'gap', gap } : { kind: 'nothing' };
}

/** How much of a range is recorded. */
export function recordedMs(range: TimeRange, recorded: readonly TimeRange[]): number {
  return recorded.reduce((sum, part) => sum + Math.max(0, Math.min(part.toMs, range.toMs) - Math.max(part.fromMs, range.fromMs)), 0);
}

/** Recorded and deleted stretches and gaps in one list by time, for the table that says the same as the picture. */
export function toRows({ recorded, gaps, deleted }: Footage): readonly ({ readonly kind: 'recorded' | 'deleted'; readonly fromMs: number; readonly toMs: number } | { readonly kind: 'gap'; readonly fromMs: number; readonly toMs?: number; readonly gap: Gap })[] {
  const rows = [
    ...recorded.map(({ fromMs, toMs }) => ({ kind: 'recorded' as const, fromMs, toMs })),
    ...deleted.map(({ fromMs, toMs }) => ({ kind: 'deleted' as const, fromMs, toMs })),
    ...gaps.map((gap) => ({ kind: 'gap' as const, fromMs: gap.fromMs, ...(gap.toMs !== undefined && { toMs: gap.toMs }), gap })),
  ];
  return rows.sort((a, b) => a.fromMs - b.fromMs);
}

/** Keeps a value within limits. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
