// A gap's cause in words.
import type { Gap } from '@wanglou/core';
import type { Words } from '../i18n/language.ts';

/** `缺口：网络中断` */
export function gapText(gap: Gap, words: Words): string {
  return words.t('timeline.gap', { cause: words.has(`gap.${gap.cause}`, gap.cause) });
}
