// Archives that the mock server begins with.
import type { Archive } from '@wanglou/core';

const dayMs = 86_400_000;

/** One that is stored, one under way, and one whose storage is away. */
export function sampleArchives(nowMs: number): Archive[] {
  const base = { target: 'vault', orderedBy: 'section-head', missingMs: 0 } as const;
  return [
    { ...base, id: 'a3', cameras: ['east-gate'], fromMs: nowMs - 3 * 3_600_000, toMs: nowMs - 2 * 3_600_000, title: '东门交通事故', record: '08:12 电动车与行人相撞，08:20 救护车到达。', orderedMs: nowMs - 60_000, state: 'copying', doneBytes: 3.1e8, totalBytes: 2.7e9, files: 0 },
    { ...base, id: 'a2', cameras: ['library'], fromMs: nowMs - 9 * dayMs, toMs: nowMs - 9 * dayMs + 3_600_000, title: '自习室纠纷', record: '21:40 两人争执，21:47 保安到场。', orderedMs: nowMs - 8 * dayMs, state: 'waiting', doneBytes: 0, totalBytes: 0, files: 0, reason: { zh: '暂时无法继续（ENOENT），稍后自动重试', en: 'It cannot go on now (ENOENT); it is tried again by itself' } },
    { ...base, id: 'a1', cameras: ['library', 'east-gate'], fromMs: nowMs - 30 * dayMs, toMs: nowMs - 30 * dayMs + 7_200_000, title: '图书馆失窃', record: '10:05 嫌疑人进入二楼阅览室；10:31 携黑色背包离开；10:36 由东门出校。', caseNumber: '青公（治）2026-0412', orderedMs: nowMs - 29 * dayMs, state: 'stored', doneBytes: 5.4e9, totalBytes: 5.4e9, files: 240, missingMs: 95_000, verifiedMs: nowMs - 29 * dayMs + 900_000 },
  ];
}
