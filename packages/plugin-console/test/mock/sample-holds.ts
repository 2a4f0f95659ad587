// Holds that the mock server begins with.
import type { Hold } from '@wanglou/core';

const dayMs = 86_400_000;

/** One hold, and one that waits to be lifted. */
export function sampleHolds(nowMs: number): Hold[] {
  return [
    { id: 'h2', cameras: ['library', 'east-gate'], fromMs: nowMs - 3 * dayMs, toMs: nowMs - 3 * dayMs + 3_600_000, reason: '图书馆失窃', caseNumber: '青公（治）2026-0412', placedBy: 'office-head', placedMs: nowMs - 2 * dayMs, endsMs: nowMs + 90 * dayMs, state: 'in-force' },
    { id: 'h1', cameras: ['east-gate'], fromMs: nowMs - 40 * dayMs, toMs: nowMs - 39 * dayMs, reason: '东门交通事故', placedBy: 'section-head', placedMs: nowMs - 38 * dayMs, state: 'in-force', lift: { proposedBy: 'section-head', reason: '已结案', proposedMs: nowMs - 3_600_000 } },
  ];
}
