// "Who watched this camera" in the address.
import type { TimeRange } from '@wanglou/core';
import { readTime } from '../audit-query.ts';

/** Days that can be chosen at once. */
export const watchedDays = [1, 7, 30] as const;

const dayMs = 86_400_000;

/** The address of the page for a camera, over the last day or a range. */
export function watchedAddress(camera: string, range?: TimeRange): string {
  return `/audit/watched?camera=${encodeURIComponent(camera)}${range ? `&from=${range.fromMs}&to=${range.toMs}` : ''}`;
}

/** Camera and range of an address; the last day unless said. */
export function readWatched(query: URLSearchParams, nowMs: number): { readonly camera: string | undefined; readonly range: TimeRange } {
  const from = readTime(query.get('from'));
  const to = readTime(query.get('to'));
  // To the next full minute: what happens while the page is open is in it.
  const endMs = Math.ceil(nowMs / 60_000) * 60_000;
  const range = from !== undefined && to !== undefined && to > from ? { fromMs: from, toMs: to } : { fromMs: endMs - dayMs, toMs: endMs };
  return { camera: query.get('camera') || undefined, range };
}

/** The last days, up to the next full minute. */
export function lastDays(days: number, nowMs: number): TimeRange {
  const endMs = Math.ceil(nowMs / 60_000) * 60_000;
  return { fromMs: endMs - days * dayMs, toMs: endMs };
}
