// Words for people, in both languages of the project.

/** A sentence or name in Chinese and English. The console, the CLI and HTTP choose by the reader's language. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** Languages a {@link Text} has. */
export type Language = keyof Text;

/**
 * Fills `{name}` placeholders of a template in both languages. A value that is itself a {@link Text} is used in each language.
 *
 * @example
 * fillText({ zh: '{minutes} 分钟', en: '{minutes} minutes' }, { minutes: 5 }).en // '5 minutes'
 */
export function fillText(template: Text, params: Readonly<Record<string, unknown>>): Text {
  const fill = (language: Language) => template[language].replaceAll(/\{(\w+)\}/g, (whole, name: string) => (name in params ? inLanguage(params[name], language) : whole));
  return { zh: fill('zh'), en: fill('en') };
}

/** Whether a value is a {@link Text}. */
export function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

function inLanguage(value: unknown, language: Language): string {
  return isText(value) ? value[language] : String(value);
}
