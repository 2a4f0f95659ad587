// What commands use of the terminal: two streams and the reader's language.
import type { Language, Text } from '@wanglou/core';
import { isCodedError } from '@wanglou/core';

/** Where a command speaks. */
export interface Terminal {
  readonly language: Language;
  out(line: string): void;
  err(line: string): void;
}

/** The language of the environment: `LC_ALL`, `LC_MESSAGES`, `LANG`, as POSIX orders them. */
export function languageOfEnvironment(environment: NodeJS.ProcessEnv): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Says what failed: the sentence, the code, and no stack. */
export function sayFailure(terminal: Terminal, error: unknown): void {
  if (isCodedError(error)) terminal.err(`✖ ${error.text[terminal.language]}  [${error.code}]`);
  else terminal.err(`✖ ${error instanceof Error ? error.message : String(error)}  [UNEXPECTED]`);
}

/** Picks the reader's language of a text. */
export function say(terminal: Terminal, text: Text): void {
  terminal.out(text[terminal.language]);
}

/** Says what is wrong, with the code that tools look for. */
export function sayProblem(terminal: Terminal, text: Text, code: string): void {
  terminal.err(`✖ ${text[terminal.language]}  [${code}]`);
}
