// Words of both languages side by side, for papers.
import { createWords, type MessageKey, type MessageParams, type Words } from '../i18n/language.ts';

const zh = createWords('zh');
const en = createWords('en');

/** Words of both languages, for papers. */
export const bothLanguages: readonly Words[] = [zh, en];

/** A message in Chinese with the English small behind it. */
export function Both({ text, params }: { readonly text: MessageKey; readonly params?: MessageParams }) {
  return (
    <>
      <span lang="zh-CN">{zh.t(text, params)}</span> <small lang="en">{en.t(text, params)}</small>
    </>
  );
}
