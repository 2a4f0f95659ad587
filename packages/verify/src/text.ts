// Sentences in both languages, and how their places are filled.

/** A sentence in Chinese and in English. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** What may stand in a place of a sentence: a value, or a part of a sentence that is itself in both languages. */
export type TextParams = Readonly<Record<string, string | number | Text>>;

/** Fills `{name}` places; places without a value stay as they are. Values are shown without control characters and not longer than 200 characters. */
export function fillText(text: Text, params: TextParams): Text {
  return { zh: fillOne(text.zh, 'zh', params), en: fillOne(text.en, 'en', params) };
}

function fillOne(sentence: string, language: 'zh' | 'en', params: TextParams): string {
  return sentence.replaceAll(/\{([a-zA-Z0-9]+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return place;
    return typeof value === 'object' ? value[language] : shown(String(value));
  });
}

/** A foreign value as it can stand in one line of a terminal or a page. */
export function shown(value: string): string {
  const clean = value.replaceAll(/\p{C}/gu, '\uFFFD');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
