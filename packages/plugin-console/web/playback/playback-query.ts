// What playback shows, to and from the address bar.
import type { TimeRange } from '@wanglou/core';
import type { Place } from '../app/router.tsx';
import { withQuery } from '../app/router.tsx';

/** Lengths that can be chosen, in minutes. */
export const lengths = [1, 5, 10, 30, 60, 120, 240] as const;

/** A camera and a range. */
export interface PlaybackChoice {
  readonly camera: string | undefined;
  /** Cameras that play beside it, at the same moment. */
  readonly beside: readonly string[];
  readonly range: TimeRange;
}

/** Cameras that play together at most. */
export const mostTogether = 4;

/** Reads the choice; by default the last ten minutes of the first camera. Times are whole seconds. */
export function readChoice(query: URLSearchParams, cameras: readonly string[], nowMs: number): PlaybackChoice {
  const camera = query.get('camera') ?? cameras[0];
  const fromMs = readTime(query.get('from'));
  const toMs = readTime(query.get('to'));
  const beside = [...new Set(query.get('beside')?.split(',') ?? [])].filter((id) => id !== '' && id !== camera).slice(0, mostTogether - 1);
  if (fromMs !== undefined && toMs !== undefined && fromMs < toMs) return { camera, beside, range: { fromMs, toMs } };
  return { camera, beside, range: lastMinutes(10, nowMs) };
}

/** The last minutes, ending at a whole second. */
export function lastMinutes(minutes: number, nowMs: number): TimeRange {
  const toMs = Math.floor(nowMs / 1000) * 1000;
  return { fromMs: toMs - minutes * 60_000, toMs };
}

/** The address of a choice. */
export function choiceAddress(place: Place, choice: Partial<PlaybackChoice>): string {
  return withQuery(place, {
    ...(choice.camera !== undefined && { camera: choice.camera }),
    ...(choice.beside && { beside: choice.beside.length > 0 ? choice.beside.join(',') : undefined }),
    ...(choice.range && { from: String(choice.range.fromMs), to: String(choice.range.toMs) }),
  });
}

function readTime(value: string | null): number | undefined {
  return value !== null && /^\d{1,16}$/.test(value) ? Number(value) : undefined;
}
