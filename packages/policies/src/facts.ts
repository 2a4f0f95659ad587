// Facts that packs declare beyond the catalogue. While no plugin knows one, it is unknown and opens nothing.
import type { FactDeclaration } from '@wanglou/core';

/** Of footage that is to be erased. */
export const erasureFacts: readonly FactDeclaration[] = [
  { path: 'footage.ageDays', type: 'integer', text: { zh: '录像已存天数', en: 'Whole days since the footage was recorded' } },
  { path: 'footage.held', type: 'boolean', text: { zh: '录像处于保全状态', en: 'A hold keeps the footage' } },
];

/** Of work on devices. */
export const workFacts: readonly FactDeclaration[] = [
  { path: 'work.reason', type: 'boolean', text: { zh: '已说明工作原因', en: 'A reason of work is given' } },
  { path: 'work.permit', type: 'boolean', text: { zh: '已获准停用或更改设置', en: 'Switching off or changing was permitted' } },
];
