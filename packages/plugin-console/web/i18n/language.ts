// Messages in both languages: typed keys, `{name}` placeholders.
import type { Language, Text } from '@wanglou/core';
import { en } from '../messages/en.ts';
import { zh, type MessageKey } from '../messages/zh.ts';

export type { MessageKey };

/** Values for the placeholders of a message. A text is used in the reader's language. */
export type MessageParams = Readonly<Record<string, string | number | Text>>;

/** Words of one language. */
export interface Words {
  readonly language: Language;
  /** The message of a key. */
  t(key: MessageKey, params?: MessageParams): string;
  /** The message of a key made at run time, such as `gap.network`; `otherwise` when there is none. */
  has(key: string, otherwise: string): string;
  /** A text of the server in this language. */
  text(text: Text): string;
  /** A list in the language's own way: `甲、乙`, `a, b`. */
  list(items: readonly string[]): string;
}

const tables: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = { zh, en };

/** Words of a language. */
export function createWords(language: Language): Words {
  const table = tables[language];
  return {
    language,
    t: (key, params) => (params ? fill(table[key], params, language) : table[key]),
    has: (key, otherwise) => (Object.hasOwn(table, key) ? table[key as MessageKey] : otherwise),
    text: (text) => text[language],
    list: (items) => items.join(language === 'zh' ? '、' : ', '),
  };
}

/** The language to begin with: the stored choice, Chinese otherwise. */
export function firstLanguage(stored: string | null): Language {
  return stored === 'en' ? 'en' : 'zh';
}

function fill(template: string, params: MessageParams, language: Language): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'object' ? value[language] : String(value);
  });
}
